"""Opening a media file: the one door to FFmpeg, and where its containers count from.

Film time zero is the player's zero. Most containers count from zero, so a stream that starts late
starts late in film time. Broadcast and disc streams (MPEG-TS, MPEG-PS) count from wherever the
recording began, and FLV from wherever a live stream was joined; there a player's zero is the start
of the earliest stream. An MP3 file has no clock of its own: its zero is its first audible sample.

A list (HLS, DASH, ffconcat, SDP …) makes FFmpeg read whatever it names, for as long as it says.
What a film holds must be in the film's own file, whose bytes are hashed.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import av
import av.format
from av.audio.stream import AudioStream as AvAudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Stream

from ostinato.errors import MediaError
from ostinato.media.faults import encrypted, media_faults
from ostinato.media.source import JoinedFile, Source, Span
from ostinato.media.stated_length import read_statement

Clock = Literal["player", "container", "first-sample"]
"""Where film time zero is: at a player's zero, the container's, or the first sample."""
US_PER_S = 1_000_000  # containers state their times in microseconds
# a file must not make the program fetch another, least of all from the network
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    # a disc's sound may begin long after its menu: look through 64 MiB and 30 s for streams
    "probesize": str(64 * 2**20),
    "analyzeduration": str(30 * 10**6),
}
_NO_SIZE = b"\xff" * 4  # of a WAV file: its sound goes on to the end
_TAIL_BYTES = 188 * 5000  # whole packets, should a transport stream begin in step
_LOCKED_TAGS = frozenset({"enca", "encv", "drms", "drmi", "aavd"})
_STAMPS_FROM_ANYWHERE = frozenset({"mpegts", "mpegtsraw", "mpeg", "hls", "rtp", "wtv", "ty"})
_SHOWN_FROM_THEIR_START = _STAMPS_FROM_ANYWHERE | {"flv", "live_flv"}
_FIRST_WITHOUT_METADATA_ERRORS = 19
"""From this version on, damaged text in tags is replaced anyway, and cannot be asked for."""
_HEAD_BYTES = 4096
# read other files, the network or a device
_OPEN_OTHERS = frozenset(
    {"hls", "concat", "dash", "sdp", "rtsp", "rtp", "rtp_mpegts", "sap", "image2", "vobsub"}
    | {
        "webm_dash_manifest",
        "imf",
        "mlv",
        "svg_pipe",
        "hds",
        "smoothstreaming",
        "avisynth",
        "vapoursynth",
        "sbg",
    }
    | {"lavfi", "alsa", "oss", "pulse", "jack", "sndio", "openal", "fbdev", "kmsgrab", "x11grab"}
    | {"video4linux2,v4l2", "xcbgrab", "avfoundation", "dshow", "gdigrab", "decklink", "dvdvideo"}
)
_LIST = re.compile(
    rb"\s*(?:#EXTM3U|ffconcat\s|\[playlist\]|<asx\b|<smil\b|#\s*VobSub index file"
    rb"|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:MPD|CompositionPlaylist|playlist|SmoothStreaming)"
    rb"|v=0\s+o=)",
    re.IGNORECASE | re.DOTALL,
)


@contextmanager
def open_part(source: Source, spans: Sequence[Span]) -> Iterator[InputContainer]:
    """Open one part of a recording that has sound; what reading it raises comes as MediaError."""
    options = {**_OPEN_OPTIONS, "format_whitelist": format_whitelist()}
    with media_faults(source.path):
        for one in source.files:
            check_no_list(one)
        is_whole_file = len(source.parts) == len(spans) == 1
        size_at = read_statement(spans[0].path).size_at if is_whole_file else None
        # the prefix keeps a colon in a film's title from being taken for a protocol
        file: str | JoinedFile = f"file:{spans[0].path}"
        if size_at is not None:  # past a size that lies FFmpeg would look for chunks in the sound
            file = JoinedFile(spans, patch=(size_at, _NO_SIZE))
        elif not is_whole_file:
            file = JoinedFile(spans)
        try:
            with _opened(source.path, file, options) as container:
                _check_streams(source.path, container)
                yield container
        finally:
            if isinstance(file, JoinedFile):
                file.close()


def _opened(path: Path, file: str | JoinedFile, options: dict[str, str]) -> InputContainer:
    try:
        return open_for_reading(file, options=options)
    except av.error.ArgumentError as error:  # what FFmpeg says of a format that is off
        raise of_no_kind(path) from error


def last_codec(source: Source, ordinal: int) -> str | None:
    """Return the codec with which a broadcast ends, None for any other recording.

    `ordinal`: of the audio stream.
    """
    (*_, last) = source.parts[-1]
    n_bytes = min(_TAIL_BYTES, (last.stop - last.start) // 8 // 188 * 188)
    tail = Span(last.path, last.stop - n_bytes, last.stop)
    try:
        with open_part(source, (tail, Span(last.path, last.stop, last.stop))) as container:
            streams = container.streams.audio
            if has_free_stamps(container) and ordinal < len(streams):
                return codec_name(codec_of(streams[ordinal]))
    except MediaError:  # damaged there as well
        return None
    return None


def origin_s(container: InputContainer, stream: AvAudioStream, clock: Clock) -> Fraction:
    """Return the stamp, in seconds, that lies at film time zero.

    `clock`: where film time counts from.
    """
    start = seconds(stream.start_time, stream.time_base) or Fraction(0)
    if container.format.name == "mp3" or clock == "first-sample":
        return start
    if clock == "player" and container.format.name in _SHOWN_FROM_THEIR_START:
        return Fraction(container.start_time or 0, US_PER_S)
    return Fraction(0)


def has_free_stamps(container: InputContainer) -> bool:
    """Whether stamps count from anywhere and may start anew, as on a disc or in a broadcast."""
    return container.format.name in _STAMPS_FROM_ANYWHERE


def codec_of(stream: Stream) -> CodecContext | None:
    """Return the codec of a stream, None where there is no decoder for it."""
    # the library's types promise a context, but a codec without a decoder has none
    return stream.codec_context


def codec_name(codec: CodecContext | None) -> str:
    """Return what FFmpeg calls a codec."""
    return "unknown codec" if codec is None else codec.codec.canonical_name


def seconds(ticks: int | None, time_base: Fraction | None) -> Fraction | None:
    """Turn a container's ticks into seconds, None where either is not known."""
    return None if ticks is None or time_base is None else ticks * time_base


def _check_streams(path: Path, container: InputContainer) -> None:
    codecs = [codec_of(stream) for stream in container.streams.audio]
    name = container.format.name
    if name == "tty" or "_pipe" in name or name.startswith("image2"):
        kind = "text" if name == "tty" else "picture"
        raise MediaError(
            str(path), f"it is a {kind}, not a recording", "Give the file that holds the sound"
        )
    if not codecs:
        others = ", ".join(f"{s.type} ({codec_name(codec_of(s))})" for s in container.streams)
        raise MediaError(
            str(path),
            f"it has no audio stream, only {others or 'an empty container'}",
            "Give the file that holds the film's sound",
        )
    if any(codec is not None and _tag(codec) in _LOCKED_TAGS for codec in codecs):
        raise encrypted(path)


def _tag(codec: CodecContext) -> str | None:
    """Return a codec's tag, None where its four bytes are no text, as in a transport stream."""
    try:
        return codec.codec_tag
    except UnicodeDecodeError:
        return None


def open_for_reading(file: str | io.RawIOBase, *, options: dict[str, str]) -> InputContainer:
    """Open a container; tags that are not UTF-8 do not make it unreadable."""
    more: dict[str, Any] = {}
    if _major(av.__version__) < _FIRST_WITHOUT_METADATA_ERRORS:
        more["metadata_errors"] = "replace"
    container: InputContainer = av.open(file, mode="r", options=options, **more)
    return container


def demuxed(container: InputContainer) -> "Iterator[av.Packet[Any]]":
    """Give the packets of a container; those of streams that PyAV never heard of are passed over.

    A damaged broadcast brings up streams on the way, and PyAV looks for them in its list.
    """
    while True:
        try:
            yield from container.demux()
        except IndexError:
            continue  # from the packet after that one
        return


def _major(version: str) -> int:
    return int(version.partition(".")[0])


@cache
def format_whitelist() -> str:
    """Return the demuxers that read nothing but their own file, as FFmpeg's option takes them."""
    return ",".join(sorted(av.format.formats_available - _OPEN_OTHERS))


def check_no_list(path: Path) -> None:
    """Refuse a list of files.

    Raises MediaError if it names other files in place of holding sound.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            head = head[2:].decode(encoding, "ignore").encode()
    if _LIST.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise MediaError(
            str(path), "it is a list of files", "Join them into one first, and give that one"
        )


def of_no_kind(path: Path) -> MediaError:
    """Return the error for a file that FFmpeg would read by opening others."""
    return MediaError(
        str(path),
        "it is a picture, or a list of files",
        "Give the file that holds the sound; where sound is in several, join them into one first",
    )

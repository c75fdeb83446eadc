"""What a media file holds: its audio streams, and where each lies on the player's clock.

Film time zero is the player's zero. Most containers count from zero, so a stream that starts late
starts late in film time. Broadcast and disc streams (MPEG-TS, MPEG-PS) count from wherever the
recording began; there a player's zero is the start of the earliest stream. An MP3 file has no
clock of its own: its zero is its first audible sample.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream as AvAudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Stream

from ostinato.errors import MediaError
from ostinato.media.faults import check_file, encrypted, media_faults
from ostinato.media.library import open_for_reading

__all__ = [
    "US_PER_S",
    "AudioStream",
    "MediaInfo",
    "choose_stream",
    "declared_end_s",
    "has_free_stamps",
    "is_short_riff",
    "open_container",
    "origin_s",
    "probe",
]

# a file must not make the program fetch another, least of all from the network
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    # a disc's sound may begin long after its menu: look through 64 MiB and 30 s for streams
    "probesize": str(64 * 2**20),
    "analyzeduration": str(30 * 10**6),
}
_LOCKED_TAGS = frozenset({"enca", "encv", "drms", "drmi", "aavd"})
_STAMPS_FROM_ANYWHERE = frozenset({"mpegts", "mpegtsraw", "mpeg", "hls", "rtp", "wtv", "ty"})
_STATES_STREAM_LENGTH = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "flac"})
US_PER_S = 1_000_000  # containers state their times in microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """One audio stream; `ordinal` counts the audio streams of the file from 0.

    `start_s` is film time; `channels`, `layout` and `sample_rate_hz` are None where no decoder
    knows the codec, times where the file does not say.
    """

    ordinal: int
    codec: str
    language: str | None
    title: str | None
    channels: int | None
    layout: str | None
    sample_rate_hz: int | None
    start_s: float | None
    duration_s: float | None

    def __str__(self) -> str:
        rate = None if self.sample_rate_hz is None else f"{self.sample_rate_hz} Hz"
        title = None if self.title is None else f"“{self.title}”"
        facts = (self.codec, self.layout, rate, self.language, title)
        return f"{self.ordinal}: " + ", ".join(fact for fact in facts if fact is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """What a media file holds; `duration_s` is None where the file does not say."""

    path: Path
    container: str
    duration_s: float | None
    streams: tuple[AudioStream, ...]


def probe(path: Path | str) -> MediaInfo:
    """List the audio streams of a file, without decoding them.

    Parameters
    ----------
    path : path-like
        Any container that FFmpeg reads.

    Returns
    -------
    MediaInfo
        At least one stream.

    Raises
    ------
    MediaError
        If the file cannot be read, is not media, is encrypted, or has no sound.
    """
    path = Path(path)
    with open_container(path) as container:
        return MediaInfo(
            path=path,
            container=container.format.name,
            duration_s=None if container.duration is None else container.duration / US_PER_S,
            streams=tuple(
                _describe(stream, ordinal, container)
                for ordinal, stream in enumerate(container.streams.audio)
            ),
        )


@contextmanager
def open_container(path: Path) -> Iterator[InputContainer]:
    """Open a media file that has sound; whatever reading it raises comes out as MediaError."""
    check_file(path)
    # the prefix keeps a colon in a film's title from being taken for a protocol
    url = f"file:{path}"
    with (
        media_faults(path),
        open_for_reading(url, options=dict(_OPEN_OPTIONS)) as container,
    ):
        _check_streams(path, container)
        yield container


def choose_stream(info: MediaInfo, stream: int | None) -> AudioStream:
    """Choose an audio stream of a file.

    Parameters
    ----------
    info : MediaInfo
        From `probe`.
    stream : int or None
        Its ordinal among the audio streams; None for the first.

    Returns
    -------
    AudioStream
        The one asked for.

    Raises
    ------
    MediaError
        If there is no such stream, or no decoder for it; lists those that there are.
    """
    ordinal = 0 if stream is None else stream
    listed = "; ".join(map(str, info.streams))
    if not 0 <= ordinal < len(info.streams):
        raise MediaError(
            f"{info.path}, stream {ordinal}",
            f"there is no such audio stream, only {listed}",
            "Choose one of these with --stream",
        )
    if info.streams[ordinal].sample_rate_hz is None:
        raise MediaError(
            f"{info.path}, stream {ordinal}",
            f"nothing in it can be decoded; the file holds {listed}",
            "Choose another stream with --stream, or give the film in another format",
        )
    return info.streams[ordinal]


def origin_s(container: InputContainer, stream: AvAudioStream) -> Fraction:
    """Return the stamp, in seconds, that a player shows as zero."""
    if has_free_stamps(container):
        return Fraction(container.start_time or 0, US_PER_S)
    if container.format.name == "mp3":
        return _seconds(stream.start_time, stream.time_base) or Fraction(0)
    return Fraction(0)


def has_free_stamps(container: InputContainer) -> bool:
    """Whether stamps count from anywhere and may start anew, as on a disc or in a broadcast."""
    return container.format.name in _STAMPS_FROM_ANYWHERE


def declared_end_s(container: InputContainer, stream: AvAudioStream) -> float | None:
    """Film time at which the file says it ends, None where it does not say.

    Parameters
    ----------
    container : av.container.InputContainer
        Open.
    stream : av.audio.stream.AudioStream
        Of that container.

    Returns
    -------
    float or None
        The end of the stream if it is stated, else of the longest stream. What FFmpeg estimates
        from the size of a file is no statement, nor is what it finds at the end of what there is.
    """
    name = container.format.name
    # an MP3 that states its priming states its length in the same header
    if name in _STATES_STREAM_LENGTH or (name == "mp3" and stream.start_time):
        start = _seconds(stream.start_time or 0, stream.time_base)
        duration = _seconds(stream.duration, stream.time_base)
        if start is not None and duration is not None:
            return float(start + duration - origin_s(container, stream))
    if name == "matroska,webm" and container.duration is not None:
        return container.duration / US_PER_S
    return None


def is_short_riff(path: Path) -> bool:
    """Whether a WAV, RF64 or AVI file is shorter than its header says, which FFmpeg overlooks."""
    with media_faults(path), path.open("rb") as file:
        header = file.read(28)
        n_bytes = file.seek(0, os.SEEK_END)
    magic = header[:4]
    stated = 0
    if magic == b"RIFF":
        stated = int.from_bytes(header[4:8], "little")
    elif magic in {b"RF64", b"BW64"} and header[12:16] == b"ds64":
        stated = int.from_bytes(header[20:28], "little")
    is_unknown = stated in {0, 2**32 - 1}  # written to a pipe
    return not is_unknown and n_bytes < stated + 8


def _check_streams(path: Path, container: InputContainer) -> None:
    codecs = [_codec(stream) for stream in container.streams.audio]
    name = container.format.name
    if name == "tty" or "_pipe" in name or name.startswith("image2"):
        kind = "text" if name == "tty" else "picture"
        raise MediaError(
            str(path), f"it is a {kind}, not a recording", "Give the file that holds the sound"
        )
    if not codecs:
        others = ", ".join(f"{s.type} ({_codec_name(_codec(s))})" for s in container.streams)
        raise MediaError(
            str(path),
            f"it has no audio stream, only {others or 'an empty container'}",
            "Give the file that holds the film's sound",
        )
    if any(codec is not None and codec.codec_tag in _LOCKED_TAGS for codec in codecs):
        raise encrypted(path)


def _describe(stream: AvAudioStream, ordinal: int, container: InputContainer) -> AudioStream:
    start = _seconds(stream.start_time, stream.time_base)
    duration = _seconds(stream.duration, stream.time_base)
    codec = _codec(stream)
    is_known = isinstance(codec, AudioCodecContext) and codec.sample_rate > 0
    language = stream.metadata.get("language")
    return AudioStream(
        ordinal=ordinal,
        codec=_codec_name(codec),
        language=None if language == "und" else language,
        title=stream.metadata.get("title"),
        channels=stream.channels if is_known else None,
        layout=_layout_name(stream.layout.name) if is_known else None,
        sample_rate_hz=stream.sample_rate if is_known else None,
        start_s=None if start is None else float(start - origin_s(container, stream)),
        duration_s=None if duration is None else float(duration),
    )


def _layout_name(name: str) -> str:
    # a WAV file may count its channels without placing them
    return {"1 channels": "mono", "2 channels": "stereo"}.get(name, name)


def _codec(stream: Stream) -> CodecContext | None:
    # the library's types promise a context, but a codec without a decoder has none
    return stream.codec_context


def _codec_name(codec: CodecContext | None) -> str:
    return "unknown codec" if codec is None else codec.codec.canonical_name


def _seconds(ticks: int | None, time_base: Fraction | None) -> Fraction | None:
    return None if ticks is None or time_base is None else ticks * time_base

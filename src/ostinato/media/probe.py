"""What a media file holds: its audio streams, and where each lies on the player's clock.

Film time zero is the player's zero. Most containers count from zero, so a stream that starts late
starts late in film time. Broadcast and disc streams (MPEG-TS, MPEG-PS) count from wherever the
recording began; there a player's zero is the start of the earliest stream. An MP3 file has no
clock of its own: its zero is its first audible sample.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream as AvAudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Stream

from ostinato.errors import MediaError
from ostinato.media.faults import check_file, encrypted, media_faults

__all__ = ["AudioStream", "MediaInfo", "choose_stream", "open_container", "origin_s", "probe"]

# a file must not make the program fetch another, least of all from the network
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    # a disc's sound may begin long after its menu: look through 64 MiB and 30 s for streams
    "probesize": str(64 * 2**20),
    "analyzeduration": str(30 * 10**6),
}
_LOCKED_TAGS = frozenset({"enca", "encv", "drms", "drmi", "aavd"})
_STAMPS_FROM_ANYWHERE = frozenset({"mpegts", "mpegtsraw", "mpeg", "hls", "rtp", "wtv", "ty"})
_US = 1_000_000  # containers state their times in microseconds


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
            duration_s=None if container.duration is None else container.duration / _US,
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
        av.open(url, options=dict(_OPEN_OPTIONS), metadata_errors="replace") as container,
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
            f"no decoder knows its codec; the file holds {listed}",
            "Choose another with --stream, or convert its sound to FLAC or WAV first",
        )
    return info.streams[ordinal]


def origin_s(container: InputContainer, stream: AvAudioStream) -> Fraction:
    """Return the stamp, in seconds, that a player shows as zero."""
    if container.format.name in _STAMPS_FROM_ANYWHERE:
        return Fraction(container.start_time or 0, _US)
    if container.format.name == "mp3":
        return _seconds(stream.start_time, stream.time_base) or Fraction(0)
    return Fraction(0)


def _check_streams(path: Path, container: InputContainer) -> None:
    codecs = [_codec(stream) for stream in container.streams.audio]
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
        layout=stream.layout.name if is_known else None,
        sample_rate_hz=stream.sample_rate if is_known else None,
        start_s=None if start is None else float(start - origin_s(container, stream)),
        duration_s=None if duration is None else float(duration),
    )


def _codec(stream: Stream) -> CodecContext | None:
    # the library's types promise a context, but a codec without a decoder has none
    return stream.codec_context


def _codec_name(codec: CodecContext | None) -> str:
    return "unknown codec" if codec is None else codec.codec.canonical_name


def _seconds(ticks: int | None, time_base: Fraction | None) -> Fraction | None:
    return None if ticks is None or time_base is None else ticks * time_base

"""What a media file holds, known without decoding it: streams, starts, and what is analysed."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream as AvAudioStream
from av.container import InputContainer
from av.stream import Disposition

from ostinato.errors import MediaError
from ostinato.media.channels import Streams
from ostinato.media.container import (
    US_PER_S,
    codec_name,
    codec_of,
    open_part,
    origin_s,
    seconds,
)
from ostinato.media.decode import open_decoding
from ostinato.media.faults import media_faults
from ostinato.media.source import Source, find_source
from ostinato.media.stated_length import matroska_notices, read_statement

# of a title, where the file does not mark the stream; in the languages of discs
_COMMENTARY = re.compile(
    r"comm?ent|kommentar|audio.?descri|descriptive|hörfilm|解说|評論|解説|코멘터리", re.IGNORECASE
)
_NOT_THE_FILM = Disposition.comment | Disposition.visual_impaired | Disposition.hearing_impaired
_SECONDS_DECODED = 5.0


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
    is_default: bool = False
    is_commentary: bool = False

    def __str__(self) -> str:
        rate = None if self.sample_rate_hz is None else f"{self.sample_rate_hz} Hz"
        title = None if self.title is None else f"“{self.title}”"
        marks = (
            "default" if self.is_default else None,
            "commentary" if self.is_commentary else None,
        )
        facts = (self.codec, self.layout, rate, self.language, title, *marks)
        return f"{self.ordinal}: " + ", ".join(fact for fact in facts if fact is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """What a media file holds; `duration_s` is None where the file does not say.

    `taken` is the ordinal of the stream that is analysed unless another is chosen; `origin_s` the
    container's own time at film time zero; `notices` what a person should know of the file.
    """

    path: Path
    container: str
    duration_s: float | None
    streams: tuple[AudioStream, ...]
    taken: int = 0
    origin_s: float = 0.0
    notices: tuple[str, ...] = ()


def probe(path: Path | str) -> MediaInfo:
    """List the audio streams of a recording, without decoding them.

    Parameters
    ----------
    path : path-like
        Any container that FFmpeg reads, or the folder of a DVD's title.

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
    source = find_source(path)
    with open_part(source, source.parts[0]) as container:
        streams = tuple(
            _describe(stream, ordinal, container)
            for ordinal, stream in enumerate(container.streams.audio)
        )
        taken = _main(streams)
        return MediaInfo(
            path=path,
            container=container.format.name,
            duration_s=None if container.duration is None else container.duration / US_PER_S,
            streams=streams,
            taken=taken,
            origin_s=float(origin_s(container, container.streams.audio[taken], "player")),
            notices=notices_of(source),
        )


def notices_of(source: Source) -> tuple[str, ...]:
    """Say what a person should know of a file before its sound is decoded."""
    if len(source.files) > 1:
        names = f"{source.files[0].name} to {source.files[-1].name}"
        return (*source.notices, f"{len(source.files)} files were read as one, {names}")
    (file,) = source.files
    with file.open("rb") as content:
        linked = matroska_notices(content)
    chained = len(source.parts)
    links = (f"it is a chain of {chained} recordings, read one after the other",)
    stated = read_statement(file).notices
    return (*source.notices, *linked, *stated, *(links if chained > 1 else ()))


def choose_streams(info: MediaInfo, streams: tuple[int, ...] | None) -> tuple[AudioStream, ...]:
    """Choose audio streams of a file.

    `streams`: ordinals among the audio streams: one, or the two mono streams of a pair. None for
    the one that the file marks as its main one, or the first. Raises MediaError if there is no such
    stream, no decoder for it, or a pair is not of two mono streams; lists those that there are.
    """
    chosen = (info.taken,) if streams is None else streams
    listed = "; ".join(map(str, info.streams))
    for ordinal in chosen:
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
    found = tuple(info.streams[ordinal] for ordinal in chosen)
    if len(found) > 1 and (
        len(found) != len({"left", "right"})
        or len(set(chosen)) != len(chosen)
        or any(stream.channels != 1 for stream in found)
        or len({stream.sample_rate_hz for stream in found}) > 1
    ):
        raise MediaError(
            f"{info.path}, streams {'+'.join(map(str, chosen))}",
            f"a pair is two different mono streams of one sample rate, and the file holds {listed}",
            "Choose one stream, or two such as 0+1, with --stream",
        )
    return found


def _main(streams: tuple[AudioStream, ...]) -> int:
    """Return which stream is the film's: marked as default, and no commentary."""

    def rank(stream: AudioStream) -> tuple[bool, bool, bool, int]:
        cannot_be_decoded = stream.sample_rate_hz is None
        return cannot_be_decoded, stream.is_commentary, not stream.is_default, stream.ordinal

    return min(streams, key=rank).ordinal


def _describe(stream: AvAudioStream, ordinal: int, container: InputContainer) -> AudioStream:
    start = seconds(stream.start_time, stream.time_base)
    duration = seconds(stream.duration, stream.time_base)
    codec = codec_of(stream)
    is_known = isinstance(codec, AudioCodecContext) and codec.sample_rate > 0
    language, title = stream.metadata.get("language"), stream.metadata.get("title")
    is_marked = bool(stream.disposition & _NOT_THE_FILM)
    zero = origin_s(container, stream, "player")
    return AudioStream(
        ordinal=ordinal,
        codec=codec_name(codec),
        language=None if language == "und" else language,
        title=title,
        channels=stream.channels if is_known else None,
        layout=_layout_name(stream.layout.name) if is_known else None,
        sample_rate_hz=stream.sample_rate if is_known else None,
        start_s=None if start is None else float(start - zero),
        duration_s=None if duration is None else float(duration),
        is_default=bool(stream.disposition & Disposition.default),
        is_commentary=is_marked or bool(title and _COMMENTARY.search(title)),
    )


def _layout_name(name: str) -> str:
    # a WAV file may count its channels without placing them
    return {"1 channels": "mono", "2 channels": "stereo"}.get(name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A recording whose beginning was decoded.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    stream : str
        The stream that an analysis would take, in words.
    duration_s : float or None
        As the container states it.
    sample_rate_hz, n_channels : int
        Of the working copy that an analysis would make.
    sha256 : str
        Of the file.
    is_decoded : bool
        Whether a cache holds its sound.
    """

    path: Path
    stream: str
    duration_s: float | None
    sample_rate_hz: int
    n_channels: int
    sha256: str
    is_decoded: bool


def glance(path: Path, *, stream: Streams | None, cache_dir: Path) -> Glance:
    """Look at a recording: which stream there is to analyse, and whether it can be decoded.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    stream : int, tuple of int or None
        Ordinals of the audio streams; None for the one that an analysis takes.
    cache_dir : pathlib.Path
        Where working copies are kept; nothing is written there.

    Returns
    -------
    Glance
        Its beginning was decoded, its content hashed.

    Raises
    ------
    MediaError
        If it cannot be read, there is no such stream, or its beginning cannot be decoded.
    """
    info = probe(path)
    asked = (stream,) if isinstance(stream, int) else stream
    streams = choose_streams(info, asked)
    chosen = streams[0]
    with open_decoding(path, chosen.ordinal) as decoding:
        for _block in decoding.blocks():
            if decoding.n_samples > _SECONDS_DECODED * decoding.sample_rate_hz:
                break
        if decoding.n_samples == 0:
            raise MediaError(
                f"{path}, stream {chosen.ordinal}",
                "nothing of its beginning can be decoded",
                "Try it in a player, and fetch or rip it again",
            )
        expected_s = decoding.expected_s or info.duration_s
        rate_hz, n_channels = decoding.sample_rate_hz, len(decoding.channel_names)
    with media_faults(path):
        digest = hashlib.sha256()
        for chunk in find_source(path).chunks():
            digest.update(chunk)
    sha256 = digest.hexdigest()
    return Glance(
        path=path,
        stream=" + ".join(map(str, streams)),
        duration_s=expected_s,
        sample_rate_hz=rate_hz,
        n_channels=n_channels if len(streams) == 1 else len(streams),
        sha256=sha256,
        is_decoded=any(cache_dir.glob(f"{sha256}-*/copy.json")),
    )

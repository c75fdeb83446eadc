"""The cache is emptied of what this program has put there, and of nothing else."""

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError
from ostinato.pipeline.keeping import COPY_NAME, LIMIT_NAME, STAGES_NAME, names_in_use
from ostinato.results import sweep

_OF_A_COPY = re.compile(r"\w+\.f32|loudness\.f64|copy\.json")
_KEPT = (LIMIT_NAME,)  # a person's choice, and no room to speak of
_STAGE = re.compile(r"[a-z][a-z-]*-[0-9a-f]{32}\.npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was removed from a cache, and what in it is in use or not the program's own."""

    n_copies: int
    n_stages: int
    n_bytes: int
    left: tuple[Path, ...]


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
    copies = [copy for copy in _copies(folder) if copy.name not in in_use]
    stages = list(_stages(folder))
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
    left = tuple(place for place in _within(folder) if place.name not in _KEPT)
    return Cleared(n_copies=len(copies), n_stages=len(stages), n_bytes=n_bytes, left=left)


def _copies(folder: Path) -> Iterator[Path]:
    for place in _within(folder):
        if COPY_NAME.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            files = list(place.iterdir())
            if all(_OF_A_COPY.fullmatch(file.name) and not file.is_dir() for file in files):
                yield place


def _stages(folder: Path) -> Iterator[Path]:
    stages = folder / STAGES_NAME
    for place in () if stages.is_symlink() else _within(stages):
        if _STAGE.fullmatch(place.name) and place.is_file():
            yield place


def _within(folder: Path) -> list[Path]:
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

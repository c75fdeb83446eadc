"""A folder of results that changes as a whole: all is written before anything takes its place."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ostinato.errors import MediaError
from ostinato.interruption import undivided
from ostinato.results.codec import RESULTS_NAME

_UNFINISHED = ".unfinished-"
_LEAST_FREE_BYTES = 4 * 2**20  # figures in three formats and tables of a film of two hours
_MEND = "Free some space or give another folder with --out"


def check_writable(folder: Path) -> None:
    """Make sure, before hours are spent, that results will find their place; make nothing.

    Parameters
    ----------
    folder : pathlib.Path
        Need not exist.

    Raises
    ------
    MediaError
        If it is no folder, cannot be written to, or lies on a full disk.
    """
    try:
        # the nearest that is there: what is refused later on must not leave an empty folder
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=nearest):
            free = shutil.disk_usage(nearest).free
    except OSError as error:  # nearest being a file, among others
        raise _unwritable(folder, error) from error
    if free < _LEAST_FREE_BYTES:
        raise MediaError(str(folder), f"only {free / 1e6:.1f} MB are free there", _MEND)


@contextmanager
def replaced_at_once(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write into; at the end its files take their places in another.

    If anything fails before that, `folder` keeps what it had.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist. Files that are not written anew stay.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    MediaError
        If a file cannot be written.
    """
    was_there = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for abandoned in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            yield staging
            with undivided("results take their places"):
                _move(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:  # a MediaError too, which would name a file that nobody knows of
        raise _unwritable(folder, error) from error
    finally:
        if not was_there:
            with suppress(OSError):  # all went well: it is not empty
                folder.rmdir()


def _move(staging: Path, folder: Path) -> None:
    files = [path for path in staging.rglob("*") if path.is_file()]
    # results last, so that they never promise a table or a figure that is not there
    for path in sorted(files, key=lambda path: (path.name == RESULTS_NAME, path)):
        place = folder / path.relative_to(staging)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def _unwritable(folder: Path, error: OSError) -> MediaError:
    reason = error.reason if isinstance(error, MediaError) else None
    return MediaError(
        str(folder), reason or f"it cannot be written to ({error.strerror or error})", _MEND
    )

"""Whether a folder can take results at all."""

import shutil
import tempfile
from pathlib import Path

from ostinato.errors import MediaError

_MEND = "Free some space or give another folder with --out"
_LEAST_FREE_BYTES = 4 * 2**20  # figures in three formats and tables of a film of two hours


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
    _check_link(folder)
    try:
        # the nearest that is there: what is refused later on must not leave an empty folder
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=nearest):
            free = shutil.disk_usage(nearest).free
    except OSError as error:  # nearest being a file, among others
        raise unwritable(folder, error) from error
    if free < _LEAST_FREE_BYTES:
        raise MediaError(str(folder), f"only {free / 1e6:.1f} MB are free there", _MEND)


def _check_link(folder: Path) -> None:
    """Refuse a link that leads nowhere: no folder can be made in its place, nor beside it."""
    lost = next((one for one in (folder, *folder.parents) if _leads_nowhere(one)), None)
    if lost is not None:
        raise MediaError(
            str(lost),
            f"it is a link to {lost.readlink()}, which is not there",
            "Give another folder with --out, or make the one that it leads to",
        )


def _leads_nowhere(place: Path) -> bool:
    return place.is_symlink() and not place.exists()


def unwritable(folder: Path, error: OSError) -> MediaError:
    """Say of a folder that it cannot be written to, and why."""
    reason = error.reason if isinstance(error, MediaError) else None
    return MediaError(
        str(folder), reason or f"it cannot be written to ({error.strerror or error})", _MEND
    )

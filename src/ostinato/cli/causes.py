"""Why something that the doctor tried has failed, and the mend that fits the cause."""

import errno
import tempfile
import traceback
from importlib.metadata import requires
from pathlib import Path

from ostinato.errors import OstinatoError

_PACKAGE = Path(__file__).parents[1]
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
# what another version of a package comes to: a name, a parameter or a file that is not there
_OF_ANOTHER_VERSION = (ImportError, TypeError, AttributeError, NotImplementedError)


def reinstall(packages: tuple[str, ...]) -> str:
    """Say how to install packages again."""
    wanted = " ".join(f'"{_requirement(name)}"' for name in packages)
    return f"Install again what that needs: python -m pip install --force-reinstall {wanted}"


def mend_of(error: BaseException, packages: tuple[str, ...]) -> str:
    """Say how to mend what an error shows.

    `packages`: those that were tried.
    """
    chain = _chain(error)
    if any(map(_is_missing_of_ours, chain)):
        return "A part of ostinato itself is missing: install ostinato again, as its README says"
    if (mend := next(filter(None, map(_of_the_machine, chain)), None)) is not None:
        return mend
    if _is_ours(chain[-1]):
        return (
            "That is a defect of ostinato, which installing again does not mend: report it with "
            "all that stands here"
        )
    return reinstall(packages)


def _of_the_machine(error: BaseException) -> str | None:
    """Say how to mend what is wrong with a disk or with memory; None where neither is."""
    match error:
        case OSError(errno=number) if number in _FULL:
            return f"Free some space on the disk that holds {_temporary()}"
        case FileNotFoundError():
            return f"See whether you may write to {_temporary()}; TMPDIR names another folder"
        case OSError(errno=number) if number in _FORBIDDEN:
            return f"See whether you may read the package and write to {_temporary()}"
        case MemoryError():
            return "Close other programs, and try again"
    return None


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _is_missing_of_ours(error: BaseException) -> bool:
    if isinstance(error, ImportError):
        return (error.name or "").partition(".")[0] == "ostinato"
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
        return _PACKAGE in Path(error.filename).parents
    return False


def _is_ours(error: BaseException) -> bool:
    """Whether it was raised in our own code, and not by what another version has changed."""
    if isinstance(error, (OstinatoError, *_OF_ANOTHER_VERSION)):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and _PACKAGE in Path(frames[-1].filename).parents


def _temporary() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "some folder for temporary files"


def _requirement(name: str) -> str:
    """Return what this version asks of a package, such as ``av<20,>=14``."""
    for line in requires("ostinato") or ():
        wanted = line.partition(";")[0].strip()
        bare = wanted.split("<")[0].split(">")[0].split("=")[0].split("!")[0].strip()
        if bare == name:
            return wanted.replace(" ", "")
    return name

"""What the machine refuses, in words: memory, room on a disk, rights, libraries.

These come from wherever the program happens to be, and are no defects of it. Whatever else is
raised is one, and stays as it is.
"""

import errno

from ostinato.errors import MediaError, OstinatoError
from ostinato.memory import shortage

__all__ = ["in_words"]

_MENDS = {
    errno.ENAMETOOLONG: "Give a shorter name",
    errno.ENOSPC: "Free some space, and run this again",
    errno.EDQUOT: "Free some space, and run this again",
    errno.EFBIG: "Choose another disk: this one, or a limit, allows no larger files",
    errno.EROFS: "See whether you may write there",
    errno.EACCES: "See whether you may read and write there",
    errno.EPERM: "See whether you may read and write there",
    errno.EIO: "See whether the disk is in order, and run this again",
    errno.ELOOP: "Mend the link",
    errno.EMFILE: "Raise the limit of open files (ulimit -n), and run this again",
    errno.ENFILE: "Close other programs, and run this again",
}
_LONGEST = 200  # characters of what a loader says
_MEND_MEMORY = "Close other programs, and run this again: stages that were finished are kept"


def in_words(error: Exception) -> OstinatoError | None:
    """Say what an error is, if it is one of the machine or one that is in words already.

    Parameters
    ----------
    error : Exception
        As it was raised.

    Returns
    -------
    OstinatoError or None
        None for a defect of the program.
    """
    match error:
        case OstinatoError():
            return error
        case MemoryError() | OSError(errno=errno.ENOMEM):
            return OstinatoError("memory", shortage(error), _MEND_MEMORY)
        case RuntimeError() if "can't start new thread" in str(error):
            return OstinatoError("memory", shortage(error, doing="another thread"), _MEND_MEMORY)
        case OSError(errno=number) if number in _MENDS:
            return MediaError(
                str(error.filename or "a file"),
                f"the system refuses it ({error.strerror})",
                _MENDS[number],
            )
        case OSError() | ImportError() if "shared object" in str(error):
            return OstinatoError(
                "a library",
                f"it cannot be loaded ({str(error)[:_LONGEST]}); {shortage(error)}",
                "Close other programs; if that does not help, `ostinato doctor` says what is amiss",
            )
    return None

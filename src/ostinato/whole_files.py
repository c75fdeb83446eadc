"""Files that are read as a whole: no pipe that never ends, and no more than such a file holds."""

import errno
import os
import stat
from pathlib import Path

__all__ = ["read_whole"]

_MOST_BYTES = 200_000_000  # the results of a film of four hours have some 10 MB
_BLOCK_BYTES = 2**20
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes to would be waited for
_BINARY = getattr(os, "O_BINARY", 0)


def read_whole(path: Path, *, most_bytes: int = _MOST_BYTES) -> bytes:
    """Read all of a file, which may be a stranger's.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    most_bytes : int, optional
        More than such a file ever has.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    OSError
        If it cannot be read, is a pipe or a device, or is too long.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _NO_WAIT | _BINARY)
    except ValueError as error:  # a name that holds a NUL
        raise OSError(errno.EINVAL, str(error)) from error
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle has no path
        _check_is_file(os.fstat(handle).st_mode)
        content = bytearray()
        while block := file.read(_BLOCK_BYTES):  # no more is asked for than there is
            content += block
            if len(content) > most_bytes:
                raise OSError(errno.EFBIG, f"it is longer than {most_bytes // 1_000_000} MB")
    return bytes(content)


def _check_is_file(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")

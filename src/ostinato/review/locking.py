"""A file that one process has to itself for a moment; the system gives it back if that is killed.

The lock is the system's own (`flock`, or a byte far behind the end on Windows), so that nothing is
left behind by a process that was killed.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from ostinato.errors import MediaError

_WAIT_S = 0.01
_LONGEST_WAIT_S = 20.0
_BYTE = 0x7FFFFFF0  # behind the end of any journal: what is locked on Windows cannot be read

if sys.platform == "win32":
    import msvcrt

    def _take(file: FileIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _give_back(file: FileIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(file: FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


@contextmanager
def exclusive(file: FileIO, path: Path) -> Iterator[None]:
    """Have an open file alone; wait for others, who need milliseconds.

    Raises MediaError if somebody keeps it for long, or the disk knows no locks.
    """
    began_s = time.monotonic()
    while True:
        try:
            _take(file)
            break
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() - began_s > _LONGEST_WAIT_S:
                raise MediaError(
                    str(path), "another program keeps it", "End that program and do it again"
                ) from error
            time.sleep(_WAIT_S)
        except OSError as error:
            raise MediaError(
                str(path),
                f"its disk lets nobody have a file alone ({error.strerror})",
                "Keep the folder on a disk of this computer",
            ) from error
    try:
        yield
    finally:
        _give_back(file)

"""What is printed goes to a reader who may leave, or onto a disk that may be full.

A reader who leaves (`| head`) does not end the work: what was still to be said to them is dropped.
"""

import errno
import io
import os
import sys

from ostinato.errors import OutputError

TYPE_CHECKING = False  # as in `ostinato`: nothing is loaded that takes time
if TYPE_CHECKING:
    from typing import TextIO

_STDOUT, _STDERR = 1, 2


def watch_streams() -> None:
    """Put streams that say in words what goes wrong in place of the process's own."""
    _open_closed()
    sys.stdout = _watched(sys.stdout, _STDOUT)
    sys.stderr = _watched(sys.stderr, _STDERR)


class _Watched(io.FileIO):
    """A stream that is written to for as long as it can be."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self._is_terminal = self.isatty()
        self._is_given_up = False

    def write(self, data: "io._ReadableBuffer", /) -> int:  # type: ignore[name-defined]
        if not self._is_given_up:
            try:
                return super().write(data)
            except OSError as error:
                self._is_given_up = True
                # of what cannot be said on stderr nothing can be said at all
                if self.fileno() == _STDOUT and not self._has_no_reader(error):
                    raise _unwritable(error) from error
        return memoryview(data).nbytes

    def _has_no_reader(self, error: OSError) -> bool:
        is_hung_up = self._is_terminal and error.errno == errno.EIO
        is_closed = sys.platform == "win32" and error.errno == errno.EINVAL
        return isinstance(error, BrokenPipeError) or is_hung_up or is_closed


def _open_closed() -> None:
    """Give closed streams a place: a film would be opened under their numbers otherwise."""
    for number in (0, _STDOUT, _STDERR):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def _watched(stream: "TextIO | None", number: int) -> io.TextIOWrapper:
    is_terminal = stream is not None and stream.isatty()
    if isinstance(stream, io.TextIOWrapper) and is_terminal and sys.platform == "win32":
        return stream  # a console of Windows is no file
    return io.TextIOWrapper(
        io.BufferedWriter(_Watched(number)),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        errors=getattr(stream, "errors", None) or "backslashreplace",
        line_buffering=is_terminal or number == _STDERR,
    )


def _unwritable(error: OSError) -> OutputError:
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    reason = "the disk is full" if is_full else f"it cannot be written to ({error.strerror})"
    return OutputError(
        "standard output", reason, "Send what is printed to a file on another disk, or nowhere"
    )

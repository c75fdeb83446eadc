"""The command as a process: interrupted at any moment, or with nobody to read what it prints.

It loads next to nothing, so that Ctrl-C is looked after from the first moment on.

Python raises KeyboardInterrupt wherever it happens to be. Within an import that comes out of
compiled code as another error, or with a traceback; within a destructor it is lost; a second one
breaks off the tidying up after the first. So the first signal counts, it is raised within the work
alone, it waits until an import or an undivided step is over, and it is raised again if it was lost.

A reader who leaves (`| head`) does not end the work: what was still to be said to them is dropped.
"""

import _thread
import errno
import io
import os
import signal
import sys
import time

from ostinato.cli.main import INTERRUPTED, INTERRUPTED_LINE, USER_INPUT, main
from ostinato.errors import OstinatoError, OutputError
from ostinato.undivided_steps import is_undivided

TYPE_CHECKING = False  # as in `ostinato`: this is loaded before anything that takes time
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import TextIO


_OF_SIGNAL = 128  # a shell's custom: the exit status of what a signal ends
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all
_AGAIN_S = 0.02
_PATIENCE_S = 15.0
"""How long tidying up may take. What is then left in the cache is removed by the next run."""
_IMPORT_FILE = "<frozen importlib._bootstrap>"
_STDOUT, _STDERR = 1, 2


def run_process(early_signals: list[int]) -> int:
    """Run the command with the arguments of the process.

    `early_signals`: those that came while this was loaded, and may still come.
    """
    interrupts = Interrupts(_printed.__code__, line=INTERRUPTED_LINE)
    interrupts.catch()
    status = None
    try:
        watch_streams()
        status = _printed(early_signals)
    except SystemExit as end:  # of --help and --version
        status = _flushed(end.code if isinstance(end.code, int) else 0)
    except BaseException:
        # an interruption may come out of foreign code as any other error
        if interrupts.received is None:
            raise
    finally:
        interrupts.are_over()
    if interrupts.received is None and status is not None:
        return status
    if status != INTERRUPTED:
        print(INTERRUPTED_LINE, file=sys.stderr)
    return _OF_SIGNAL + (interrupts.received or 0)


def _printed(early_signals: list[int]) -> int:
    for number in early_signals[:1]:
        signal.raise_signal(number)
    return _flushed(main())


def _flushed(status: int) -> int:
    """Write out what is still to be printed: at the end of the process it would be too late."""
    try:
        sys.stdout.flush()
    except OstinatoError as error:
        print(f"ostinato: {error}", file=sys.stderr)
        return USER_INPUT
    return status


class Interrupted(KeyboardInterrupt):
    """The process is to end."""


class Interrupts:
    """Signals that end the process; `received` is the first that came, None before it.

    Made in the main thread. `work` is the code of the function that may be
    interrupted, `line` what is said where the process must be broken off.
    """

    def __init__(self, work: "CodeType", *, line: str) -> None:
        self.received: int | None = None
        self._work, self._line = work, line
        self._main_thread = _thread.get_ident()
        self._is_raised = False
        self._is_over = False

    def catch(self) -> None:
        """Take over the signals, except those that whoever started the process has switched off."""
        for number in _numbers():
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._receive)
        sys.unraisablehook = self._lost

    def are_over(self) -> None:
        """Let no later signal count: the work is done, or broken off."""
        self._is_over = True
        for number in _numbers():  # while Python closes down it would end the process by itself
            signal.signal(number, signal.SIG_IGN)

    def _receive(self, number: int, frame: "FrameType | None") -> None:
        if self._is_over:
            return
        if self.received is None:
            self.received = number
            # not a Thread: its locks may be held by what was interrupted
            _thread.start_new_thread(self._see_to_it, ())
        if not (self._is_raised or is_undivided()) and self._may_raise(frame):
            self._is_raised = True
            raise Interrupted

    def _may_raise(self, frame: "FrameType | None") -> bool:
        """Whether what runs is within the work, and not within an import."""
        while frame is not None:
            if frame.f_code.co_filename == _IMPORT_FILE:
                return False
            if frame.f_code is self._work:
                return True
            frame = frame.f_back
        return False

    def _lost(self, lost: "sys.UnraisableHookArgs") -> None:
        """Take note of an interruption that was raised where nothing can be raised."""
        if isinstance(lost.exc_value, Interrupted):
            self._is_raised = False
        elif self.received is None and not self._is_over:
            sys.__unraisablehook__(lost)

    def _see_to_it(self) -> None:
        """Signal again for as long as the interruption was put off or lost, and end at last."""
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end or is_undivided():
            time.sleep(_AGAIN_S)
            if not (self._is_raised or self._is_over):
                self._signal_again(self.received or signal.SIGINT)
        if not self._is_over:
            os.write(2, f"{self._line}\n".encode())
        os._exit(128 + (self.received or 0))  # some thread does not return from foreign code

    def _signal_again(self, number: int) -> None:
        if sys.platform == "win32":
            _thread.interrupt_main(number)
        else:
            # to the thread itself: one that waits for a lock would not notice anything else
            signal.pthread_kill(self._main_thread, number)


def _numbers() -> "list[signal.Signals]":
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


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

"""Ctrl-C, a closed terminal, a wish to end: obeyed once, in order, whenever they come.

Python raises KeyboardInterrupt wherever it happens to be. Within an import that comes out of
compiled code as another error, or with a traceback; within a destructor it is lost; a second one
breaks off the tidying up after the first. So the first signal counts, it is raised within the work
alone, it waits until an import or an undivided step is over, and it is raised again if it was lost.
"""

import _thread
import os
import signal
import sys
import time

from ostinato.interruption import is_undivided

TYPE_CHECKING = False  # as in `ostinato`: this is loaded before anything that takes time
if TYPE_CHECKING:
    from types import CodeType, FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all
_AGAIN_S = 0.02
_PATIENCE_S = 15.0
"""How long tidying up may take. What is then left in the cache is removed by the next run."""
_IMPORT_FILE = "<frozen importlib._bootstrap>"


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

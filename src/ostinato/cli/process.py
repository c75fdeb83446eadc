"""The command as a process: interrupted at any moment, or with nobody to read what it prints.

It loads next to nothing, so that Ctrl-C is looked after from the first moment on.
"""

import signal
import sys

from ostinato.cli.interrupts import Interrupts
from ostinato.cli.main import INTERRUPTED, INTERRUPTED_LINE, USER_INPUT, main
from ostinato.cli.streams import watch_streams
from ostinato.errors import OstinatoError

_OF_SIGNAL = 128  # a shell's custom: the exit status of what a signal ends


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

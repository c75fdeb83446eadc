"""`python -m ostinato`, and where the command `ostinato` begins.

The first thing done is to note Ctrl-C rather than to break off with a traceback; what it comes to
is decided once the command is loaded. Nothing else imports this module.
"""

import signal
import sys

_early: list[int] = []
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, lambda number, _frame: _early.append(number))


def run() -> int:
    """Run the command with the arguments of the process.

    Returns
    -------
    int
        Its exit status.
    """
    from ostinato.cli.process import run_process  # noqa: PLC0415 - after Ctrl-C is looked after

    return run_process(early_signals=_early)


if __name__ == "__main__":
    sys.exit(run())

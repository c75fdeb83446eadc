"""The command: which function runs, and which exit status its outcome has."""

import io
import logging
import sys

from ostinato.cli.cache_command import cache_command
from ostinato.cli.commands import (
    analyze_command,
    cite_command,
    doctor_command,
    figures_command,
    init_command,
)
from ostinato.cli.demo import demo_command
from ostinato.cli.discover import discover_command
from ostinato.cli.excerpts import excerpts_command
from ostinato.cli.labelling import label_command
from ostinato.cli.parser import parse
from ostinato.errors import OstinatoError

DONE, DEFECT, USER_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : list of str or None, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 done; 2 the user's input or arguments; 130 interrupted, to be resumed. A defect of the
        package itself ends in a traceback and 1.
    """
    # of other packages' logs a scholar could make nothing
    logging.basicConfig(level=logging.CRITICAL, format="ostinato: %(message)s")
    logging.getLogger("ostinato").setLevel(logging.WARNING)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # 夢中人 on a western console
    handlers = {
        "demo": demo_command,
        "analyze": analyze_command,
        "discover": discover_command,
        "figures": figures_command,
        "excerpts": excerpts_command,
        "label": label_command,
        "cite": cite_command,
        "init": init_command,
        "doctor": doctor_command,
        "cache": cache_command,
    }
    try:
        arguments = parse(argv, handlers)
        arguments.handler(arguments)
    except OstinatoError as error:
        print(f"ostinato: {error}", file=sys.stderr)
        return USER_INPUT
    except KeyboardInterrupt:
        print(
            "ostinato: interrupted. Give the same command again to go on from the last stage.",
            file=sys.stderr,
        )
        return INTERRUPTED
    return DONE

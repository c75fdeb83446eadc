"""The command: which function runs, and which exit status its outcome has."""

import sys
from functools import partial

from ostinato.errors import OstinatoError
from ostinato.system_errors import in_words

TYPE_CHECKING = False  # as in `ostinato`: nothing is loaded before it is needed
if TYPE_CHECKING:
    import argparse


DONE, DEFECT, USER_INPUT, INTERRUPTED = 0, 1, 2, 130
INTERRUPTED_LINE = (
    "ostinato: interrupted. Give the same command again to go on from the last stage."
)
COMMANDS = {
    "demo": "ostinato.cli.demo:demo_command",
    "analyze": "ostinato.cli.analyze:analyze_command",
    "discover": "ostinato.cli.discover:discover_command",
    "figures": "ostinato.cli.folder_commands:figures_command",
    "report": "ostinato.cli.folder_commands:report_command",
    "export": "ostinato.cli.exchange_commands:export_command",
    "import": "ostinato.cli.exchange_commands:import_command",
    "corpus": "ostinato.cli.corpus_command:corpus_command",
    "excerpts": "ostinato.cli.folder_commands:excerpts_command",
    "label": "ostinato.cli.label:label_command",
    "review": "ostinato.cli.review_command:review_command",
    "cite": "ostinato.cli.folder_commands:cite_command",
    "init": "ostinato.cli.folder_commands:init_command",
    "plan": "ostinato.cli.plan_command:plan_command",
    "doctor": "ostinato.cli.doctor:doctor_command",
    "cache": "ostinato.cli.doctor:cache_command",
}
"""Module and function of each command; loaded when it runs, so that help need not wait for it."""


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
    arguments = None
    try:
        # an interruption while it loads ends as any other
        from ostinato.cli.parser import parse  # noqa: PLC0415

        _prepare()
        arguments = parse(argv, {name: partial(_run, name) for name in COMMANDS})
        arguments.handler(arguments)
    except (OSError, MemoryError, RuntimeError, ImportError, OstinatoError) as error:
        from ostinato.cli.output import refuse  # noqa: PLC0415

        words = in_words(error)
        if words is None:
            raise
        refuse(words, command_has_out=hasattr(arguments, "out"))
        return USER_INPUT
    except KeyboardInterrupt:
        print(INTERRUPTED_LINE, file=sys.stderr)
        return INTERRUPTED
    return DONE


def _prepare() -> None:
    import logging  # noqa: PLC0415 - see `main`

    from ostinato.cli.output import open_streams  # noqa: PLC0415 - see `main`

    # of other packages' logs a scholar could make nothing
    logging.basicConfig(level=logging.CRITICAL, format="ostinato: %(message)s")
    logging.getLogger("ostinato").setLevel(logging.WARNING)
    open_streams()


def _run(name: str, arguments: "argparse.Namespace") -> None:
    from importlib import import_module  # noqa: PLC0415 - see `main`

    module, _, function = COMMANDS[name].partition(":")
    getattr(import_module(module), function)(arguments)

"""`ostinato cite --glossary`: what the terms mean, for whom a folder of docs is not at hand."""

import argparse
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from ostinato.cli.terminal import say


class ShowGlossary(argparse.Action):
    """Print the glossary and end, as ``--version`` does; nothing else need be given."""

    def __init__(self, option_strings: Sequence[str], dest: str, **named: Any) -> None:  # noqa: ANN401 - as argparse passes them on
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **named)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - an action is called so
        values: object,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Print it."""
        text = files("ostinato").joinpath("report", "glossary.md").read_text(encoding="utf-8")
        say(text.rstrip())
        parser.exit()

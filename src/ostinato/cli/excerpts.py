"""The command that cuts what there is to listen to out of a folder of results."""

import argparse
from pathlib import Path

from ostinato.cli.terminal import say
from ostinato.legible import visible
from ostinato.pipeline import write_excerpts
from ostinato.results import read_results, replaced_at_once


def excerpts_command(arguments: argparse.Namespace) -> None:
    """Write a few seconds of each cancelled cue, before and after.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``folder`` and ``seconds``.
    """
    out: Path = arguments.folder
    results = read_results(out)
    with replaced_at_once(out) as folder:
        paths = write_excerpts(
            folder / "excerpts", out / "stems", results, duration_s=arguments.seconds
        )
    for path in paths:
        say(visible(str(out / path.relative_to(folder))))

"""`ostinato report`: the page of a folder of results, written anew."""

import argparse

from ostinato.cli.terminal import say
from ostinato.legible import visible
from ostinato.report import PAGE_NAME, write_page
from ostinato.results import read_results, replaced_at_once


def report_command(arguments: argparse.Namespace) -> None:
    """Write the page, and say where it is."""
    results = read_results(arguments.folder)
    with replaced_at_once(arguments.folder) as folder:
        write_page(results, folder)
    say(visible(str(arguments.folder / PAGE_NAME)))

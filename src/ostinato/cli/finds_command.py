"""`ostinato label --finds`: a person listens for the songs, and precision and recall come of it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from ostinato.cli.output import command, say
from ostinato.cli.review_command import finds_by_ear, is_by_ear
from ostinato.errors import ParameterError
from ostinato.legible import isolated
from ostinato.pipeline import drawn_finds, program_results, take_over_review, with_journal
from ostinato.report import count, heard_by_ear
from ostinato.results import DrawnFinds, at_work_in

_DEFAULT_N = 100
_PORT = "8765"


def finds_command(arguments: argparse.Namespace) -> None:
    """Draw pieces of the film at random, serve them, and take the verdicts over."""
    folder: Path = arguments.folder
    drawn = _drawn(folder, arguments.number)
    if not is_by_ear(arguments):
        n = len(drawn.drawn)
        by_ear = command("ostinato", "label", folder, "--finds", "--port", _PORT)
        say(f"{count(n, 'piece')} of the film to listen to for songs.\nBy ear: {by_ear}")
        return
    n_judged = finds_by_ear(arguments, drawn)
    if arguments.coder is None and n_judged:
        say("\n".join(_taken_over(folder, n_judged)))


def _drawn(folder: Path, n: int | None) -> DrawnFinds:
    with at_work_in(folder):
        drawn = drawn_finds(folder, n=_DEFAULT_N if n is None else n)
    there = len(drawn.drawn)
    if n is not None and there < n and there < len(drawn.strata):
        raise ParameterError(
            f"-n {n}",
            f"{count(there, 'piece')} are drawn already, and more would not be as random",
            f"Leave it out, or move {folder / 'review' / 'finds.json'} away to draw anew",
        )
    return drawn


def _taken_over(folder: Path, n_judged: int) -> Iterator[str]:
    results = with_journal(folder, program_results(folder))
    take_over_review(folder, results, figures="later")  # none shows them
    yield f"{count(n_judged, 'verdict')} taken over into {isolated(str(folder))}."
    yield from heard_by_ear(results)

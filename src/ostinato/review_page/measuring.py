"""What the program found, and what comes of it with a person's edits."""

from pathlib import Path

from ostinato.results import Results, read_results
from ostinato.review import State, edited


def program_results(folder: Path) -> Results:
    """Return what the program found, without edits."""
    return read_results(folder)


def measured_again(program: Results, state: State, *, before: Results | None = None) -> Results:
    """Take all measures again with edits."""
    del before
    return edited(program, state).results


def take_over_review(folder: Path, results: Results) -> None:
    """Write results with edits into their folder."""

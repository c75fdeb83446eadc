"""What the program found without a person's edits, and where results with them are written."""

from pathlib import Path

from ostinato.results import Results, read_results


def program_results(folder: Path) -> Results:
    """Return what the program found, without edits."""
    return read_results(folder)


def take_over_review(folder: Path, results: Results) -> None:
    """Write results with edits into their folder."""

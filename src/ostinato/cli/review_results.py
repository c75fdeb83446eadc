"""Results with and without a person's edits, as they stand in a folder."""

from pathlib import Path

from ostinato.choices import FORMATS
from ostinato.report import write_figures, write_page
from ostinato.results import (
    Results,
    ResultsFolder,
    decode_results,
    encode_results,
    read_results,
    write_atomically,
    write_results,
)
from ostinato.review import REVIEW_FOLDER
from ostinato.whole_files import read_whole

_PROGRAM_NAME = "program.json"


def program_results(folder: Path) -> Results:
    """Return what the program found, without edits."""
    path = folder / REVIEW_FOLDER / _PROGRAM_NAME
    return decode_results(read_whole(path)) if path.exists() else read_results(folder)


def take_over_review(work: ResultsFolder, program: Results, results: Results) -> None:
    """Write results with edits into their folder, and beside them what the program found."""
    write_atomically(work.path / REVIEW_FOLDER / _PROGRAM_NAME, encode_results(program))
    with work.replaced(is_whole=False) as staging:
        write_page(results, staging)
        write_figures(results, staging / "figures", formats=FORMATS)
        write_results(staging, results)

"""A folder of results and its journal: what the program found there, and what holds with edits.

`results.json` has the edits. Beside it `review/program.json` has what the program found, as long as
any edit holds, so that every measure starts from that and the last undo gives it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ostinato.choices import FORMATS
from ostinato.errors import StudyError
from ostinato.measures import RobustnessWhen, draw_finds
from ostinato.pipeline.remeasure import measure_parameters, measured_again
from ostinato.report import write_figures, write_page
from ostinato.results import (
    LABELS_FOLDER,
    CuePicture,
    DrawnFinds,
    Results,
    SampledLabel,
    at_work_in,
    decode_results,
    encode_results,
    read_drawn,
    read_picture,
    read_results,
    write_atomically,
    write_results,
)
from ostinato.review import REVIEW_FOLDER, State, read_finds, read_journal, write_finds
from ostinato.whole_files import read_whole

PROGRAM_NAME = f"{REVIEW_FOLDER}/program.json"


def program_results(folder: Path) -> Results:
    """Return what the program found, without any edit.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    Results
        Those of the folder themselves where no edit holds.

    Raises
    ------
    StudyError
        If the folder holds no readable results, or has lost what the program found.
    """
    return program_of(read_results(folder), folder)


def program_of(results: Results, folder: Path) -> Results:
    """Return what the program found, given the results of a folder, with or without edits.

    Parameters
    ----------
    results : Results
        As `results.json` has them.
    folder : pathlib.Path
        In which they lie.

    Returns
    -------
    Results
        The same where no edit holds.

    Raises
    ------
    StudyError
        If what the program found is lost, or is of another run.
    """
    if results.review is None:
        return results
    path = folder / PROGRAM_NAME
    mend = "Run `ostinato analyze` again into this folder: the journal is applied anew"
    try:
        program = decode_results(read_whole(path), name=str(path))
    except OSError as error:
        raise StudyError(str(path), f"it cannot be read ({error.strerror})", mend) from error
    if program.review is not None or program.run != results.run:
        raise StudyError(str(path), "it is not what the results beside it rest on", mend)
    return program


def drawn_rows(folder: Path, results: Results) -> tuple[SampledLabel, ...]:
    """Return the random sample that was drawn of a film, all open; none where none was.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    results : Results
        Of the film.

    Returns
    -------
    tuple of SampledLabel
        What blind answers are about.

    Raises
    ------
    StudyError
        If what was drawn is damaged.
    """
    drawn = read_drawn(folder / LABELS_FOLDER)
    return () if drawn is None or not drawn.is_of(results.film) else drawn.sample


def with_journal(
    folder: Path,
    program: Results,
    *,
    state: State | None = None,
    before: Results | None = None,
    robustness: RobustnessWhen = "now",
) -> Results:
    """Apply the journal of a folder to what the program found.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    program : Results
        What the program found, without any edit.
    state : State, optional
        What the journal comes to; it is read unless this is given.
    before : Results, optional
        As for `measured_again`.
    robustness : {"now", "later"}, optional
        As for `measured_again`.

    Returns
    -------
    Results
        `program` itself where there is no journal, it is of another film, or no edit holds.

    Raises
    ------
    StudyError
        If the journal, or the sample that it answers, is damaged.
    """
    if state is None:
        kept = read_journal(folder)
        state = State() if kept is None else kept.state_for(program.film)
    if not state.in_force:
        return program
    return measured_again(
        program,
        state,
        sample=drawn_rows(folder, program),
        finds=read_finds(folder, program.film),
        before=before,
        robustness=robustness,
    )


def drawn_finds(folder: Path, *, n: int = 100) -> DrawnFinds:
    """Draw the pieces of a film in which a person is to listen for the songs, or read them.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    n : int, optional
        How many, where none are drawn yet.

    Returns
    -------
    DrawnFinds
        In the order in which they are to be heard; kept in the folder.

    Raises
    ------
    StudyError
        If the folder holds no results, or pieces of another film were drawn.
    ParameterError
        If there is nothing to draw.
    """
    program = program_results(folder)
    before = read_finds(folder, program.film)
    if before is not None:
        return before
    seed = measure_parameters(program).seed
    drawn = draw_finds(program, n, seed=seed, rng=np.random.default_rng(seed))
    write_finds(folder, drawn)
    return drawn


def take_over_review(
    folder: Path, results: Results, *, figures: Literal["now", "later"] = "now"
) -> None:
    """Write results with edits into their folder, and beside them what the program found.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results from which they were made.
    results : Results
        From `measured_again`.
    figures : {"now", "later"}, optional
        Whether the figures are drawn again, which takes some seconds; if later, those that are
        there stay as they were drawn before.

    Raises
    ------
    StudyError
        If another command is at work there, or the folder holds the results of another run.
    MediaError
        If it cannot be written to.
    """
    with at_work_in(folder) as work:
        program = program_results(folder)
        if program.run != results.run:
            raise StudyError(
                str(folder),
                "the film was analysed again meanwhile",
                "Open the folder anew: the journal is applied to what was found now",
            )
        with work.replaced(is_whole=False) as staging:
            write_document(staging, program, results, picture=read_picture(folder), figures=figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDocument:
    """The files that show results: the page, the figures, and `results.json` with its tables."""

    page: Path
    figures: tuple[Path, ...]
    tables: tuple[Path, ...]


def write_document(
    folder: Path,
    program: Results,
    results: Results,
    *,
    picture: CuePicture | None,
    figures: Literal["now", "later"] = "now",
) -> WrittenDocument:
    """Write all that shows results, and beside results with edits what the program found.

    Parameters
    ----------
    folder : pathlib.Path
        In which they are written.
    program, results : Results
        Without and with edits; the same where no edit holds.
    picture : CuePicture or None
        Of a cue before and after its song was taken out.
    figures : {"now", "later"}, optional
        Whether figures are drawn.

    Returns
    -------
    WrittenDocument
        What was written.

    Raises
    ------
    MediaError
        If something cannot be written.
    """
    page = write_page(results, folder)
    drawn: Sequence[Path] = ()
    if figures == "now":
        drawn = write_figures(
            results,
            folder / "figures",
            formats=FORMATS,
            formats_of_measures=FORMATS[:1],
            picture=picture,
        )
    if results.review is not None:
        write_atomically(folder / PROGRAM_NAME, encode_results(program))
    return WrittenDocument(
        page=page, figures=tuple(drawn), tables=tuple(write_results(folder, results))
    )

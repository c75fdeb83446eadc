"""What lies in a folder that is analysed again: what was found before, and a journal."""

from collections.abc import Iterator
from contextlib import suppress

from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.pipeline import program_of
from ostinato.results import Results, ResultsFolder, is_same_film
from ostinato.review import Kept, read_journal


def what_was_found(work: ResultsFolder) -> Results | None:
    """Return what the program had found there; whatever of it can be read.

    Raises StudyError if the journal there cannot be read: before hours are spent.
    """
    read_journal(work.path)
    if work.earlier is None:
        return None
    with suppress(StudyError):  # what edits rest on is lost, and is about to be made again
        return program_of(work.earlier, work.path)
    return work.earlier


def about_journal(kept: Kept | None, program: Results) -> Iterator[str]:
    """Say of a journal what a person might not expect: what of it could not be used."""
    if kept is None:
        return
    if not is_same_film(kept.header.film, program.film):
        yield ""
        yield (
            f"{isolated(str(kept.path))} is of another film, {isolated(kept.header.film.name)}: "
            "nothing of it is applied, and it is left alone."
        )
        return
    torn = [f"{kept.path}: its last line is not finished, and counts for nothing"]
    for notice in (*kept.notices, *(torn if kept.torn else [])):
        yield ""
        yield f"{isolated(notice)}."

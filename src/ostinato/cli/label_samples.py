"""The random sample of a folder: what was drawn, and which files of it people have filled in."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.report import TABLE_NAME, sample_names
from ostinato.results import (
    LABELS_FOLDER,
    DrawnSample,
    Results,
    ResultsFolder,
    SampledLabel,
    best_match,
    read_drawn,
)
from ostinato.speech import check_film_of_labels, read_sample

Rows = Sequence[SampledLabel]


@dataclass(frozen=True, slots=True)
class OpenSample:
    """A sample that was drawn; `record` is None if an earlier version drew it.

    `film_sha256` is of the file that it was drawn from, whose sound the film's own may share.
    """

    rows: tuple[SampledLabel, ...]
    record: DrawnSample | None
    film_sha256: str


def open_sample(labels: Path, results: Results) -> OpenSample | None:
    """Return the sample that was drawn from results, None if none was.

    `labels`: the folder of label files. Raises StudyError if it was drawn from another film.
    """
    record = read_drawn(labels)
    table = labels / TABLE_NAME
    if record is None:
        if not table.exists():
            return None
        return OpenSample(_read_drawn(table, results), None, results.film.sha256)
    if not record.is_of(results.film):
        raise StudyError(
            str(labels), "its sample was drawn from another film", "Move it away to begin anew"
        )
    return OpenSample(record.sample, record, record.film_sha256)


def _read_drawn(table: Path, results: Results) -> tuple[SampledLabel, ...]:
    rows = read_sample(table)  # what is wrong with it is told before whose it is
    try:
        check_film_of_labels(table, results.film)
    except StudyError as error:
        raise StudyError(
            str(table), "it was drawn from another film", f"Move {table} away to begin anew"
        ) from error
    return rows


def frame_to_extend(
    before: OpenSample, results: Results, labels: Path, n: int | None
) -> tuple[SampledLabel, ...]:
    """Return what a sample may be extended from, and refuse where it may not.

    `labels`: the folder of label files; `n`: how many are wanted in all. Raises StudyError if no
    more are wanted than were drawn, or the speech is no longer what it was drawn from.
    """
    table = labels / TABLE_NAME
    if n is None or before.record is None or n <= len(before.rows):
        raise StudyError(
            str(table),
            f"a sample is drawn already, of {len(before.rows):,}, and a second one would spoil the "
            "first",
            f"Take it back with --from {table}; extend it with -n and more than "
            f"{len(before.rows):,}; or move {labels} away to begin anew",
        )
    drawn = set(before.record.drawn)
    for one in before.record.frame:
        if one.segment not in drawn and best_match(one.interval, results.speech) is None:
            raise StudyError(
                str(table),
                "the speech that it was drawn from has changed since, so that it cannot be "
                "extended",
                f"Take it back with --from {table}, or move {labels} away to begin anew",
            )
    return before.record.frame


def kinds_filled_in(work: ResultsFolder) -> tuple[SampledLabel, ...]:
    """Return the kinds that a person has put into the tables of a sample, taken back or not."""
    labels = work.path / LABELS_FOLDER
    out: list[SampledLabel] = []
    for number in range(1, set_of_files(work) + 1):
        table = labels / sample_names(number)[0]
        with suppress(StudyError):
            if table.exists():
                out += [one for one in read_sample(table) if not one.is_open]
    return tuple(out)


def set_of_files(work: ResultsFolder) -> int:
    """Return the number of the set of files that a sample may be written into."""
    number = 1
    while not all(_is_free(work, name) for name in sample_names(number)):
        number += 1
    return number


def _is_free(work: ResultsFolder, name: str) -> bool:
    own = f"{LABELS_FOLDER}/{name}"
    listed = work.manifest.file(own)
    return not (work.path / own).exists() or (listed is not None and work.holds(listed))

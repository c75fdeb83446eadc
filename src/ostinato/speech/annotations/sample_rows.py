"""Rows of label files as they come back, with what they say of film and segment.

A table of a sample or of a choice says of each row which segment of which film it is. That identity
counts more than the times, of which a spreadsheet may have made anything.
"""

import math
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.results import SAMPLE_COLUMNS, LabelKind, best_match, interval_of_key
from ostinato.speech.annotations.labels import is_table, read_label_rows
from ostinato.speech.annotations.tables import read_rows
from ostinato.speech.annotations.tiers import is_open, kind_named
from ostinato.timeline import Interval, parse_timecode, timecode

HASH = "sha256:"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ROUNDED_S = 0.06  # a spreadsheet that shows one decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRow:
    """A row of any label file, as it came back.

    `written` are its times where `interval` is its identity's, and `values` all its cells where it
    says how it was drawn.
    """

    where: str
    place: str
    interval: Interval
    word: str
    key: str = ""
    film: str = ""
    values: dict[str, str] | None = None
    written: Interval | None = None

    @property
    def has_identity(self) -> bool:
        """Whether it says which segment it is."""
        return interval_of_key(self.key, None) is not None

    @property
    def is_open(self) -> bool:
        """Whether it waits for its kind."""
        return is_open(self.word)

    @property
    def kind(self) -> LabelKind:
        """What a person says; StudyError if the word is none."""
        return "undetermined" if self.is_open else kind_named(self.where, self.word)


def rows_of_file(path: Path) -> list[ReturnedRow]:
    """Return the rows of any label file.

    Raises StudyError if it cannot be read.
    """
    rows = rows_of_table(path)
    if rows is not None:
        return rows
    return [
        ReturnedRow(
            where=f"{row.path}, {row.place}",
            place=row.place,
            interval=row.interval,
            word=row.word,
        )
        for row in read_label_rows(path)
    ]


def rows_of_table(path: Path) -> list[ReturnedRow] | None:
    """Return the rows of a table that says what was drawn, or which segments.

    Raises StudyError if it cannot be read, or identities and times were mixed up.
    """
    rows = read_rows(path) if is_table(path) else []
    names = [name.lower() for name in rows[0][1]] if rows else []
    is_sample = set(SAMPLE_COLUMNS) <= set(names)
    cells = [(n, dict(zip(names, row, strict=False))) for n, row in rows[1:]]
    has_identity = (
        "kind" in names
        and bool(cells)
        and all(interval_of_key(values.get("segment", ""), None) for _, values in cells)
    )
    if not is_sample and not has_identity:
        return None
    found = [_row(path, n, values, is_sample=is_sample) for n, values in cells]
    _check_times(found)
    return found


def _row(path: Path, n: int, values: dict[str, str], *, is_sample: bool) -> ReturnedRow:
    where = f"{path}, row {n}"
    key = values.get("segment", "")
    interval = interval_of_key(key, None)
    times = values.get("start_s", ""), values.get("end_s", "")
    written = None
    if interval is None:
        interval = _interval(where, *times)
    else:
        with suppress(StudyError):  # whatever a spreadsheet has made of them
            written = _interval(where, *times)
    return ReturnedRow(
        where=where,
        place=f"row {n}",
        interval=interval,
        word=values.get("kind", ""),
        key=key,
        film=values.get("film", ""),
        values=values if is_sample else None,
        written=written,
    )


def distinct_rows(path: Path, rows: Sequence[ReturnedRow]) -> list[ReturnedRow]:
    """Keep one row of each stretch, with a kind if any has one.

    Raises StudyError if one stretch has two kinds.
    """
    kept: list[ReturnedRow] = []
    for row in rows:
        same = best_match(row.interval, kept)
        if same is None:
            kept.append(row)
        elif kept[same].is_open:
            kept[same] = row
        else:
            check_agreement(path, kept[same], row)
    return kept


def check_agreement(path: Path, one: ReturnedRow, other: ReturnedRow) -> None:
    """Refuse two rows of one stretch that have different kinds.

    Raises StudyError naming both.
    """
    if not other.is_open and one.kind != other.kind:
        raise StudyError(
            f"{path}, {one.place} and {other.place}",
            f"at {timecode(one.interval.start_s)} they say {one.kind} and {other.kind}",
            "Keep one of them",
        )


def check_rows_film(rows: Sequence[ReturnedRow], films_sha256: Collection[str]) -> None:
    """Refuse rows that were drawn from another film.

    `films_sha256`: of the files that hold the film; empty if any will do. Raises StudyError naming
    the first.
    """
    for row in rows if films_sha256 else ():
        film = row.film.strip().lower().removeprefix(HASH)
        is_other = _SHA256.fullmatch(film) is not None and film not in films_sha256
        if is_other or (row.has_identity and not _is_of_any(row.key, films_sha256)):
            raise StudyError(
                row.where,
                f"it was drawn from another film ({HASH + film[:12] if is_other else row.key} …)",
                "Give the labels of this film; if it has the sound of the other file, keep the "
                "table beside the drawn.json or results.json of that one",
            )


def _is_of_any(key: str, films_sha256: Collection[str]) -> bool:
    return any(interval_of_key(key, one) is not None for one in films_sha256)


def _check_times(rows: Sequence[ReturnedRow]) -> None:
    """Refuse rows whose identity is one and whose times another's: their cells were mixed up."""
    known = {row.interval for row in rows if row.has_identity}
    for row in rows:
        written = row.written
        if not row.has_identity or written is None or written.intersection(row.interval):
            continue
        if any(
            math.isclose(written.start_s, other.start_s, abs_tol=_ROUNDED_S)
            and math.isclose(written.end_s, other.end_s, abs_tol=_ROUNDED_S)
            for other in known
        ):
            raise StudyError(
                row.where,
                f"by its times it is the one at {timecode(written.start_s)}, by the column segment "
                f"the one at {timecode(row.interval.start_s)}",
                "Undo what was sorted or copied in a part of the columns only",
            )


def _interval(where: str, start: str, end: str) -> Interval:
    try:
        return Interval(parse_timecode(start), parse_timecode(end))
    except ParameterError as error:
        raise StudyError(f"{where}, {error.thing}", error.reason, error.mend) from error

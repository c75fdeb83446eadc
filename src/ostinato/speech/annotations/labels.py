"""Label files of any editor become rows, and rows say what is spoken there.

By its suffix or its first words a file is one of ELAN's (``.eaf``), one of Praat's
(``.TextGrid``), or else a table: with a header, cells parted by tabs, commas or semicolons, columns
that include a start, an end and a kind; ELAN's tab-delimited export; or Audacity's label track,
which has three columns and no header. Times of tables are seconds or ``h:mm:ss`` of film time,
unless the header names another unit. Lines that begin with ``#`` are remarks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.elan import (
    BEGIN_OF_EXPORT,
    read_elan,
    tiers_of_export,
    tiers_without_header,
)
from ostinato.speech.annotations.praat import read_praat
from ostinato.speech.annotations.tables import (
    END_NAMES,
    START_NAMES,
    TimeColumn,
    check_marks,
    is_time,
    name_and_unit,
    read_table,
    time_column,
)
from ostinato.speech.annotations.tiers import (
    SLIVER_S,
    Annotation,
    LabelReading,
    LabelRow,
    Tiers,
    holds_kinds,
    label_row,
    labels_of_tiers,
)
from ostinato.timeline import Interval, timecode

_KIND_NAMES = ("kind", "label")
_NOT_SAID = ("predicted", "stratum")  # columns in which kinds stand that no person gave
_MEND_COLUMNS = "Give columns start_s, end_s and kind, or export labels from Audacity as they are"
_WITH_TIERS = {".eaf": read_elan, ".textgrid": read_praat}
_Numbered = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class _Columns:
    start: TimeColumn
    end: TimeColumn
    kind: int
    n: int | None = None  # of the header; None without one


_TRACK = _Columns(TimeColumn(0), TimeColumn(1), 2)


def read_label_file(path: Path, *, film_name: str | None = None) -> LabelReading:
    """Read what stands in a label file, whoever wrote it, and say what of it was read.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat.
    film_name : str, optional
        By which the film is known among the media that an ELAN file names.

    Returns
    -------
    LabelReading
        At least one row.

    Raises
    ------
    StudyError
        If the file cannot be read, holds no labels, a column is missing, a time is no timecode, or
        a row ends before its start.
    """
    path = Path(path)
    read_tiers = _WITH_TIERS.get(path.suffix.lower())
    if read_tiers is not None:
        return labels_of_tiers(path, read_tiers(path, film_name=film_name))
    table = read_table(path)
    reading = _labels_of_table(path, table.rows)
    if not reading.rows:
        skipped = f" (points and slivers: {reading.n_skipped})" if reading.n_skipped else ""
        raise StudyError(str(path), f"it holds no labels{skipped}", _MEND_COLUMNS)
    notes = () if table.note is None else (table.note,)
    return replace(reading, notes=(*reading.notes, *notes))


def read_label_rows(path: Path) -> tuple[LabelRow, ...]:
    """Read what stands in a label file, whoever wrote it.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat.

    Returns
    -------
    tuple of LabelRow
        The rows of `read_label_file`.

    Raises
    ------
    StudyError
        As for `read_label_file`.
    """
    return read_label_file(path).rows


def is_table(path: Path) -> bool:
    """Tell whether a label file has rows and columns, by its suffix."""
    return Path(path).suffix.lower() not in _WITH_TIERS


def _labels_of_table(path: Path, numbered: _Numbered) -> LabelReading:
    if not numbered:
        return LabelReading(rows=())
    header, rest = numbered[0][1], numbered[1:]
    if any(map(is_time, (cell.lstrip("-\u2212") for cell in header[:2]))):
        if any(len(cells) > 2 for _, cells in numbered):  # noqa: PLR2004
            # a label without a text has two columns
            numbered = [(n, cells if len(cells) != 2 else [*cells, ""]) for n, cells in numbered]  # noqa: PLR2004
        return _labels_of_rows(path, numbered, _TRACK)
    columns = _columns(path, header, rest)
    if columns is not None:
        return _labels_of_rows(path, rest, columns)
    tiers = tiers_of_export(path, header, rest) or tiers_without_header(path, numbered)
    if tiers is not None:
        return labels_of_tiers(path, Tiers(tiers=tuple(tiers)))
    raise StudyError(
        f"{path}, row {numbered[0][0]}",
        f"its columns are {shorten(', '.join(header), 80)}",
        _MEND_COLUMNS,
    )


def _columns(path: Path, header: Sequence[str], rows: _Numbered) -> _Columns | None:
    """Find start, end and kind; None if the header does not name a start and an end and a kind."""
    start, end = time_column(header, START_NAMES), time_column(header, END_NAMES)
    names = [name_and_unit(cell)[0] for cell in header]
    has_tiers = bool({"tier", "layer"} & set(names))
    if start is None or end is None or has_tiers or names[start.index] == BEGIN_OF_EXPORT:
        return None
    named = [names.index(name) for name in _KIND_NAMES if name in names]
    if named:
        return _Columns(start, end, named[0], len(header))
    by_content = [
        i
        for i, name in enumerate(names)
        if i not in {start.index, end.index} and name not in _NOT_SAID and _says_kinds(rows, i)
    ]
    if len(by_content) > 1:
        raise StudyError(
            f"{path}, row 1",
            f"kinds stand in the columns {' and '.join(header[i] for i in by_content)}",
            "Call the one that counts kind",
        )
    return _Columns(start, end, by_content[0], len(header)) if by_content else None


def _says_kinds(rows: _Numbered, column: int) -> bool:
    words = [cells[column] for _, cells in rows if column < len(cells)]
    return any(words) and holds_kinds(words)


def _labels_of_rows(path: Path, rows: _Numbered, columns: _Columns) -> LabelReading:
    check_marks(path, rows, {columns.start.index, columns.end.index})
    found = [_row(path, n, cells, columns) for n, cells in rows]
    return LabelReading(
        rows=tuple(row for row in found if row is not None), n_skipped=found.count(None)
    )


def _row(path: Path, n: int, cells: Sequence[str], columns: _Columns) -> LabelRow | None:
    start, end = columns.start, columns.end
    if len(cells) <= max(start.index, end.index, columns.kind):
        raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND_COLUMNS)
    if columns.n is not None and any(cells[columns.n :]):
        raise StudyError(
            f"{path}, row {n}",
            f"it has {len(cells)} cells below {columns.n} columns",
            "Write decimal points, or put quotes around cells that hold a comma",
        )
    try:
        times_s = start.seconds(cells[start.index]), end.seconds(cells[end.index])
    except ParameterError as error:
        raise StudyError(f"{path}, row {n}, {error.thing}", error.reason, error.mend) from error
    return label_row(path, f"row {n}", times_s, cells[columns.kind])


def read_labels(path: Path, *, film_name: str | None = None) -> tuple[Annotation, ...]:
    """Read what a person says of the speech.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat; rows in any order.
    film_name : str, optional
        By which the film is known among the media that an ELAN file names.

    Returns
    -------
    tuple of Annotation
        In film order, source "label"; kind "none" where nobody speaks. Rows that have no kind yet
        are left out, and labels of different kinds that overlap by a sliver are parted there.

    Raises
    ------
    StudyError
        If the file cannot be read, a column is missing, a time is no timecode, a row ends before
        its start, a word is no kind, or rows of different kinds overlap.
    """
    reading = read_label_file(path, film_name=film_name)
    rows = sorted((row for row in reading.rows if not row.is_open), key=lambda row: row.interval)
    labels = [Annotation(interval=row.interval, kind=row.kind, source="label") for row in rows]
    _check_agreement(rows, labels)
    return tuple(_parted(labels))


def _check_agreement(rows: Sequence[LabelRow], labels: Sequence[Annotation]) -> None:
    # a row that disagrees with any of the rows before, which agree, does so with the longest
    longest = 0
    for i in range(1, len(rows)):
        one, other = labels[longest], labels[i]
        overlaps = (
            min(one.interval.end_s, other.interval.end_s) - other.interval.start_s >= SLIVER_S
        )
        if overlaps and other.kind != one.kind:
            raise StudyError(
                f"{rows[i].path}, {rows[longest].place} and {rows[i].place}",
                f"at {timecode(other.interval.start_s)} they say {one.kind} and {other.kind}",
                "Keep one of them, or move a bound so that they no longer overlap",
            )
        if other.interval.end_s > one.interval.end_s:
            longest = i


def _parted(labels: Sequence[Annotation]) -> list[Annotation]:
    """End each label where the next begins, if that says something else and laps over a little."""
    parted: list[Annotation] = []
    end_s, kind = 0.0, None
    for one in labels:
        start_s = one.interval.start_s
        if kind not in {None, one.kind} and start_s < end_s < one.interval.end_s:
            one = replace(one, interval=Interval(end_s, one.interval.end_s))  # noqa: PLW2901
        if one.interval.end_s > end_s:
            end_s, kind = one.interval.end_s, one.kind
        parted.append(one)
    return parted

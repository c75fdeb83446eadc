"""Label files of any editor become rows: a stretch of film, and the word that stands there.

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
from ostinato.speech.annotations.columns import (
    END_NAMES,
    START_NAMES,
    TimeColumn,
    check_marks,
    name_and_unit,
    time_column,
)
from ostinato.speech.annotations.elan import read_elan
from ostinato.speech.annotations.exported import (
    BEGIN_OF_EXPORT,
    tiers_of_export,
    tiers_without_header,
)
from ostinato.speech.annotations.praat import read_praat
from ostinato.speech.annotations.tables import is_time, read_table
from ostinato.speech.annotations.tiers import (
    LabelReading,
    LabelRow,
    Tiers,
    holds_kinds,
    label_row,
    labels_of_tiers,
)

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
    if (
        start is None
        or end is None
        or {"tier", "layer"} & set(names)
        or names[start.index] == BEGIN_OF_EXPORT
    ):
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

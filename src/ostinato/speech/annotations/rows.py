"""Label files of any editor become rows: a stretch of film, and the word that stands there.

By its suffix a file is one of ELAN's (``.eaf``), one of Praat's (``.TextGrid``), or else a table:
with a header, cells parted by tabs, commas or semicolons, columns that include a start, an end and
a kind; or Audacity's label track, which has three columns and no header. Times of tables are
seconds or ``h:mm:ss`` of film time. Lines that begin with ``#`` are remarks.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.elan import read_elan
from ostinato.speech.annotations.praat import read_praat
from ostinato.speech.annotations.tables import read_rows
from ostinato.speech.annotations.tiers import LabelRow, label_row, rows_of_kinds
from ostinato.timeline import parse_timecode

_START_NAMES = ("start_s", "start", "begin", "from")
_END_NAMES = ("end_s", "end", "stop", "to")
_KIND_NAMES = ("kind", "label")
_MEND_COLUMNS = "Give columns start_s, end_s and kind, or export labels from Audacity as they are"
_WITH_TIERS = {".eaf": read_elan, ".textgrid": read_praat}


def read_label_rows(path: Path) -> tuple[LabelRow, ...]:
    """Read what stands in a label file, whoever wrote it.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat.

    Returns
    -------
    tuple of LabelRow
        At least one, in the order of the file.

    Raises
    ------
    StudyError
        If the file cannot be read, holds no labels, a column is missing, a time is no timecode, or
        a row ends at or before its start.
    """
    read_tiers = _WITH_TIERS.get(Path(path).suffix.lower())
    rows = _rows_of_table(path) if read_tiers is None else rows_of_kinds(path, read_tiers(path))
    if not rows:
        raise StudyError(str(path), "it holds no labels", _MEND_COLUMNS)
    return tuple(rows)


def is_table(path: Path) -> bool:
    """Tell whether a label file has rows and columns, by its suffix.

    Parameters
    ----------
    path : pathlib.Path
        A label file.

    Returns
    -------
    bool
        False for files of ELAN and Praat.
    """
    return Path(path).suffix.lower() not in _WITH_TIERS


def _rows_of_table(path: Path) -> list[LabelRow]:
    numbered = read_rows(path)
    columns = _columns(path, numbered[0][1]) if numbered else None
    if columns is not None:
        numbered = numbered[1:]
    return [_row(path, n, cells, columns or (0, 1, 2)) for n, cells in numbered]


def _columns(path: Path, header: Sequence[str]) -> tuple[int, int, int] | None:
    """Find start, end and kind in a header; None if the row is data and there is no header."""
    if any(_is_time(cell) for cell in header[:2]):
        return None
    names = [name.lower() for name in header]
    found = [
        next((names.index(name) for name in accepted if name in names), None)
        for accepted in (_START_NAMES, _END_NAMES, _KIND_NAMES)
    ]
    start, end, kind = found
    if start is None or end is None or kind is None:
        columns = shorten(", ".join(header), 80)
        raise StudyError(f"{path}, row 1", f"its columns are {columns}", _MEND_COLUMNS)
    return start, end, kind


def _is_time(cell: str) -> bool:
    try:
        parse_timecode(cell)
    except ParameterError:
        return False
    return True


def _row(path: Path, n: int, cells: Sequence[str], columns: tuple[int, int, int]) -> LabelRow:
    if len(cells) <= max(columns):
        raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND_COLUMNS)
    start, end, word = (cells[column] for column in columns)
    try:
        times_s = parse_timecode(start), parse_timecode(end)
    except ParameterError as error:
        raise StudyError(f"{path}, row {n}, {error.thing}", error.reason, error.mend) from error
    return label_row(path, f"row {n}", times_s, word)

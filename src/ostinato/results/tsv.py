r"""Rows as tab-separated text, which spreadsheets, statistics programs and our own reader open.

Cells are quoted where `csv` quotes them. Text that a spreadsheet would take for a formula has an
apostrophe before it, and what cannot be seen is escaped (``\n``, ``\x00``), so that a row is a
line; `table_rows` takes both off again. Numbers are written as numbers: with six decimals, small
ones with three significant digits (``1e-13``), and never so that rounding reaches a round number,
at which a verdict may turn. Seconds have no exponent, which editors of labels misread.
"""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from ostinato.legible import escaped, unescaped
from ostinato.timeline import seconds_text

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")
"""What a cell begins with that they run."""
# a spreadsheet of East Asia takes the wide signs for the same
_FORMULA = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_DECIMALS, _ROUND_DECIMALS, _DIGITS = 6, 3, 3
_SMALL = 1e-3  # what is less keeps fewer than three digits of six decimals
_NOISE = 1e-12  # of sums of such numbers
_GUARDED = re.compile(r"'+[=+\-@\uff1d\uff0b\uff0d\uff20]")


def table_tsv(rows: Sequence[Any], *, record: type) -> str:
    """Write records as tab-separated text with a header; None is an empty cell.

    Parameters
    ----------
    rows : sequence
        Instances of `record`.
    record : type
        The dataclass, which names the columns even when there are no rows.

    Returns
    -------
    str
        One line for the header and one for each row.
    """
    names = [f.name for f in dataclasses.fields(record)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, dialect="excel-tab", lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name), name) for name in names] for row in rows)
    return buffer.getvalue()


def table_rows(text: str) -> list[dict[str, str]]:
    """Read a table that `table_tsv` wrote.

    Parameters
    ----------
    text : str
        The content of one of the tables of results.

    Returns
    -------
    list of dict of str to str
        A row each, by column; text is as it was, numbers are as they were written, and an empty
        cell is unknown.
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""), dialect="excel-tab")
    return [dict(zip(header, map(_text, row), strict=True)) for row in rows]


def cell_text(text: str) -> str:
    """Write text as a cell: on one line, and nothing that a spreadsheet would run.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        With an apostrophe before what would be a formula.

    Examples
    --------
    >>> cell_text("=1+1"), cell_text("Dreams")
    ("'=1+1", 'Dreams')
    """
    safe = escaped(text)
    return f"'{safe}" if _FORMULA.match(safe) else safe


def _cell(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return seconds_text(round(value, _DECIMALS)) if name.endswith("_s") else _number(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict | tuple):
        return escaped(json.dumps(value, ensure_ascii=False))
    return cell_text(value) if isinstance(value, str) else escaped(str(value))


def _number(value: float) -> str:
    """Write a number so that it stays on its side of any round number that may decide."""
    if 0 < abs(value) < _SMALL and abs(float(short := f"{value:.{_DIGITS}g}")) < _SMALL:
        return short
    rounded = round(value, _DECIMALS)
    is_round = rounded == round(value, _ROUND_DECIMALS)
    if is_round and abs(value - rounded) > _NOISE * max(1.0, abs(value)):
        return seconds_text(value)
    return seconds_text(rounded)


def _text(cell: str) -> str:
    return unescaped(cell[1:] if _GUARDED.match(cell) else cell)

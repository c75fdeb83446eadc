r"""Rows as tab-separated text, which spreadsheets, statistics programs and our own reader open.

Cells are quoted where `csv` quotes them. Text that a spreadsheet would take for a formula has an
apostrophe before it, and what cannot be seen is escaped (``\n``, ``\x00``), so that a row is a
line; `table_rows` takes both off again. Numbers are written as numbers.
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

# a spreadsheet of East Asia takes the wide signs for the same
_FORMULA = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20]")
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
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
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


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return seconds_text(round(value, 6))
    if isinstance(value, dict | tuple):
        return escaped(json.dumps(value, ensure_ascii=False))
    text = escaped(str(value))
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _text(cell: str) -> str:
    return unescaped(cell[1:] if _GUARDED.match(cell) else cell)

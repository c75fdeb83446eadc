"""Tables that people write: cells parted by tabs, semicolons or commas, ``#`` before remarks."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.encoding import read_written
from ostinato.timeline import parse_timecode

_MARKS = "\t;,"
_LONGEST_CELL = 131_072  # what spreadsheets hold is less
# directions of writing and marks without width come along when a cell is copied from a page
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
_UNSEEN |= dict.fromkeys(map(ord, "\u2060\u2066\u2067\u2068\u2069\ufeff"))
_FOREIGN = ("-->", "ooTextFile")  # subtitles; a file of Praat
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a table.

    `rows` are the number of each row's line, as an editor shows it, and its cells; `note` says in
    which encoding it was read where that had to be guessed.
    """

    rows: list[tuple[int, list[str]]]
    note: str | None = None


def read_table(path: Path) -> Table:
    """Split a table into cells.

    Parameters
    ----------
    path : pathlib.Path
        A text file in any usual encoding.

    Returns
    -------
    Table
        Cells without outer blanks.

    Raises
    ------
    StudyError
        If the file cannot be read as text, a quote is not closed, or a cell is longer than any that
        a person writes.
    """
    written = read_written(path)
    lines = written.text.split("\n")
    content = [(n, line) for n, line in enumerate(lines, start=1) if _is_content(line)]
    _refuse_foreign(path, [line for _, line in content[:3]])
    named = _SEPARATOR_LINE.fullmatch(content[0][1].strip(" \r")) if content else None
    if named is not None:
        content = content[1:]
    mark = named[1] if named is not None else _delimiter(content[0][1] if content else "")
    rows = [(n, [_bare(cell) for cell in _cells(path, n, line, mark)]) for n, line in content]
    return Table(rows=rows, note=written.note)


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Split a table into cells.

    Parameters
    ----------
    path : pathlib.Path
        A text file in any usual encoding.

    Returns
    -------
    list of (int, list of str)
        The rows of `read_table`.

    Raises
    ------
    StudyError
        As for `read_table`.
    """
    return read_table(path).rows


def _refuse_foreign(path: Path, first: list[str]) -> None:
    """Name what is no table but the file of another program, by how it begins."""
    begins = first[0].strip() if first else ""
    is_foreign = begins.startswith(("<", "{", "[")) or any(
        mark in line for line in first for mark in _FOREIGN
    )
    if is_foreign:
        raise StudyError(
            str(path),
            f"it is no table: it begins with {begins[:40]!r}",
            "Give a table, a label track of Audacity, a .eaf of ELAN or a .TextGrid of Praat",
        )


def _delimiter(first: str) -> str | None:
    """Find what parts the cells; None for blanks, between two times and what follows them."""
    words = first.split(maxsplit=2)
    if "\t" not in first and len(words) > 2 and all(map(is_time, words[:2])):  # noqa: PLR2004
        return None
    return next((mark for mark in _MARKS if mark in first), "\t")


def is_time(cell: str) -> bool:
    """Tell whether a cell holds a time."""
    try:
        parse_timecode(cell.strip().lstrip("-\u2212"))
    except ParameterError:
        return False
    return True


def _bare(cell: str) -> str:
    return cell.translate(_UNSEEN).strip()


def _cells(path: Path, n: int, line: str, mark: str | None) -> list[str]:
    if mark is None:
        return line.split(maxsplit=2)
    try:
        cells = next(csv.reader([line], delimiter=mark, strict=True))
    except csv.Error as error:
        cells = line.split(mark)
        # Audacity and ELAN part cells by tabs and quote none of them
        if mark != "\t" or max(map(len, cells)) > _LONGEST_CELL:
            raise StudyError(
                f"{path}, row {n}",
                f"it cannot be split into cells ({error})",
                "Close each quote, and shorten the row",
            ) from error
    return cells


def _is_content(line: str) -> bool:
    # a backslash begins the line on which Audacity keeps a label's frequency range; ELAN quotes
    # the remarks that it writes above an export
    bare = _bare(line)
    return bool(bare) and not bare.startswith(("#", "\\", '"#'))

"""Tables that people write: cells, columns of times, and the units in which these count.

A header names them in English or another language that spreadsheets speak, with a unit or without:
``start``, ``Start (ms)``, ``Begin Time - hh:mm:ss.ms``, ``Anfang``.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.encoding import read_written
from ostinato.timeline import parse_timecode

MARKS = "\t;,"
_LONGEST_CELL = 131_072  # what spreadsheets hold is less
# directions of writing and marks without width come along when a cell is copied from a page
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
_UNSEEN |= dict.fromkeys(map(ord, "\u2060\u2066\u2067\u2068\u2069\ufeff"))
_FOREIGN = ("-->", "ooTextFile")  # subtitles; a file of Praat
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
Unit = Literal["time", "ms", "min", "frames"]
START_NAMES = (
    *("start", "begin", "from", "in", "onset", "start time", "begin time", "in point"),
    *("anfang", "beginn", "von"),  # codespell:ignore beginn
    *("début", "debut", "inicio", "início", "inizio", "开始", "開始"),
)
END_NAMES = (
    *("end", "stop", "to", "out", "offset", "end time", "stop time", "out point"),
    *("ende", "bis", "fin", "fim", "fine", "结束", "結束", "終了"),  # codespell:ignore ende
)
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(
        ("s", "sec", "secs", "second", "seconds", "ss.msec", "sek", "hh:mm:ss"), "time"
    ),
    **dict.fromkeys(("hh:mm:ss.ms", "hh:mm:ss.mmm", "h:mm:ss", "mm:ss", "timecode"), "time"),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("frame", "frames", "sample", "samples", "hh:mm:ss:ff"), "frames"),
}
_NAME_AND_UNIT = re.compile(
    r"(.+?)[\s_\-]*[\s_\-(\[]\(?([a-z:.]+)(?:\s*\(?(?:pal|ntsc)[^)]*)?[)\]]*"
)
_LONGEST_NAME = 60  # no name of times is longer
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}")
_MEND_TIMES = "Write h:mm:ss, or seconds with one kind of decimal mark and none for thousands"


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
    return next((mark for mark in MARKS if mark in first), "\t")


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


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """The place of a column of times, and its unit."""

    index: int
    unit: Unit = "time"

    def seconds(self, cell: str) -> float:
        """Read a cell; ParameterError if it is no time, less than 0 if it lies before the film."""
        bare = cell.strip().replace("\u2212", "-")
        sign = -1.0 if bare.startswith("-") else 1.0
        value = parse_timecode(bare.removeprefix("-"))
        if self.unit == "frames":
            raise ParameterError(
                f"time {cell!r}",
                "its column counts frames or samples, and how many make a second is not known",
                "Export times as h:mm:ss with a decimal fraction, or in seconds",
            )
        if self.unit != "time" and ":" in bare:
            raise ParameterError(
                f"time {cell!r}", f"its column counts {self.unit}", "Write numbers there"
            )
        return sign * value * {"time": 1.0, "ms": 1e-3, "min": 60.0}[self.unit] + 0.0


def time_column(header: Sequence[str], names: Sequence[str]) -> TimeColumn | None:
    """Find a column of times by its name.

    Parameters
    ----------
    header : sequence of str
        What stands above the columns.
    names : sequence of str
        Accepted, in lower case and without units.

    Returns
    -------
    TimeColumn or None
        Of several, the first that does not count frames; None if there is none.
    """
    found = []
    for i, cell in enumerate(header):
        name, unit = name_and_unit(cell)
        if name in names:
            found.append((names.index(name) if unit != "frames" else len(names), i, unit))
    return TimeColumn(*min(found)[1:]) if found else None


def name_and_unit(cell: str) -> tuple[str, Unit]:
    """Part the name of a column from the unit that follows it.

    Parameters
    ----------
    cell : str
        Such as ``Start (ms)``.

    Returns
    -------
    (str, str)
        The name in lower case, and the unit, *time* for seconds, timecodes and what has none.
    """
    bare = " ".join(cell.lower().split())
    found = _NAME_AND_UNIT.fullmatch(bare) if len(bare) <= _LONGEST_NAME else None
    if found is not None and found[2] in _UNITS:
        return found[1].strip(), _UNITS[found[2]]
    return bare.replace("_", " "), "time"


def check_marks(path: Path, rows: Sequence[tuple[int, Sequence[str]]], columns: set[int]) -> None:
    """Refuse times of which a mark may part thousands or decimals.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    rows : sequence of (int, sequence of str)
        Its rows with their numbers.
    columns : set of int
        That hold times.

    Raises
    ------
    StudyError
        If one time has a decimal comma and another a point.
    """
    seen: dict[str, tuple[int, str]] = {}
    for n, cells in rows:
        for cell in (cells[i] for i in columns if i < len(cells)):
            for mark in ",.":
                if mark in cell:
                    seen.setdefault(mark, (n, cell))
    if len(seen) > 1 and any(_THOUSANDS.fullmatch(cell) for _, cell in seen.values()):
        (n, one), (m, other) = seen[","], seen["."]
        raise StudyError(
            f"{path}, rows {n} and {m}",
            f"{one!r} and {other!r} have different marks, and one may part thousands",
            _MEND_TIMES,
        )

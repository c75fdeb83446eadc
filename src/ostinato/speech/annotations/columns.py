"""Columns of times: which ones a table has, and in which unit each counts.

A header names them in English or another language that spreadsheets speak, with a unit or without:
``start``, ``Start (ms)``, ``Begin Time - hh:mm:ss.ms``, ``Anfang``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ostinato.errors import ParameterError, StudyError
from ostinato.timeline import parse_timecode

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

"""Label files: who marks a stretch of film says what is spoken there.

Accepted are tables with a header, separated by tabs, commas or semicolons, whose columns include a
start, an end and a kind, and Audacity's label tracks, which have three columns and no header. Times
are seconds or ``h:mm:ss`` of film time. Lines that begin with ``#`` are remarks.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.results import LabelKind
from ostinato.speech.annotations.annotation import LABEL_KINDS, Annotation
from ostinato.speech.annotations.tables import read_rows
from ostinato.timeline import Interval, parse_timecode, timecode

_START_NAMES = ("start_s", "start", "begin", "from")
_END_NAMES = ("end_s", "end", "stop", "to")
_KIND_NAMES = ("kind", "label")
_MEND_COLUMNS = "Give columns start_s, end_s and kind, or export labels from Audacity as they are"


def read_labels(path: Path) -> tuple[Annotation, ...]:
    """Read what a person says of the speech.

    Parameters
    ----------
    path : pathlib.Path
        A table or an Audacity label track; rows in any order.

    Returns
    -------
    tuple of Annotation
        In film order, source "label"; kind "none" where nobody speaks.

    Raises
    ------
    StudyError
        If the file cannot be read, a column is missing, a time is no timecode, a row ends at or
        before its start, a word is no kind, or rows of different kinds overlap.
    """
    rows = read_rows(path)
    columns = _columns(path, rows[0][1]) if rows else None
    if columns is not None:
        rows = rows[1:]
    if not rows:
        raise StudyError(str(path), "it holds no labels", _MEND_COLUMNS)
    numbered = sorted(
        ((n, _label(path, n, cells, columns or (0, 1, 2))) for n, cells in rows),
        key=lambda row: (row[1].interval, row[0]),
    )
    _check_agreement(path, numbered)
    return tuple(label for _, label in numbered)


def _columns(path: Path, header: Sequence[str]) -> tuple[int, int, int] | None:
    """Find start, end and kind in a header; None if the row is data and there is no header."""
    if _is_time(header[0]) and (len(header) < 2 or _is_time(header[1])):  # noqa: PLR2004
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


def _label(path: Path, n: int, cells: Sequence[str], columns: tuple[int, int, int]) -> Annotation:
    if len(cells) <= max(columns):
        raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND_COLUMNS)
    start, end, word = (cells[column] for column in columns)
    try:
        interval = Interval(parse_timecode(start), parse_timecode(end))
    except ParameterError as error:
        raise StudyError(f"{path}, row {n}, {error.thing}", error.reason, error.mend) from error
    return Annotation(interval=interval, kind=_kind(path, n, word), source="label")


def _kind(path: Path, n: int, word: str) -> LabelKind:
    known = LABEL_KINDS.get(" ".join(word.lower().replace("_", " ").split()))
    if known is None:
        raise StudyError(
            f"{path}, row {n}", f"{word!r} is no kind", f"Write one of {', '.join(LABEL_KINDS)}"
        )
    return known


def _check_agreement(path: Path, numbered: Sequence[tuple[int, Annotation]]) -> None:
    # a row that disagrees with any of the rows before, which agree, does so with the longest
    longest_n, longest = numbered[0]
    for n, label in numbered[1:]:
        overlaps = label.interval.start_s < longest.interval.end_s
        if overlaps and label.kind != longest.kind:
            raise StudyError(
                f"{path}, rows {longest_n} and {n}",
                f"at {timecode(label.interval.start_s)} they say {longest.kind} and {label.kind}",
                "Keep one of them, or move a bound so that they no longer overlap",
            )
        if label.interval.end_s > longest.interval.end_s:
            longest_n, longest = n, label

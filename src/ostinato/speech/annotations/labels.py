"""Label files: who marks a stretch of film says what is spoken there."""

from collections.abc import Sequence
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.annotation import Annotation
from ostinato.speech.annotations.rows import read_label_rows
from ostinato.speech.annotations.tiers import LabelRow
from ostinato.timeline import timecode


def read_labels(path: Path) -> tuple[Annotation, ...]:
    """Read what a person says of the speech.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat; rows in any order.

    Returns
    -------
    tuple of Annotation
        In film order, source "label"; kind "none" where nobody speaks. What still waits for its
        kind says nothing.

    Raises
    ------
    StudyError
        If the file cannot be read, a column is missing, a time is no timecode, a row ends at or
        before its start, a word is no kind, or rows of different kinds overlap.
    """
    rows = sorted(
        (row for row in read_label_rows(path) if not row.is_open), key=lambda row: row.interval
    )
    labels = [Annotation(interval=row.interval, kind=row.kind, source="label") for row in rows]
    _check_agreement(rows, labels)
    return tuple(labels)


def _check_agreement(rows: Sequence[LabelRow], labels: Sequence[Annotation]) -> None:
    # a row that disagrees with any of the rows before, which agree, does so with the longest
    longest = 0
    for i in range(1, len(rows)):
        one, other = labels[longest], labels[i]
        overlaps = other.interval.start_s < one.interval.end_s
        if overlaps and other.kind != one.kind:
            raise StudyError(
                f"{rows[i].path}, {rows[longest].place} and {rows[i].place}",
                f"at {timecode(other.interval.start_s)} they say {one.kind} and {other.kind}",
                "Keep one of them, or move a bound so that they no longer overlap",
            )
        if other.interval.end_s > one.interval.end_s:
            longest = i

"""Label files: who marks a stretch of film says what is spoken there."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.annotation import Annotation
from ostinato.speech.annotations.rows import read_label_file
from ostinato.speech.annotations.tiers import SLIVER_S, LabelRow
from ostinato.timeline import Interval, timecode


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

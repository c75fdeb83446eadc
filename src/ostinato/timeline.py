"""Intervals of film time, the set algebra on them, and timecodes.

Intervals are half-open, ``[start_s, end_s)``, and never empty. A `Timeline` is canonical:
sorted, disjoint, and with no two intervals that touch, so that equality is equality of sets.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Protocol, Self, TypeVar

from ostinato.errors import ParameterError

# h:mm:ss, m:ss with as many minutes as one likes, or seconds; digits of any script
_TIMECODE = re.compile(r"(?:(?:(\d{1,4}):([0-5]?\d)|(\d{1,5})):)?(\d{1,7}(?:[.,]\d{1,30})?)")
_EXPONENT = re.compile(r"\d{1,7}(?:[.,]\d{1,30})?[eE][-+]?\d{1,3}")
_WITH_FRAMES = re.compile(r"\d+:\d+:\d+[:;]\d+")
_LONGEST_SHOWN = 40
_FEW = 4
LATEST_S = 1e7  # four months: what is more is no time in a film


def timecode(time_s: float, *, decimals: int = 0) -> str:
    """Write a time as h:mm:ss for people, rounded half up.

    Parameters
    ----------
    time_s : float
        Seconds, >= 0.
    decimals : int, optional
        Digits of the second's fraction.

    Returns
    -------
    str
        Hours unpadded, minutes and seconds padded to two digits.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Examples
    --------
    >>> timecode(6792.96), timecode(6792.96, decimals=1)
    ('1:53:13', '1:53:13.0')
    """
    if not (math.isfinite(time_s) and time_s >= 0):
        raise ParameterError(
            f"time {time_s} s", "a timecode counts from 0", "Give seconds of film time, 0 or more"
        )
    ticks_per_s = 10**decimals
    whole_s, fraction = divmod(half_up(time_s * ticks_per_s), ticks_per_s)
    text = f"{whole_s // 3600}:{whole_s // 60 % 60:02d}:{whole_s % 60:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


def half_up(value: float) -> int:
    """Round to a whole number, a half upwards, so that what is as far on is written alike.

    Parameters
    ----------
    value : float
        Finite.

    Returns
    -------
    int
        The nearest one.

    Examples
    --------
    >>> half_up(0.5), half_up(1.5), half_up(2.4)
    (1, 2, 2)
    """
    return math.floor(value + 0.5)


def seconds_text(time_s: float) -> str:
    """Write seconds exactly and without an exponent, which spreadsheets and editors misread.

    Parameters
    ----------
    time_s : float
        Finite.

    Returns
    -------
    str
        The shortest text that is read back as the same number.

    Examples
    --------
    >>> seconds_text(2e-05), seconds_text(1.5)
    ('0.00002', '1.5')
    """
    return format(Decimal(repr(time_s)), "f")


def parse_timecode(text: str) -> float:
    """Read seconds from ``h:mm:ss``, ``m:ss`` or plain seconds, each with an optional fraction.

    Parameters
    ----------
    text : str
        For example ``1:53:12.5``, ``2:47``, ``113:12`` or ``167.25``; a decimal comma is accepted.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ParameterError
        If it is none of these.

    Examples
    --------
    >>> parse_timecode("0:28:00"), parse_timecode("75:30"), parse_timecode("12,5")
    (1680.0, 4530.0, 12.5)
    """
    text = text.strip()
    if _EXPONENT.fullmatch(text) and (time_s := _number(text)) < LATEST_S:
        return time_s
    found = _TIMECODE.fullmatch(text)
    is_clock = ":" in text
    if found is None or (is_clock and _number(found[4]) >= 60):  # noqa: PLR2004 - seconds
        raise _no_timecode(text)
    hours, minutes = (int(part or 0) for part in (found[1], found[2] or found[3]))
    return hours * 3600 + minutes * 60 + _number(found[4])


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _no_timecode(text: str) -> ParameterError:
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    thing = f"time {shown!r}"
    if _WITH_FRAMES.fullmatch(text):
        return ParameterError(
            thing,
            "its last part counts frames, and how many make a second is not known",
            "Write h:mm:ss with a decimal fraction, as in 0:28:00.48, or export times in seconds",
        )
    return ParameterError(
        thing, "it is no timecode", "Write h:mm:ss, m:ss or seconds, as in 0:28:00"
    )


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of film time.

    Parameters
    ----------
    start_s, end_s : float
        Seconds from the film's first sample; finite, ``start_s < end_s``.

    Raises
    ------
    ParameterError
        If a bound is not finite or the interval would be empty.

    Examples
    --------
    >>> Interval(12.0, 15.5).duration_s
    3.5
    """

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if -math.inf < self.start_s < self.end_s < math.inf:  # one question for all but a fault
            return
        if not (math.isfinite(self.start_s) and math.isfinite(self.end_s)):
            raise ParameterError(
                f"interval [{self.start_s}, {self.end_s})",
                "its bounds are not finite",
                "Drop the row or give both times in seconds",
            )
        raise ParameterError(
            f"interval [{self.start_s}, {self.end_s})",
            "it ends at or before its start",
            "Swap the bounds, or use None for no interval",
        )

    @property
    def duration_s(self) -> float:
        """Length in seconds, always positive."""
        return self.end_s - self.start_s

    def intersection(self, other: Self) -> Self | None:
        """Return the shared stretch, or None if there is none."""
        start_s, end_s = max(self.start_s, other.start_s), min(self.end_s, other.end_s)
        return type(self)(start_s, end_s) if start_s < end_s else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A set of instants, kept as the fewest intervals that cover it.

    Examples
    --------
    >>> speech = Timeline.of([Interval(0, 4), Interval(3, 6)])
    >>> song = Timeline.of([Interval(5, 9)])
    >>> (speech & song).intervals
    (Interval(start_s=5, end_s=6),)
    """

    intervals: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        if any(
            a.end_s >= b.start_s for a, b in zip(self.intervals, self.intervals[1:], strict=False)
        ):
            raise ParameterError(
                "timeline",
                "its intervals overlap, touch or are unsorted",
                "Build it with Timeline.of",
            )

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Self:
        """Build a timeline from intervals in any order, merging those that overlap or touch."""
        merged: list[Interval] = []
        for interval in sorted(intervals):
            if merged and interval.start_s <= merged[-1].end_s:
                last = merged.pop()
                interval = Interval(last.start_s, max(last.end_s, interval.end_s))  # noqa: PLW2901
            merged.append(interval)
        return cls(tuple(merged))

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __or__(self, other: Self) -> Self:
        return self.of([*self, *other])

    def __and__(self, other: Self) -> Self:
        pieces: list[Interval] = []
        left, right = self.intervals, other.intervals
        if len(left) > len(right):
            left, right = right, left
        if left and len(right) > _FEW:  # most of many lie apart from a few
            right = tuple(meeting(right, Interval(left[0].start_s, left[-1].end_s)))
        i = j = 0
        while i < len(left) and j < len(right):
            if (shared := left[i].intersection(right[j])) is not None:
                pieces.append(shared)
            if left[i].end_s <= right[j].end_s:
                i += 1
            else:
                j += 1
        return type(self)(tuple(pieces))

    def __sub__(self, other: Self) -> Self:
        extent = self.extent
        return self if extent is None else self & other.complement(within=extent)

    @property
    def extent(self) -> Interval | None:
        """The shortest interval that holds the whole timeline; None for the empty one."""
        if not self.intervals:
            return None
        return Interval(self.intervals[0].start_s, self.intervals[-1].end_s)

    def complement(self, *, within: Interval) -> Self:
        """Return the instants of `within` that are not in this timeline."""
        bounds = [within.start_s]
        for interval in self & type(self)((within,)):
            bounds += [interval.start_s, interval.end_s]
        bounds.append(within.end_s)
        pairs = zip(bounds[::2], bounds[1::2], strict=True)
        return self.of(Interval(start_s, end_s) for start_s, end_s in pairs if start_s < end_s)

    @property
    def duration_s(self) -> float:
        """Total length in seconds; 0.0 for the empty timeline."""
        return math.fsum(interval.duration_s for interval in self)


class _Stretch(Protocol):
    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


Row = TypeVar("Row", bound=_Stretch)
_start_of, _end_of = attrgetter("start_s"), attrgetter("end_s")


def in_film_order(row: _Stretch) -> tuple[float, float]:
    """Return what rows are sorted by: their start, and of two with one start their end.

    Parameters
    ----------
    row : Interval, or anything with `start_s` and `end_s`
        In seconds.

    Returns
    -------
    tuple of float
        Both.
    """
    return row.start_s, row.end_s


def meeting(rows: Sequence[Row], part: _Stretch) -> Sequence[Row]:
    """Return the few rows that meet a part of the film, of many that do not.

    Parameters
    ----------
    rows : sequence of Interval, or of anything with `start_s` and `end_s`
        In film order, never overlapping.
    part : Interval, or anything with `start_s` and `end_s`
        Of the film.

    Returns
    -------
    sequence
        Those of the rows that share an instant with the part.

    Examples
    --------
    >>> meeting([Interval(0, 4), Interval(5, 6), Interval(8, 9)], Interval(4, 8))
    [Interval(start_s=5, end_s=6)]
    """
    first = bisect_right(rows, part.start_s, key=_end_of)
    return rows[first : bisect_left(rows, part.end_s, key=_start_of)]

"""The same occurrence or stretch of speech, found by its identity, or by how far it overlaps.

An identity says the film and the times, to the microsecond, in a form that spreadsheets leave
alone; times by themselves come back rounded, and are never compared for equality.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Protocol

from ostinato.timeline import Interval

_KEY = re.compile(r"s(\d{1,12})-(\d{1,12})-([0-9a-f]{8})")
_MICROSECONDS = 1_000_000


class HasInterval(Protocol):
    """Anything that lies somewhere in a film."""

    @property
    def interval(self) -> Interval:
        """Film time."""


def segment_key(film_sha256: str, interval: Interval) -> str:
    """Return the identity of a stretch of a film.

    Parameters
    ----------
    film_sha256 : str
        Of the film's file.
    interval : Interval
        Film time.

    Returns
    -------
    str
        Begins with a letter, so that nothing takes it for a number.
    """
    start, end = (round(bound * _MICROSECONDS) for bound in (interval.start_s, interval.end_s))
    return f"s{start}-{end}-{_mark(film_sha256, start, end)}"


def occurrence_key(film_sha256: str, song: str, interval: Interval) -> str:
    """Return the identity of an occurrence.

    `song`: the hash of the song's sound, or else its title.
    """
    start, end = (round(bound * _MICROSECONDS) for bound in (interval.start_s, interval.end_s))
    return f"o{start}-{end}-{_mark(f'{film_sha256} {song}', start, end)}"


def interval_of_key(key: str, film_sha256: str | None) -> Interval | None:
    """Return the stretch that an identity names.

    Parameters
    ----------
    key : str
        From `segment_key`, or anything else.
    film_sha256 : str or None
        The film that it should be of; None if any will do.

    Returns
    -------
    Interval or None
        To the microsecond; None if it is no identity, or one of another film.
    """
    found = _KEY.fullmatch(key.strip())
    if found is None or int(found[1]) >= int(found[2]):
        return None
    start, end = int(found[1]), int(found[2])
    if film_sha256 is not None and found[3] != _mark(film_sha256, start, end):
        return None
    return Interval(start / _MICROSECONDS, end / _MICROSECONDS)


def best_match(interval: Interval, others: Sequence[HasInterval]) -> int | None:
    """Find the one of several stretches that is most likely the same.

    Parameters
    ----------
    interval : Interval
        Film time, roughly.
    others : sequence
        Each with an `interval`; in any order.

    Returns
    -------
    int or None
        Index of the one that shares most with it, if that is half of the shorter one at least.
    """
    best, best_share = None, 0.0
    for index, other in enumerate(others):
        shared = other.interval.intersection(interval)
        if shared is None:
            continue
        both_s = interval.duration_s + other.interval.duration_s - shared.duration_s
        shorter_s = min(interval.duration_s, other.interval.duration_s)
        if shared.duration_s >= shorter_s / 2 and shared.duration_s / both_s > best_share:
            best, best_share = index, shared.duration_s / both_s
    return best


def covered_by(interval: Interval, others: Sequence[HasInterval]) -> list[int]:
    """Find the stretches of which half or more lies within an interval.

    Parameters
    ----------
    interval : Interval
        Film time.
    others : sequence
        Each with an `interval`.

    Returns
    -------
    list of int
        Their indices.
    """
    out = []
    for index, other in enumerate(others):
        shared = other.interval.intersection(interval)
        if shared is not None and shared.duration_s >= other.interval.duration_s / 2:
            out.append(index)
    return out


def _mark(film_sha256: str, start: int, end: int) -> str:
    return hashlib.sha256(f"{film_sha256} {start} {end}".encode()).hexdigest()[:8]

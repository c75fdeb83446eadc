"""Stretches of film with their places on a cue's time axis, and what they share."""

from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.results import TimeMap
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A stretch of film with its place on a cue's axis.

    Parameters
    ----------
    film : Interval
        Where it is heard.
    time_map : TimeMap
        From film time to the cue's time.
    evidence : float
        Nats of the strongest pair that it is part of.
    p_value : float
        The least of any pair that it is part of.
    nats_per_s : float
        The most of any pair that it is part of.
    start_error_s, end_error_s : float
        As of that pair whose edge it has.
    """

    film: Interval
    time_map: TimeMap
    evidence: float
    p_value: float
    nats_per_s: float
    start_error_s: float
    end_error_s: float


def alike(film: Interval, to_cue: TimeMap, placed: Placed) -> tuple[Interval, Interval] | None:
    """Return the parts of two stretches that have the same places on a cue's axis.

    Parameters
    ----------
    film : Interval
        A stretch that has no place yet.
    to_cue : TimeMap
        That which it would have.
    placed : Placed
        A stretch of the cue.

    Returns
    -------
    tuple of Interval, or None
        Film of the first and of the second, equally long in the cue's time; None where there is
        no such part.
    """
    one, other = (
        Interval(time_map.song_s(where.start_s), time_map.song_s(where.end_s))
        for where, time_map in ((film, to_cue), (placed.film, placed.time_map))
    )
    shared = one.intersection(other)
    if shared is None:
        return None
    first, second = (
        Interval(time_map.film_s(shared.start_s), time_map.film_s(shared.end_s))
        for time_map in (to_cue, placed.time_map)
    )
    return first, second


def union(one: Placed, other: Placed) -> Placed:
    """Return two stretches of one map as one.

    Parameters
    ----------
    one, other : Placed
        Of one cue, overlapping or nearly so.

    Returns
    -------
    Placed
        From the first start to the last end, with the stronger one's map.
    """
    begins = min((one, other), key=lambda placed: placed.film.start_s)
    ends = max((one, other), key=lambda placed: placed.film.end_s)
    return Placed(
        film=Interval(begins.film.start_s, ends.film.end_s),
        time_map=max((one, other), key=lambda placed: placed.evidence).time_map,
        evidence=max(one.evidence, other.evidence),
        p_value=min(one.p_value, other.p_value),
        nats_per_s=max(one.nats_per_s, other.nats_per_s),
        start_error_s=begins.start_error_s,
        end_error_s=ends.end_error_s,
    )


def gap_s(one: Interval, other: Interval) -> float:
    """Return how far apart two stretches are; negative where they overlap.

    Parameters
    ----------
    one, other : Interval
        In any order.

    Returns
    -------
    float
        Seconds.
    """
    return max(one.start_s - other.end_s, other.start_s - one.end_s)


def share_film(one: Interval, other: Interval) -> bool:
    """Tell whether two stretches are of one place in the film: half of the shorter is in both.

    Parameters
    ----------
    one, other : Interval
        In any order.

    Returns
    -------
    bool
        A lesser overlap is what edges err by, or the end of one sound under the next.
    """
    return shared_s(one, other) >= min(one.duration_s, other.duration_s) / 2


def shared_s(one: Interval, other: Interval) -> float:
    """Return how long two stretches overlap.

    Parameters
    ----------
    one, other : Interval
        In any order.

    Returns
    -------
    float
        Seconds, 0 or more.
    """
    return max(0.0, min(one.end_s, other.end_s) - max(one.start_s, other.start_s))


def most_shared(cue: Sequence[Placed], side: Interval) -> Placed | None:
    """Return the stretch of a cue that overlaps most with another stretch of film.

    Parameters
    ----------
    cue : sequence of Placed
        May be empty.
    side : Interval
        The other stretch.

    Returns
    -------
    Placed or None
        None where none overlaps.
    """
    best = max(cue, key=lambda placed: shared_s(placed.film, side), default=None)
    return best if best is not None and shared_s(best.film, side) > 0 else None


def uncovered_s(cue: Sequence[Placed], side: Interval) -> float:
    """Return how much of a stretch of film a cue does not fill.

    Parameters
    ----------
    cue : sequence of Placed
        Of which no two overlap.
    side : Interval
        The stretch.

    Returns
    -------
    float
        Seconds.
    """
    return side.duration_s - sum(shared_s(placed.film, side) for placed in cue)


def after(outer: TimeMap, inner: TimeMap) -> TimeMap:
    """Return the map that first does `inner`, then `outer`.

    Parameters
    ----------
    outer, inner : TimeMap
        What `inner` gives is what `outer` takes.

    Returns
    -------
    TimeMap
        Affine as they are.
    """
    return TimeMap(inner.offset_s + outer.offset_s / inner.speed, inner.speed * outer.speed)


def inverse(time_map: TimeMap) -> TimeMap:
    """Return the map that leads back.

    Parameters
    ----------
    time_map : TimeMap
        From one time to another.

    Returns
    -------
    TimeMap
        From the other to the one.
    """
    return TimeMap(-time_map.offset_s * time_map.speed, 1 / time_map.speed)

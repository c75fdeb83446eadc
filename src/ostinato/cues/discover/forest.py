"""Pairs become cues: stretches of film that hold one sound, each with its place on a time axis.

The strongest pair goes first and lays down an axis; a pair that shares film with what has a place
gives a place to its other side, or joins two axes into one. That is a spanning forest by evidence.
A pair that contradicts its places is left out: places are never averaged.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from ostinato.cues.discover.pairs import DiscoverParameters, Pair
from ostinato.results import TimeMap
from ostinato.timeline import Interval, Timeline

SameSound = Callable[[Interval, Interval], bool]
"""Tells whether two stretches of film, equally long, hold one sound from their first instant on."""
_HERE = TimeMap(0.0)
_MOST_ASKED = 3  # stretches of a cue, those that share most


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


@dataclass(slots=True)
class Forest:
    """Cues under construction.

    No film is in two places of one cue. `runs` is film that a sound fills by repeating itself
    without a pause, as a loop does. `is_same` is asked before a stretch is taken into a cue for
    the film that it shares: two sounds may be heard at once, and each come back without the other.
    """

    parameters: DiscoverParameters
    is_same: SameSound
    cues: list[list[Placed]] = field(default_factory=list)
    runs: Timeline = field(default_factory=Timeline)

    def knows(self, first: Interval, second: Interval) -> bool:
        """Tell whether a line between two stretches, known to whole blocks, can add nothing."""
        if self._in_one_run(first, second):
            return True
        block_s = self.parameters.detect.long.block_s
        lag = TimeMap(second.start_s - first.start_s)
        for cue in self.cues:
            one, other = (most_shared(cue, side) for side in (first, second))
            if one is None or other is None:
                continue
            agrees = self._agree(after(one.time_map, lag), other.time_map, second)
            # a line that disagrees is a rival of what stands, wherever the rest of it would lead
            slack_s = [block_s / 2 if agrees else side.duration_s / 2 for side in (first, second)]
            if all(
                uncovered_s(cue, side) <= slack
                for side, slack in zip((first, second), slack_s, strict=True)
            ):
                return True
        return False

    def add(self, pair: Pair) -> None:
        """Give both sides of a pair their places, as far as they contradict none."""
        if pair.second.start_s - pair.first.end_s < self.parameters.least_absence_s:
            hull = Interval(pair.first.start_s, pair.second.end_s)
            self.runs |= Timeline((hull,))
            return
        if self._in_one_run(pair.first, pair.second):
            return
        anchors = sorted(self._anchors(pair), key=lambda anchor: (-anchor.common_s, anchor.cue))
        if any(
            one.cue == other.cue and not self._agree(one.to_axis, other.to_axis, pair.first)
            for one, other in combinations(anchors, 2)
        ):
            return  # a song resembles itself elsewhere, or fits its own loop
        anchors = [anchor for anchor in anchors if self._holds(anchor, pair)]
        cue, to_axis = (anchors[0].cue, anchors[0].to_axis) if anchors else (len(self.cues), _HERE)
        if not anchors:
            self.cues.append([])
        for anchor in anchors:
            if anchor.cue != cue:
                self._join(anchor.cue, cue, after(to_axis, inverse(anchor.to_axis)))
        for film, time_map in ((pair.first, _HERE), (pair.second, pair.time_map)):
            self._place(cue, film, after(to_axis, time_map), pair)

    def standing(self) -> tuple[tuple[Placed, ...], ...]:
        """Return the cues that come back after an absence, each in order of film time."""
        cues = [self._without_resemblances(cue) for cue in self.cues]
        return tuple(
            tuple(sorted(cue, key=lambda placed: placed.film))
            for cue in cues
            if self._comes_back(cue)
            and not any(other is not cue and self._is_likeness(cue, other) for other in cues)
        )

    def _is_likeness(self, cue: Sequence[Placed], other: Sequence[Placed]) -> bool:
        """Tell whether a cue is heard only in and beside another's film, and fits far less."""
        return all(any(self._overshadows(near, one) for near in other) for one in cue)

    def _overshadows(self, near: Placed, one: Placed) -> bool:
        is_near = gap_s(one.film, near.film) < self.parameters.least_absence_s
        return is_near and one.nats_per_s < self.parameters.least_share * near.nats_per_s

    def _without_resemblances(self, cue: Sequence[Placed]) -> list[Placed]:
        """Leave out what follows or precedes a stretch at once and fits its own place far less.

        A record that plays on resembles itself a bar earlier, by a drum that is a sample.
        """
        return [
            one
            for one in cue
            if not any(
                self._overshadows(other, one)
                for other in cue
                if not self._agree(one.time_map, other.time_map, one.film)
            )
        ]

    def _comes_back(self, cue: Sequence[Placed]) -> bool:
        heard = Timeline.of(placed.film for placed in cue)
        if heard.extent is None or self._in_one_run(heard.extent, heard.extent):
            return False
        absences = heard.complement(within=heard.extent)
        return any(gap.duration_s >= self.parameters.least_absence_s for gap in absences)

    def _in_one_run(self, one: Interval, other: Interval) -> bool:
        slack_s = self.parameters.trace.max_dropout_s
        return any(
            run.start_s - slack_s <= min(one.start_s, other.start_s)
            and max(one.end_s, other.end_s) <= run.end_s + slack_s
            for run in self.runs
        )

    def _agree(self, one: TimeMap, other: TimeMap, where: Interval) -> bool:
        middle_s = (where.start_s + where.end_s) / 2
        apart_s = abs(one.song_s(middle_s) - other.song_s(middle_s))
        return apart_s <= self.parameters.max_map_error_s

    def _anchors(self, pair: Pair) -> Iterator["_Anchor"]:
        """Yield what has a place and shares film with either side of a pair."""
        for number, cue in enumerate(self.cues):
            for placed in cue:
                for side, time_map in ((pair.first, _HERE), (pair.second, pair.time_map)):
                    if share_film(placed.film, side):
                        to_axis = after(placed.time_map, inverse(time_map))
                        common_s = shared_s(placed.film, side)
                        yield _Anchor(number, placed, side is pair.first, to_axis, common_s)

    def _holds(self, anchor: "_Anchor", pair: Pair) -> bool:
        """Tell whether the side of a pair that is new to a cue sounds like the rest of the cue."""
        other, time_map = (pair.second, pair.time_map) if anchor.is_first else (pair.first, _HERE)
        to_cue = after(anchor.to_axis, time_map)
        asked = [
            shared
            for placed in self.cues[anchor.cue]
            if placed is not anchor.placed
            and (shared := alike(other, to_cue, placed)) is not None
            and not shared_s(other, placed.film)
            and shared[0].duration_s >= self.parameters.least_overlap_s
        ]
        asked.sort(key=lambda shared: -shared[0].duration_s)
        return not asked or any(self.is_same(*shared) for shared in asked[:_MOST_ASKED])

    def _join(self, source: int, target: int, time_map: TimeMap) -> None:
        """Move a cue on to another's axis, unless film would then be in two places."""
        moved = [
            replace(placed, time_map=after(time_map, placed.time_map))
            for placed in self.cues[source]
        ]
        for one in moved:
            for other in self.cues[target]:
                is_same_film = share_film(one.film, other.film)
                if is_same_film and not self._agree(one.time_map, other.time_map, one.film):
                    return
        self.cues[source] = []
        for one in moved:
            self._put(target, one)

    def _place(self, cue: int, film: Interval, time_map: TimeMap, pair: Pair) -> None:
        placed = Placed(
            film=film,
            time_map=time_map,
            evidence=pair.evidence,
            p_value=pair.p_value,
            nats_per_s=pair.evidence / pair.second.duration_s,
            start_error_s=pair.start_error_s,
            end_error_s=pair.end_error_s,
        )
        self._put(cue, placed)

    def _put(self, cue: int, placed: Placed) -> None:
        """Add a stretch: with what has its map it becomes one, to the rest it gives way."""
        agreeing: list[Placed] = []
        others: list[Placed] = []
        for one in self.cues[cue]:
            agrees = self._agree(one.time_map, placed.time_map, placed.film)
            (agreeing if agrees else others).append(one)
        free = Timeline((placed.film,)) - Timeline.of(one.film for one in others)
        for piece in free:
            if piece.duration_s >= self.parameters.trace.min_duration_s:
                agreeing = self._united(agreeing, replace(placed, film=piece))
        self.cues[cue] = others + agreeing

    def _united(self, agreeing: Sequence[Placed], placed: Placed) -> list[Placed]:
        apart = []
        for one in agreeing:
            gap_s = max(one.film.start_s - placed.film.end_s, placed.film.start_s - one.film.end_s)
            if gap_s < self.parameters.trace.max_dropout_s:
                placed = union(one, placed)
            else:
                apart.append(one)
        return [*apart, placed]


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A stretch that shares film with one side of a pair, and the way from the pair's axis.

    The axis of a pair is the film time of its first side.
    """

    cue: int
    placed: Placed
    is_first: bool
    to_axis: TimeMap
    common_s: float

"""Which pieces are one occurrence: of a record that drifts, and of a copy in another tempo.

A tape or a turntable changes its speed by little and never jumps. Two stretches of one song whose
maps arrive at the same song time where they meet are therefore one, whose map bends there.

Such a copy is made of short stretches of the recording, moved together or apart. Each shows as a
piece at the speed of its pitch; their places in film and song lie on a line whose slope is the
tempo. Cuts and loops give no such line.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ostinato.cues.song_finds import Found, map_through, pitch_of
from ostinato.cues.trace import Approach
from ostinato.cues.tracks import Reference, Track, nats_near
from ostinato.cues.views import RATE_HZ
from ostinato.ranges import Count, Deviation, Seconds, Share, check_ranges
from ostinato.results import TimeMap

Knot = tuple[float, float]
"""Film time and song time."""
_NEAR_S = 8.0
_APART_S = 0.012  # what two fits leave uncertain where they meet
_DRIFT = 1e-3  # what a tape may be off in the film between
_ENDS = 2
_STRAIGHT_S = 5e-4  # of song time: four samples of what is correlated
_SAME_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryParameters:
    """When two maps are one that bends; recorded verbatim under `run.parameters`."""

    max_gap_s: Seconds = 2.0
    """Of film between them, as within one occurrence."""
    max_apart_s: Seconds = 0.006
    """Of song time where they meet: less than the shortest splice of a copy at another tempo."""
    max_bend: Deviation = 5e-3
    """By which the speed may change; a transfer, a hand on the record, are more."""
    max_deviation_s: Seconds = 0.1
    """By which a map of two knots may miss the song time in between."""
    longest_moved_s: Seconds = 8.0
    """Of a find that may be put where the record beside it arrives."""
    as_well: Share = 0.7
    """Of its evidence, that it must have there: less, and the record was moved."""

    def __post_init__(self) -> None:
        check_ranges(self)


def carries_on(near: Approach, one: Found) -> bool:
    """Tell whether a line arrives where a find starts, or starts where it arrives.

    Parameters
    ----------
    near : Approach
        The line, fitted.
    one : Found
        Of the same song.

    Returns
    -------
    bool
        By no more than a drifting tape can do.
    """
    if near.best is None:
        return False
    start_s, end_s = near.best.start / RATE_HZ, near.best.stop / RATE_HZ
    gap_s = max(start_s - one.end_s, one.start_s - end_s)
    if gap_s > _NEAR_S:
        return False
    at_s = one.end_s if start_s >= one.start_s else one.start_s
    arrives_s = (at_s - near.offset / RATE_HZ) * near.speed
    return abs(arrives_s - one.time_map.song_s(at_s)) <= _APART_S + _DRIFT * max(0.0, gap_s)


def put_where_the_record_arrives(
    film: Track, reference: Reference, found: Sequence[Found], *, parameters: CarryParameters
) -> tuple[Found, ...]:
    """Put short finds where the record arrives that plays beside them, if they fit there as well.

    A loop is met at many places of a song alike; a record that plays on is at one of them.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    found : sequence of Found
        By waveform, of one song, in order of film time.
    parameters : CarryParameters
        What is short, and what is as well.

    Returns
    -------
    tuple of Found
        The same film.
    """
    out = list(found)
    for index, one in enumerate(found):
        beside = [*out[max(0, index - 1) : index], *found[index + 1 : index + 2]]
        length_s = one.end_s - one.start_s
        if length_s <= parameters.longest_moved_s and one.likeness == "waveform":
            longer = [near for near in beside if near.end_s - near.start_s > length_s]
            moved = [_arrived(film, reference, one, near, parameters) for near in longer]
            best = max((m for m in moved if m), key=lambda m: m.evidence, default=one)
            out[index] = best
    return tuple(out)


def _arrived(
    film: Track, reference: Reference, one: Found, near: Found, parameters: CarryParameters
) -> Found | None:
    """Return a find on its neighbour's map; None if that is elsewhere and fits much worse."""
    gap_s = max(one.start_s, near.start_s) - min(one.end_s, near.end_s)
    if near.likeness != "waveform" or near.pieces or gap_s > parameters.max_gap_s:
        return None
    _, time_map = near.steady[-1 if near.start_s < one.start_s else 0]
    length_s = one.end_s - one.start_s
    reach_s = _APART_S + _DRIFT * (max(0.0, gap_s) + length_s / 2)
    middle_s = one.start_s + length_s / 2
    if abs(one.time_map.song_s(middle_s) - time_map.song_s(middle_s)) <= reach_s:
        return None
    (own, _), (there, offset) = (
        nats_near(
            film,
            reference,
            speed=at.speed,
            start=round(one.start_s * RATE_HZ),
            stop=round(one.end_s * RATE_HZ),
            offset=round(at.offset_s * RATE_HZ),
            reach=round(reach * RATE_HZ),
        )
        for at, reach in ((one.time_map, _APART_S), (time_map, reach_s))
    )
    if there < parameters.as_well * own:
        return None
    moved = replace(time_map, offset_s=offset / RATE_HZ)
    starts_s = sorted({*one.rivals_song_s, round(one.time_map.song_s(one.start_s), 3)})
    here_s = moved.song_s(one.start_s)
    return replace(
        one,
        time_map=moved,
        pitch=moved.speed,
        evidence=one.evidence * min(1.0, there / max(own, 1e-9)),
        rivals_song_s=tuple(at_s for at_s in starts_s if abs(at_s - here_s) > _SAME_S),
    )


def joined_where_they_meet(
    found: Sequence[Found], *, parameters: CarryParameters
) -> tuple[Found, ...]:
    """Join finds of one song whose maps meet.

    Parameters
    ----------
    found : sequence of Found
        By waveform, of one song, in order of film time.
    parameters : CarryParameters
        What counts as meeting.

    Returns
    -------
    tuple of Found
        In order of film time.
    """
    out: list[Found] = []
    for one in found:
        if out and _meet(out[-1], one, parameters):
            whole = _joined(out[-1], one)
            if _deviation_s(whole) <= parameters.max_deviation_s:
                out[-1] = whole
                continue
        out.append(one)
    return tuple(out)


def _meet(before: Found, after: Found, parameters: CarryParameters) -> bool:
    (_, first), (_, last) = before.steady[-1], after.steady[0]
    at_s = (before.end_s + after.start_s) / 2
    bend = abs(last.speed / first.speed - 1)
    return (
        before.likeness == after.likeness == "waveform"
        and after.start_s - before.end_s <= parameters.max_gap_s
        and abs(last.song_s(at_s) - first.song_s(at_s)) <= parameters.max_apart_s
        and bend <= parameters.max_bend
    )


def _joined(before: Found, after: Found) -> Found:
    (_, first), (_, last) = before.steady[-1], after.steady[0]
    at_s = (before.end_s + after.start_s) / 2
    meeting = (at_s, (first.song_s(at_s) + last.song_s(at_s)) / 2)
    knots = _needed((*_knots(before)[:-1], meeting, *_knots(after)[1:]))
    film_s, song_s = zip(knots[0], knots[-1], strict=True)
    chord = map_through(film_s, song_s)
    return replace(
        before,
        end_s=after.end_s,
        time_map=chord,
        evidence=before.evidence + after.evidence,
        p_value=min(before.p_value, after.p_value),
        end_error_s=after.end_error_s,
        rivals_song_s=_common_rivals(before, after),
        pitch=chord.speed,
        knots=knots if len(knots) > _ENDS else (),
        song_error_s=_larger(before.song_error_s, after.song_error_s),
    )


def _needed(knots: Sequence[Knot]) -> tuple[Knot, ...]:
    """Leave out the knots at which the speed does not change (after Douglas and Peucker)."""
    first, *between, last = knots
    if not between:
        return tuple(knots)
    chord = map_through(*zip(first, last, strict=True))
    off_s = [abs(chord.song_s(film_s) - song_s) for film_s, song_s in between]
    furthest = int(np.argmax(off_s))
    if off_s[furthest] <= _STRAIGHT_S:
        return (first, last)
    split = furthest + 2
    return (*_needed(knots[:split])[:-1], *_needed(knots[split - 1 :]))


def _knots(one: Found) -> tuple[tuple[float, float], ...]:
    ends_s = (one.start_s, one.end_s)
    return one.knots or tuple((at_s, one.time_map.song_s(at_s)) for at_s in ends_s)


def _common_rivals(before: Found, after: Found) -> tuple[float, ...]:
    """Return where else both may be: as far from where they are."""
    apart = [
        [rival_s - one.time_map.song_s(one.start_s) for rival_s in one.rivals_song_s]
        for one in (before, after)
    ]
    start_s = before.time_map.song_s(before.start_s)
    common = [a for a in apart[0] if any(abs(a - b) < _SAME_S for b in apart[1])]
    return tuple(round(start_s + a, 3) for a in common if start_s + a >= 0)


def _larger(one: float | None, other: float | None) -> float | None:
    known = [error_s for error_s in (one, other) if error_s is not None]
    return max(known, default=None)


def _deviation_s(one: Found) -> float:
    """Return how far the map of its two ends is off at a knot."""
    off_s = [abs(one.time_map.song_s(film_s) - song_s) for film_s, song_s in one.knots]
    return max(off_s, default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParameters:
    """When pieces count as one stretched copy; recorded verbatim under `run.parameters`."""

    least_pieces: Count = 3
    """Two pieces lie on a line whatever they are."""
    longest_piece_s: Seconds = 8.0
    """A stretch of 0.2 % moves a piece of this length by one splice of 16 ms."""
    longest_gap_s: Seconds = 6.0
    """Film between two pieces, where splices follow each other too soon to be found."""
    max_residual_s: Seconds = 0.06
    """By which a piece may be off the line: splices of 20 to 80 ms place it either side."""
    least_stretch: Deviation = 0.004
    """Tempo against pitch: less is drift, and pieces of one map."""
    most_stretch: Deviation = 0.2
    """More is heard as another performance, and is made of pieces too short to be found."""

    def __post_init__(self) -> None:
        check_ranges(self)


def link_pieces(found: Sequence[Found], *, parameters: LinkParameters) -> tuple[Found, ...]:
    """Join the pieces of each copy whose tempo was changed without its pitch.

    Parameters
    ----------
    found : sequence of Found
        Of one song, in order of film time.
    parameters : LinkParameters
        What counts as such a copy.

    Returns
    -------
    tuple of Found
        In order of film time; a joined one has its tempo as the speed of its map, keeps the speed
        of its pieces as its pitch, and holds the pieces.
    """
    out: list[Found] = []
    index = 0
    while index < len(found):
        chain = _chain(found[index:], parameters)
        out.append(found[index] if len(chain) == 1 else _linked(chain))
        index += len(chain)
    return tuple(out)


def _chain(found: Sequence[Found], parameters: LinkParameters) -> Sequence[Found]:
    """Return the longest run from the first piece on that lies on one line, or that piece alone."""
    longest: Sequence[Found] = found[:1]
    for n_pieces in range(2, len(found) + 1):
        before, last = found[n_pieces - 2 : n_pieces]
        if not _may_follow(before, last, parameters):
            break
        if n_pieces >= parameters.least_pieces:
            if not _is_line(found[:n_pieces], parameters):
                break
            longest = found[:n_pieces]
    return longest


def _may_follow(before: Found, after: Found, parameters: LinkParameters) -> bool:
    stretch = parameters.most_stretch
    film_s, song_s = (b - a for a, b in zip(_middle(before), _middle(after), strict=True))
    return (
        max(p.end_s - p.start_s for p in (before, after)) <= parameters.longest_piece_s
        and after.start_s - before.end_s <= parameters.longest_gap_s
        and abs(after.pitch / before.pitch - 1) < parameters.least_stretch / 2
        and 1 - stretch <= song_s / (film_s * before.pitch) <= 1 + stretch
    )


def _middle(found: Found) -> tuple[float, float]:
    film_s = (found.start_s + found.end_s) / 2
    return film_s, found.time_map.song_s(film_s)


def _line(pieces: Sequence[Found]) -> tuple[float, float, float]:
    """Return slope and intercept of song time over film time, and the largest residual.

    A piece crosses the line somewhere within it, so that much is allowed to each.
    """
    film_s, song_s = np.array([_middle(piece) for piece in pieces]).T
    slope, intercept = np.polyfit(film_s, song_s, 1)
    residual = np.abs(song_s - slope * film_s - intercept)
    allowed = [(p.end_s - p.start_s) * abs(slope - p.pitch) / 2 for p in pieces]
    return float(slope), float(intercept), float(np.max(residual - allowed))


def _is_line(pieces: Sequence[Found], parameters: LinkParameters) -> bool:
    slope, _, residual_s = _line(pieces)
    stretch = abs(slope / pitch_of(pieces) - 1)
    return residual_s <= parameters.max_residual_s and stretch >= parameters.least_stretch


def _rivals_of_all(pieces: Sequence[Found]) -> tuple[float, ...]:
    """Return where else the whole may be: as far from it as most pieces have a rival."""
    starts_s = [piece.time_map.song_s(piece.start_s) for piece in pieces]
    apart_s = [
        [rival_s - start_s for rival_s in piece.rivals_song_s]
        for piece, start_s in zip(pieces, starts_s, strict=True)
    ]
    return tuple(
        round(starts_s[0] + shift_s, 3)
        for shift_s in apart_s[0]
        if sum(any(abs(one - shift_s) < _SAME_S for one in some) for some in apart_s)
        > len(pieces) / 2
    )


def _linked(pieces: Sequence[Found]) -> Found:
    slope, intercept, _ = _line(pieces)
    unmet_s = _unmet_s(pieces)
    return replace(
        pieces[0],
        end_s=pieces[-1].end_s,
        time_map=TimeMap(offset_s=-intercept / slope, speed=slope),
        evidence=sum(piece.evidence for piece in pieces),
        p_value=min(piece.p_value for piece in pieces),
        start_error_s=math.hypot(pieces[0].start_error_s, unmet_s),
        end_error_s=math.hypot(pieces[-1].end_error_s, unmet_s),
        rivals_song_s=_rivals_of_all(pieces),
        pitch=pitch_of(pieces),
        pieces=tuple(pieces),
    )


def _unmet_s(pieces: Sequence[Found]) -> float:
    """Return how far a copy is likely to go on unmet before its first piece and after its last.

    As it does between two: an end lies anywhere in such a gap.
    """
    gaps_s = [max(0.0, after.start_s - one.end_s) for one, after in itertools.pairwise(pieces)]
    return math.sqrt(float(np.mean(np.square(gaps_s))) / 3)

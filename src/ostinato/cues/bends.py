"""Where a map that bends runs: its knots are put where the blocks of all its legs say.

Each leg of a drifting record is fitted by itself, and two fits leave a millisecond uncertain where
they meet. Together, with each knot shared by both of its legs, the blocks say it to a tenth.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.song_finds import Found
from ostinato.cues.time_errors import BlockLags, block_lags
from ostinato.cues.tracks import Reference, Track, nats_near
from ostinato.cues.views import RATE_HZ, Aligned
from ostinato.ranges import Height, Seconds, Window, check_ranges
from ostinato.results import TimeMap
from ostinato.threads import in_threads

_BLOCK_ERROR_S = 2.5e-4  # two samples of what is correlated
_FAR_S = 0.002
_WINDOW_S = 0.5
_EDGE_WINDOW_S = 0.1
_HEARD_NATS = 8.0  # beyond what the best of as many places gives by chance
_FIRM_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class BendParameters:
    """How knots are settled; recorded verbatim under `run.parameters`."""

    block_s: Window = 1.0
    """Of film; a leg moves by less than a sample in it."""
    max_moved_s: Seconds = 0.006
    """Of a knot, and of a block that counts: what is further off is another passage's."""
    furthest_s: Seconds = 4.0
    """Beyond the ends that were found, that a drifting record is followed."""
    shortest_leg_s: Seconds = 4.0
    """Between bends that are added to those that were met."""
    bend_nats: Height = 8.0
    """That a further bend must explain."""
    held_s: Seconds = 0.002
    """By which a knot is off before it is settled: what few blocks say is weighed against it."""

    def __post_init__(self) -> None:
        check_ranges(self)


def settled_knots(
    aligned: Aligned, found: Sequence[Found], *, parameters: BendParameters
) -> tuple[Found, ...]:
    """Put the knots of maps that bend where all blocks together say that they are.

    Parameters
    ----------
    aligned : Aligned
        The film and the song.
    found : sequence of Found
        By waveform, of one song, in order of film time.
    parameters : BendParameters
        Blocks, and by how much a knot may move.

    Returns
    -------
    tuple of Found
        The same film.

    References
    ----------
    .. [1] C. de Boor, *A Practical Guide to Splines*, 2001, ch. III (broken lines).
    """

    def settled(one: Found) -> Found:
        return one.through(_settled(aligned, one, parameters)) if one.knots else one

    return tuple(in_threads(settled, found))


def carried_to_their_ends(
    film: Track, reference: Reference, found: Sequence[Found], *, parameters: BendParameters
) -> tuple[Found, ...]:
    """Carry records that drift on to where they end: a leg of a second is too short to be found.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    found : sequence of Found
        By waveform, of one song, in order of film time.
    parameters : BendParameters
        How far a record is followed.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    ends = _Ends(film, reference, parameters)
    out = list(found)
    for index, one in enumerate(found):
        if one.knots:
            before_s = out[index - 1].end_s if index else 0.0
            after_s = found[index + 1].start_s if index + 1 < len(found) else np.inf
            out[index] = ends.carried(ends.carried(one, 1, after_s), -1, before_s)
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Follows records outwards from their ends, window by window, as they go on to drift."""

    film: Track
    reference: Reference
    parameters: BendParameters

    def carried(self, one: Found, outwards: int, bound_s: float) -> Found:
        """Return a record up to its end, or down to its start, within bounds."""
        edge_s = one.end_s if outwards > 0 else one.start_s
        bound_s = outwards * min(outwards * bound_s, outwards * edge_s + self.parameters.furthest_s)
        _, steady = one.steady[-1 if outwards > 0 else 0]
        knots = list(self._met(steady, edge_s, bound_s, outwards, _WINDOW_S))
        if not knots:
            return one
        reached_s, song_s = knots[-1]
        steady = replace(steady, offset_s=reached_s - song_s / steady.speed)
        inside_s = outwards * max(outwards * edge_s, outwards * reached_s - _WINDOW_S)
        near = list(self._met(steady, inside_s, bound_s, outwards, _EDGE_WINDOW_S))
        knot = near[-1] if near else (reached_s, song_s)
        if outwards * (knot[0] - edge_s) < _EDGE_WINDOW_S:
            return one
        if outwards > 0:
            longer = replace(one, end_s=knot[0], end_error_s=_EDGE_WINDOW_S / 2)
            return longer.through((*one.knots, knot))
        longer = replace(one, start_s=knot[0], start_error_s=_EDGE_WINDOW_S / 2)
        return longer.through((knot, *one.knots))

    def _met(
        self, steady: TimeMap, from_s: float, to_s: float, outwards: int, length_s: float
    ) -> Iterator[tuple[float, float]]:
        """Yield film time and song time of the middles of windows, until one is not heard."""
        loud = 0.0
        middle_s = from_s + outwards * length_s / 2
        while outwards * (middle_s - to_s) <= -length_s / 2:
            nats, song_s = self._asked(steady, middle_s, length_s)
            # a window with little of the song in it is loud as well, beside what is within
            loud = max(loud, nats)
            if nats < max(_HEARD_NATS, _FIRM_SHARE * loud):
                return
            steady = replace(steady, offset_s=middle_s - song_s / steady.speed)
            yield middle_s, song_s
            middle_s += outwards * length_s / 5

    def _asked(self, steady: TimeMap, middle_s: float, length_s: float) -> tuple[float, float]:
        """Return nats beyond chance of a window near a map, and the song time that is met."""
        start, stop = (round((middle_s + side * length_s / 2) * RATE_HZ) for side in (-1, 1))
        if start < 0 or stop > self.film.n_samples:
            return 0.0, steady.song_s(middle_s)
        reach = round(self.parameters.max_moved_s * RATE_HZ)
        nats, offset = nats_near(
            self.film,
            self.reference,
            speed=steady.speed,
            start=start,
            stop=stop,
            offset=round(steady.offset_s * RATE_HZ),
            reach=reach,
        )
        return nats - math.log(2 * reach), (middle_s - offset / RATE_HZ) * steady.speed


def _settled(
    aligned: Aligned, one: Found, parameters: BendParameters
) -> tuple[tuple[float, float], ...]:
    film_s, song_s = (np.array(times_s) for times_s in zip(*one.knots, strict=True))
    legs = list(_legs(aligned, one, parameters))
    if not legs:
        return one.knots
    at_s, lag_s, weight = (np.concatenate(column) for column in zip(*legs, strict=True))
    counts = np.abs(lag_s - _median(lag_s, weight)) <= parameters.max_moved_s
    blocks = _Blocks(at_s[counts], lag_s[counts], weight[counts])
    bends_s, off = film_s, blocks.off(film_s, parameters)
    while (further_s := _further(blocks, bends_s, off, parameters)) is not None:
        bends_s, off = further_s, blocks.off(further_s, parameters)
    late_s = blocks.late_s(bends_s, parameters)
    late_s = np.clip(late_s, -parameters.max_moved_s, parameters.max_moved_s)
    moved_s = np.interp(bends_s, film_s, song_s) - late_s * one.time_map.speed
    return tuple((float(film), float(song)) for film, song in zip(bends_s, moved_s, strict=True))


def _further(
    blocks: "_Blocks", bends_s: NDArray[np.float64], off: float, parameters: BendParameters
) -> NDArray[np.float64] | None:
    """Return the bends and one more, where that explains most; None if it explains too little."""
    asked_s = np.arange(
        bends_s[0] + parameters.shortest_leg_s,
        bends_s[-1] - parameters.shortest_leg_s,
        parameters.block_s,
    )
    more = [
        np.sort(np.append(bends_s, at_s))
        for at_s in asked_s
        if np.abs(bends_s - at_s).min() >= parameters.shortest_leg_s
    ]
    least, best_s = min(
        ((blocks.off(one, parameters), one) for one in more),
        key=lambda pair: pair[0],
        default=(off, bends_s),
    )
    # twice the gain in nats of normal errors whose size is not known
    gain = blocks.lag_s.size * math.log(max(off, 1e-12) / max(least, 1e-12))
    return best_s if gain >= 2 * parameters.bend_nats else None


def _legs(
    aligned: Aligned, one: Found, parameters: BendParameters
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Yield film times, lags and weights of the blocks of each leg."""
    for stretch, steady in one.steady:
        start_s = stretch.start_s
        for film_y, song_y in aligned(stretch, steady):
            blocks: BlockLags = block_lags(film_y, song_y, block_s=parameters.block_s)
            yield start_s + blocks.middle_s, blocks.lag_s, blocks.weight
            start_s += blocks.duration_s


def _median(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    heaped = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(heaped, heaped[-1] / 2)])


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Film times, lags and weights of blocks."""

    at_s: NDArray[np.float64]
    lag_s: NDArray[np.float64]
    weight: NDArray[np.float64]

    def late_s(
        self, bends_s: NDArray[np.float64], parameters: BendParameters
    ) -> NDArray[np.float64]:
        """Return by how much each bend is late: weighted least squares, held by what it was."""
        hats = self._hats(bends_s)
        each = self._evenly() / _BLOCK_ERROR_S**2
        normal = (hats * each[:, np.newaxis]).T @ hats
        normal += np.eye(bends_s.size) / parameters.held_s**2
        late_s = np.linalg.solve(normal, hats.T @ (each * self.lag_s))
        return np.asarray(late_s, np.float64)

    def off(self, bends_s: NDArray[np.float64], parameters: BendParameters) -> float:
        """Return the mean square in ms by which blocks are off a line that bends there."""
        off_s = self.lag_s - self._hats(bends_s) @ self.late_s(bends_s, parameters)
        squared = np.minimum(np.abs(off_s), _FAR_S) ** 2 + _BLOCK_ERROR_S**2
        return float(np.average(squared, weights=self._evenly())) * 1e6

    def _hats(self, bends_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(
            [np.interp(self.at_s, bends_s, row) for row in np.eye(bends_s.size)], axis=1
        )

    def _evenly(self) -> NDArray[np.float64]:
        # a loud block knows its lag no better than to a sample
        known = self.weight / (self.weight + float(np.median(self.weight)))
        return np.asarray(known * known.size / known.sum(), np.float64)

"""Where along a fitted line the song is heard: a path through *absent* and a ladder of gains."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from ostinato.cues.views import RATE_HZ
from ostinato.ranges import (
    Deviation,
    Height,
    Inside,
    Seconds,
    Share,
    SomeSeconds,
    Window,
    check_ranges,
)

DECOY_SHIFTS_S = (-1.31, -0.83, -0.57, -0.29, 0.23, 0.47, 0.71, 1.13)
"""Lags at which a song is not heard: what correlates there anyhow is what chance gives."""
_SHORTEST_PAUSE_S = 0.3
_PLAIN_RUNG = 3  # of the gains: an eighth of the film, or more
_FORBIDDEN_NATS = -600.0  # a double's exponent still holds it
_EXCESS_S = 3.0
_COHERENT_S = 0.5
_FAINT_SHARE = 0.05
_FAINT_NATS_PER_S = 4.0
_EDGE_NATS = 4.0
_EDGE_REACH_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceParameters:
    """How a line is followed; recorded verbatim under `run.parameters`."""

    max_speed_error: Deviation = 8e-4
    """Around each listed speed; neighbours of the list are 1e-3 apart."""
    lag_block_s: Window = 1.0
    """Block for the fit: 800 ppm smears it by less than a millisecond."""
    max_lag_s: Window = 0.04
    """Searched either side of the line: a room's early arrivals and the drift of a short line."""
    response_s: Window = 0.2
    """Reach of the playback chain's response, either side: an echo chamber answers after 0.15 s."""
    frame_s: Window = 0.02
    """Frame of the path."""
    gains: tuple[Inside, ...] = (0.03, 0.06, 0.12, 0.25, 0.5, 0.9)
    """Share of the whitened film's amplitude that is song, from all but masked to alone."""
    entry_cost: Height = 8.0
    """Nats to enter or to leave the song: keeps words and hits from cutting it."""
    step_cost: Height = 1.0
    """Nats for each rung of gain that is climbed at once."""
    min_duration_s: SomeSeconds = 1.0
    """Shorter stretches are not claimed."""
    min_evidence: Height = 10.0
    """Nats beyond what chance gives in noise, for a line's best stretch."""
    max_p_value: Share = 1e-4
    """Of chance giving as much anywhere in the film, by the song turned backwards."""
    min_held_out_evidence: Height = 20.0
    """Nats by a response of the playback chain that is read off other parts of the stretch. Chance
    gave at most 15 where it gave 25 to 54 by a response read off the same (three songs against 100
    minutes); a true copy keeps most of what it has."""
    held_out_part_s: Window = 0.75
    """Length of such parts: longer than a note."""
    min_companion_evidence: Height = 30.0
    """Nats for a further stretch on a line that stands."""
    max_dropout_s: Seconds = 2.0
    """Stretches of one line nearer than this are one occurrence."""
    max_masked_s: Seconds = 64.0
    """How far from its own film a line is followed for further stretches."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where along a line the song is heard, in samples of what was followed; evidence in nats."""

    start: int
    stop: int
    evidence: float
    start_error_s: float
    end_error_s: float


Joins = Callable[[Stretch, Stretch], bool]
"""Tells of two stretches of one line whether what lies between them may be a dropout."""


def follow(
    x: NDArray[np.float32],
    heard: NDArray[np.float32],
    *,
    start: int,
    claimed: NDArray[np.bool_],
    parameters: TraceParameters,
    rate_hz: float = RATE_HZ,
    joins: Joins | None = None,
) -> tuple[Stretch, ...]:
    """Stretches in which the song is heard in a part of the film.

    Parameters
    ----------
    x, heard : ndarray of float32, shape (n_views, n_samples)
        Whitened film, and whitened song as the playback chain passes it, aligned.
    start : int
        Film sample of the first sample.
    claimed : ndarray of bool, shape (n_film_frames,)
        Frames of the whole film that are taken; the path keeps out of them.
    parameters : TraceParameters
        Gains, costs and lengths.
    rate_hz : float
        Of the samples.
    joins : callable, optional
        Told two stretches, whether what lies between them may be a dropout.

    Returns
    -------
    tuple of Stretch
        In order; those that a short dropout parts are one, unless its film is taken.

    References
    ----------
    .. [1] A. Viterbi, "Error bounds for convolutional codes", IEEE Trans. Information Theory
       13(2), 1967, here over log likelihood ratios of gain in Gaussian noise.
    """
    nats = _gain_nats(x, heard, parameters, rate_hz)
    first = start // round(parameters.frame_s * rate_hz)
    taken = np.zeros(nats.shape[0], np.bool_)
    inside = claimed[first : first + nats.shape[0]]
    taken[: inside.size] = inside
    nats[taken, 1:] = _FORBIDDEN_NATS
    path = _best_path(nats, parameters)
    if joins is not None:
        path = _parted(path, nats, parameters)
    stretches = _stretches(path, nats, start=start, parameters=parameters, rate_hz=rate_hz)
    return _joined(stretches, start, taken, joins, parameters=parameters, rate_hz=rate_hz)


def _gain_nats(
    x: NDArray[np.float32],
    heard: NDArray[np.float32],
    parameters: TraceParameters,
    rate_hz: float,
) -> NDArray[np.float64]:
    """Return the log likelihood ratio of each gain against absence, (n_frames, 1 + n_gains)."""
    frame_length = round(parameters.frame_s * rate_hz)
    n_frames = x.shape[1] // frame_length
    # of the view that holds most of it: a gain of 1 is a film of song alone there
    heard = heard / max(float(np.sqrt(np.mean(heard**2, axis=1).max())), 1e-9)
    energy = _frame_products(heard, heard, n_frames, frame_length)
    product = _frame_products(x, heard, n_frames, frame_length)
    excess = _tonal_excess(x, heard, energy, parameters, rate_hz)
    gains = np.array([0.0, *parameters.gains])
    nats = gains * product[:, np.newaxis] - gains**2 * energy[:, np.newaxis] / 2
    return nats / excess[:, np.newaxis]


def _tonal_excess(
    x: NDArray[np.float32],
    heard: NDArray[np.float32],
    energy: NDArray[np.float64],
    parameters: TraceParameters,
    rate_hz: float,
) -> NDArray[np.float64]:
    """Return by how much chance products exceed those of noise, (n_frames,), at least 1.

    Tones correlate with tones: the excess is read off at lags at which the song is not heard.
    The median over such lags, since a loop may repeat itself at one of them.
    """
    frame_length = round(parameters.frame_s * rate_hz)
    n_coherent = round(_COHERENT_S / parameters.frame_s)
    width = round(_EXCESS_S / parameters.frame_s)
    least = 0.05 * max(float(energy.mean()), 1e-9)
    n_samples, n_whole = heard.shape[1], energy.size * frame_length
    films = np.ascontiguousarray(x[:, :n_whole]).reshape(x.shape[0], energy.size, frame_length)
    # the song goes round: decoys are parts of what follows itself
    twice = np.concatenate([heard, heard], axis=1)
    power = np.einsum("vn,vn->n", heard, heard).astype(np.float64)
    total = np.concatenate([[0.0], np.cumsum(power)])
    edges = np.arange(energy.size + 1) * frame_length
    ratios = []
    for shift_s in DECOY_SHIFTS_S:
        first = -round(shift_s * rate_hz) % max(1, n_samples)
        decoy = twice[:, first : first + n_whole].reshape(films.shape)
        # half-second sums: a tone's products add up where those of noise cancel
        product = np.vecdot(films, decoy).sum(axis=0, dtype=np.float64)
        rounds, within = np.divmod(edges + first, n_samples)
        power = np.diff(total[within] + rounds * total[-1])
        coherent = uniform_filter1d(product, n_coherent) ** 2 * n_coherent
        ratios.append(
            uniform_filter1d(coherent, width) / np.maximum(uniform_filter1d(power, width), least)
        )
    return np.asarray(np.maximum(np.median(ratios, axis=0), 1.0), np.float64)


def _frame_products(
    x: NDArray[np.float32], y: NDArray[np.float32], n_frames: int, frame_length: int
) -> NDArray[np.float64]:
    """Return the sum of the product over each frame and all views."""
    frames = [
        one[:, : n_frames * frame_length].reshape(one.shape[0], n_frames, frame_length)
        for one in (x, y)
    ]
    sums: NDArray[np.float64] = np.vecdot(*frames).sum(axis=0, dtype=np.float64)
    return sums


def _best_path(nats: NDArray[np.float64], parameters: TraceParameters) -> NDArray[np.int64]:
    """Return the state of each frame on the path of highest score (Viterbi); 0 is absent.

    The film is cut into parts, which are followed side by side: first from every state that may
    lie before a part, then, when it is known which one does, from that alone.
    """
    n_frames, n_states = nats.shape
    if n_frames == 0:
        return np.zeros(0, np.int64)
    ladder = _Ladder(n_states, step_cost=parameters.step_cost, entry_cost=parameters.entry_cost)
    length = math.isqrt(n_frames) + 1
    # behind the end there is nothing but absence: what is in the song there has to leave it
    padded = np.full((-(-(n_frames + 1) // length) * length, n_states), -np.inf)
    padded[n_frames:, 0] = 0.0
    padded[:n_frames] = nats
    steps = np.ascontiguousarray(padded.reshape(-1, length, n_states).transpose(1, 2, 0))
    nothing_yet = np.where(np.eye(n_states, dtype=np.bool_), 0.0, -np.inf)
    from_each = np.tile(nothing_yet[..., np.newaxis], steps.shape[2])
    for one in steps:
        from_each = ladder.climbed(from_each) + one[:, np.newaxis]
    before = _states_before(from_each)
    scores, now = [], nothing_yet[:, before]
    for one in steps:
        now = ladder.climbed(now) + one
        scores.append(now)
    path = np.zeros((length, steps.shape[2]), np.int64)
    path[-1, :-1] = before[1:]
    for frame in range(length - 1, 0, -1):
        path[frame - 1] = np.argmax(scores[frame - 1] - ladder.costs[:, path[frame]], axis=0)
    return path.T.ravel()[:n_frames]


class _Ladder:
    """What it costs to get from one state to another: *absent*, and a ladder of gains."""

    def __init__(self, n_states: int, *, step_cost: float, entry_cost: float) -> None:
        rungs = np.arange(n_states)
        self.costs = step_cost * np.abs(rungs[:, np.newaxis] - rungs).astype(np.float64)
        self.costs[0, 1:] = self.costs[1:, 0] = entry_cost
        self._step_cost, self._entry_cost = step_cost, entry_cost

    def climbed(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the best score with which each state is reached in one step, (n_states, ...)."""
        reached = scores.copy()
        rungs = reached[1:]
        for one, other in itertools.pairwise(range(len(rungs))):
            np.maximum(rungs[other], rungs[one] - self._step_cost, out=rungs[other])
        for one, other in itertools.pairwise(reversed(range(len(rungs)))):
            np.maximum(rungs[other], rungs[one] - self._step_cost, out=rungs[other])
        np.maximum(rungs, scores[0] - self._entry_cost, out=rungs)
        np.maximum(reached[0], scores[1:].max(axis=0) - self._entry_cost, out=reached[0])
        return reached


def _states_before(from_each: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which state lies before each part on the best path, which begins and ends in absence.

    `from_each` (n_states, n_states, n_parts): the score of each state behind a part, from each that
    may lie before it.
    """
    reached = [np.where(np.arange(len(from_each)) == 0, 0.0, -np.inf)]
    parts = np.moveaxis(from_each, 2, 0)
    for one in parts:
        reached.append(np.max(one + reached[-1], axis=1))
    state, before = 0, []
    for score, one in zip(reached[-2::-1], parts[::-1], strict=True):
        state = int(np.argmax(one[state] + score))
        before.append(state)
    return np.array(before[::-1])


def _stretches(
    path: NDArray[np.int64],
    nats: NDArray[np.float64],
    *,
    start: int,
    parameters: TraceParameters,
    rate_hz: float,
) -> Iterator[Stretch]:
    """Turn a path into stretches."""
    frame_length = round(parameters.frame_s * rate_hz)
    is_heard = np.concatenate([[False], path > 0, [False]])
    edges = np.flatnonzero(np.diff(is_heard.astype(np.int8)))
    gained = nats[np.arange(path.size), path] if path.size else np.zeros(0)
    for first, last in _without_faint_edges(edges, gained, parameters):
        steps = np.abs(np.diff(path[first:last])).sum() * parameters.step_cost
        yield Stretch(
            start + int(first) * frame_length,
            start + int(last) * frame_length,
            float(gained[first:last].sum() - steps - 2 * parameters.entry_cost),
            _edge_error_s(nats, first, last, parameters),
            _edge_error_s(nats[::-1], len(nats) - last, len(nats) - first, parameters),
        )


def _joined(
    stretches: Iterable[Stretch],
    start: int,
    taken: NDArray[np.bool_],
    joins: Joins | None,
    *,
    parameters: TraceParameters,
    rate_hz: float,
) -> tuple[Stretch, ...]:
    """Join stretches that a dropout parts."""
    frame_length = round(parameters.frame_s * rate_hz)
    out: list[Stretch] = []
    for one in stretches:
        if out:
            before = out[-1]
            between = slice(*((at - start) // frame_length for at in (before.stop, one.start)))
            if _is_dropout(before, one, taken[between], parameters, rate_hz) and (
                joins is None or joins(before, one)
            ):
                out[-1] = Stretch(
                    before.start,
                    one.stop,
                    before.evidence + one.evidence,
                    before.start_error_s,
                    one.end_error_s,
                )
                continue
        out.append(one)
    return tuple(out)


def _parted(
    path: NDArray[np.int64], nats: NDArray[np.float64], parameters: TraceParameters
) -> NDArray[np.int64]:
    """Leave the song where nothing of it is met for a moment, between what plainly is.

    To leave it and to enter it again costs the path more than to stay at the lowest gain.
    """
    parted = path.copy()
    shortest, near = (round(s / parameters.frame_s) for s in (_SHORTEST_PAUSE_S, _COHERENT_S))
    edges = np.flatnonzero(np.diff((path == 1).astype(np.int8), prepend=0, append=0))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        beside = path[max(0, first - near) : first], path[last : last + near]
        is_plain = min(side.max(initial=0) for side in beside) >= _PLAIN_RUNG
        if is_plain and last - first >= shortest and nats[first:last, 1].sum() < 0:
            parted[first:last] = 0
    return parted


def _is_dropout(
    before: Stretch,
    after: Stretch,
    taken: NDArray[np.bool_],
    parameters: TraceParameters,
    rate_hz: float,
) -> bool:
    """Tell whether two stretches are one, which something else drowns for a moment."""
    gap_s = (after.start - before.stop) / rate_hz
    is_heard = min(before.evidence, after.evidence) > 0
    return gap_s < parameters.max_dropout_s and is_heard and not taken.any()


def _without_faint_edges(
    edges: NDArray[np.int64], gained: NDArray[np.float64], parameters: TraceParameters
) -> list[tuple[int, int]]:
    """Move either end inwards past what proves far less, frame by frame, than the rest.

    A path may wander on through chance for seconds, since masked song looks the same.
    """
    out = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        inside = gained[first:last]
        worth = inside - max(
            _FAINT_SHARE * float(inside.mean()), _FAINT_NATS_PER_S * parameters.frame_s
        )
        lead = int(np.argmax(np.cumsum(worth[::-1])[::-1]))
        trail = int(np.argmax(np.cumsum(worth)[::-1]))
        if lead + trail < inside.size:
            out.append((int(first) + lead, int(last) - trail))
    return out


def _edge_error_s(
    nats: NDArray[np.float64], first: int, last: int, parameters: TraceParameters
) -> float:
    """Return the standard error of where a stretch begins.

    The gain that it begins with is taken to hold before it too: where the song is faint there, or
    masked, little tells whether it was already heard.
    """
    reach = round(_EDGE_REACH_S / parameters.frame_s)
    begin, end = max(0, first - reach), min(last, first + reach)
    gain = int(nats[first:end].sum(axis=0).argmax())
    from_here = np.cumsum(nats[begin:end, gain][::-1])[::-1]
    likely = np.flatnonzero(from_here >= from_here.max() - _EDGE_NATS)
    furthest = int(np.abs(likely + begin - first).max())
    # a frame is cut anywhere in it; of a normal error, 4 nats are sqrt(8) standard errors
    return (furthest / math.sqrt(2 * _EDGE_NATS) + 1 / math.sqrt(12)) * parameters.frame_s

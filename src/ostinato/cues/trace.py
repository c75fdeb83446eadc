"""One candidate line becomes stretches of film with an exact time map.

The line is fitted by the lags of one-second blocks; the response of the playback chain is read off
the correlation and folded into the song; then the product of film and song is followed in frames
of 20 ms, and a path through *absent* and a ladder of gains says where the song is heard.
"""

from collections.abc import Callable
from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.linalg import solve_toeplitz
from scipy.ndimage import uniform_filter1d
from scipy.signal import oaconvolve

from ostinato.cues.detect import Line
from ostinato.cues.track import RATE_HZ, Track, whitened_song
from ostinato.dsp.correlate import lag_spectra
from ostinato.results import TimeMap


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceParameters:
    """How a line is followed; recorded verbatim under `run.parameters`."""

    max_speed_error: float = 8e-4
    """Around each listed speed; neighbours of the list are 1e-3 apart."""
    lag_block_s: float = 1.0
    """Block for the fit: 800 ppm smears it by less than a millisecond."""
    max_lag_s: float = 0.04
    """Searched either side of the line: a room's early arrivals and the drift of a short line."""
    response_s: float = 0.2
    """Reach of the playback chain's response, either side: an echo chamber answers after 0.15 s."""
    frame_s: float = 0.02
    """Frame of the path."""
    gains: tuple[float, ...] = (0.03, 0.06, 0.12, 0.25, 0.5, 0.9)
    """Share of the whitened film's amplitude that is song, from all but masked to alone."""
    entry_cost: float = 8.0
    """Nats to enter or to leave the song: keeps words and hits from cutting it."""
    step_cost: float = 1.0
    """Nats for each rung of gain that is climbed at once."""
    min_duration_s: float = 1.5
    """Shorter stretches are not claimed."""
    min_evidence: float = 20.0
    """Nats beyond chance for a line's best stretch; music is no Gaussian noise, so leave room."""
    min_companion_evidence: float = 30.0
    """Nats for a further stretch on a line that stands."""
    max_dropout_s: float = 2.0
    """Stretches of one line nearer than this are one occurrence."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where along a line the song is heard, in film samples at `RATE_HZ`; evidence in nats."""

    start: int
    stop: int
    evidence: float
    start_error_s: float
    end_error_s: float


@dataclass(frozen=True, slots=True)
class Trace:
    """A fitted line and the stretches of film that it explains."""

    time_map: TimeMap
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A song as it is searched: one channel, and whitened at each listed speed."""

    y: NDArray[np.float32]
    sample_rate_hz: int
    whitened: dict[float, NDArray[np.float32]]

    def at(self, speed: float) -> NDArray[np.float32]:
        """Return the song whitened at a speed, listed or not."""
        known = self.whitened.get(speed)
        if known is not None:
            return known
        return whitened_song(self.y, sample_rate_hz=self.sample_rate_hz, speed=speed)


def trace(
    film: Track,
    reference: Reference,
    line: Line,
    *,
    claimed: NDArray[np.bool_],
    n_cells: float,
    parameters: TraceParameters,
) -> Trace:
    """Follow a line through the film.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    line : Line
        Where to start from.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that a stronger line of the same song has taken.
    n_cells : float
        Places in which a line could have arisen by chance.
    parameters : TraceParameters
        How to follow it.

    Returns
    -------
    Trace
        Without stretches when the line does not stand.
    """
    speed, offset = _fit(film, reference, line, parameters)
    song_y = reference.at(speed)
    start, stop = max(0, offset), min(film.n_samples, offset + song_y.size)
    x, y = film.read(start, stop), song_y[start - offset : stop - offset]
    inside = slice(max(0, line.start - start), max(0, line.stop - start))
    if y[inside].size < RATE_HZ // 2:
        return Trace(TimeMap(offset / RATE_HZ, speed), ())
    time_map = TimeMap(offset / RATE_HZ, speed)

    def follow(part: slice, *, reach_s: float) -> tuple[Stretch, ...]:
        response = _response(x[inside], y[inside], reach_s=reach_s, parameters=parameters)
        heard = oaconvolve(y[part], response, mode="same").astype(np.float32)
        return _follow(x[part], heard, start + part.start, claimed, parameters)

    # most lines fall here, at a fraction of what it costs to follow the whole song
    margin = round(_MARGIN_S * RATE_HZ)
    frame_length = round(parameters.frame_s * RATE_HZ)
    first = max(0, inside.start - margin) // frame_length * frame_length
    near = follow(slice(first, min(x.size, inside.stop + margin)), reach_s=parameters.max_lag_s)
    if not _stands(near, n_cells=n_cells, share=_HOPEFUL_SHARE, parameters=parameters):
        return Trace(time_map, ())
    stretches = follow(slice(0, x.size), reach_s=parameters.response_s)
    if not _stands(stretches, n_cells=n_cells, share=1.0, parameters=parameters):
        return Trace(time_map, ())
    return Trace(time_map, tuple(s for s in stretches if _is_claimable(s, parameters)))


_MARGIN_S = 8.0
_HOPEFUL_SHARE = 0.6  # of the evidence that the whole must have: what is faint adds up outside


def _follow(
    x: NDArray[np.float32],
    heard: NDArray[np.float32],
    start: int,
    claimed: NDArray[np.bool_],
    parameters: TraceParameters,
) -> tuple[Stretch, ...]:
    """Return the stretches in which the song is heard in a part of film from sample `start` on."""
    nats = _gain_nats(x, heard, parameters)
    first = start // round(parameters.frame_s * RATE_HZ)
    taken = claimed[first : first + nats.shape[0]]
    nats[: taken.size, 1:][taken] = _FORBIDDEN_NATS
    path = _best_path(nats, parameters)
    return _stretches(path, nats, start=start, parameters=parameters)


_FORBIDDEN_NATS = -600.0  # a double's exponent still holds it


def _fit(
    film: Track, reference: Reference, line: Line, parameters: TraceParameters
) -> tuple[float, int]:
    """Return speed and offset (film sample of song sample 0), from the lags along a line."""
    song_y, offset = reference.at(line.speed), round(line.offset)
    block, hop = (
        round(parameters.lag_block_s * RATE_HZ),
        round(parameters.lag_block_s * RATE_HZ / 2),
    )
    max_lag = round(parameters.max_lag_s * RATE_HZ)
    start, stop = max(0, offset, line.start), min(offset + song_y.size, line.stop)
    x, y = film.read(start, stop), song_y[start - offset : stop - offset]
    lags = lag_spectra(x, y, block_length=block, hop_length=hop, max_lag=max_lag)
    if lags.shape[0] == 0:
        return line.speed, offset
    power = lags**2
    # neighbours too, so that a chain that turns the phase keeps its peak
    power = power + np.roll(power, 1, axis=1) + np.roll(power, -1, axis=1)
    position = np.arange(power.shape[0], dtype=np.float64) * hop + (block - (stop - start)) / 2
    slope, lag = _radon(power, position, max_slope=parameters.max_speed_error)
    slope, lag = _refine(power, position, slope=slope, lag=lag)
    if slope == 0.0:
        return line.speed, offset + round(lag)
    # lag grows by `slope` per film sample: a second of song lasts longer in the film
    speed = line.speed / (1 + slope)
    middle = (start + stop) / 2
    song_at_middle = (middle - offset - lag) * line.speed
    return speed, round(middle - song_at_middle / speed)


def _radon(
    power: NDArray[np.float32], position: NDArray[np.float64], *, max_slope: float
) -> tuple[float, float]:
    """Return the slope and mid-line lag (samples) along which most power lies."""
    n_lags = power.shape[1]
    rows = np.arange(power.shape[0])[:, np.newaxis]
    extent = float(np.ptp(position)) + 1
    step = min(max_slope, 1.0 / extent)
    n_slopes = int(max_slope / step)
    best = (-np.inf, 0.0, 0.0)
    for k in sorted(range(-n_slopes, n_slopes + 1), key=abs):
        shift = np.rint(k * step * position).astype(np.int64)[:, np.newaxis]
        columns = np.arange(n_lags) + shift
        valid = (columns >= 0) & (columns < n_lags)
        total = np.where(valid, power[rows, np.clip(columns, 0, n_lags - 1)], 1.0).sum(axis=0)
        lag = int(total.argmax())
        # a slope other than the listed one must earn its place
        score = float(total[lag]) - (0 if k == 0 else _SLOPE_COST)
        if score > best[0]:
            best = (score, k * step, float(lag - n_lags // 2))
    return best[1], best[2]


_SLOPE_COST = 16.0  # in z², i.e. 8 nats
_SLOPE_SIGMAS = 3.0


def _refine(
    power: NDArray[np.float32], position: NDArray[np.float64], *, slope: float, lag: float
) -> tuple[float, float]:
    """Fit slope and lag to the peaks near a line; a slope within its error becomes 0."""
    n_lags, reach = power.shape[1], 3
    centre = np.rint(slope * position + lag).astype(np.int64) + n_lags // 2
    columns = np.clip(centre[:, np.newaxis] + np.arange(-reach, reach + 1), 1, n_lags - 2)
    near = np.take_along_axis(power, columns, axis=1)
    row = np.arange(near.shape[0])
    column = columns[row, near.argmax(axis=1)]
    height = power[row, column]
    weight = np.where(height > _PEAK_POWER, height, 0.0)
    if np.count_nonzero(weight) < 3:  # noqa: PLR2004 - two points leave no residual
        return slope, lag
    before, after = power[row, column - 1], power[row, column + 1]
    curvature = np.minimum(2 * (before - 2 * height + after), -1e-9)  # of a peak, below 0
    lags = column - n_lags // 2 + np.clip((before - after) / curvature, -0.5, 0.5)
    design = np.stack([np.ones_like(position), position], axis=1)
    weighted = design * weight[:, np.newaxis]
    normal = weighted.T @ design
    intercept, fitted = np.linalg.solve(normal, weighted.T @ lags)
    residual = lags - design @ np.array([intercept, fitted])
    variance = max(float(np.average(residual**2, weights=weight)), _LEAST_LAG_VARIANCE)
    # doubled: blocks overlap by half, so that only every other one is new
    error = np.sqrt(2 * variance * weight.max() * np.linalg.inv(normal)[1, 1])
    if abs(fitted) < _SLOPE_SIGMAS * error:
        return 0.0, float(np.average(lags, weights=weight))
    return float(fitted), float(intercept)


_PEAK_POWER = 24.0  # three neighbouring z²: noise seldom gets there
_LEAST_LAG_VARIANCE = 0.1**2  # what a parabola through whole lags leaves


def _response(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    *,
    reach_s: float,
    parameters: TraceParameters,
) -> NDArray[np.float32]:
    """Return the response of the playback chain.

    The response has odd length, lag 0 in its middle and unit norm; only lags that stand out of
    the noise are kept, so a dry chain is one tap and polarity is part of it.
    """
    max_lag = round(reach_s * RATE_HZ)
    block = min(round(parameters.lag_block_s * RATE_HZ), x.size)
    lags, *decoys = (
        lag_spectra(x, shifted, block_length=block, hop_length=block, max_lag=max_lag)
        for shifted in (y, *(np.roll(y, round(s * RATE_HZ)) for s in _DECOY_SHIFTS_S[::2]))
    )
    weight = np.maximum(lags @ lags.sum(axis=0), 0)  # a block counts as it agrees with the others
    weight /= max(float(np.linalg.norm(weight)), 1e-9)
    unsmear = _unsmearing(y, max_lag)
    mean = unsmear(weight @ lags)
    noise = float(np.median([np.std(unsmear(weight @ decoy)) for decoy in decoys]))
    main = int(np.abs(mean).argmax())
    keep = np.abs(mean) > max(_TAP_Z * noise, _TAP_SHARE * abs(float(mean[main])))
    keep[main] = True
    response = np.where(keep, mean, 0.0)
    return np.asarray(response / np.linalg.norm(response), np.float32)


def _unsmearing(
    y: NDArray[np.float32], max_lag: int
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Return the function that takes a song's own autocorrelation out of a correlation with it.

    A bass note of 50 Hz correlates with itself 20 ms earlier: that is no earlier arrival.
    Solves the normal equations of the least-squares response, with a ridge against noise.
    """
    n_fft = next_fast_len(y.size + 2 * max_lag, real=True)
    power = np.abs(rfft(y, n_fft)) ** 2
    auto = irfft(power, n_fft)[: 2 * max_lag + 1].astype(np.float64)
    auto /= max(float(auto[0]), 1e-9)
    auto[0] += _RIDGE

    def unsmear(correlation: NDArray[np.float32]) -> NDArray[np.float64]:
        response: NDArray[np.float64] = solve_toeplitz(auto, correlation.astype(np.float64))
        return response

    return unsmear


_RIDGE = 0.1  # 10 dB: bins of the song weaker than that are not blown up
_TAP_Z = 4.0
_TAP_SHARE = 0.08


def _gain_nats(
    x: NDArray[np.float32], heard: NDArray[np.float32], parameters: TraceParameters
) -> NDArray[np.float64]:
    """Return the log likelihood ratio of each gain against absence, (n_frames, 1 + n_gains)."""
    frame_length = round(parameters.frame_s * RATE_HZ)
    n_frames = x.size // frame_length
    heard = heard / max(float(np.sqrt(np.mean(heard**2))), 1e-9)
    energy = _frame_sums(heard * heard, n_frames, frame_length)
    product = _frame_sums(x * heard, n_frames, frame_length)
    excess = _tonal_excess(x, heard, energy, parameters)
    gains = np.array([0.0, *parameters.gains])
    nats = gains * product[:, np.newaxis] - gains**2 * energy[:, np.newaxis] / 2
    return nats / excess[:, np.newaxis]


def _tonal_excess(
    x: NDArray[np.float32],
    heard: NDArray[np.float32],
    energy: NDArray[np.float64],
    parameters: TraceParameters,
) -> NDArray[np.float64]:
    """Return by how much chance products exceed those of noise, (n_frames,), at least 1.

    Tones correlate with tones: the excess is read off at lags at which the song is not heard.
    The median over such lags, since a loop may repeat itself at one of them.
    """
    frame_length = round(parameters.frame_s * RATE_HZ)
    width = round(_EXCESS_S / parameters.frame_s)
    least = 0.05 * max(float(energy.mean()), 1e-9)
    ratios = []
    for shift_s in _DECOY_SHIFTS_S:
        decoy = np.roll(heard, round(shift_s * RATE_HZ))
        # half-second sums: a tone's products add up where those of noise cancel
        product = _frame_sums(x * decoy, energy.size, frame_length)
        power = _frame_sums(decoy * decoy, energy.size, frame_length)
        coherent = uniform_filter1d(product, _COHERENT_FRAMES) ** 2 * _COHERENT_FRAMES
        ratios.append(
            uniform_filter1d(coherent, width) / np.maximum(uniform_filter1d(power, width), least)
        )
    return np.maximum(np.median(ratios, axis=0), 1.0)


_DECOY_SHIFTS_S = (-1.31, -0.83, -0.57, -0.29, 0.23, 0.47, 0.71, 1.13)
_EXCESS_S = 3.0
_COHERENT_FRAMES = 25


def _frame_sums(y: NDArray[np.float32], n_frames: int, frame_length: int) -> NDArray[np.float64]:
    sums: NDArray[np.float64] = (
        y[: n_frames * frame_length].reshape(n_frames, frame_length).sum(axis=1, dtype=np.float64)
    )
    return sums


def _best_path(nats: NDArray[np.float64], parameters: TraceParameters) -> NDArray[np.int64]:
    """Return the state of each frame on the path of highest score (Viterbi); 0 is absent."""
    n_frames, n_states = nats.shape
    if n_frames == 0:
        return np.zeros(0, np.int64)
    rungs = np.arange(n_states)
    cost = parameters.step_cost * np.abs(rungs[:, np.newaxis] - rungs)
    cost[0, 1:] = cost[1:, 0] = parameters.entry_cost
    weight = np.exp(-cost)
    total = weight.sum(axis=1)
    # rows must be distributions; what that takes from a state is given back with its frames
    scores = nats + np.log(total)
    scores[-1, 1:] -= parameters.entry_cost
    scores -= scores.max(axis=1, keepdims=True)
    path: NDArray[np.int64] = librosa.sequence.viterbi(
        np.exp(scores).T, weight / total[:, np.newaxis], p_init=weight[0] / total[0]
    ).astype(np.int64)
    return path


def _stretches(
    path: NDArray[np.int64], nats: NDArray[np.float64], *, start: int, parameters: TraceParameters
) -> tuple[Stretch, ...]:
    """Turn a path into stretches, joining those that a dropout parts."""
    frame_length = round(parameters.frame_s * RATE_HZ)
    is_heard = np.concatenate([[False], path > 0, [False]])
    edges = np.flatnonzero(np.diff(is_heard.astype(np.int8)))
    gained = nats[np.arange(path.size), path] if path.size else np.zeros(0)
    out: list[Stretch] = []
    for first, last in _without_faint_edges(edges, gained, parameters):
        steps = np.abs(np.diff(path[first:last])).sum() * parameters.step_cost
        evidence = float(gained[first:last].sum() - steps - 2 * parameters.entry_cost)
        one = Stretch(
            start + int(first) * frame_length,
            start + int(last) * frame_length,
            evidence,
            _edge_error_s(gained[first:last], parameters),
            _edge_error_s(gained[first:last][::-1], parameters),
        )
        gap_s = (one.start - out[-1].stop) / RATE_HZ if out else np.inf
        if gap_s < parameters.max_dropout_s and min(evidence, out[-1].evidence) > 0:
            before = out.pop()
            one = Stretch(
                before.start,
                one.stop,
                before.evidence + evidence,
                before.start_error_s,
                one.end_error_s,
            )
        out.append(one)
    return tuple(out)


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


_FAINT_SHARE = 0.05
_FAINT_NATS_PER_S = 4.0


def _edge_error_s(gained: NDArray[np.float64], parameters: TraceParameters) -> float:
    """Return how long the song must be heard at an edge before the edge is beyond doubt."""
    total = np.cumsum(gained)
    beyond = int(np.searchsorted(np.maximum.accumulate(total), _EDGE_NATS)) if total.size else 0
    return (beyond + 1) * parameters.frame_s / 2


_EDGE_NATS = 3.0  # odds of 20 to 1


def _stands(
    stretches: tuple[Stretch, ...], *, n_cells: float, share: float, parameters: TraceParameters
) -> bool:
    """Tell whether the best of the stretches has its share of what chance cannot give."""
    needed = share * (float(np.log(n_cells)) + parameters.min_evidence)
    return any(s.evidence >= needed and _is_claimable(s, parameters) for s in stretches)


def _is_claimable(stretch: Stretch, parameters: TraceParameters) -> bool:
    length = stretch.stop - stretch.start
    return (
        stretch.evidence >= parameters.min_companion_evidence
        and length >= parameters.min_duration_s * RATE_HZ
    )

"""Exact speed and offset of a line, from the lags of short blocks along it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ostinato.cues.lines import Line
from ostinato.cues.parameters import TraceParameters
from ostinato.cues.track import Reference, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import lag_spectra


def fit_line(
    film: Track, reference: Reference, line: Line, *, parameters: TraceParameters
) -> tuple[float, int]:
    """Speed and offset of a line.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    line : Line
        Where to look.
    parameters : TraceParameters
        Block, lags, and how far a speed may be off the listed one.

    Returns
    -------
    speed : float
        The listed one unless the lags contradict it.
    offset : int
        Film sample of the song's first sample, by its strongest arrival.
    """
    offset = round(line.offset)
    block, hop = (
        round(parameters.lag_block_s * RATE_HZ),
        round(parameters.lag_block_s * RATE_HZ / 2),
    )
    max_lag = round(parameters.max_lag_s * RATE_HZ)
    end = offset + reference.length_at(line.speed)
    start, stop = max(0, offset, line.start), min(end, film.n_samples, line.stop)
    if stop - start < block:
        return line.speed, offset
    song = reference.part(line.speed, start - offset, stop - offset)
    heard = likeliest(film.views, song)
    power = np.zeros((1, 1), np.float32)
    for x, y, weight in zip(film.read(start, stop), heard, line.view_weights, strict=True):
        lags = lag_spectra(
            x,
            y,
            block_length=block,
            hop_length=hop,
            max_lag=max_lag,
        )
        power = power + np.float32(weight) * lags**2
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
    rows = np.arange(power.shape[0])
    extent = float(np.ptp(position)) + 1
    step = min(max_slope, 1.0 / extent)
    n_slopes = int(max_slope / step)
    reach = 1 + int(n_slopes * step * float(np.abs(position).max()))
    beside = np.pad(power, ((0, 0), (reach, reach)), constant_values=1.0)
    shifted = sliding_window_view(beside, n_lags, axis=1)
    best = (-np.inf, 0.0, 0.0)
    for k in sorted(range(-n_slopes, n_slopes + 1), key=abs):
        shift = np.rint(k * step * position).astype(np.int64)
        total = shifted[rows, reach + shift].sum(axis=0)
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

"""How the song's gain and delay wander: a grid of bands and frames on which one gain holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import Spectrum

GROUP_LENGTH = 4
"""Frames of a group: windows of neighbouring groups then hardly overlap."""
_LOWEST_HZ = 100.0
_N_BANDS = 24  # thirds of an octave up to 20 kHz
_LEAST_BINS = 6  # fewer are too few readings for a gain
_LEAST_NATS = 4.0  # more than this must be gained before a gain may wander
_LEAST_GAIN, _MOST_GAIN = 0.01, 30.0  # where the song pauses, a ratio of noises must not run away
_VARIANCES = {1: 0.96, 2: 0.53}
"""Of a reading, if each frame or every second one is read: half the noise is in phase, and Hann
windows overlap by three quarters or by half."""
_LEAST_PRECISION = 1e-9
_BAND_VARIANCE = 0.1  # bands follow the whole to some decibels, until read otherwise
_DELAY_VARIANCE = 1.0  # samples squared: what alignment leaves is far less
_LEAST_DELAY = 1e-3  # samples: 50 dB below the song at 20 kHz
_N_LINE_FITS = 5
_OUTLYING = 4.0  # variances


@dataclass(frozen=True, slots=True, eq=False)
class Fader:
    """How far the film has a song up in the course of an occurrence, shape (n_points,) each.

    Parameters
    ----------
    times_s : ndarray
        Film times.
    gain_db, error_db : ndarray
        The gain re its mean within about twenty seconds, and its standard error.
    """

    times_s: NDArray[np.float64]
    gain_db: NDArray[np.float64]
    error_db: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The grid of gains over a short-time spectrum; made by `bands`.

    Parameters
    ----------
    n_fft : int
        Window of the spectrum, in samples.
    omega : ndarray of float32, shape (n_bins, 1)
        Frequency of each bin, in radians a sample.
    first_bins : ndarray of int64, shape (n_bands,)
        Where each band starts.
    first_frames : ndarray of int64, shape (n_groups,)
        Where each group of frames starts.
    over_bins : ndarray of float32, shape (n_bins, n_bands)
        Interpolates between the middles of bands.
    over_frames : ndarray of float32, shape (n_groups, n_frames)
        Interpolates between the middles of groups.
    """

    n_fft: int
    omega: NDArray[np.float32]
    first_bins: NDArray[np.int64]
    first_frames: NDArray[np.int64]
    over_bins: NDArray[np.float32]
    over_frames: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Bands and groups."""
        return self.first_bins.size, self.first_frames.size

    def in_frames(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Spread values of groups, the last axis, over frames."""
        frames: NDArray[np.float32] = values.astype(np.float32) @ self.over_frames
        return frames


def bands(*, n_bins: int, n_frames: int, n_fft: int, rate_hz: int) -> Bands:
    """Lay the grid over a short-time spectrum.

    Parameters
    ----------
    n_bins, n_frames : int
        Of the spectrum, from its lowest bin on.
    n_fft, rate_hz : int
        Its window in samples, and the rate of the signal.

    Returns
    -------
    Bands
        Thirds of an octave, wider at the bottom, and groups of `GROUP_LENGTH` frames.
    """
    edges_hz = _LOWEST_HZ * 2 ** (np.arange(_N_BANDS) / 3)
    kept = [0]
    for edge in np.round(edges_hz * n_fft / rate_hz).astype(int):
        if kept[-1] + _LEAST_BINS <= edge <= n_bins - _LEAST_BINS:
            kept.append(int(edge))
    first_bins = np.array(kept)
    last_bins = np.append(first_bins[1:], n_bins) - 1
    first_frames = np.arange(0, n_frames, GROUP_LENGTH)
    last_frames = np.minimum(first_frames + GROUP_LENGTH, n_frames) - 1
    return Bands(
        n_fft,
        (np.arange(n_bins) * (2 * np.pi / n_fft)).astype(np.float32)[:, np.newaxis],
        first_bins,
        first_frames,
        _interpolation((first_bins + last_bins) / 2, n_bins),
        np.ascontiguousarray(_interpolation((first_frames + last_frames) / 2, n_frames).T),
    )


def _interpolation(centres: NDArray[np.float64], n_points: int) -> NDArray[np.float32]:
    """Return the matrix that interpolates values at centres, shape (n_points, n_centres)."""
    points = np.arange(n_points)
    columns = [np.interp(points, centres, unit) for unit in np.eye(centres.size)]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Walk:
    """A tracked quantity and its variance, shape (n_series, n_steps) each."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def track(
    reading: NDArray[np.float64],
    variance: NDArray[np.float64],
    *,
    start: tuple[float, ...],
    start_variance: tuple[float, ...],
    step_variances: tuple[float, ...],
) -> Walk:
    """Smooth readings of quantities that walk at random, each at the rate that suits it best.

    Parameters
    ----------
    reading, variance : ndarray, shape (n_series, n_steps)
        Each reading and its variance, > 0; infinite where nothing was read.
    start, start_variance : tuple of float
        What is known before the first reading: of all series, or of each.
    step_variances : tuple of float
        Rates to choose from, the least first.

    Returns
    -------
    Walk
        The smoothed means and their variances.

    References
    ----------
    .. [1] H. Rauch et al., "Maximum likelihood estimates of linear dynamic
       systems", AIAA Journal 3(8), 1965.
    """
    rates = np.asarray(step_variances)
    n_series, n_steps = reading.shape
    shape = (rates.size, n_series)
    mean, spread = (np.broadcast_to(one, shape) for one in (start, start_variance))
    means, spreads, relatives, surprises = (np.empty((n_steps, *shape)) for _ in range(4))
    readings, precisions = (np.ascontiguousarray(one.T) for one in (reading, 1 / variance))
    column = rates[:, np.newaxis]
    for k in range(n_steps):
        spread = spread + column
        surprise = np.subtract(readings[k], mean, out=surprises[k])
        # written with the precision, so that an infinite variance is no reading
        trust = spread * precisions[k]
        relative = np.add(trust, 1, out=relatives[k])
        trust /= relative
        trust *= surprise
        mean = np.add(mean, trust, out=means[k])
        spread = np.divide(spread, relative, out=spreads[k])
    surprises *= surprises
    surprises *= precisions[:, np.newaxis]
    surprises /= relatives
    nats = -0.5 * (np.log(relatives) + surprises).sum(axis=0)
    nats[1:] -= _LEAST_NATS
    best = np.argmax(nats, axis=0)
    series = np.arange(n_series)
    return _smoothed(means[:, best, series], spreads[:, best, series], rates[best])


def _smoothed(
    means: NDArray[np.float64], spreads: NDArray[np.float64], rate: NDArray[np.float64]
) -> Walk:
    shares = spreads / np.maximum(spreads + rate, 1e-300)
    for k in range(means.shape[0] - 2, -1, -1):
        share = shares[k]
        means[k] += share * (means[k + 1] - means[k])
        spreads[k] += share**2 * (spreads[k + 1] - spreads[k] - rate)
    return Walk(means.T, spreads.T)


@dataclass(frozen=True, slots=True, eq=False)
class Wander:
    """Gain and delay in the course of a chunk.

    Parameters
    ----------
    gain : ndarray, shape (n_bands, n_groups)
        Factor on the song, about 1.
    delay : ndarray, shape (n_groups,)
        Samples by which the film comes late.
    waver : float
        Samples, root mean square, by which the delay leaves a line.
    overall, overall_variance : ndarray, shape (n_groups,)
        The gain of all bands together, and its variance.
    """

    gain: NDArray[np.float64]
    delay: NDArray[np.float64]
    waver: float
    overall: NDArray[np.float64]
    overall_variance: NDArray[np.float64]


def steady(grid: Bands) -> Wander:
    """Return a gain of 1 and no delay throughout."""
    n_groups = grid.shape[1]
    ones, zeros = np.ones(n_groups), np.zeros(n_groups)
    return Wander(np.ones(grid.shape), zeros, 0.0, ones, zeros)


@dataclass(frozen=True, slots=True, eq=False)
class Playing:
    """A song with gain and delay applied, some bins at a time; made by `wandered`.

    Parameters
    ----------
    song : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        As recorded.
    omega : ndarray of float32, shape (n_bins, 1)
        Frequency of each bin, in radians a sample.
    over_bins : ndarray of float32, shape (n_bins, n_bands)
        Interpolates between bands.
    gain : ndarray of float32, shape (n_bands, n_frames)
        Of each band.
    delay : ndarray of float32, shape (n_frames,)
        In samples; empty where there is none to speak of.
    """

    song: Spectrum
    omega: NDArray[np.float32]
    over_bins: NDArray[np.float32]
    gain: NDArray[np.float32]
    delay: NDArray[np.float32]

    def bins(self, rows: slice, *, every: int = 1) -> Spectrum:
        """Return some bins of it, of so many frames one, shape (n_rows, n_channels, n_frames)."""
        frames = slice(None, None, every)
        factor: NDArray[np.float32] = self.over_bins[rows] @ self.gain[:, frames]
        song = self.song[rows, :, frames]
        if not self.delay.size:
            return song * factor[:, np.newaxis]
        phase = self.omega[rows] * -self.delay[frames]
        turn = np.empty(factor.shape, np.complex64)
        np.multiply(factor, np.cos(phase), out=turn.real)
        np.multiply(factor, np.sin(phase), out=turn.imag)
        return song * turn[:, np.newaxis]


def wandered(song: Spectrum, wander: Wander, grid: Bands) -> Playing:
    """Return the song with gain and delay applied."""
    delay = grid.in_frames(wander.delay)
    if float(np.abs(delay).max(initial=0.0)) < _LEAST_DELAY:
        delay = delay[:0]
    return Playing(song, grid.omega, grid.over_bins, grid.in_frames(wander.gain), delay)


class Readings:
    """What the film says of gain and delay, summed over bands and groups of frames.

    Parameters
    ----------
    grid : Bands
        Of bands and groups.
    n_bins : int
        Of the spectra.
    every : int
        Of so many frames one is read: 1 or 2.
    """

    def __init__(self, grid: Bands, n_bins: int, *, every: int) -> None:
        self._grid = grid
        self._length = GROUP_LENGTH // every
        self.variance = _VARIANCES[every]
        self._grouped = np.zeros((4, n_bins, grid.shape[1]), np.float32)

    def read(
        self,
        rows: slice,
        weight: NDArray[np.float32],
        power: NDArray[np.float32],
        product: NDArray[np.complex64],
    ) -> None:
        """Read some bins.

        Parameters
        ----------
        rows : slice
            Which bins.
        weight : ndarray of float32, shape (n_rows, n_read)
            One over the power of what is not song.
        power : ndarray of float32, shape (n_rows, n_read)
            Of the song as predicted.
        product : ndarray of complex64, shape (n_rows, n_read)
            Of the film and the conjugate of it.
        """
        omega, length = self._grid.omega[rows], self._length
        for index, one in enumerate((power, product.real, product.imag)):
            cells = weight * one
            total = self._grouped[index, rows]
            total[:] = cells[:, ::length]
            for later in range(1, length):
                some = cells[:, later::length]
                total[:, : some.shape[1]] += some
        self._grouped[3, rows] = self._grouped[0, rows] * omega**2
        self._grouped[2, rows] *= omega

    def sums(self) -> tuple[NDArray[np.float64], ...]:
        """Return sums of power, in-phase product, slope and steepness, (n_bands, n_groups) each."""
        grid = self._grid
        return tuple(
            np.add.reduceat(one, grid.first_bins, axis=0).astype(np.float64)
            for one in self._grouped
        )


def follow(readings: Readings, *, before: Wander, step_variances: tuple[float, ...]) -> Wander:
    """Read gain and delay off the film, given what was predicted with those from before.

    Parameters
    ----------
    readings : Readings
        Of all bins.
    before : Wander
        Applied in what was predicted.
    step_variances : tuple of float
        How fast they may wander.

    Returns
    -------
    Wander
        Smoothed over time.
    """
    information, in_phase, slope, steepness = readings.sums()
    old = np.maximum(before.gain, _LEAST_GAIN)
    information = np.maximum(information, _LEAST_PRECISION)
    reading = old * in_phase / information
    precision = information / (readings.variance * old**2)
    shape = np.maximum(before.gain / before.overall, _LEAST_GAIN)
    read, variance = _together(reading / shape, precision * shape**2)
    steepness = np.maximum(steepness.sum(axis=0), _LEAST_PRECISION)
    delay = before.delay - slope.sum(axis=0) / steepness
    line = _line(delay, steepness / readings.variance)
    both = track(
        np.stack([read, delay - line]),
        np.stack([variance, readings.variance / steepness]),
        start=(1.0, 0.0),
        start_variance=(1.0, _DELAY_VARIANCE),
        step_variances=step_variances,
    )
    overall = np.clip(both.mean[0], _LEAST_GAIN, _MOST_GAIN)
    ratio = track(
        reading / overall,
        1 / (precision * overall**2),
        start=(1.0,),
        start_variance=(_BAND_VARIANCE,),
        step_variances=step_variances,
    ).mean
    waver = both.mean[1]
    return Wander(
        gain=np.clip(overall * ratio, 0, _MOST_GAIN),
        delay=line + waver,
        waver=float(np.sqrt(np.mean(waver**2))),
        overall=overall,
        overall_variance=both.variance[0],
    )


def _together(
    reading: NDArray[np.float64], precision: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the bands read together and its variance, which is more where they disagree."""
    total = precision.sum(axis=0)
    mean = (precision * reading).sum(axis=0) / total
    scatter = (precision * (reading - mean) ** 2).sum(axis=0) / max(1, reading.shape[0] - 1)
    return mean, np.maximum(scatter, 1.0) / total


def _line(reading: NDArray[np.float64], precision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a line through readings, at each of them; what lies far off weighs little."""
    time = np.linspace(-1, 1, reading.size)
    design = np.stack([np.ones_like(time), time], axis=1)
    weight, line = precision, np.zeros_like(reading)
    for _ in range(_N_LINE_FITS):
        weighted = design * weight[:, np.newaxis]
        normal = weighted.T @ design + _LEAST_PRECISION * np.eye(2)
        line = design @ np.linalg.solve(normal, weighted.T @ reading)
        weight = precision / (1 + (reading - line) ** 2 * precision / _OUTLYING)
    return line

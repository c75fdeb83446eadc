"""How the song's gain and delay wander in the course of a chunk."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import Spectrum
from ostinato.separation.bands import GROUP_LENGTH, Bands
from ostinato.separation.tracking import track

_LEAST_GAIN, _MOST_GAIN = 0.01, 30.0  # where the song pauses, a ratio of noises must not run away
_VARIANCES = {1: 0.96, 2: 0.53}
"""Of a reading, if each frame or every second one is read: half the noise is in phase, and Hann
windows overlap by three quarters or by half."""
_LEAST_PRECISION = 1e-9
_BAND_VARIANCE = 0.1  # bands follow the whole to some decibels, until read otherwise
_DELAY_VARIANCE = 1.0  # samples squared: what alignment leaves is far less
_LEAST_DELAY = 1e-3  # samples: 50 dB below the song at 20 kHz


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
    over_bins : ndarray of float32, shape (n_bins, n_bands)
        Interpolates between bands.
    gain : ndarray of float32, shape (n_bands, n_frames)
        Of each band.
    delay : ndarray of float32, shape (n_frames,)
        In samples; empty where there is none to speak of.
    """

    song: Spectrum
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
        phase = _radians(self.song.shape[0])[rows] * -self.delay[frames]
        turn = np.empty(factor.shape, np.complex64)
        np.multiply(factor, np.cos(phase), out=turn.real)
        np.multiply(factor, np.sin(phase), out=turn.imag)
        return song * turn[:, np.newaxis]


def wandered(song: Spectrum, wander: Wander, grid: Bands) -> Playing:
    """Return the song with gain and delay applied."""
    delay = grid.in_frames(wander.delay)
    if float(np.abs(delay).max(initial=0.0)) < _LEAST_DELAY:
        delay = delay[:0]
    return Playing(song, grid.over_bins, grid.in_frames(wander.gain), delay)


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
        self._omega = _radians(n_bins)
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
        omega, length = self._omega[rows], self._length
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


def _radians(n_bins: int) -> NDArray[np.float32]:
    return np.linspace(0, np.pi, n_bins, dtype=np.float32)[:, np.newaxis]


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


_N_LINE_FITS = 5
_OUTLYING = 4.0  # variances

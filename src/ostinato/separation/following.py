"""How the song's gain and delay wander in the course of a chunk."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.separation.bands import Bands
from ostinato.separation.spectrum import Spectrum, squared
from ostinato.separation.tracking import track

_LEAST_GAIN, _MOST_GAIN = 0.01, 30.0  # where the song pauses, a ratio of noises must not run away
_VARIANCE = 0.96  # of a reading: half the noise is in phase, Hann windows overlap by three quarters
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


def wandered(song: Spectrum, wander: Wander, grid: Bands) -> Spectrum:
    """Return the song with gain and delay applied, shape as `song`."""
    factor = grid.in_cells(wander.gain)
    delay = grid.in_frames(wander.delay)
    if float(np.abs(delay).max(initial=0.0)) < _LEAST_DELAY:
        return np.asarray(song * factor[:, np.newaxis], np.complex64)
    turn = np.exp(-1j * _radians(song.shape[0]) * delay).astype(np.complex64)
    return np.asarray(song * (factor * turn)[:, np.newaxis], np.complex64)


def follow(
    film: Spectrum,
    predicted: Spectrum,
    weight: NDArray[np.float32],
    *,
    before: Wander,
    grid: Bands,
    step_variances: tuple[float, ...],
) -> Wander:
    """Read gain and delay off the film, given what was predicted with those from before.

    Parameters
    ----------
    film, predicted : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        The film, and the song in it.
    weight : ndarray of float32, shape (n_bins, n_frames)
        One over the power of what is not song.
    before : Wander
        Applied in `predicted`.
    grid : Bands
        Of bands and groups.
    step_variances : tuple of float
        How fast they may wander.

    Returns
    -------
    Wander
        Smoothed over time.
    """
    product = np.sum(film * predicted.conj(), axis=1)
    power = squared(predicted).sum(axis=1)
    old = np.maximum(before.gain, _LEAST_GAIN)
    information = np.maximum(grid.sums(weight * power), _LEAST_PRECISION)
    reading = old * grid.sums(weight * product.real) / information
    precision = information / (_VARIANCE * old**2)
    shape = np.maximum(before.gain / before.overall, _LEAST_GAIN)
    read, variance = _together(reading / shape, precision * shape**2)
    walk = track(
        read[np.newaxis],
        variance[np.newaxis],
        start=1.0,
        start_variance=1.0,
        step_variances=step_variances,
    )
    overall = np.clip(walk.mean[0], _LEAST_GAIN, _MOST_GAIN)
    ratio = track(
        reading / overall,
        1 / (precision * overall**2),
        start=1.0,
        start_variance=_BAND_VARIANCE,
        step_variances=step_variances,
    ).mean
    omega = _radians(product.shape[0])
    slope = -grid.sums(weight * product.imag * omega).sum(axis=0)
    steepness = grid.sums(weight * power * omega**2).sum(axis=0)
    line, waver = _delay(slope, steepness, before.delay, step_variances)
    return Wander(
        gain=np.clip(overall * ratio, 0, _MOST_GAIN),
        delay=line + waver,
        waver=float(np.sqrt(np.mean(waver**2))),
        overall=overall,
        overall_variance=walk.variance[0],
    )


def _together(
    reading: NDArray[np.float64], precision: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the bands read together and its variance, which is more where they disagree."""
    total = precision.sum(axis=0)
    mean = (precision * reading).sum(axis=0) / total
    scatter = (precision * (reading - mean) ** 2).sum(axis=0) / max(1, reading.shape[0] - 1)
    return mean, np.maximum(scatter, 1.0) / total


def _delay(
    slope: NDArray[np.float64],
    steepness: NDArray[np.float64],
    before: NDArray[np.float64],
    step_variances: tuple[float, ...],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the delay by the slope of the phase over frequency: a line in time, and the rest."""
    precision = np.maximum(steepness, _LEAST_PRECISION) / _VARIANCE
    reading = before + slope / (precision * _VARIANCE)
    line = _line(reading, precision)
    walk = track(
        (reading - line)[np.newaxis],
        1 / precision[np.newaxis],
        start=0.0,
        start_variance=_DELAY_VARIANCE,
        step_variances=step_variances,
    )
    return line, walk.mean[0]


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

"""Tiles of time and log frequency: how far each stands out of its surroundings.

A tile is 64 ms by a quarter of a tone. What stands out are partials and attacks, which survive a
change of tempo or pitch that leaves no waveform to correlate.
"""

import functools

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

from ostinato.cues.views import RATE_HZ

FRAME_LENGTH = 1024
HOP_LENGTH = 512
BINS_PER_OCTAVE = 24
LOWEST_HZ = 150.0
HIGHEST_HZ = 3600.0
N_BINS = int(np.log2(HIGHEST_HZ / LOWEST_HZ) * BINS_PER_OCTAVE)
_AROUND_FRAMES = 16  # on either side, what a tile stands out of: a second
CONTEXT_FRAMES = 3 * _AROUND_FRAMES
"""On either side of a frame, of what its contrast depends on."""


def band_powers(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power of a signal in bands of log frequency, frame by frame.

    Parameters
    ----------
    y : ndarray of float32, shape (n_views, n_samples)
        At `RATE_HZ`.

    Returns
    -------
    ndarray of float32, shape (n_frames, n_views, N_BINS)
        Only whole frames; frame k begins at sample ``k * HOP_LENGTH``.
    """
    return in_bands(powers(y))


def powers(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power of a signal at each frequency, frame by frame.

    Parameters
    ----------
    y : ndarray of float32, shape (n_views, n_samples)
        At `RATE_HZ`.

    Returns
    -------
    ndarray of float32, shape (n_frames, n_views, n_fft_bins)
        Only whole frames.
    """
    n_frames = max(0, 1 + (y.shape[1] - FRAME_LENGTH) // HOP_LENGTH)
    out = np.zeros((n_frames, y.shape[0], FRAME_LENGTH // 2 + 1), np.float32)
    if n_frames == 0:
        return out
    frames = np.lib.stride_tricks.sliding_window_view(y, FRAME_LENGTH, axis=1)[:, ::HOP_LENGTH]
    window = np.hanning(FRAME_LENGTH).astype(np.float32)
    for first in range(0, n_frames, _FRAMES_AT_ONCE):
        some = slice(first, first + _FRAMES_AT_ONCE)
        spectra = scipy.fft.rfft(frames[:, some] * window, axis=2).transpose(1, 0, 2)
        np.square(spectra.real, out=out[some])
        out[some] += np.square(spectra.imag)
    return out


_FRAMES_AT_ONCE = 128


def in_bands(power: NDArray[np.float32], *, pitch: float = 1.0) -> NDArray[np.float32]:
    """Sum the power of a signal up in bands of log frequency.

    Parameters
    ----------
    power : ndarray of float32, shape (n_frames, n_views, n_fft_bins)
        From `powers`.
    pitch : float, optional
        Ratio by which the signal's pitch is to be higher, its tempo kept.

    Returns
    -------
    ndarray of float32, shape (n_frames, n_views, N_BINS)
        Zero where a higher pitch would ask for more than there is.
    """
    # one product of matrices, not one for each frame
    bands = power.reshape(-1, power.shape[2]) @ _filters(pitch).T
    return np.asarray(bands.reshape(*power.shape[:2], N_BINS), np.float32)


@functools.lru_cache(maxsize=64)
def _filters(pitch: float) -> NDArray[np.float32]:
    """Return triangular filters, shape (N_BINS, n_fft_bins), none narrower than a bin."""
    frequency_hz = scipy.fft.rfftfreq(FRAME_LENGTH, 1 / RATE_HZ)
    centre_hz = LOWEST_HZ * 2 ** (np.arange(N_BINS)[:, np.newaxis] / BINS_PER_OCTAVE) / pitch
    width_hz = np.maximum(centre_hz * (2 ** (1 / BINS_PER_OCTAVE) - 1), RATE_HZ / FRAME_LENGTH)
    weight = np.maximum(0, 1 - np.abs(frequency_hz - centre_hz) / width_hz)
    total = weight.sum(axis=1, keepdims=True)
    # a band that lies half above half of the rate holds half of its power
    filters: NDArray[np.float32] = (weight / np.maximum(total, _LEAST_WEIGHT)).astype(np.float32)
    return filters


_LEAST_WEIGHT = 0.5


def contrasts(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each tile stands out of the tiles around it.

    Parameters
    ----------
    power : ndarray of float32, shape (n_frames, n_views, n_bins)
        From `band_powers`; the first view is the loudest.

    Returns
    -------
    ndarray of float32, shape (n_frames, n_views * n_bins)
        In nepers of power, 0 on average over a second. Apart from the ends by `CONTEXT_FRAMES`, a
        part gives what the whole gives.
    """
    around = (2 * _AROUND_FRAMES + 1, 1, BINS_PER_OCTAVE + 1)
    # a view that the others drown holds a codec's noise
    floor = _FLOOR * uniform_filter(power[:, :1], around, mode="nearest") + _SILENCE_POWER
    log_power = np.log(power + floor)
    log_power -= uniform_filter(log_power, around, mode="nearest")
    standing_out = np.clip(log_power, 0.0, _HIGHEST)
    standing_out -= uniform_filter1d(standing_out, around[0], axis=0, mode="nearest")
    return standing_out.reshape(power.shape[0], -1)


_FLOOR = np.float32(1e-3)  # -30 dB
_SILENCE_POWER = np.float32(1e-8)  # -130 dB re a full-scale tone
_HIGHEST = 3.0

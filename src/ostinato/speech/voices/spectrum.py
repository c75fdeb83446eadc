"""The log-mel spectrum that the network was trained on: that of Kaldi, by numpy [1]_.

References
----------
.. [1] D. Povey et al., "The Kaldi speech recognition toolkit", ASRU 2011: ``compute-fbank-feats``
   with 80 bands from 20 Hz, without dither, as 3D-Speaker calls it.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

FRAME_LENGTH = 400
HOP_LENGTH = 160
_SAMPLE_RATE_HZ = 16_000
_N_FFT = 512
_N_BANDS = 80
_LOW_HZ = 20.0
_PREEMPHASIS = 0.97
_FLOOR = np.finfo(np.float32).eps


def log_mel(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mel spectrum of a stretch of sound, each band's mean taken off.

    `y` (n_samples,): 16 kHz, full scale ±1; at least one frame of 25 ms. Returns (n_frames, 80).
    """
    frames = np.lib.stride_tricks.sliding_window_view(y, FRAME_LENGTH)[::HOP_LENGTH]
    frames = frames - frames.mean(axis=1, keepdims=True)
    # the first sample stands for the one before it
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = rfft((frames - np.float32(_PREEMPHASIS) * before) * _window(), _N_FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bands = np.log(np.maximum(power @ _mel_bands(), _FLOOR))
    centred: NDArray[np.float32] = bands - bands.mean(axis=0)
    return centred


@cache
def _window() -> NDArray[np.float32]:
    # Povey's: a Hann window to the power .85, that does not quite reach zero
    return (np.hanning(FRAME_LENGTH) ** 0.85).astype(np.float32)


@cache
def _mel_bands() -> NDArray[np.float32]:
    """Triangles on the mel scale, shape (n_bins, n_bands); librosa's are triangles in Hz."""
    high_hz = _SAMPLE_RATE_HZ / 2
    edges = np.linspace(_mel(_LOW_HZ), _mel(high_hz), _N_BANDS + 2)
    bins = _mel(np.arange(_N_FFT // 2 + 1) * _SAMPLE_RATE_HZ / _N_FFT)[:, np.newaxis]
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    up, down = (bins - low) / (centre - low), (high - bins) / (high - centre)
    bands: NDArray[np.float32] = np.maximum(0, np.minimum(up, down)).astype(np.float32)
    return bands


def _mel(frequency_hz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log1p(np.asarray(frequency_hz) / 700))

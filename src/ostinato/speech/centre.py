"""What both loudspeakers play alike: talk is mixed into the middle, and most music is not."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.spectra import mid_side

HOP_LENGTH = 320
"""A signal that is cut at multiples of it gives the same, but for 0.2 s at the cuts."""
_OVERLAP = 4
_N_FFT = _OVERLAP * HOP_LENGTH  # 80 ms at 16 kHz: partials of a voice stand apart
_SUM_OF_SQUARES = 1.5  # of Hann windows that overlap by three quarters
_AROUND = (9, 3)  # frames and bins over which powers are averaged: 0.18 s by 38 Hz
_REACH = 2 * (_AROUND[0] // 2)  # frames: means of means are taken
_FRAMES_AT_ONCE = 128  # what is in hand stays near the processor
_FLOOR = np.float32(0.1)  # of amplitude; what is turned off altogether rings
_SILENCE_POWER = np.float32(1e-10)

_Frames = NDArray[np.complex64]


def centred(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep of two channels what is in the middle between them.

    What the side explains of the middle is subtracted, as sound that is panned; then each part of
    the spectrum is turned down by how much of it the side still holds, as sound that is spread.

    `y` (2, n_samples): left and right, 16 kHz. Returns (n_samples,).

    References
    ----------
    .. [1] C. Avendano and J.-M. Jot, "A frequency-domain approach to multichannel upmix", Journal
       of the AES 52(7/8), 2004, on extracting the centre by similarity of short-time spectra.
    """
    n_samples, margin = y.shape[1], _N_FFT // 2
    n_frames = 1 + n_samples // HOP_LENGTH
    padded = np.pad(mid_side(y), ((0, 0), (margin, margin)))
    window = _window()
    kept = np.zeros((n_frames + _OVERLAP - 1) * HOP_LENGTH, np.float32)
    for first in range(0, n_frames, _FRAMES_AT_ONCE):
        stop = min(first + _FRAMES_AT_ONCE, n_frames)
        start, end = max(0, first - _REACH), min(n_frames, stop + _REACH)
        samples = padded[:, start * HOP_LENGTH : (end - 1) * HOP_LENGTH + _N_FFT]
        frames = np.lib.stride_tricks.sliding_window_view(samples, _N_FFT, axis=1)[:, ::HOP_LENGTH]
        mid, side = scipy.fft.rfft(frames * window, axis=2)
        middle = _middle(mid, side)[first - start : stop - start]
        parts = scipy.fft.irfft(middle, _N_FFT, axis=1, overwrite_x=True) * window
        for k in range(_OVERLAP):
            at = slice((first + k) * HOP_LENGTH, (stop + k) * HOP_LENGTH)
            kept[at] += parts[:, k * HOP_LENGTH : (k + 1) * HOP_LENGTH].ravel()
    kept /= _covered(n_frames)
    return np.pad(kept, (0, HOP_LENGTH))[margin : margin + n_samples]


def _middle(mid: _Frames, side: _Frames) -> _Frames:
    """Return what is in the middle, frame by frame; those at the ends lack what is around them."""
    side_power = moving_mean(_squared(side), _AROUND)
    shared = moving_mean(mid * side.conj(), _AROUND)
    shared /= side_power + _SILENCE_POWER
    shared *= side
    kept = mid - shared
    mid_power = np.maximum(moving_mean(_squared(kept), _AROUND), _SILENCE_POWER)
    kept *= np.sqrt(np.maximum(1 - side_power / mid_power, _FLOOR**2))
    return kept


def _squared(s: _Frames) -> NDArray[np.float32]:
    return np.asarray(np.square(s.real) + np.square(s.imag), np.float32)


def _window() -> NDArray[np.float32]:
    return np.hanning(_N_FFT + 1)[:-1].astype(np.float32)


def _covered(n_frames: int) -> NDArray[np.float32]:
    """Return what the squares of windows add up to, which is less at the ends."""
    quarters = np.square(_window()).reshape(_OVERLAP, HOP_LENGTH)
    covered = np.full((n_frames + _OVERLAP - 1, HOP_LENGTH), _SUM_OF_SQUARES, np.float32)
    for row in {*range(_OVERLAP - 1), *range(n_frames, n_frames + _OVERLAP - 1)}:
        last = min(_OVERLAP, row + 1)
        first = max(0, row + 1 - n_frames)
        covered[row] = np.maximum(quarters[first:last].sum(axis=0), _SILENCE_POWER)
    return covered.ravel()

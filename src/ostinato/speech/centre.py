"""What both loudspeakers play alike: talk is mixed into the middle, and most music is not."""

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from ostinato.dsp.middle import mid_side

HOP_LENGTH = 320
"""A signal that is cut at multiples of it gives the same, but for 0.2 s at the cuts."""
_N_FFT = 4 * HOP_LENGTH  # 80 ms at 16 kHz: partials of a voice stand apart
_AROUND = (3, 9)  # bins and frames over which powers are averaged: 38 Hz by 0.18 s
_FLOOR = 0.1  # of amplitude; what is turned off altogether rings
_SILENCE_POWER = 1e-10


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
    if y.shape[1] == 0:
        return np.zeros(0, np.float32)
    mid, side = librosa.stft(mid_side(y), n_fft=_N_FFT, hop_length=HOP_LENGTH, pad_mode="constant")
    side_power = _smooth(np.abs(side) ** 2)
    mid = mid - _smooth(mid * side.conj()) / (side_power + _SILENCE_POWER) * side
    mid_power = np.maximum(_smooth(np.abs(mid) ** 2), _SILENCE_POWER)
    gain = np.sqrt(np.maximum(1 - side_power / mid_power, _FLOOR**2))
    kept = librosa.istft(mid * gain, hop_length=HOP_LENGTH, length=y.shape[1])
    return np.asarray(kept, dtype=np.float32)


def _smooth(values: NDArray[np.inexact]) -> NDArray[np.inexact]:
    return uniform_filter(values, _AROUND, mode="nearest")

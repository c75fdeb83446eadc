"""Spleeter's two stems: a network that parts voices from all else, run with numpy alone.

It takes singing for a voice, as it was trained to: a song with words stays with the speech.
"""

from functools import cache

import numpy as np
import soxr
from blind import Parted
from numpy.typing import NDArray
from unet import unet
from weights import Weights, spleeter_weights

from ostinato.dsp.short_time import spectrum, squared, waveform

_RATE_HZ, _N_FFT = 44_100, 4096
_N_BINS, _N_FRAMES = 1024, 512  # of an image that the network sees


def spleeter2(y: NDArray[np.float32], *, rate_hz: int) -> Parted:
    """Take all but voices for music.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Mono or stereo.
    rate_hz : int
        Its rate.

    Returns
    -------
    Parted
        Singing goes with the speech; what lies above 11 kHz, with the music.

    Raises
    ------
    MediaError
        If the weights are not installed, or are not those that were looked at.

    References
    ----------
    .. [1] R. Hennequin et al., "Spleeter: a fast and efficient music source separation tool with
       pre-trained models", JOSS 5(50), 2020.
    .. [2] A. Jansson et al., "Singing voice separation with deep U-Net convolutional networks",
       ISMIR 2017.
    """
    networks = _networks()
    stereo = np.broadcast_to(y, (2, y.shape[1])).T
    heard = np.ascontiguousarray(soxr.resample(stereo, rate_hz, _RATE_HZ).T)
    x = spectrum(heard, n_fft=_N_FFT)
    magnitude = np.sqrt(squared(x[:_N_BINS])).transpose(1, 2, 0)
    share = np.zeros(x.shape, np.float32)
    for first in range(0, x.shape[2], _N_FRAMES):
        seen = magnitude[:, first : first + _N_FRAMES]
        padded = np.pad(seen, ((0, 0), (0, _N_FRAMES - seen.shape[1]), (0, 0)))
        voice, rest = (unet(padded, weights) ** 2 for weights in networks)
        is_voice = (voice + _HALF) / (voice + rest + 2 * _HALF)
        share[:_N_BINS, :, first : first + _N_FRAMES] = is_voice[:, : seen.shape[1]].transpose(
            2, 0, 1
        )
    found = waveform(np.asarray(x * share, np.complex64), n_fft=_N_FFT, n_samples=heard.shape[1])
    back = np.zeros((2, y.shape[1]), np.float32)
    resampled = soxr.resample(found.T, _RATE_HZ, rate_hz).T[:, : y.shape[1]]
    back[:, : resampled.shape[1]] = resampled
    rest_y = back if y.shape[0] > 1 else back.mean(axis=0, keepdims=True)
    return Parted(y - rest_y, rest_y)


_HALF = np.float32(0.5e-10)  # silence is shared


@cache
def _networks() -> tuple[Weights, Weights]:
    return spleeter_weights()

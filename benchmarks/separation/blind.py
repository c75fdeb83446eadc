"""Music of which no recording is at hand: what can be separated blindly, and how little that is.

Each separator parts a signal into what it takes for music and the rest. Nothing in the package uses
them: they are for a picture, or for a script that asks.
"""

from dataclasses import dataclass
from typing import Protocol

import librosa
import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import Spectrum, spectrum, squared, waveform

_N_FFT = 2048
_TINY = np.float32(1e-20)


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """What a separator made of a signal; the two add up to it.

    Parameters
    ----------
    music, rest : ndarray of float32, shape (n_channels, n_samples)
        What it takes for music, and all else.
    """

    music: NDArray[np.float32]
    rest: NDArray[np.float32]


class Separator(Protocol):
    """A way to part music from the rest without knowing the music."""

    def __call__(self, y: NDArray[np.float32], *, rate_hz: int) -> Parted | None:
        """Part a signal of shape (n_channels, n_samples); None if it is left as it is."""
        ...


def not_separated(y: NDArray[np.float32], *, rate_hz: int) -> None:
    """Leave a signal as it is, which None says.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Any signal.
    rate_hz : int
        Its rate.
    """


def harmonic_percussive(y: NDArray[np.float32], *, rate_hz: int) -> Parted:  # noqa: ARG001 - a Separator
    """Take steady tones for music, and what is neither steady nor sudden for the rest.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Some seconds or more.
    rate_hz : int
        Its rate.

    Returns
    -------
    Parted
        Vowels are steady too, and go with the music.

    References
    ----------
    .. [1] J. Driedger, M. Müller and S. Disch, "Extending harmonic-percussive separation of audio
       signals", ISMIR 2014.
    """
    x = spectrum(y, n_fft=_N_FFT)
    magnitude = np.sqrt(squared(x).sum(axis=1))
    harmonic, percussive = librosa.decompose.hpss(magnitude, mask=True, margin=1.0)
    return _parted(y, x, np.asarray(harmonic, np.float32), np.asarray(percussive, np.float32))


def repeating(y: NDArray[np.float32], *, rate_hz: int) -> Parted:
    """Take what comes again for music.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Half a minute or more.
    rate_hz : int
        Its rate.

    Returns
    -------
    Parted
        Music that does not repeat stays in the rest.

    References
    ----------
    .. [1] Z. Rafii and B. Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.
    """
    x = spectrum(y, n_fft=_N_FFT)
    magnitude = np.sqrt(squared(x).sum(axis=1))
    apart = max(1, round(_APART_S * rate_hz * 4 / _N_FFT))
    again = librosa.decompose.nn_filter(
        magnitude, aggregate=np.median, metric="cosine", width=min(apart, x.shape[2] // 3)
    )
    music = np.minimum(magnitude, np.asarray(again, np.float32))
    return _parted(y, x, music, magnitude - music)


_APART_S = 2.0  # nearer frames are one note


def _parted(
    y: NDArray[np.float32], x: Spectrum, music: NDArray[np.float32], rest: NDArray[np.float32]
) -> Parted:
    share = music**2 / (music**2 + rest**2 + _TINY)
    found = waveform(x * share[:, np.newaxis], n_fft=_N_FFT, n_samples=y.shape[1])
    return Parted(found, y - found)

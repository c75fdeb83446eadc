"""Whitening: every part of the spectrum weighs alike, so that a correlation peak is sharp.

Signals are one-dimensional, full scale ±1. A whitened signal has about unit variance where there
was any sound, and is zero where there was none.
"""

from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

from ostinato.errors import ParameterError

OVERLAP = 2
"""Analysis windows that cover each sample; the squared cosine windows then sum to a constant."""
_WINDOW = "cosine"
_SILENCE_POWER = 1e-12  # -120 dB re full scale: below the dither of any 16-bit transfer
_LEAST_SHARE = np.float32(1e-5)  # -50 dB: a mono film's side is a codec's noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Whitening:
    """How a power spectrum is smoothed before a signal is divided by its root.

    Parameters
    ----------
    window_length : int
        STFT window in samples, a multiple of `OVERLAP`.
    smooth_bins, smooth_frames : int
        Odd widths of the box over which power is averaged.
    floor_db : float or None
        Bins more than this below the mean power count as silence; None keeps all but silence.
    """

    window_length: int
    smooth_bins: int
    smooth_frames: int
    floor_db: float | None = None

    def __post_init__(self) -> None:
        if self.window_length <= 0 or self.window_length % OVERLAP:
            raise ParameterError(
                "window_length",
                f"it is {self.window_length}, no positive multiple of {OVERLAP}",
                f"Give samples in multiples of {OVERLAP}",
            )

    @property
    def hop_length(self) -> int:
        """Samples between windows."""
        return self.window_length // OVERLAP

    @property
    def context_length(self) -> int:
        """Samples on either side of a block that its whitened samples depend on."""
        return self.window_length + (self.smooth_frames // 2 + 1) * self.hop_length


def whiten(y: NDArray[np.float32], whitening: Whitening) -> NDArray[np.float32]:
    """Divide a signal's short-time spectrum by the root of its smoothed power.

    Phase is left alone, so that the result still correlates coherently. Away from the ends by
    `Whitening.context_length`, a block starting on a multiple of the hop gives what the whole
    gives, to float32 rounding, as long as there is no `floor_db`, which looks at the whole.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        One channel.
    whitening : Whitening
        Window and smoothing.

    Returns
    -------
    ndarray of float32, shape (n_samples,)
        About unit variance wherever `y` sounds.

    References
    ----------
    .. [1] C. Knapp and G. Carter, "The generalized correlation method for estimation of time
       delay", IEEE Trans. ASSP 24(4), 1976, on pre-whitening (the SCOT and PHAT weights).
    """
    whitened: NDArray[np.float32] = whiten_jointly(y[np.newaxis], whitening)[0]
    return whitened


def whiten_jointly(y: NDArray[np.float32], whitening: Whitening) -> NDArray[np.float32]:
    """Whiten the channels of a signal and take from each what those before it explain.

    In every part of the spectrum the result's channels have unit variance and are uncorrelated, so
    that what is found in one is evidence apart from what is found in the others, and a voice that
    the first channel holds is nulled in the rest, wherever it is panned.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Full scale ±1.
    whitening : Whitening
        Window and smoothing, of powers and of cross-powers alike.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        A channel of which the others leave nothing but `_LEAST_SHARE` fades to silence.

    References
    ----------
    .. [1] A. Belouchrani et al., "A blind source separation technique using second-order
       statistics", IEEE Trans. Signal Processing 45(2), 1997, on whitening by the covariance, here
       local in time and frequency.
    """
    n, hop = whitening.window_length, whitening.hop_length
    energy = float(np.sum(librosa.filters.get_window(_WINDOW, n) ** 2))
    padded = np.pad(y.astype(np.float32, copy=False), ((0, 0), (n - hop, n + -y.shape[1] % hop)))
    spectra = librosa.stft(padded, n_fft=n, hop_length=hop, window=_WINDOW, center=False)
    power = [_smooth(_power(row), whitening) for row in spectra]
    floor = _SILENCE_POWER * energy
    if whitening.floor_db is not None and spectra.size:
        floor = max(floor, float(_power(spectra[0]).mean()) * 10 ** (whitening.floor_db / 10))
    least = _LEAST_SHARE * np.max(power, axis=0)
    for index in range(1, spectra.shape[0]):
        for before in range(index):
            # a ratio of what is smoothed alike: a scaled copy leaves nothing at all
            common = _smooth(spectra[index] * spectra[before].conj(), whitening)
            spectra[index] -= common / (power[before] + np.float32(floor)) * spectra[before]
        power[index] = _smooth(_power(spectra[index]), whitening)
    left = np.maximum(power, least) + np.float32(floor)
    spectra *= np.sqrt(np.float32(energy) / left)
    whitened = librosa.istft(spectra, n_fft=n, hop_length=hop, window=_WINDOW, center=False)
    return np.asarray(whitened[:, n - hop : n - hop + y.shape[1]], dtype=np.float32)


def limit_bursts(
    y: NDArray[np.float32], *, burst_length: int, max_power: float
) -> NDArray[np.float32]:
    """Turn a whitened signal down where it bursts out of what surrounds it.

    A click in near silence is all that whitening leaves there, and clicks are all alike.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        Whitened: of unit variance over a longer time.
    burst_length : int
        Samples over which power is averaged.
    max_power : float
        More is turned down to this.

    Returns
    -------
    ndarray of float32, shape (n_samples,)
        As loud or softer.
    """
    power = uniform_filter1d(y * y, burst_length)
    limited: NDArray[np.float32] = y * np.sqrt(max_power / np.maximum(power, max_power))
    return limited


def _power(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    return spectrum.real**2 + spectrum.imag**2


def _smooth(power: NDArray[np.inexact], whitening: Whitening) -> NDArray[np.inexact]:
    size = (whitening.smooth_bins, whitening.smooth_frames)
    smooth = uniform_filter(power, size=size, mode="nearest")
    # a running sum of powers may end a hair below zero
    return smooth if np.iscomplexobj(smooth) else np.maximum(smooth, 0)


def mid_side(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle and the side of two channels.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Left and right; further channels are left out.

    Returns
    -------
    ndarray of float32, shape (2, n_samples)
        Half their sum, and half their difference.
    """
    views = np.empty_like(y[:2])
    np.add(y[0], y[1], out=views[0])
    np.subtract(y[0], y[1], out=views[1])
    views *= np.float32(0.5)
    return views

"""Whitening: every part of the spectrum weighs alike, so that a correlation peak is sharp.

Signals are one-dimensional, full scale ±1. A whitened signal has about unit variance where there
was any sound, and is zero where there was none.
"""

import functools
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import get_window

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import frame_spectra
from ostinato.errors import ParameterError

OVERLAP = 2
"""Analysis windows that cover each sample; the squared cosine windows then sum to a constant."""
_WINDOW = "cosine"
_SILENCE_POWER = 1e-12  # -120 dB re full scale: below the dither of any 16-bit transfer
_FRAMES_AT_ONCE = 512  # half a megabyte of samples, which stays near the processor
_Cell = TypeVar("_Cell", np.float32, np.complex64)
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
    window = get_window(_WINDOW, whitening.window_length).astype(np.float32)
    energy = float(window @ window)
    spectra = [_spectrum(row, window) for row in y.astype(np.float32, copy=False)]
    power = [_smooth(_power(one), whitening) for one in spectra]
    floor = np.float32(_SILENCE_POWER * energy)
    if whitening.floor_db is not None and spectra:
        mean = float(_power(spectra[0]).mean())
        floor = max(floor, np.float32(mean * 10 ** (whitening.floor_db / 10)))
    least = _LEAST_SHARE * functools.reduce(np.maximum, power)
    for index in range(1, len(spectra)):
        for before in range(index):
            # a ratio of what is smoothed alike: a scaled copy leaves nothing at all
            common = _smooth(spectra[index] * spectra[before].conj(), whitening)
            common *= 1 / (power[before] + floor)
            spectra[index] -= common * spectra[before]
        power[index] = _smooth(_power(spectra[index]), whitening)
    gains = (np.sqrt(np.float32(energy) / (np.maximum(one, least) + floor)) for one in power)
    whitened = np.empty(y.shape, np.float32)
    for row, spectrum, gain in zip(whitened, spectra, gains, strict=True):
        row[:] = _waveform(spectrum * gain, window)[: row.size]
    return whitened


def _spectrum(y: NDArray[np.float32], window: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the short-time spectrum of a signal, (n_frames, n_bins); windows overlap by half."""
    hop = window.size // OVERLAP
    padded = np.pad(y, (hop, window.size + -y.size % hop))
    return frame_spectra(padded, window=window, hop_length=hop)


def _waveform(spectrum: NDArray[np.complex64], window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the signal of a short-time spectrum, and some silence behind it."""
    hop = window.size // OVERLAP
    squares = window**2
    weight = window / np.tile(squares[:hop] + squares[hop:], OVERLAP)
    out = np.zeros((len(spectrum) + 1, hop), np.float32)
    for first in range(0, len(spectrum), _FRAMES_AT_ONCE):
        some = spectrum[first : first + _FRAMES_AT_ONCE]
        frames = scipy.fft.irfft(some, window.size, axis=1)
        frames *= weight
        out[first : first + len(some)] += frames[:, :hop]
        out[first + 1 : first + 1 + len(some)] += frames[:, hop:]
    return out[1:-1].ravel()


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


def _smooth(cells: NDArray[_Cell], whitening: Whitening) -> NDArray[_Cell]:
    """Average cells, (n_frames, n_bins), over those around each."""
    return moving_mean(cells, (whitening.smooth_frames, whitening.smooth_bins))


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

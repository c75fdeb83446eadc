"""Short-time spectra bin by bin: shape (n_bins, n_channels, n_frames), one small product a bin."""

import librosa
import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.complex64]
OVERLAP = 4


def spectrum(y: NDArray[np.float32], *, n_fft: int) -> Spectrum:
    """Return the short-time spectrum of channels; every sample lies in `OVERLAP` windows.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Full scale ±1.
    n_fft : int
        Window in samples, a multiple of `OVERLAP`.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_channels, n_frames)
        Contiguous.
    """
    hop = n_fft // OVERLAP
    margin = n_fft - hop
    padded = np.pad(y, ((0, 0), (margin, margin + -y.shape[1] % hop)))
    frames = librosa.stft(padded, n_fft=n_fft, hop_length=hop, center=False)
    return np.ascontiguousarray(np.moveaxis(frames, 1, 0))


def frame_centres(n_samples: int, *, n_fft: int) -> NDArray[np.int64]:
    """Return the sample on which each frame of `spectrum` is centred, shape (n_frames,).

    Parameters
    ----------
    n_samples : int
        Length of what is transformed.
    n_fft : int
        Window in samples.

    Returns
    -------
    ndarray of int64, shape (n_frames,)
        The first lie before the signal, the last behind it.
    """
    hop = n_fft // OVERLAP
    n_frames = -(-n_samples // hop) + OVERLAP - 1
    return (np.arange(n_frames) + 1) * hop - n_fft // 2


def waveform(spectrum_: Spectrum, *, n_fft: int, n_samples: int) -> NDArray[np.float32]:
    """Return the channels of a short-time spectrum; the inverse of `spectrum`.

    Parameters
    ----------
    spectrum_ : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        Perhaps changed since.
    n_fft, n_samples : int
        Window, and length of what was transformed.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Full scale ±1.
    """
    hop = n_fft // OVERLAP
    margin = n_fft - hop
    y = librosa.istft(np.moveaxis(spectrum_, 0, 1), n_fft=n_fft, hop_length=hop, center=False)
    return np.asarray(y[:, margin : margin + n_samples], np.float32)


def squared(s: Spectrum) -> NDArray[np.float32]:
    """Return the squared magnitude."""
    power: NDArray[np.float32] = s.real**2 + s.imag**2
    return power

"""Short-time spectra bin by bin: shape (n_bins, n_channels, n_frames), one small product a bin."""

import math
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import get_window

Spectrum = NDArray[np.complex64]
_Number = TypeVar("_Number", np.float32, np.complex64)
OVERLAP = 4
_STRIP_CELLS = 1 << 17  # a megabyte, which stays near the processor


def spectrum(
    y: NDArray[np.float32], *, n_fft: int, overlap: int = OVERLAP, n_bins: int | None = None
) -> Spectrum:
    """Return the short-time spectrum of channels.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Full scale ±1.
    n_fft : int
        Window in samples, a multiple of `overlap`.
    overlap : int, optional
        Windows that cover each sample, a power of two.
    n_bins : int, optional
        How many are wanted, from the lowest on; all by default.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_channels, n_frames)
        Contiguous.
    """
    hop = n_fft // overlap
    margin = n_fft - hop
    padded = np.pad(y, ((0, 0), (margin, margin + -y.shape[1] % hop)))
    frames = sliding_window_view(padded, n_fft, axis=1)[:, ::hop]
    window = hann(n_fft)
    n_bins = n_fft // 2 + 1 if n_bins is None else n_bins
    out = np.empty((n_bins, *frames.shape[:2]), np.complex64)
    for channel, some in _frame_blocks(frames.shape[0], frames.shape[1], n_fft):
        turned = scipy.fft.rfft(frames[channel, some] * window, axis=1)
        out[:, channel, some] = turned[:, :n_bins].T
    return out


_SAMPLES_AT_ONCE = 1 << 18


def frame_spectra(
    y: NDArray[np.float32], *, window: NDArray[np.float32], hop_length: int
) -> NDArray[np.complex64]:
    """Return the spectrum of each whole frame of a signal.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        Of any scale.
    window : ndarray of float32, shape (n_fft,)
        What each frame is weighted with.
    hop_length : int
        Samples between frames.

    Returns
    -------
    ndarray of complex64, shape (n_frames, n_bins)
        None where there is no whole frame.
    """
    n_fft = window.size
    if y.size < n_fft:
        return np.zeros((0, n_fft // 2 + 1), np.complex64)
    frames = sliding_window_view(y, n_fft)[::hop_length]
    out = np.empty((len(frames), n_fft // 2 + 1), np.complex64)
    for _, some in _frame_blocks(1, len(frames), n_fft):
        out[some] = scipy.fft.rfft(frames[some] * window, axis=1, overwrite_x=True)
    return out


def hann(n_fft: int) -> NDArray[np.float32]:
    """Return a Hann window that goes round, as short-time spectra have it.

    Parameters
    ----------
    n_fft : int
        Its length in samples.

    Returns
    -------
    ndarray of float32, shape (n_fft,)
        At most 1.
    """
    return get_window("hann", n_fft).astype(np.float32)


def _frame_blocks(n_channels: int, n_frames: int, n_fft: int) -> Iterator[tuple[int, slice]]:
    """Yield channels, and frames that are transformed together."""
    n_at_once = max(1, _SAMPLES_AT_ONCE // n_fft)
    for channel in range(n_channels):
        for first in range(0, n_frames, n_at_once):
            yield channel, slice(first, min(first + n_at_once, n_frames))


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


def waveform(
    spectrum_: Spectrum, *, n_fft: int, n_samples: int, overlap: int = OVERLAP
) -> NDArray[np.float32]:
    """Return the channels of a short-time spectrum; the inverse of `spectrum`.

    Parameters
    ----------
    spectrum_ : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        Perhaps changed since; where it lacks the highest bins, these are silent.
    n_fft, n_samples : int
        Window, and length of what was transformed.
    overlap : int, optional
        Of the windows.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Full scale ±1.
    """
    hop = n_fft // overlap
    margin = n_fft - hop
    _, n_channels, n_frames = spectrum_.shape
    window = _closing_window(n_fft, overlap)
    y = np.zeros((n_channels, (n_frames + overlap - 1) * hop), np.float32)
    for channel, some in _frame_blocks(n_channels, n_frames, n_fft):
        turned = np.ascontiguousarray(spectrum_[:, channel, some].T)
        frames = scipy.fft.irfft(turned, n_fft, axis=1, overwrite_x=True) * window
        for k in range(overlap):
            at = slice((some.start + k) * hop, (some.stop + k) * hop)
            y[channel, at] += frames[:, k * hop : (k + 1) * hop].ravel()
    return y[:, margin : margin + n_samples]


def _closing_window(n_fft: int, overlap: int) -> NDArray[np.float32]:
    """Return what frames are weighted with before they are added up.

    Hann windows that overlap by half add up to one themselves, but their squares do not.
    """
    if overlap == OVERLAP:
        return hann(n_fft) / np.float32(_SUM_OF_SQUARES)
    return np.full(n_fft, 2 / overlap, np.float32)


_SUM_OF_SQUARES = 1.5  # of Hann windows that overlap by three quarters


def squared(s: Spectrum) -> NDArray[np.float32]:
    """Return the squared magnitude.

    Parameters
    ----------
    s : ndarray of complex64
        Of any shape.

    Returns
    -------
    ndarray of float32
        Of the same shape.
    """
    power: NDArray[np.float32] = np.square(s.real)
    power += np.square(s.imag)
    return power


def over_channels(cells: NDArray[_Number]) -> NDArray[_Number]:
    """Sum over channels, of which there are one or two.

    Parameters
    ----------
    cells : ndarray, shape (n_bins, n_channels, n_frames)
        Of any kind of number.

    Returns
    -------
    ndarray, shape (n_bins, n_frames)
        Of the same kind.
    """
    total = cells[:, 0].copy()
    for channel in range(1, cells.shape[1]):
        total += cells[:, channel]
    return total


def strips(shape: tuple[int, ...]) -> Iterator[slice]:
    """Yield bins in strips that are worked on one after the other, each from end to end.

    Parameters
    ----------
    shape : tuple of int
        Of a spectrum.

    Yields
    ------
    slice
        Neighbours; together all of them.
    """
    n_bins, *others = shape
    n_together = max(1, _STRIP_CELLS // max(1, math.prod(others)))
    for first in range(0, n_bins, n_together):
        yield slice(first, min(first + n_together, n_bins))

"""Normalised correlation of blocks of one signal with the whole of another.

Both signals are whitened (`ostinato.dsp.spectra`), so that the correlation of a block of unit
energy with anything unrelated is close to a standard normal; a peak is told as `z`, its height
over the robust scale of its neighbourhood.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

_MAD_PER_SIGMA = 0.6745  # of a normal distribution
_MAD_STRIDE = 37  # every 37th lag is sample enough for a scale, and not in step with a pitch
_LEAST_SIGMA = 0.9  # whitened sound gives 1; less means that silence fills part of the lags
_LEAST_ENERGY = 0.05  # of what a block of unit variance has
_POOL_LENGTH = 64  # a power of two; peaks nearer than this are one peak
_BATCH = 8  # transforms that one vector instruction carries in float32


@dataclass(frozen=True, slots=True)
class BlockSpectra:
    """Blocks of a signal, ready to be correlated with chunks of another.

    Parameters
    ----------
    conjugates : ndarray of complex64, shape (n_blocks, n_bins)
        Conjugate spectra of the blocks, each of unit energy (or zero where it is silent).
    fft_length : int
        Length of the transforms at full rate.
    block_length, hop_length : int
        Samples in a block and between blocks, at full rate.
    decimation : int
        Only the lowest ``1 / decimation`` of the spectrum is used, and lags are as many times
        coarser.
    """

    conjugates: NDArray[np.complex64]
    fft_length: int
    block_length: int
    hop_length: int
    decimation: int

    @property
    def chunk_length(self) -> int:
        """Lags at full rate that one chunk answers for."""
        return self.fft_length - self.block_length


def block_spectra(
    y: NDArray[np.float32],
    *,
    block_length: int,
    hop_length: int,
    fft_length: int,
    decimation: int,
) -> BlockSpectra:
    """Cut a whitened signal into blocks and transform each.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        Whitened; padded with silence to a whole number of hops.
    block_length, hop_length, fft_length : int
        In samples of `y`; ``fft_length`` a multiple of ``2 * decimation``.
    decimation : int
        Power of two by which bandwidth and lag grid are reduced.

    Returns
    -------
    BlockSpectra
        One row a block.
    """
    n_blocks = max(1, -(-(y.size - block_length) // hop_length) + 1)
    padded = np.pad(y, (0, max(0, (n_blocks - 1) * hop_length + block_length - y.size)))
    n_bins = fft_length // (2 * decimation) + 1
    conjugates = np.empty((n_blocks, n_bins), np.complex64)
    for i in range(n_blocks):
        block = padded[i * hop_length : i * hop_length + block_length]
        spectrum = scipy.fft.rfft(block, fft_length)[:n_bins]
        energy = float(np.sum(np.abs(spectrum) ** 2)) * 2 / fft_length
        # a block that is mostly silence must not have its little sound blown up
        energy = max(energy, _LEAST_ENERGY * block_length / decimation)
        # the root of the decimation: the short inverse transform divides by fewer samples
        conjugates[i] = np.conj(spectrum) / np.sqrt(energy * decimation)
    return BlockSpectra(conjugates, fft_length, block_length, hop_length, decimation)


def peaks_in_chunk(
    chunk: NDArray[np.float32], blocks: BlockSpectra, *, n_peaks: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find where each block correlates best with a chunk of film.

    Parameters
    ----------
    chunk : ndarray of float32, shape (<= fft_length,)
        Whitened; lag 0 puts a block's first sample on the chunk's first.
    blocks : BlockSpectra
        What to look for.
    n_peaks : int
        Peaks to keep for each block, the highest first.

    Returns
    -------
    lags : ndarray of int64, shape (n_blocks, n_peaks)
        In samples at full rate, multiples of the decimation.
    z : ndarray of float32, shape (n_blocks, n_peaks)
        Magnitude of the correlation over its scale in this chunk; polarity does not matter.
    """
    n_bins = blocks.conjugates.shape[1]
    n_fast = blocks.fft_length // blocks.decimation
    n_lags = blocks.chunk_length // blocks.decimation
    spectrum = scipy.fft.rfft(chunk, blocks.fft_length)[:n_bins]
    n_blocks = blocks.conjugates.shape[0]
    lags = np.empty((n_blocks, n_peaks), np.int64)
    z = np.empty((n_blocks, n_peaks), np.float32)
    for first in range(0, n_blocks, _BATCH):
        rows = slice(first, first + _BATCH)
        r = scipy.fft.irfft(spectrum * blocks.conjugates[rows], n_fast, axis=1, overwrite_x=True)
        lags[rows], z[rows] = _highest(np.abs(r[:, :n_lags]), n_peaks)
    return lags * blocks.decimation, z


def _highest(r: NDArray[np.float32], n_peaks: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return lags and z of the highest peaks in each row, no two within one pool."""
    n_rows, n_lags = r.shape
    pooled = r[:, : n_lags - n_lags % _POOL_LENGTH]
    whole = pooled.reshape(n_rows, -1, _POOL_LENGTH)
    sampled = r[:, ::_MAD_STRIDE]
    middle = sampled.shape[1] // 2
    sigma = np.maximum(
        np.partition(sampled, middle, axis=1)[:, middle] / _MAD_PER_SIGMA, _LEAST_SIGMA
    )
    while pooled.shape[1] > whole.shape[1]:  # by halves: five times as fast as a short axis
        pooled = np.maximum(pooled[:, ::2], pooled[:, 1::2])
    best = np.argpartition(pooled, -n_peaks, axis=1)[:, -n_peaks:]
    rows = np.arange(n_rows)[:, np.newaxis]
    best = best[rows, np.argsort(-pooled[rows, best], axis=1, kind="stable")]
    lags = best * _POOL_LENGTH + whole[rows, best].argmax(axis=2)
    return lags, (r[rows, lags] / sigma[:, np.newaxis]).astype(np.float32)


def lag_spectra(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    *,
    block_length: int,
    hop_length: int,
    max_lag: int,
) -> NDArray[np.float32]:
    """Correlate two aligned signals block by block over a few lags.

    Parameters
    ----------
    x, y : ndarray of float32, shape (n_samples,)
        Whitened; ``x[t] ~ y[t]`` when they are aligned.
    block_length, hop_length : int
        In samples.
    max_lag : int
        Lags run from ``-max_lag`` to ``max_lag``; a positive lag means that `x` comes late.

    Returns
    -------
    ndarray of float32, shape (n_blocks, 2 * max_lag + 1)
        About standard normal where `x` and `y` are unrelated.
    """
    n_blocks = max(0, 1 + (x.size - block_length) // hop_length)
    n_fft = scipy.fft.next_fast_len(block_length + 2 * max_lag, real=True)
    padded = np.pad(x, max_lag)
    out = np.zeros((n_blocks, 2 * max_lag + 1), np.float32)
    for i in range(n_blocks):
        start = i * hop_length
        block = y[start : start + block_length]
        around = padded[start : start + block_length + 2 * max_lag]
        energy = float(np.dot(block, block))
        if energy <= 0:
            continue
        r = scipy.fft.irfft(
            scipy.fft.rfft(around, n_fft) * np.conj(scipy.fft.rfft(block, n_fft)), n_fft
        )
        out[i] = r[: 2 * max_lag + 1] / np.sqrt(energy)
    return out

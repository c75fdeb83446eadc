"""Normalised correlation of blocks of one signal with the whole of another.

Both signals are whitened (`ostinato.dsp.spectra`), so that the correlation of a block of unit
energy with anything unrelated is close to a standard normal; a peak is told as `z`, its height
over the robust scale of its neighbourhood.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.stats import chi2

MAD_PER_SIGMA = 0.6745
"""Median magnitude of a normal distribution of unit variance."""
_MAD_STRIDE = 37  # every 37th lag is sample enough for a scale, and not in step with a pitch
_LEAST_SIGMA = 0.9  # whitened sound gives 1; less means that silence fills part of the lags
_LEAST_ENERGY = 0.25  # of what a block of unit variance has
_POOL_LENGTH = 64  # a power of two; peaks nearer than this are one peak
_TAIL_SHARE = 0.1  # of the pools: more than those in which a loop meets itself
_FFT_LENGTH = 1 << 18
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
    blocks = sliding_window_view(padded, block_length)[::hop_length]
    for first in range(0, n_blocks, _BATCH):
        some = slice(first, min(first + _BATCH, n_blocks))
        spectra = scipy.fft.rfft(blocks[some], fft_length, axis=1)[:, :n_bins]
        energy = np.sum(spectra.real**2 + spectra.imag**2, axis=1, keepdims=True) * 2 / fft_length
        # a block that is mostly silence must not have its little sound blown up
        energy = np.maximum(energy, _LEAST_ENERGY * block_length / decimation)
        # the root of the decimation: the short inverse transform divides by fewer samples
        conjugates[some] = np.conj(spectra) / np.sqrt(energy * decimation)
    return BlockSpectra(conjugates, fft_length, block_length, hop_length, decimation)


@dataclass(frozen=True, slots=True)
class BlockPeaks:
    """Where each block correlates best with a chunk.

    Parameters
    ----------
    lags : ndarray of int64, shape (n_blocks, n_peaks)
        In samples at full rate, multiples of the decimation.
    z : ndarray of float32, shape (n_blocks, n_peaks)
        Height: the root of the sum over channels of (correlation over its scale) squared.
    shares : ndarray of float32, shape (n_blocks, n_peaks, n_channels)
        What each channel gives to the square of it.
    """

    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    shares: NDArray[np.float32]


def peaks_in_chunk(
    chunk: NDArray[np.float32], blocks: Sequence[Sequence[BlockSpectra]], *, n_peaks: int
) -> tuple[BlockPeaks, ...]:
    """Find where each block of each song correlates best with a chunk of film.

    Parameters
    ----------
    chunk : ndarray of float32, shape (n_channels, <= fft_length)
        Whitened; lag 0 puts a block's first sample on the chunk's first.
    blocks : sequence of sequence of BlockSpectra
        For each song, what to look for in each channel: as many as channels, all cut alike.
    n_peaks : int
        Peaks to keep for each block, the highest first.

    Returns
    -------
    tuple of BlockPeaks
        Of each song; polarity does not matter.
    """
    first = blocks[0][0]
    n_bins = first.conjugates.shape[1]
    # what was one channel in two has nothing in the other view
    spectra = [
        scipy.fft.rfft(row, first.fft_length)[:n_bins] if row.any() else None for row in chunk
    ]
    return tuple(_peaks(spectra, one, n_peaks=n_peaks) for one in blocks)


def _peaks(
    spectra: Sequence[NDArray[np.complex64] | None],
    blocks: Sequence[BlockSpectra],
    *,
    n_peaks: int,
) -> BlockPeaks:
    """Return the peaks of one song's blocks, by the spectra of a chunk's channels."""
    first = blocks[0]
    n_blocks = first.conjugates.shape[0]
    n_fast = first.fft_length // first.decimation
    n_lags = first.chunk_length // first.decimation
    out = BlockPeaks(
        np.empty((n_blocks, n_peaks), np.int64),
        np.empty((n_blocks, n_peaks), np.float32),
        np.empty((n_blocks, n_peaks, len(spectra)), np.float32),
    )
    products = np.empty((min(_BATCH, n_blocks), first.conjugates.shape[1]), np.complex64)
    for start in range(0, n_blocks, _BATCH):
        rows = slice(start, min(start + _BATCH, n_blocks))
        powers = []
        for spectrum, one in zip(spectra, blocks, strict=True):
            if spectrum is None:
                powers.append(np.zeros((rows.stop - start, n_lags), np.float32))
                continue
            product = products[: rows.stop - start]
            np.multiply(spectrum, one.conjugates[rows], out=product)
            r = np.asarray(scipy.fft.irfft(product, n_fast, axis=1, overwrite_x=True), np.float32)
            powers.append(_power_in_sigmas(r[:, :n_lags]))
        total = powers[0] if len(powers) == 1 else powers[0] + powers[1]
        for power in powers[2:]:
            total += power
        lags, excess = _highest(total, n_peaks, n_channels=len(powers))
        at = np.arange(lags.shape[0])[:, np.newaxis], lags
        out.lags[rows] = lags * first.decimation
        out.z[rows] = np.sqrt(total[at] / excess)
        out.shares[rows] = np.stack([power[at] / excess for power in powers], axis=2)
    return out


def _power_in_sigmas(r: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn each row into its square over its own variance, told by the median magnitude."""
    sampled = np.abs(r[:, ::_MAD_STRIDE])
    middle = sampled.shape[1] // 2
    sigma = np.maximum(
        np.partition(sampled, middle, axis=1)[:, middle] / MAD_PER_SIGMA, _LEAST_SIGMA
    )
    np.multiply(r, (1 / sigma[:, np.newaxis]).astype(np.float32), out=r)
    return np.multiply(r, r, out=r)


def _highest(
    power: NDArray[np.float32], n_peaks: int, *, n_channels: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return lags of the highest peaks in each row, no two within one pool, and the row's excess.

    Tones meet tones of the same scale by chance, far above what noise of that variance gives: the
    excess, at least 1, is by how much the pools' maxima lie above those of noise.
    """
    n_rows, n_lags = power.shape
    whole = power[:, : n_lags - n_lags % _POOL_LENGTH]
    starts = np.arange(0, whole.shape[1], _POOL_LENGTH)
    pooled = np.maximum.reduceat(whole, starts, axis=1)  # twice as fast as along a short axis
    whole = whole.reshape(n_rows, -1, _POOL_LENGTH)
    best = np.argpartition(pooled, -n_peaks, axis=1)[:, -n_peaks:]
    rows = np.arange(n_rows)[:, np.newaxis]
    best = best[rows, np.argsort(-pooled[rows, best], axis=1, kind="stable")]
    lags: NDArray[np.int64] = best * _POOL_LENGTH + whole[rows, best].argmax(axis=2)
    high = int((1 - _TAIL_SHARE) * pooled.shape[1])
    of_noise = _high_in_noise(n_channels)
    excess = np.maximum(np.partition(pooled, high, axis=1)[:, high : high + 1] / of_noise, 1)
    return lags, excess.astype(np.float32)


@functools.cache
def _high_in_noise(n_channels: int) -> float:
    """Return the power that a pool of noise exceeds as often as a high one."""
    return float(chi2.isf(1 - (1 - _TAIL_SHARE) ** (1 / _POOL_LENGTH), n_channels))


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
    n_fft = lags_fft_length(block_length, max_lag)
    cut = {"block_length": block_length, "hop_length": hop_length, "max_lag": max_lag}
    spectra = blocks_around(x, **cut)
    spectra *= blocks_to_find(y, **cut)
    out = np.empty((len(spectra), 2 * max_lag + 1), np.float32)
    for first in range(0, len(spectra), _BATCH):
        rows = slice(first, first + _BATCH)
        out[rows] = scipy.fft.irfft(spectra[rows], n_fft)[:, : 2 * max_lag + 1]
    return out


def lags_fft_length(block_length: int, max_lag: int) -> int:
    """Return the length of the transforms by which blocks are correlated over a few lags.

    Parameters
    ----------
    block_length, max_lag : int
        In samples.

    Returns
    -------
    int
        A length that is fast.
    """
    return int(scipy.fft.next_fast_len(block_length + 2 * max_lag, real=True))


def blocks_around(
    x: NDArray[np.float32], *, block_length: int, hop_length: int, max_lag: int
) -> NDArray[np.complex64]:
    """Transform the blocks of a signal with as much beside them as lags reach.

    Parameters
    ----------
    x : ndarray of float32, shape (n_samples,)
        Whitened.
    block_length, hop_length, max_lag : int
        In samples.

    Returns
    -------
    ndarray of complex64, shape (n_blocks, n_bins)
        The inverse transform of its product with that of `blocks_to_find` is what `lag_spectra`
        returns, followed by what is none of it.
    """
    n_blocks = _n_blocks(x.size, block_length, hop_length)
    n_fft = lags_fft_length(block_length, max_lag)
    if n_blocks == 0:
        return np.zeros((0, n_fft // 2 + 1), np.complex64)
    return _transforms(np.pad(x, max_lag), block_length + 2 * max_lag, hop_length, n_fft)


def blocks_to_find(
    y: NDArray[np.float32], *, block_length: int, hop_length: int, max_lag: int
) -> NDArray[np.complex64]:
    """Transform the blocks of a signal that are to be found in those of another.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        Whitened.
    block_length, hop_length, max_lag : int
        In samples.

    Returns
    -------
    ndarray of complex64, shape (n_blocks, n_bins)
        Conjugate, of unit energy; zero where the block is silent.
    """
    n_blocks = _n_blocks(y.size, block_length, hop_length)
    n_fft = lags_fft_length(block_length, max_lag)
    if n_blocks == 0:
        return np.zeros((0, n_fft // 2 + 1), np.complex64)
    blocks = sliding_window_view(y, block_length)[::hop_length]
    energy = np.array([np.dot(block, block) for block in blocks], np.float32)[:, np.newaxis]
    spectra = _transforms(y, block_length, hop_length, n_fft)
    spectra *= np.where(energy > 0, 1 / np.sqrt(np.where(energy > 0, energy, 1)), 0)
    return np.conj(spectra, out=spectra)


def _n_blocks(n_samples: int, block_length: int, hop_length: int) -> int:
    return max(0, 1 + (n_samples - block_length) // hop_length)


def _transforms(
    y: NDArray[np.float32], length: int, hop_length: int, n_fft: int
) -> NDArray[np.complex64]:
    blocks = sliding_window_view(y, length)[::hop_length]
    out = np.empty((len(blocks), n_fft // 2 + 1), np.complex64)
    for first in range(0, len(blocks), _BATCH):
        rows = slice(first, first + _BATCH)
        out[rows] = scipy.fft.rfft(blocks[rows], n_fft)
    return out


@dataclass(frozen=True, slots=True)
class Whole:
    """A signal, ready for shorter ones to be correlated with all of it.

    Parameters
    ----------
    size : int
        Its length.
    spectra : tuple of ndarray of complex64
        Transforms of stretches of it, each of which begins `hop_length` after the one before.
    fft_length, hop_length : int
        Of these.
    energy : ndarray of float64, shape (size + 1,)
        Sums of squares up to each sample.
    """

    size: int
    spectra: tuple[NDArray[np.complex64], ...]
    fft_length: int
    hop_length: int
    energy: NDArray[np.float64]


def whole(y: NDArray[np.float32], *, longest: int) -> Whole:
    """Make a signal ready for `sliding_power`.

    Parameters
    ----------
    y : ndarray of float32, shape (n_samples,)
        Whitened.
    longest : int
        Samples of what is to be correlated with it, at most.

    Returns
    -------
    Whole
        What is asked of it again and again.
    """
    # a transform of minutes leaves the processor's memory, and costs twice as much a sample
    fft_length = max(_FFT_LENGTH, 1 << (4 * longest - 1).bit_length())
    fft_length = min(fft_length, int(scipy.fft.next_fast_len(max(1, y.size), real=True)))
    hop_length = max(1, fft_length - longest) if fft_length < y.size else max(1, y.size)
    spectra = tuple(
        scipy.fft.rfft(y[start : start + fft_length], fft_length)
        for start in range(0, max(1, y.size), hop_length)
    )
    energy = np.concatenate([[0.0], np.cumsum(y.astype(np.float64) ** 2)])
    return Whole(y.size, spectra, fft_length, hop_length, energy)


def sliding_power(x: NDArray[np.float32], y: NDArray[np.float32] | Whole) -> NDArray[np.float64]:
    """Square of the correlation of a signal with each stretch of a longer one.

    Parameters
    ----------
    x : ndarray of float32, shape (n_samples,)
        Whitened.
    y : ndarray of float32, shape (n_longer,), or Whole
        Whitened; made ready for at least `n_samples`.

    Returns
    -------
    ndarray of float64, shape (n_longer - n_samples + 1,)
        Over its variance, so that unrelated noise gives 1 on average; one zero if `y` is shorter.
    """
    if y.size < x.size or not x.any():
        return np.zeros(max(1, y.size - x.size + 1))
    longer = y if isinstance(y, Whole) else whole(y, longest=x.size)
    n_fft = longer.fft_length
    spectrum = np.conj(scipy.fft.rfft(x, n_fft))
    r = np.concatenate(
        [
            scipy.fft.irfft(spectrum * one, n_fft, overwrite_x=True)[: longer.hop_length]
            for one in longer.spectra
        ]
    )
    sums = longer.energy
    energy = np.maximum(sums[x.size :] - sums[: -x.size], _LEAST_ENERGY * x.size)
    power: NDArray[np.float64] = r[: energy.size].astype(np.float64) ** 2 / energy / np.var(x)
    return power

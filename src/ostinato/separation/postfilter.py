"""What was done to the song before it was heard, and no filter foretells, goes with the song.

A codec adds noise that follows what it codes; a hall answers for longer than is fitted; a recording
that was coded itself lacks what its codec took. All of it is left over when the song is subtracted,
and all of it grows with the song. Ambience does not, and stays.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from scipy.optimize import nnls
from scipy.signal import lfilter

from ostinato.separation.bands import Bands
from ostinato.separation.spectrum import OVERLAP, Spectrum, squared

Power = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """The song with what was made of it, and what is still in the remainder.

    Parameters
    ----------
    song : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        Film less this is the remainder.
    song_energy, energy_left : float
        Of the song as predicted, and of what is expected to be left of it in the remainder.
    """

    song: Spectrum
    song_energy: float
    energy_left: float


def with_its_noise(
    film: Spectrum, predicted: Spectrum, *, grid: Bands, window_s: float, most_db: float
) -> Filtered:
    """Return the song with what is left over of it, cell by cell.

    Parameters
    ----------
    film, predicted : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        The film, mono or stereo, and the song in it.
    grid : Bands
        In each band what is left over is a share of the song.
    window_s : float
        Of the spectra.
    most_db : float
        By which a cell of the remainder is turned down at most, >= 0; 0 leaves it as it is.

    Returns
    -------
    Filtered
        With what is expected to be left over all the same.

    References
    ----------
    .. [1] S. Boll, "Suppression of acoustic noise in speech using spectral subtraction", IEEE
       Trans. ASSP 27(2), 1979, here with noise that is foretold by the song.
    """
    song = squared(predicted).sum(axis=1)
    near = uniform_filter(song, _NEAR, mode="nearest")
    traces = (np.maximum(near, 0), _tail(song, window_s))
    left_over = _middle_and_side(film - predicted)
    least = np.float32(10 ** (-most_db / 20))
    energy_left = 0.0
    for channel in range(left_over.shape[1]):
        power = squared(left_over[:, channel])
        around = np.maximum(uniform_filter(power, _CELL, mode="nearest"), _TINY)
        noise = _noise(power, traces, grid)
        gain = np.clip(1 - noise / around, least, 1)
        left_over[:, channel] *= gain
        energy_left += left_over.shape[1] * float(np.sum(noise * gain**2, dtype=np.float64))
    kept = np.asarray(film - _left_and_right(left_over), np.complex64)
    return Filtered(kept, float(np.sum(song, dtype=np.float64)), energy_left)


_NEAR = (5, 3)  # bins and frames: over which a codec spreads its noise
_CELL = (5, 5)  # bins and frames: 60 Hz and a syllable's onset; less would twitter
_TAIL_S = 0.3  # in which a hall falls by 4 dB or more
_TINY = np.float32(1e-20)
_UNEVEN = 2.0  # codecs' noise comes in bursts: its mean is that much more than low cells foretell
_LOW_SHARE = 0.25  # of cells, below what else the film may hold
_MEAN_PER_LOW = float(-1 / np.log(1 - _LOW_SHARE))  # of an exponential distribution
_N_LEVELS = 6  # of each trace, told apart
_MOST_CELLS = 20_000  # of a band, from which it is read
_LEAST_CELLS = 20  # of a level
_MOST_SHARE = 0.5  # of the song: what is louder than that is something else


def _tail(song: Power, window_s: float) -> Power:
    """Return the song's power as it dies away, without what is still heard in the same window."""
    hop_s = window_s / OVERLAP
    pole = float(np.exp(-hop_s / _TAIL_S))
    late = lfilter([1 - pole], [1, -pole], song, axis=1)
    return np.asarray(np.pad(late, ((0, 0), (OVERLAP, 0)))[:, : song.shape[1]], np.float32)


def _noise(left_over: Power, traces: tuple[Power, ...], grid: Bands) -> Power:
    """Return the power that the song explains of what it leaves over, band by band."""
    noise = np.empty_like(left_over)
    edges = np.append(grid.first_bins, left_over.shape[0]).tolist()
    for first, last in pairwise(edges):
        rows = slice(first, last)
        shares = _shares(left_over[rows], [trace[rows] for trace in traces])
        noise[rows] = sum(s * trace[rows] for s, trace in zip(shares, traces, strict=True))
    return noise


def _shares(left_over: Power, traces: list[Power]) -> list[np.float32]:
    """Return the share of each trace in what is left over, if a constant floor lies beneath.

    Cells are told apart by their levels in the traces. The low cells of each level hold nothing
    but noise, since what else the film holds is sparse.
    """
    every = max(1, left_over.size // _MOST_CELLS)
    cells = left_over.ravel()[::every]
    columns = [trace.ravel()[::every] for trace in traces]
    level = np.zeros(cells.size, np.intp)
    for column in columns:
        edges = np.quantile(column, np.linspace(0, 1, _N_LEVELS + 1)[1:-1])
        level = _N_LEVELS * level + np.searchsorted(edges, column)
    order = np.lexsort((cells, level))
    counts = np.bincount(level, minlength=_N_LEVELS ** len(columns))
    told = counts >= _LEAST_CELLS
    if np.count_nonzero(told) <= 1 + len(columns):
        return [np.float32(0)] * len(columns)
    starts = np.cumsum(counts) - counts
    low = cells[order][(starts + _LOW_SHARE * counts).astype(np.intp)[told]]
    wanted = _MEAN_PER_LOW * low.astype(np.float64) + float(_TINY)
    means = [np.bincount(level, column, counts.size)[told] / counts[told] for column in columns]
    design = np.stack([np.ones(wanted.size), *means], axis=1) / wanted[:, np.newaxis]
    scale = np.maximum(design.max(axis=0, initial=0.0), float(_TINY))
    shares = nnls(design / scale, np.ones(wanted.size))[0] / scale
    return [np.float32(min(_UNEVEN * share, _MOST_SHARE)) for share in shares[1:]]


def _middle_and_side(s: Spectrum) -> Spectrum:
    """Return a copy whose channels are half the sum and half the difference, as codecs have it."""
    if s.shape[1] == 1:
        return s.copy()
    left, right = s[:, 0], s[:, 1]
    return np.asarray(np.stack([left + right, left - right], axis=1) / 2, np.complex64)


def _left_and_right(s: Spectrum) -> Spectrum:
    """Undo `_middle_and_side`."""
    if s.shape[1] == 1:
        return s
    middle, side = s[:, 0], s[:, 1]
    return np.stack([middle + side, middle - side], axis=1)

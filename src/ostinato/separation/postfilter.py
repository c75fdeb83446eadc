"""What was done to the song before it was heard, and no filter foretells, goes with the song.

A codec adds noise that follows what it codes; a hall answers for longer than is fitted; a recording
that was coded itself lacks what its codec took. All of it is left over when the song is subtracted,
and all of it grows with the song. Ambience does not, and stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.signal import lfilter

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import OVERLAP, Spectrum, over_channels, squared, strips
from ostinato.separation.gains import Bands

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
    song = over_channels(squared(predicted))
    traces = (moving_mean(song, _NEAR), _tail(song, window_s))
    left_over = film - predicted
    _to_middle_and_side(left_over)
    least = np.float32(10 ** (-most_db / 20))
    energy_left = 0.0
    bands = _bands(traces, grid)
    for channel in range(left_over.shape[1]):
        power = squared(left_over[:, channel])
        around = moving_mean(power, _CELL)
        for band in bands:
            shares = _shares(power[band.rows], band)
            for rows in _strips_of(band.rows, power.shape):
                noise = _noise(shares, [trace[rows] for trace in traces])
                gain = np.maximum(around[rows], _TINY)
                np.divide(noise, gain, out=gain)
                np.clip(1 - gain, least, 1, out=gain)
                left_over[rows, channel] *= gain
                gain *= gain
                gain *= noise
                energy_left += left_over.shape[1] * float(np.sum(gain, dtype=np.float64))
    _to_left_and_right(left_over)
    kept = np.subtract(film, left_over, out=left_over)
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


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """Bins of a band, some of its cells, and at which levels of the traces these are."""

    rows: slice
    every: int
    order: NDArray[np.intp]  # of the cells, by their levels
    counts: NDArray[np.int64]
    means: list[NDArray[np.float64]]  # of each trace at each level that is told


def _bands(traces: tuple[Power, ...], grid: Bands) -> list[_Band]:
    """Tell the cells of each band apart by their levels in the traces."""
    edges = np.append(grid.first_bins, traces[0].shape[0]).tolist()
    return [_band(slice(first, last), traces) for first, last in pairwise(edges)]


def _band(rows: slice, traces: tuple[Power, ...]) -> _Band:
    every = max(1, traces[0][rows].size // _MOST_CELLS)
    columns = [trace[rows].ravel()[::every] for trace in traces]
    level = np.zeros(columns[0].size, np.intp)
    for column in columns:
        at = np.linspace(0, column.size, _N_LEVELS + 1)[1:-1].astype(np.intp)
        edges = np.sort(column)[at]
        level = _N_LEVELS * level + np.searchsorted(edges, column)
    counts = np.bincount(level, minlength=_N_LEVELS ** len(columns))
    told = counts >= _LEAST_CELLS
    means = [np.bincount(level, column, counts.size)[told] / counts[told] for column in columns]
    order = np.argsort(level.astype(np.uint8), kind="stable")  # of bytes: in one pass
    return _Band(rows, every, order, counts, means)


def _strips_of(rows: slice, shape: tuple[int, ...]) -> Iterator[slice]:
    for some in strips((rows.stop - rows.start, *shape[1:])):
        yield slice(rows.start + some.start, rows.start + some.stop)


def _noise(shares: list[np.float32], traces: list[Power]) -> Power:
    """Return the power that the song explains of what it leaves over."""
    noise = shares[0] * traces[0]
    for share, trace in zip(shares[1:], traces[1:], strict=True):
        noise += share * trace
    return noise


def _shares(left_over: Power, band: _Band) -> list[np.float32]:
    """Return the share of each trace in what is left over, if a constant floor lies beneath.

    The low cells of each level hold nothing but noise, since what else the film holds is sparse.
    """
    counts, told = band.counts, band.counts >= _LEAST_CELLS
    if np.count_nonzero(told) <= 1 + len(band.means):
        return [np.float32(0)] * len(band.means)
    cells = np.split(left_over.ravel()[:: band.every][band.order], np.cumsum(counts)[:-1])
    low = np.array([_low(some) for some, is_told in zip(cells, told, strict=True) if is_told])
    wanted = _MEAN_PER_LOW * low.astype(np.float64) + float(_TINY)
    design = np.stack([np.ones(wanted.size), *band.means], axis=1) / wanted[:, np.newaxis]
    scale = np.maximum(design.max(axis=0, initial=0.0), float(_TINY))
    shares = nnls(design / scale, np.ones(wanted.size))[0] / scale
    return [np.float32(min(_UNEVEN * share, _MOST_SHARE)) for share in shares[1:]]


def _low(cells: NDArray[np.float32]) -> np.float32:
    at = int(_LOW_SHARE * cells.size)
    low: np.float32 = np.partition(cells, at)[at]
    return low


def _to_middle_and_side(s: Spectrum) -> None:
    """Make half the sum and half the difference of two channels, as codecs have it."""
    _to_left_and_right(s)
    if s.shape[1] > 1:
        s *= np.float32(0.5)


def _to_left_and_right(s: Spectrum) -> None:
    """Undo `_to_middle_and_side`."""
    if s.shape[1] == 1:
        return
    for rows in strips(s.shape):
        middle, side = s[rows, 0].copy(), s[rows, 1].copy()
        np.add(middle, side, out=s[rows, 0])
        np.subtract(middle, side, out=s[rows, 1])

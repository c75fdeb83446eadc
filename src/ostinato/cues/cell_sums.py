"""Products of film and song, summed over cells of song, at lags near a line.

Blocks of several lengths begin and end on a cell, so that each of them is told by the same sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from ostinato.cues.tracks import Track

_LEAST_ENERGY = 0.05  # of what a whitened block has


@dataclass(frozen=True, slots=True, eq=False)
class HeldFilm:
    """A film of which a part is held in memory; made by `held_film`."""

    track: Track
    start: int
    held: NDArray[np.float32]

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples [start, stop) of every view, contiguous along each."""
        first, last = start - self.start, stop - self.start
        if first >= 0 and last <= self.held.shape[1]:
            return self.held[:, first:last]
        return np.ascontiguousarray(self.track.read(start, stop))


def held_film(track: Track, start: int, stop: int) -> HeldFilm:
    """Read a part of a film that is asked again and again.

    Parameters
    ----------
    track : Track
        The whitened film.
    start, stop : int
        Samples; silence outside of the film.

    Returns
    -------
    HeldFilm
        What lies beside the part is read from disk.
    """
    return HeldFilm(track, start, np.ascontiguousarray(track.read(start, stop)))


@dataclass(frozen=True, slots=True, eq=False)
class CutBand:
    """What is likely heard in each view of a film, cut into cells.

    Parameters
    ----------
    cells : ndarray of float32, shape (n_views, n_cells, cell_length)
        Silence behind the song's end.
    energy : ndarray of float64, shape (n_views, 1 + n_cells)
        Up to each cell.
    """

    cells: NDArray[np.float32]
    energy: NDArray[np.float64]


def in_cells(views: Sequence[NDArray[np.float32]], cell_length: int) -> CutBand:
    """Cut a song into cells.

    Parameters
    ----------
    views : sequence of ndarray of float32, shape (n_samples,)
        One for each view of the film, whitened.
    cell_length : int
        In samples.

    Returns
    -------
    CutBand
        The last cell may hold less of the song.
    """
    cells = np.stack([np.pad(y, (0, -y.size % cell_length)) for y in views])
    cells = cells.reshape(len(views), -1, cell_length)
    energy = np.vecdot(cells, cells).astype(np.float64).cumsum(axis=1)
    return CutBand(cells, np.pad(energy, ((0, 0), (1, 0))))


@dataclass(frozen=True, slots=True, eq=False)
class CellSums:
    """Products of film and song along a line, summed over cells of song.

    Parameters
    ----------
    band : CutBand
        The song.
    first : int
        Number of the first cell.
    products : ndarray of float64, shape (n_lags, n_views, 1 + n_cells)
        Up to each cell, at some lags.
    """

    band: CutBand
    first: int
    products: NDArray[np.float64]

    def powers(
        self, cells: range, n_samples: int, *, lags: slice = slice(None)
    ) -> NDArray[np.float64]:
        """Return the power of the correlation of some cells at each lag, (n_lags, n_views).

        `n_samples` of the cells are song: what is mostly silence must not count as loud.
        """
        start, stop = cells.start - self.first, cells.stop - self.first
        product = self.products[lags, :, stop] - self.products[lags, :, start]
        energy = self.band.energy[:, cells.stop] - self.band.energy[:, cells.start]
        powers: NDArray[np.float64] = product**2 / np.maximum(energy, _LEAST_ENERGY * n_samples)
        return powers


def cell_sums(
    film: tuple[NDArray[np.float32], int], band: CutBand, cells: range, lags: Sequence[int]
) -> CellSums:
    """Sum the products of film and song over cells.

    Parameters
    ----------
    film : tuple of (ndarray of float32, shape (n_views, n_samples), int)
        Around what plays the cells; at which of its samples they begin at lag 0.
    band : CutBand
        The song.
    cells : range
        Which of them.
    lags : sequence of int
        A range of lags costs half of what each by itself does.

    Returns
    -------
    CellSums
        At each lag.
    """
    rows, begin = film
    song = band.cells[:, cells.start : cells.stop]
    products = np.zeros((len(lags), len(rows), len(cells) + 1))
    if isinstance(lags, range):
        # cell by cell, which stays near the processor
        played = _played(rows[:, begin + lags.start :], song.shape, lags)
        products[:, :, 1:] = np.vecdot(played, song[:, :, np.newaxis]).transpose(2, 0, 1)
    else:
        n_samples = len(cells) * song.shape[2]
        for index, lag in enumerate(lags):
            one = rows[:, begin + lag : begin + lag + n_samples].reshape(song.shape)
            products[index, :, 1:] = np.vecdot(one, song)
    return CellSums(band, cells.start, products.cumsum(axis=2))


def _played(rows: NDArray[np.float32], shape: tuple[int, ...], lags: range) -> NDArray[np.float32]:
    """Return what plays each cell at each lag, (n_views, n_cells, n_lags, cell_length); a view."""
    n_views, n_cells, length = shape
    strides = (rows.strides[0], *(rows.itemsize * n for n in (length, lags.step, 1)))
    return as_strided(rows, (n_views, n_cells, len(lags), length), strides, writeable=False)

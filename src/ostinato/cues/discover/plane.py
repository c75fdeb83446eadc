"""The film against itself: where does a block of it sound again later on.

Every block of the film is correlated with all of the film that follows it, so that each pair of
instants is looked at once. Sound that repeats lies on lines of equal lag in that half of the plane.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.detect import Peaks, Progress
from ostinato.cues.discover.parameters import DiscoverParameters
from ostinato.cues.track import Track
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import BlockSpectra, block_spectra, peaks_in_chunk
from ostinato.threads import in_threads

_FFT_LENGTH = 1 << 17  # 16 s of film: twice the block, and short enough for the cache
_TILE_BLOCKS = 64  # blocks whose spectra are held at once: 17 MB
_Found = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]


def self_peaks(
    film: Track, *, parameters: DiscoverParameters, on_progress: Progress | None = None
) -> Peaks:
    """Correlate every block of a film with the film that follows it.

    Parameters
    ----------
    film : Track
        The whitened film.
    parameters : DiscoverParameters
        Block length, what counts as a peak, and how soon a repetition may come.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Peaks
        `blocks` counts blocks of the film from its start, `lags` says where each sounds again;
        `n_cells` is the number of pairs of places that were compared.
    """
    scale = parameters.detect.long
    n_blocks = max(1, -(-film.n_samples // round(scale.hop_s * RATE_HZ)))
    n_pairs = n_blocks * (n_blocks + 1) / 2
    found: list[_Found] = []
    n_done = 0
    for first in range(0, n_blocks, _TILE_BLOCKS):
        n_tile = min(_TILE_BLOCKS, n_blocks - first)
        found += _search_tile(film, first, n_tile, parameters=parameters)
        n_done += sum(n_blocks - block for block in range(first, first + n_tile))
        if on_progress is not None:
            on_progress(n_done / n_pairs)
    lags, z, shares, blocks = (np.concatenate(column) for column in zip(*found, strict=True))
    n_cells = film.n_samples / scale.decimation * n_blocks / 2
    return Peaks(1.0, scale, lags, z, shares, blocks, max(1.0, n_cells))


def _search_tile(
    film: Track, first: int, n_blocks: int, *, parameters: DiscoverParameters
) -> Iterator[_Found]:
    """Yield lags, heights and blocks of the peaks of a few blocks, for each chunk of film."""
    scale = parameters.detect.long
    hop_length, block_length = (round(s * RATE_HZ) for s in (scale.hop_s, scale.block_s))
    start = first * hop_length
    blocks = [
        block_spectra(
            view,
            block_length=block_length,
            hop_length=hop_length,
            fft_length=_FFT_LENGTH,
            decimation=scale.decimation,
        )
        for view in film.read(start, start + (n_blocks - 1) * hop_length + block_length)
    ]

    def search(chunk_start: int) -> _Found:
        return _search_chunk(film, blocks, first, chunk_start, parameters=parameters)

    # the last chunk is moved back to be whole: silence behind the film would lower its scale
    last = max(0, film.n_samples - _FFT_LENGTH)
    starts = [*range(min(start, last), last, blocks[0].chunk_length), last]
    yield from in_threads(search, starts)


def _search_chunk(
    film: Track,
    blocks: Sequence[BlockSpectra],
    first: int,
    start: int,
    *,
    parameters: DiscoverParameters,
) -> _Found:
    chunk = film.read(start, start + blocks[0].fft_length)
    (peaks,) = peaks_in_chunk(chunk, [blocks], n_peaks=parameters.detect.n_peaks)
    lags = peaks.lags + start
    block_of = np.broadcast_to(first + np.arange(lags.shape[0])[:, np.newaxis], lags.shape)
    lag_of_film = lags - block_of * blocks[0].hop_length
    keep = peaks.z >= parameters.detect.min_z
    keep &= lag_of_film >= parameters.least_absence_s * RATE_HZ
    return lags[keep], peaks.z[keep], peaks.shares[keep], block_of[keep].astype(np.int64)

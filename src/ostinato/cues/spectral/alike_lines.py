"""Where in the film is the spectrum of any part of the song met, at any tempo and pitch nearby."""

import functools
from collections.abc import Iterator, Sequence

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ostinato.cues.lines import Line, gather_lines
from ostinato.cues.peaks import Peaks, Progress
from ostinato.cues.spectral.sheets import Sheet, SongSheet, SpectralParameters, Variant
from ostinato.cues.tiles import HOP_LENGTH
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import MAD_PER_SIGMA
from ostinato.threads import in_threads

_PARTS = 8  # in a chunk, over which a block's best places are told
_CHUNKS_AT_ONCE = 28  # 105 minutes of film: 100 MB of spectra
_HOPS_AT_ONCE = 24  # of song: fewer, and products of matrices take half as long again for each
_LEAST_SIGMA = 1e-4


def alike_lines(
    sheet: Sheet,
    song: SongSheet,
    *,
    parameters: SpectralParameters,
    on_progress: Progress | None = None,
) -> tuple[tuple[Line, Variant], ...]:
    """Find the lines along which film and song look alike.

    Parameters
    ----------
    sheet : Sheet
        The film's tiles.
    song : SongSheet
        The song's.
    parameters : SpectralParameters
        Tempos, pitches, and what counts as a peak.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    tuple of (Line, Variant)
        The strongest first, no two of one place; lags in samples at `RATE_HZ`.
    """
    variants = parameters.variants()
    scale = parameters.detect.long
    block, hop = (round(s * RATE_HZ / HOP_LENGTH) for s in (scale.block_s, scale.hop_s))
    lines: list[tuple[Line, Variant]] = []
    groups = list(_chunk_starts(sheet.n_frames, block, hop))
    for n_done, starts in enumerate(groups):
        film, norms = _film_spectra(sheet, starts, block, hop)
        tiles = (song.read_nearly(tempo=one.tempo, pitch_step=one.pitch_step) for one in variants)
        search = functools.partial(
            _peaks, film, norms, block=block, hop=hop, n_peaks=parameters.detect.n_peaks
        )
        for index, (z, lags) in enumerate(in_threads(search, tiles)):
            variant = variants[index]
            frames = lags + np.array(starts)[np.newaxis, :, np.newaxis]
            found = _as_peaks(z, frames, variant, n_frames=sheet.n_frames, parameters=parameters)
            lines += [(line, variant) for line in gather_lines(found, parameters=parameters.detect)]
            if on_progress is not None:
                on_progress((n_done + (index + 1) / len(variants)) / len(groups))
    lines.sort(key=lambda pair: (-pair[0].evidence, pair[0].start))
    return tuple(_of_one_place(lines))


def _of_one_place(lines: Sequence[tuple[Line, Variant]]) -> Iterator[tuple[Line, Variant]]:
    """Yield each line unless a stronger one has most of its film at the same song time."""
    kept = np.empty((len(lines), 4))
    n_kept = 0
    for line, variant in lines:
        if not _is_kept(line, kept[:n_kept]):
            kept[n_kept] = line.start, line.stop, line.offset, line.speed
            n_kept += 1
            yield line, variant


def _is_kept(line: Line, others: NDArray[np.float64]) -> bool:
    start, stop, offset, speed = others.T
    first = np.maximum(line.start, start)
    shared = np.minimum(line.stop, stop) - first
    middle = first + shared / 2
    apart = (middle - line.offset) * line.speed - (middle - offset) * speed
    same = np.abs(apart) < _SAME_PLACE_S * RATE_HZ
    return bool(np.any(same & (shared >= (line.stop - line.start) / 2)))


_SAME_PLACE_S = 0.5


def _fft_length(hop: int) -> int:
    """Return eight hops: each is transformed at this length, and an eighth of it is lost."""
    return 1 << (8 * hop - 1).bit_length()


def _n_lags(block: int, hop: int) -> int:
    """Return the frames of film on which a block may begin in a chunk."""
    return _PARTS * (_fft_length(hop) - hop) - (block - hop)


def _chunk_starts(n_frames: int, block: int, hop: int) -> Iterator[list[int]]:
    """Yield groups of first frames; the last chunk is moved back to be whole."""
    n_lags = _n_lags(block, hop)
    last = max(0, n_frames - n_lags - block)
    starts = [*range(0, last, n_lags), last]
    # as many in each: the song is made ready for every group
    n_groups = -(-len(starts) // _CHUNKS_AT_ONCE)
    for index in range(n_groups):
        first, end = (len(starts) * k // n_groups for k in (index, index + 1))
        yield starts[first:end]


def _film_spectra(
    sheet: Sheet, starts: list[int], block: int, hop: int
) -> tuple[NDArray[np.complex64], NDArray[np.float32]]:
    """Return spectra over time, (n_bins, n_dims, n_parts), and norms of blocks, (n_chunks, n)."""
    fft_length = _fft_length(hop)
    step = fft_length - hop

    def one(start: int) -> tuple[NDArray[np.complex64], NDArray[np.float64]]:
        tiles = sheet.read(start, start + _PARTS * step + hop)
        energy = np.cumsum(np.sum(tiles.astype(np.float64) ** 2, axis=0))
        norms = np.sqrt(np.maximum(energy[block:] - energy[:-block], 1.0))
        parts = sliding_window_view(tiles, fft_length, axis=1)[:, ::step]
        return scipy.fft.rfft(parts, axis=2).transpose(2, 0, 1), norms

    out, norms = np.empty(0, np.complex64), []
    for index, (spectra, norm) in enumerate(in_threads(one, starts)):
        if index == 0:
            out = np.empty((*spectra.shape[:2], len(starts) * _PARTS), np.complex64)
        out[:, :, index * _PARTS : (index + 1) * _PARTS] = spectra
        norms.append(norm)
    return out, np.array(norms, np.float32)


def _peaks(
    film: NDArray[np.complex64],
    norms: NDArray[np.float32],
    tiles: NDArray[np.float32],
    *,
    block: int,
    hop: int,
    n_peaks: int,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return heights in sigmas and lags, each of shape (n_blocks, n_chunks, n_peaks).

    Blocks overlap: each hop of song is correlated once, and those that make a block are added up.
    """
    n_blocks = max(1, 1 + (tiles.shape[1] - block // 2) // hop)
    more = block // hop - 1  # hops of a block, besides the first
    song = _by_frame(tiles, n_blocks + more, hop)
    step, n_lags = _fft_length(hop) - hop, norms.shape[1]
    inverse = 1 / norms
    known = np.zeros((0, norms.shape[0], _PARTS * step), np.float32)
    found = []
    for first in range(0, n_blocks + more, _HOPS_AT_ONCE):
        # one product of matrices for each frequency: hops against chunks, over all tiles
        products = np.matmul(_conjugates(song[:, first : first + _HOPS_AT_ONCE]), film)
        products = np.ascontiguousarray(products.transpose(1, 2, 0))
        r = scipy.fft.irfft(products, _fft_length(hop), axis=2, overwrite_x=True)
        earlier = known[max(0, len(known) - more) :]
        known = np.empty((len(earlier) + len(r), *earlier.shape[1:]), np.float32)
        known[: len(earlier)] = earlier
        # the parts of a chunk follow each other
        known[len(earlier) :].reshape(*r.shape[:2], step)[:] = r[:, :, :step]
        n_whole = len(known) - more
        if n_whole > 0:
            sums = known[:n_whole, :, :n_lags].copy()
            for k in range(1, more + 1):
                sums += known[k : k + n_whole, :, k * hop : k * hop + n_lags]
            sums *= inverse
            found.append(_highest(sums, n_peaks, apart=block // 4))
    heights, lags = zip(*found, strict=True)
    return np.concatenate(heights), np.concatenate(lags)


def _by_frame(tiles: NDArray[np.float32], n_hops: int, hop: int) -> NDArray[np.float32]:
    """Return the hops of a song, (hop, n_hops, n_dims)."""
    n_dims, n_frames = tiles.shape
    padded = np.zeros((n_hops, hop, n_dims), np.float32)
    inside = min(n_frames, n_hops * hop)
    padded.reshape(-1, n_dims)[:inside] = tiles[:, :inside].T
    return np.ascontiguousarray(padded.transpose(1, 0, 2))


def _conjugates(song: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return conjugate spectra over time of some hops of a song, (n_bins, n_hops, n_dims).

    As a product of matrices: most of what is transformed is padding, and the order comes out right.
    """
    hop, n_hops, n_dims = song.shape
    cosines, sines = _waves(hop, _fft_length(hop))
    out = np.empty((cosines.shape[0], n_hops, n_dims), np.complex64)
    by_frame = song.reshape(hop, -1)
    out.real = (cosines @ by_frame).reshape(out.shape)
    out.imag = (sines @ by_frame).reshape(out.shape)
    return out


@functools.cache
def _waves(n_frames: int, fft_length: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    angle = 2 * np.pi * np.arange(fft_length // 2 + 1)[:, np.newaxis] * np.arange(n_frames)
    angle /= fft_length
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def _highest(
    r: NDArray[np.float32], n_peaks: int, *, apart: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the highest of each pool's maxima, in sigmas."""
    sigma = np.median(np.abs(r[:, :, ::7]), axis=2, keepdims=True) / MAD_PER_SIGMA
    n_pools = r.shape[2] // apart
    r = r[:, :, : n_pools * apart]
    pooled = np.maximum.reduceat(r, np.arange(n_pools) * apart, axis=2)
    order = np.argsort(-pooled, axis=2)[:, :, :n_peaks]
    rows, columns = np.ogrid[: r.shape[0], : r.shape[1]]
    pools = r.reshape(*r.shape[:2], n_pools, apart)
    within = pools[rows[..., np.newaxis], columns[..., np.newaxis], order].argmax(axis=3)
    heights = np.take_along_axis(pooled, order, axis=2) / np.maximum(sigma, _LEAST_SIGMA)
    return heights.astype(np.float32), order * apart + within


def _as_peaks(
    z: NDArray[np.float32],
    frames: NDArray[np.int64],
    variant: Variant,
    *,
    n_frames: int,
    parameters: SpectralParameters,
) -> Peaks:
    keep = z >= parameters.detect.min_z
    blocks = np.broadcast_to(np.arange(z.shape[0])[:, np.newaxis, np.newaxis], z.shape)
    return Peaks(
        variant.tempo,
        parameters.detect.long,
        frames[keep] * HOP_LENGTH,
        z[keep],
        np.ones((int(keep.sum()), 1), np.float32),
        blocks[keep].astype(np.int64),
        max(1.0, float(n_frames * z.shape[0])),
    )

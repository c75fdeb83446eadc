"""Candidates: where in the film does any part of the song correlate, and along which line.

The plane of film time by song position is computed whole, block of song by block of song. Peaks of
one occurrence lie on one diagonal, so their offsets (film time less time into the song as played)
agree within milliseconds, while chance scatters them. A line is kept when its evidence in nats
outweighs the number of places in the plane where it might have arisen by chance.
"""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.track import RATE_HZ, Track
from ostinato.dsp.correlate import BlockSpectra, block_spectra, peaks_in_chunk

Progress = Callable[[float], None]
"""Told the fraction done, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectParameters:
    """How candidates are searched; recorded verbatim under `run.parameters`."""

    block_s: float = 2.0
    """Coherent length. Longer gains more, but 250 ppm of speed error then costs 4 dB."""
    hop_s: float = 2.0
    """Between blocks of song; contiguous blocks see every second of song once."""
    n_peaks: int = 3
    """Peaks kept for each block in each chunk of film: a block may be heard twice within 15 s."""
    min_z: float = 4.5
    """Half of all chunks of noise have their highest peak above this."""
    offset_tolerance_s: float = 0.012
    """Peaks of one line agree to this: a room spreads arrivals over about 10 ms."""
    max_gap_blocks: int = 8
    """Blocks that may be masked inside a line."""
    min_evidence: float = 3.0
    """Nats beyond chance for a line to be traced; tracing then decides with all of the band."""


@dataclass(frozen=True, slots=True)
class Line:
    """Peaks of the plane that lie on one diagonal.

    Parameters
    ----------
    speed : float
        At which the song was searched.
    lags, z : ndarray, shape (n_peaks,)
        Film position of each block's start in samples at `RATE_HZ`, and its height.
    blocks : ndarray of int64, shape (n_peaks,)
        Which blocks of the song, increasing.
    hop_length, block_length : int
        Samples between blocks and in a block.
    evidence : float
        Nats beyond chance.
    """

    speed: float
    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    blocks: NDArray[np.int64]
    hop_length: int
    block_length: int
    evidence: float

    @property
    def offset(self) -> float:
        """Sample of film at which the song's first sample would fall, weighted by evidence."""
        offsets = self.lags - self.blocks * self.hop_length
        return float(np.average(offsets, weights=self.z.astype(np.float64) ** 2))

    @property
    def start(self) -> int:
        """First film sample of its first block."""
        return int(self.lags[0])

    @property
    def stop(self) -> int:
        """Film sample after its last block."""
        return int(self.lags[-1]) + self.block_length


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks of the plane for one song at one speed, and the size of the plane that held them."""

    speed: float
    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    blocks: NDArray[np.int64]
    n_cells: float

    def outside(self, start: int, stop: int, *, block_length: int) -> "Peaks":
        """Return the peaks whose block lies more than half outside of [start, stop)."""
        overlap = np.minimum(self.lags + block_length, stop) - np.maximum(self.lags, start)
        keep = overlap < block_length / 2
        return Peaks(self.speed, self.lags[keep], self.z[keep], self.blocks[keep], self.n_cells)


def find_peaks(
    film: Track,
    song_y: NDArray[np.float32],
    *,
    speed: float,
    parameters: DetectParameters,
    on_progress: Progress | None = None,
) -> Peaks:
    """Correlate every block of a song with the whole film.

    Parameters
    ----------
    film : Track
        The whitened film.
    song_y : ndarray of float32, shape (n_samples,)
        The song whitened at `speed`.
    speed : float
        Recorded with the peaks.
    parameters : DetectParameters
        Block length, hop, and what counts as a peak.
    on_progress : callable, optional
        Told the fraction of film done.

    Returns
    -------
    Peaks
        Those of at least `min_z`, in order of film time within each chunk.
    """
    blocks = block_spectra(
        song_y,
        block_length=round(parameters.block_s * RATE_HZ),
        hop_length=round(parameters.hop_s * RATE_HZ),
        fft_length=_FFT_LENGTH,
        decimation=_DECIMATION,
    )
    # the last chunk is moved back to be whole: silence behind the film would lower its scale
    last = max(0, film.n_samples - blocks.fft_length)
    starts = [*range(0, last, blocks.chunk_length), last]

    def search(start: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return _search_chunk(film, blocks, start, n_peaks=parameters.n_peaks)

    found = []
    # threads suffice: transforms release the interpreter; `map` keeps the order, so runs agree
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for n_done, one in enumerate(pool.map(search, starts), start=1):
            found.append(one)
            if on_progress is not None:
                on_progress(n_done / len(starts))
    lags = np.stack([lag for lag, _ in found])
    z = np.stack([height for _, height in found])
    keep = z >= parameters.min_z
    block_of = np.broadcast_to(np.arange(z.shape[1])[:, np.newaxis], z.shape)
    n_cells = film.n_samples / _DECIMATION * z.shape[1]
    return Peaks(speed, lags[keep], z[keep], block_of[keep].astype(np.int64), max(1.0, n_cells))


_FFT_LENGTH = 1 << 17  # 16 s of film: long against the block, short enough for the cache
_DECIMATION = 2  # half of the band finds the line at half of the cost; tracing uses all of it


def _search_chunk(
    film: Track, blocks: BlockSpectra, start: int, *, n_peaks: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    chunk = film.read(start, start + blocks.fft_length)
    lags, z = peaks_in_chunk(chunk, blocks, n_peaks=n_peaks)
    return lags + start, z


def gather_lines(peaks: Peaks, *, parameters: DetectParameters) -> tuple[Line, ...]:
    """Gather peaks into lines that chance does not explain.

    Parameters
    ----------
    peaks : Peaks
        Of one song at one speed.
    parameters : DetectParameters
        Tolerance and evidence.

    Returns
    -------
    tuple of Line
        The strongest first; no peak is in two lines.
    """
    if peaks.z.size == 0:
        return ()
    hop_length = round(parameters.hop_s * RATE_HZ)
    offsets = peaks.lags - peaks.blocks * hop_length
    order = np.argsort(offsets, kind="stable")
    tolerance = parameters.offset_tolerance_s * RATE_HZ
    breaks = np.flatnonzero(np.diff(offsets[order]) > tolerance) + 1
    starts = np.concatenate([[0], breaks])
    nats = np.add.reduceat(peaks.z[order].astype(np.float64) ** 2 / 2, starts)
    hopeful = nats >= math.log(peaks.n_cells) + parameters.min_evidence
    groups = np.split(order, breaks)
    lines = []
    for group in (groups[i] for i in np.flatnonzero(hopeful)):
        for chain in _chains(peaks, group, parameters.max_gap_blocks):
            evidence = _evidence(peaks, chain, parameters)
            if evidence >= parameters.min_evidence:
                lines.append(
                    Line(
                        peaks.speed,
                        peaks.lags[chain],
                        peaks.z[chain],
                        peaks.blocks[chain],
                        hop_length,
                        round(parameters.block_s * RATE_HZ),
                        evidence,
                    )
                )
    return tuple(sorted(lines, key=lambda line: (-line.evidence, line.start)))


def _chains(
    peaks: Peaks, group: NDArray[np.int64], max_gap_blocks: int
) -> Sequence[NDArray[np.int64]]:
    """Split peaks of one offset where too many blocks are missing; keep each block's highest."""
    order = group[np.lexsort((-peaks.z[group], peaks.blocks[group]))]
    blocks = peaks.blocks[order]
    order = order[np.concatenate([[True], np.diff(blocks) > 0])]
    breaks = np.flatnonzero(np.diff(peaks.blocks[order]) > max_gap_blocks) + 1
    return np.split(order, breaks)


def _evidence(peaks: Peaks, chain: NDArray[np.int64], parameters: DetectParameters) -> float:
    """Nats by which a chain beats chance, counting the places where it could have arisen."""
    n_near = 2 * parameters.offset_tolerance_s * RATE_HZ / _DECIMATION * parameters.max_gap_blocks
    z = peaks.z[chain].astype(np.float64)
    places = math.log(peaks.n_cells) + (z.size - 1) * math.log(n_near)
    return float(np.sum(z**2) / 2 - places)

"""Candidates: where in the film does any part of the song correlate.

The plane of film time by song position is computed whole, block of song by block of song, in every
view of the film. Blocks come in two lengths: short ones meet an excerpt of two seconds and a copy
whose speed is a little off, long ones dig further into the noise where the song plays on.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.track import Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import BlockPeaks, BlockSpectra, block_spectra, peaks_in_chunk
from ostinato.errors import ParameterError
from ostinato.ranges import Count, Height, Seconds, Steps, Window, check_ranges
from ostinato.threads import in_threads

Progress = Callable[[float], None]
"""Told the fraction done, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A length of the song's blocks.

    Parameters
    ----------
    block_s : float
        Coherent length. Longer gains more, but at 2 s a speed that is 250 ppm off costs 4 dB.
    hop_s : float
        Between blocks of song; a whole fraction of the length.
    decimation : int
        Part of the band and of the lags that are looked at, a power of two: half of the band finds
        a line at half of the cost. Tracing uses all of it.
    """

    block_s: Window
    hop_s: Window
    decimation: Count = 2

    def __post_init__(self) -> None:
        check_ranges(self)
        if self.decimation & (self.decimation - 1):
            raise ParameterError(
                "decimation", f"it is {self.decimation}", "Give a power of two: 1, 2, 4 …"
            )
        if not math.isclose(self.overlap * self.hop_s, self.block_s, rel_tol=1e-6):
            raise ParameterError(
                "hop_s", f"it is {self.hop_s}, no whole fraction of block_s", "Give block_s / 2"
            )

    @property
    def overlap(self) -> int:
        """Blocks that cover each instant of the song."""
        return round(self.block_s / self.hop_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectParameters:
    """How candidates are searched; recorded verbatim under `run.parameters`."""

    short: Scale = Scale(block_s=2.0, hop_s=1.0)
    """Any excerpt of 3 s holds a whole one."""
    long: Scale = Scale(block_s=8.0, hop_s=4.0)
    """6 dB further into the noise, if the speed is right to some 60 ppm."""
    survey: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=4)
    """At speeds other than the first; where the song is heard, short and long blocks follow."""
    survey_evidence: Height = 30.0
    """Nats beyond chance by which a speed counts as heard."""
    most_further_speeds: Steps = 2
    """A film has one or two besides the first; tonal music may seem to have them all."""
    n_peaks: Count = 3
    """Peaks kept for each block in each half minute of film, in which it may be heard thrice."""
    min_z: Height = 4.5
    """Half of all chunks of noise have their highest peak above this."""
    offset_tolerance_s: Seconds = 0.012
    """Peaks of one line agree to this: a room spreads arrivals over about 10 ms."""
    max_gap_s: Seconds = 16.0
    """What may be masked inside a line."""
    min_evidence: Height = 3.0
    """Nats beyond chance for a line to be traced; tracing then decides with all of the band."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks of the plane for one song at one speed and scale, and the size of that plane.

    Parameters
    ----------
    speed : float
        At which the song was searched.
    scale : Scale
        Of its blocks.
    lags, z : ndarray, shape (n_peaks,)
        Film position of each block's start in samples at `RATE_HZ`, and its height.
    shares : ndarray of float32, shape (n_peaks, n_views)
        What each view of the film gives to the square of the height.
    blocks : ndarray of int64, shape (n_peaks,)
        Which blocks of the song.
    n_cells : float
        Places that were looked at, at least 1.
    """

    speed: float
    scale: Scale
    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    shares: NDArray[np.float32]
    blocks: NDArray[np.int64]
    n_cells: float


def find_peaks(
    film: Track,
    song: Mapping[str, NDArray[np.float32]],
    *,
    speed: float,
    scale: Scale,
    parameters: DetectParameters,
    on_progress: Progress | None = None,
) -> Peaks:
    """Correlate every block of a song with the whole film.

    Parameters
    ----------
    film : Track
        The whitened film.
    song : mapping of str to ndarray of float32, shape (n_samples,)
        The song's views, whitened at `speed`.
    speed : float
        Recorded with the peaks.
    scale : Scale
        Block length and hop.
    parameters : DetectParameters
        What counts as a peak.
    on_progress : callable, optional
        Told the fraction of film done.

    Returns
    -------
    Peaks
        Those of at least `min_z`, in order of film time within each chunk.
    """
    heard = likeliest(film.views, song)
    block_length, hop_length = round(scale.block_s * RATE_HZ), round(scale.hop_s * RATE_HZ)
    # at least half of the last block is song: a mere second of it would meet the film's bursts
    n_blocks = max(1, 1 + (heard[0].size - block_length // 2) // hop_length)
    parts = []
    # a long song's spectra would fill the memory of a laptop
    for first in range(0, n_blocks, _MOST_BLOCKS):
        n_here = min(_MOST_BLOCKS, n_blocks - first)
        begin, end = first * hop_length, (first + n_here - 1) * hop_length + block_length
        padded = (_padded(y[begin:end], end - begin) for y in heard)
        blocks = [*in_threads(lambda y: _spectra(y, scale), padded)]

        def tell(fraction: float, first: int = first, n_here: int = n_here) -> None:
            if on_progress is not None:
                on_progress((first + fraction * n_here) / n_blocks)

        parts.append(
            _search(
                film,
                blocks,
                first,
                speed=speed,
                scale=scale,
                parameters=parameters,
                on_progress=tell,
            )
        )
    return _joined(parts)


_MOST_BLOCKS = 160
_CHUNK_S = 14.4  # lags of a chunk, at least; transforms are of a power of two


def _padded(y: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    return np.pad(y, (0, length - y.size))


def _spectra(song_y: NDArray[np.float32], scale: Scale) -> BlockSpectra:
    needed = round((scale.block_s + _CHUNK_S) * RATE_HZ)
    return block_spectra(
        song_y,
        block_length=round(scale.block_s * RATE_HZ),
        hop_length=round(scale.hop_s * RATE_HZ),
        fft_length=1 << (needed - 1).bit_length(),
        decimation=scale.decimation,
    )


def _search(
    film: Track,
    blocks: Sequence[BlockSpectra],
    first: int,
    *,
    speed: float,
    scale: Scale,
    parameters: DetectParameters,
    on_progress: Progress,
) -> Peaks:
    """Search some of the song's blocks, `first` and those after it."""
    fft_length = blocks[0].fft_length
    # the last chunk is moved back to be whole: silence behind the film would lower its scale
    last = max(0, film.n_samples - fft_length)
    starts = [*range(0, last, blocks[0].chunk_length), last]

    def search(start: int) -> BlockPeaks:
        chunk = film.read(start, start + fft_length)
        return peaks_in_chunk(chunk, blocks, n_peaks=parameters.n_peaks)

    found = []
    for n_done, one in enumerate(in_threads(search, starts), start=1):
        found.append(one)
        on_progress(n_done / len(starts))
    z = np.stack([one.z for one in found])
    lags = np.stack([one.lags + start for one, start in zip(found, starts, strict=True)])
    shares = np.stack([one.shares for one in found])
    keep = z >= parameters.min_z
    block_of = np.broadcast_to(first + np.arange(z.shape[1])[:, np.newaxis], z.shape)
    return Peaks(
        speed,
        scale,
        lags[keep],
        z[keep],
        shares[keep],
        block_of[keep].astype(np.int64),
        max(1.0, film.n_samples / scale.decimation * z.shape[1]),
    )


def _joined(parts: Sequence[Peaks]) -> Peaks:
    return Peaks(
        parts[0].speed,
        parts[0].scale,
        np.concatenate([one.lags for one in parts]),
        np.concatenate([one.z for one in parts]),
        np.concatenate([one.shares for one in parts]),
        np.concatenate([one.blocks for one in parts]),
        sum(one.n_cells for one in parts),
    )

"""Peaks: where in the film does any part of the song correlate.

The plane of film time by song position is computed whole, block of song by block of song, in every
view of the film. Blocks come in two lengths: short ones meet an excerpt of two seconds and a copy
whose speed is a little off, long ones dig further into the noise where the song plays on.
"""

import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.tracks import LOW_STEP, Track
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
    presence: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=4)
    """First of all, is the song heard at all? If not, there is nothing to be searched further."""
    presence_z: Height = 5.2
    """What it passes."""
    presence_together: Count = 2
    """Blocks of song that are looked for at once, in one transform: each shows less by the root."""
    heard_evidence: Height = 16.0
    """Nats beyond chance by which a song counts as heard: songs that were absent gave 14 at most by
    looks of this kind, excerpts of two seconds at -25 LU re speech 700 at least."""
    look: Scale = Scale(block_s=8.0, hop_s=4.0)
    """First look at a speed, where the song is heard: an excerpt of four seconds lies in a whole
    block. Blocks of half the length show one of two seconds 3 dB better, at twice the cost."""
    look_z: Height = 4.8
    """What it passes, for the whole band to be asked in short and in long blocks."""
    look_peaks: Count = 6
    """Kept for each block in each half minute: one that is loud has answers beside it."""
    survey_look: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=8)
    survey_look_z: Height = 5.4
    """The same at other speeds, by an eighth of the band."""
    survey_together: Count = 3
    """A film that plays a song at another speed has more of it than one short excerpt."""
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

    def some(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Peaks":
        """Return some of them, of the same plane."""
        return replace(
            self,
            lags=self.lags[which],
            z=self.z[which],
            shares=self.shares[which],
            blocks=self.blocks[which],
        )


def find_peaks(
    film: Track,
    song_at: Callable[[float], Mapping[str, NDArray[np.float32]]],
    *,
    speeds: Sequence[float],
    scale: Scale,
    parameters: DetectParameters,
    together: int = 1,
    on_progress: Progress | None = None,
) -> tuple[Peaks, ...]:
    """Correlate every block of a song with the whole film.

    Parameters
    ----------
    film : Track
        The whitened film.
    song_at : callable
        Returns the song's views, each of shape (n_samples,), whitened at a speed; at the rate of
        the film's lower band where that is all that the scale looks at.
    speeds : sequence of float
        To try; they share what is asked of the film.
    scale : Scale
        Block length and hop.
    parameters : DetectParameters
        What counts as a peak.
    together : int, optional
        Blocks that are looked for at once; each of them is said to be where any of them may be.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    tuple of Peaks
        For each speed those of at least `min_z`.
    """
    parts: dict[float, list[Peaks]] = {speed: [] for speed in speeds}
    cut = _cut(scale)
    groups = _groups(film.views, song_at, speeds, cut, together)
    for group, before, after in groups:

        def tell(fraction: float, before: float = before, after: float = after) -> None:
            if on_progress is not None:
                on_progress(before + fraction * (after - before))

        found = _search(film, group, cut=cut, scale=scale, parameters=parameters, on_progress=tell)
        for some, peaks in zip(group, found, strict=True):
            parts[some.speed].append(peaks)
    return tuple(map(joined_peaks, parts.values()))


_MOST_BLOCKS = 80  # in two views, of four seconds each: 84 MB of spectra
_CHUNK_S = 14.4  # lags of a chunk, at least; transforms are of a power of two


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """How a song is cut into blocks: samples, of which `step` at `RATE_HZ` are one."""

    step: int
    block_length: int
    hop_length: int
    fft_length: int
    decimation: int

    def blocks_in(self, n_samples: int) -> int:
        """Return how many blocks a song has.

        At least half of the last is song: a mere second of it would meet the film's bursts.
        """
        return max(1, 1 + (n_samples - self.block_length // 2) // self.hop_length)


def looks_low(scale: Scale) -> bool:
    """Tell whether a scale looks at nothing but the film's lower band.

    Parameters
    ----------
    scale : Scale
        Of the blocks.

    Returns
    -------
    bool
        Then what is kept of that band is enough, at its own rate.
    """
    return scale.decimation % LOW_STEP == 0


def _cut(scale: Scale) -> _Cut:
    step = LOW_STEP if looks_low(scale) else 1
    needed = round((scale.block_s + _CHUNK_S) * RATE_HZ)
    return _Cut(
        step=step,
        block_length=round(scale.block_s * RATE_HZ / step),
        hop_length=round(scale.hop_s * RATE_HZ / step),
        fft_length=(1 << (needed - 1).bit_length()) // step,
        decimation=scale.decimation // step,
    )


@dataclass(frozen=True, slots=True)
class _Some:
    """Some blocks of a song at a speed, in each view of the film.

    `blocks` has the numbers of those that are looked for at once in a row, -1 where there is none.
    """

    speed: float
    blocks: NDArray[np.int64]
    spectra: Sequence[BlockSpectra]


def _groups(
    film_views: tuple[str, ...],
    song_at: Callable[[float], Mapping[str, NDArray[np.float32]]],
    speeds: Sequence[float],
    cut: _Cut,
    together: int,
) -> Iterator[tuple[list[_Some], float, float]]:
    """Yield blocks that are searched together, and the fractions done before and after.

    A long song's spectra would fill the memory of a laptop, as those of all speeds would.
    """
    group: list[_Some] = []
    n_held, before = 0, 0.0
    for index, speed in enumerate(speeds):
        heard = likeliest(film_views, song_at(speed))
        for some, done in _parts(heard, speed, cut, together):
            if group and n_held + len(some.blocks) > _MOST_BLOCKS:
                after = (index + done) / len(speeds)
                yield group, before, after
                group, n_held, before = [], 0, after
            group.append(some)
            n_held += len(some.blocks)
    yield group, before, 1.0


def blocks_in(n_samples: int, scale: Scale) -> int:
    """Return how many blocks a song has.

    Parameters
    ----------
    n_samples : int
        Its length at `RATE_HZ`.
    scale : Scale
        Of its blocks.

    Returns
    -------
    int
        At least half of the last is song: a mere second of it would meet the film's bursts.
    """
    block_length, hop_length = round(scale.block_s * RATE_HZ), round(scale.hop_s * RATE_HZ)
    return max(1, 1 + (n_samples - block_length // 2) // hop_length)


def _parts(
    heard: Sequence[NDArray[np.float32]], speed: float, cut: _Cut, together: int
) -> Iterator[tuple[_Some, float]]:
    """Yield blocks of a song, no more than may be held, and the fraction before them."""
    n_blocks = cut.blocks_in(heard[0].size)
    n_rows = -(-n_blocks // together)
    # what is looked for at once lies far apart, so that no excerpt is met twice at one place
    numbers = np.arange(n_rows * together).reshape(together, n_rows).T
    numbers[numbers >= n_blocks] = -1
    for first in range(0, n_rows, _MOST_BLOCKS):
        blocks = numbers[first : first + _MOST_BLOCKS]
        spectra = in_threads(functools.partial(_sums, blocks=blocks, cut=cut), heard)
        yield _Some(speed, blocks, [*spectra]), first / n_rows


def _sums(y: NDArray[np.float32], *, blocks: NDArray[np.int64], cut: _Cut) -> BlockSpectra:
    """Return spectra of what is looked for at once, as loud as a single block."""
    total: BlockSpectra | None = None
    for column in blocks.T:
        known = column[column >= 0]
        if known.size == 0:
            continue
        begin, end = known[0] * cut.hop_length, known[-1] * cut.hop_length + cut.block_length
        some = _spectra(_padded(y[begin:end], end - begin), cut)
        if total is None:
            total = some
        else:
            total.conjugates[: known.size] += some.conjugates
    if total is None:
        raise AssertionError("a song has blocks")
    n_each = np.count_nonzero(blocks >= 0, axis=1)[:, np.newaxis]
    total.conjugates[:] /= np.sqrt(n_each).astype(np.float32)
    return total


def _padded(y: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    return np.pad(y, (0, length - y.size))


def _spectra(song_y: NDArray[np.float32], cut: _Cut) -> BlockSpectra:
    return block_spectra(
        song_y,
        block_length=cut.block_length,
        hop_length=cut.hop_length,
        fft_length=cut.fft_length,
        decimation=cut.decimation,
    )


def _search(
    film: Track,
    group: Sequence[_Some],
    *,
    cut: _Cut,
    scale: Scale,
    parameters: DetectParameters,
    on_progress: Progress,
) -> list[Peaks]:
    """Search some of the song's blocks in all of the film."""
    read, n_samples = (film.read, film.n_samples) if cut.step == 1 else (film.read_low, film.n_low)
    chunk_length = group[0].spectra[0].chunk_length
    # the last chunk is moved back to be whole: silence behind the film would lower its scale
    last = max(0, n_samples - cut.fft_length)
    starts = [*range(0, last, chunk_length), last]
    blocks = [some.spectra for some in group]

    def search(start: int) -> tuple[BlockPeaks, ...]:
        chunk = read(start, start + cut.fft_length)
        return peaks_in_chunk(chunk, blocks, n_peaks=parameters.n_peaks)

    found = []
    for n_done, one in enumerate(in_threads(search, starts), start=1):
        found.append(one)
        on_progress(n_done / len(starts))
    lags = [cut.step * start for start in starts]
    return [
        _kept(film, some, of_chunks, lags, scale=scale, step=cut.step, parameters=parameters)
        for some, of_chunks in zip(group, zip(*found, strict=True), strict=True)
    ]


def _kept(
    film: Track,
    some: _Some,
    found: Sequence[BlockPeaks],
    starts: Sequence[int],
    *,
    scale: Scale,
    step: int,
    parameters: DetectParameters,
) -> Peaks:
    """Return what is high enough of the peaks of all chunks."""
    z = np.stack([one.z for one in found])
    lags = np.stack([one.lags * step + start for one, start in zip(found, starts, strict=True)])
    shares = np.stack([one.shares for one in found])
    chunk, row, peak = np.nonzero(z >= parameters.min_z)
    each = some.blocks[row]
    which, member = np.nonzero(each >= 0)
    at = chunk[which], row[which], peak[which]
    return Peaks(
        some.speed,
        scale,
        lags[at],
        z[at],
        shares[at],
        each[which, member],
        n_places(film, scale, int(np.count_nonzero(some.blocks >= 0))),
    )


def n_places(film: Track, scale: Scale, n_blocks: int) -> float:
    """Return how many places of the plane some blocks of a song have.

    Parameters
    ----------
    film : Track
        The film.
    scale : Scale
        Of the blocks.
    n_blocks : int
        Of the song.

    Returns
    -------
    float
        At least 1.
    """
    return max(1.0, film.n_samples / scale.decimation * n_blocks)


def no_peaks(film: Track, speed: float, scale: Scale, *, n_samples: int) -> Peaks:
    """Return what a look says that sees nothing.

    Parameters
    ----------
    film : Track
        The film.
    speed : float
        At which the song was searched.
    scale : Scale
        Of its blocks.
    n_samples : int
        Length of the song at that speed.

    Returns
    -------
    Peaks
        None, of all places.
    """
    return Peaks(
        speed,
        scale,
        np.zeros(0, np.int64),
        np.zeros(0, np.float32),
        np.zeros((0, len(film.views)), np.float32),
        np.zeros(0, np.int64),
        n_places(film, scale, blocks_in(n_samples, scale)),
    )


def joined_peaks(parts: Sequence[Peaks]) -> Peaks:
    """Join the peaks of some blocks with those of others.

    Parameters
    ----------
    parts : sequence of Peaks
        Of one song at one speed and scale; no block is in two of them.

    Returns
    -------
    Peaks
        Of all of them.
    """
    return Peaks(
        parts[0].speed,
        parts[0].scale,
        np.concatenate([one.lags for one in parts]),
        np.concatenate([one.z for one in parts]),
        np.concatenate([one.shares for one in parts]),
        np.concatenate([one.blocks for one in parts]),
        sum(one.n_cells for one in parts),
    )

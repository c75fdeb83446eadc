"""The plane of film time by song position, block by block of song, in each view of a film."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.peaks import (
    DetectParameters,
    Peaks,
    Progress,
    Scale,
    joined_peaks,
    looks_low,
    n_places,
)
from ostinato.cues.tracks import LOW_STEP, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import BlockPeaks, BlockSpectra, block_spectra, peaks_in_chunk
from ostinato.threads import in_threads

_MOST_BYTES = 100e6  # of the spectra of a song's blocks: 95 of four seconds, in two views
_CHUNK_S = 14.4  # lags of a chunk, at least; transforms are of a power of two


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """How a song is cut into blocks: samples, of which `step` at `RATE_HZ` are one."""

    step: int
    block_length: int
    hop_length: int
    fft_length: int
    decimation: int

    @property
    def bytes_of_block(self) -> int:
        """Of its spectrum in one view."""
        return 8 * (self.fft_length // (2 * self.decimation) + 1)

    def blocks_in(self, n_samples: int) -> int:
        """Return how many blocks a song has.

        At least half of the last is song: a mere second of it would meet the film's bursts.
        """
        return max(1, 1 + (n_samples - self.block_length // 2) // self.hop_length)


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
    most = max(1, int(_MOST_BYTES / (len(film_views) * cut.bytes_of_block)))
    for index, speed in enumerate(speeds):
        heard = likeliest(film_views, song_at(speed))
        for some, done in _parts(heard, speed, cut, together, most=most):
            if group and n_held + len(some.blocks) > most:
                after = (index + done) / len(speeds)
                yield group, before, after
                group, n_held, before = [], 0, after
            group.append(some)
            n_held += len(some.blocks)
    yield group, before, 1.0


def _parts(
    heard: Sequence[NDArray[np.float32]], speed: float, cut: _Cut, together: int, *, most: int
) -> Iterator[tuple[_Some, float]]:
    """Yield blocks of a song, no more than may be held, and the fraction before them.

    As many each time: for each of them, all of the film is transformed.
    """
    n_blocks = cut.blocks_in(heard[0].size)
    n_rows = -(-n_blocks // together)
    # what is looked for at once lies far apart, so that no excerpt is met twice at one place
    numbers = np.arange(n_rows * together).reshape(together, n_rows).T
    numbers[numbers >= n_blocks] = -1
    n_parts = -(-n_rows // most)
    for part in range(n_parts):
        first, end = (n_rows * n // n_parts for n in (part, part + 1))
        blocks = numbers[first:end]
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

"""A first look at the plane, with few blocks and a part of the band.

What a first look sees is weaker than what all blocks and the whole band would show, so it passes
places far below what counts in the end. At each of them the whole band is asked, block by block:
that costs a thousandth of what it would cost to ask it everywhere. Places that lie on one line are
asked together, since blocks that overlap are made of the same seconds.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from ostinato.cues.cell_sums import CellSums, HeldFilm, cell_sums, held_film, in_cells
from ostinato.cues.peaks import DetectParameters, Peaks, Scale, blocks_in, n_places
from ostinato.cues.tracks import LOW_STEP, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.threads import in_threads

_BESIDE_S = (0.91, 1.37, 1.83, 2.41, 2.97, 3.59)
_MEDIAN_OF_CHANCE = {1: 0.455, 2: 1.386, 3: 2.366}
"""Median of the sum of so many squares of standard normals."""


@dataclass(frozen=True, slots=True)
class Bands:
    """What of a song is likely heard in each view of a film, in the whole band and in part of it.

    Parameters
    ----------
    whole : sequence of ndarray of float32, shape (n_samples,)
        One for each view of the film, whitened.
    parts : sequence of sequence of ndarray
        The same with higher frequencies left out.
    """

    whole: Sequence[NDArray[np.float32]]
    parts: Sequence[Sequence[NDArray[np.float32]]]


def bands_of(
    film_views: tuple[str, ...],
    song: Mapping[str, NDArray[np.float32]],
    *,
    decimations: Sequence[int] = (),
) -> Bands:
    """Return a song in the bands that are asked.

    Parameters
    ----------
    film_views : tuple of str
        Names from `ostinato.cues.views.film_views`.
    song : mapping of str to ndarray of float32, shape (n_samples,)
        The song's views, whitened.
    decimations : sequence of int, optional
        For each further band, by how much it is narrower than the whole.

    Returns
    -------
    Bands
        A copy that a telephone or a codec passed holds no more than the lower ones.
    """
    lower = [{name: _lower(y, by) for name, y in song.items()} for by in decimations]
    return Bands(likeliest(film_views, song), [likeliest(film_views, one) for one in lower])


def _lower(y: NDArray[np.float32], decimation: int) -> NDArray[np.float32]:
    n_fft = next_fast_len(max(1, y.size), real=True)
    spectrum = rfft(y, n_fft)
    spectrum[n_fft // (2 * decimation) :] = 0
    lower: NDArray[np.float32] = irfft(spectrum, n_fft, overwrite_x=True)[: y.size]
    return lower


def still_shown(film: Track, low: Mapping[str, NDArray[np.float32]], seen: Peaks) -> Peaks:
    """Leave out peaks at which a block by itself is no more than noise in the lower band.

    Blocks that were looked for together are each said to be where any of them is, and most of what
    a narrow band passes is noise. In the lower band, at its low rate, that is told at once.

    Parameters
    ----------
    film : Track
        The whitened film.
    low : mapping of str to ndarray of float32, shape (n_samples,)
        The song's views in the lower band, at the speed of the peaks.
    seen : Peaks
        Of a look at the lower band.

    Returns
    -------
    Peaks
        What is left of them.
    """
    heard = likeliest(film.views, low)
    length, hop = (_samples(s) // LOW_STEP for s in (seen.scale.block_s, seen.scale.hop_s))
    reach = seen.scale.decimation // LOW_STEP

    def power(index: int) -> float:
        start, lag = int(seen.blocks[index]) * hop, int(seen.lags[index]) // LOW_STEP
        blocks = [y[start : start + length] for y in heard]
        rows = film.read_low(lag - reach, lag + blocks[0].size + reach)
        powers = [
            np.correlate(row, block) ** 2 / max(float(block @ block), _LEAST_ENERGY * block.size)
            for row, block in zip(rows, blocks, strict=True)
        ]
        return float(np.sum(powers, axis=0).max())

    def is_shown(some: NDArray[np.int64]) -> list[bool]:
        return [power(index) >= _LEAST_POWER for index in some.tolist()]

    indices = np.arange(seen.z.size)
    groups = np.split(indices, range(_TOLD_AT_ONCE, indices.size, _TOLD_AT_ONCE))
    kept = [one for some in in_threads(is_shown, groups) for one in some]
    return seen.some(np.array(kept, np.bool_))


_TOLD_AT_ONCE = 64


def asked(
    film: Track,
    bands: Bands,
    seen: Peaks,
    *,
    scales: Sequence[Scale],
    parameters: DetectParameters,
) -> tuple[Peaks, ...]:
    """Ask the whole band at each place that a first look has passed.

    Parameters
    ----------
    film : Track
        The whitened film.
    bands : Bands
        Of the song, at the speed of the peaks.
    seen : Peaks
        Of the first look.
    scales : sequence of Scale
        Of the blocks that are asked: those within the blocks of the first look, or around them.
    parameters : DetectParameters
        What counts as a peak.

    Returns
    -------
    tuple of Peaks
        Of each scale, exact to a sample, each block at most once for each place.
    """
    seen = _outstanding(seen)
    ask = _Ask(film, bands, seen, scales, min_z=parameters.min_z)
    lines = _lines(seen)
    # those that lie near each other read the same film
    order = np.argsort([seen.lags[which[0]] for which in lines], kind="stable")
    groups = np.split(order, range(_TOLD_AT_ONCE, order.size, _TOLD_AT_ONCE))
    each = in_threads(lambda some: ask.together([lines[index] for index in some]), groups)
    told = dict(zip(order.tolist(), (one for some in each for one in some), strict=True))
    answers = [answer for index in range(len(lines)) for answer in told[index]]
    n_samples = bands.whole[0].size
    return tuple(
        _peaks(
            film,
            seen.speed,
            scale,
            [one for one in answers if one[0] == index],
            n_blocks=blocks_in(n_samples, scale),
        )
        for index, scale in enumerate(scales)
    )


def _peaks(
    film: Track, speed: float, scale: Scale, answers: Sequence["_Answer"], *, n_blocks: int
) -> Peaks:
    return Peaks(
        speed,
        scale,
        np.array([one[1] for one in answers], np.int64),
        np.array([one[3] for one in answers], np.float32),
        np.array([one[4] for one in answers], np.float32).reshape(len(answers), len(film.views)),
        np.array([one[2] for one in answers], np.int64),
        n_places(film, scale, n_blocks),
    )


def _outstanding(seen: Peaks) -> Peaks:
    """Leave out peaks in film that a peak nearby explains far better: a loop is like itself."""
    if not seen.z.size:
        return seen
    powers = seen.z.astype(np.float64) ** 2
    bins = seen.lags // _samples(_NEARBY_SHARE * seen.scale.block_s)
    bins -= bins.min()
    best = np.zeros(int(bins.max()) + 3)
    np.maximum.at(best, bins + 1, powers)
    nearby = np.maximum(best[1:-1], np.maximum(best[:-2], best[2:]))
    kept = powers >= _LEAST_SHARE * nearby[bins]
    return seen.some(kept)


_NEARBY_SHARE = 0.25  # of a block: what begins nearer is for the most part the same film
_LEAST_SHARE = 1 / 16  # of the power: 12 dB less is no other place of the song that is heard there


def _lines(seen: Peaks) -> list[NDArray[np.int64]]:
    """Return peaks in runs that lie on one line, near each other in the film."""
    offsets = (seen.lags - seen.blocks * _samples(seen.scale.hop_s)) // seen.scale.decimation
    order = np.lexsort((seen.lags, offsets))
    far = np.diff(seen.lags[order]) > _samples(2 * seen.scale.block_s)
    breaks = np.flatnonzero(far | (np.diff(offsets[order]) > 0)) + 1
    return [some for some in np.split(order, breaks) if some.size]


def _samples(length_s: float) -> int:
    return round(length_s * RATE_HZ)


_Answer = tuple[int, int, int, float, NDArray[np.float64]]
"""Which scale, film sample, block, height, and each view's share of the square of it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A block of the first look that shows more than noise in some band."""

    block: int
    band: int
    lag: int


_Strong = tuple[int, int, _Place, int, NDArray[np.float64]]
"""Which scale, block, from which place, its lag from the line, and each view's power."""


class _Ask:
    """Asks the whole band about peaks that lie on one line."""

    def __init__(
        self, film: Track, bands: Bands, seen: Peaks, scales: Sequence[Scale], *, min_z: float
    ) -> None:
        self._film, self._seen, self._min_z = film, seen, min_z
        self._n_samples = bands.whole[0].size
        self._look, *self._scales = (
            (_samples(scale.block_s), _samples(scale.hop_s)) for scale in (seen.scale, *scales)
        )
        # all blocks begin and end on a cell
        self._cell = math.gcd(*self._look, *(n for scale in self._scales for n in scale))
        self._bands = [in_cells(one, self._cell) for one in (bands.whole, *bands.parts)]
        self._reach = seen.scale.decimation
        self._beside = [sign * _samples(at_s) for at_s in _BESIDE_S for sign in (-1, 1)]

    def together(self, lines: Sequence[NDArray[np.int64]]) -> list[list[_Answer]]:
        """Ask about lines that lie near each other in the film."""
        longest = max(length for length, _ in (self._look, *self._scales))
        lags = self._seen.lags[np.concatenate(lines)]
        start, stop = int(lags.min()) - longest, int(lags.max()) + 2 * longest
        # where lines are few, it is cheaper to read the film of each
        film = held_film(self._film, start, stop if stop - start <= _MOST_HELD else start)
        return [self._ask(film, which) for which in lines]

    def _ask(self, film: HeldFilm, which: NDArray[np.int64]) -> list[_Answer]:
        length, hop = self._look
        blocks = np.unique(self._seen.blocks[which]).tolist()
        offset = int(self._seen.lags[which[0]]) - int(self._seen.blocks[which[0]]) * hop
        lags = range(-self._reach, self._reach + 1)
        cells = self._cells(blocks[0] * hop, blocks[-1] * hop + length)
        around = self._around(film, offset, cells, self._reach)
        # lower bands are asked at fewer lags: they change less from one to the next
        each = [
            (lags[::step], cell_sums(around, self._bands[band], cells, lags[::step]))
            for step, band in enumerate(range(len(self._bands)), start=1)
        ]
        places = [place for block in blocks if (place := self._place(block, each)) is not None]
        return [
            answer
            for band in sorted({place.band for place in places})
            for answer in self._answers(film, band, offset, [p for p in places if p.band == band])
        ]

    def _place(self, block: int, each: Sequence[tuple[range, CellSums]]) -> _Place | None:
        cells, n = self._of_block(block, *self._look)
        asked = [(lags, sums.powers(cells, n).sum(axis=1)) for lags, sums in each]
        band = max(range(len(asked)), key=lambda index: float(asked[index][1].max()))
        lags, powers = asked[band]
        highest = int(powers.argmax())
        return _Place(block, band, lags[highest]) if powers[highest] >= _LEAST_POWER else None

    def _answers(
        self, film: HeldFilm, band: int, offset: int, places: Sequence[_Place]
    ) -> Iterator[_Answer]:
        """Ask the blocks in places that show more than noise, or around them."""
        excess: dict[int, float] = {}
        told: dict[tuple[int, int], _Answer] = {}
        for scale, block, place, lag, powers in self._strong(film, band, offset, places):
            if place.block not in excess:
                excess[place.block] = self._excess(film, band, offset, place)
            power = powers / excess[place.block]
            z = float(np.sqrt(power.sum()))
            if z >= self._min_z and ((scale, block) not in told or told[scale, block][3] < z):
                film_lag = offset + lag + block * self._scales[scale][1]
                told[scale, block] = scale, film_lag, block, z, power
        yield from told.values()

    def _strong(
        self, film: HeldFilm, band: int, offset: int, places: Sequence[_Place]
    ) -> Iterator[_Strong]:
        """Yield the blocks in or around places that count, unless chance gives more than noise."""
        near = [
            (scale, block, place)
            for place in places
            for scale, (length, hop) in enumerate(self._scales)
            for block in self._near(place.block, length, hop)
            if 0 <= offset + block * hop < self._film.n_samples
        ]
        if not near:
            return
        spans = [self._of_block(block, *self._scales[scale])[0] for scale, block, _ in near]
        cells = range(min(one.start for one in spans), max(one.stop for one in spans))
        lags = range(min(one.lag for one in places) - 1, max(one.lag for one in places) + 2)
        around = self._around(film, offset, cells, self._reach + 1)
        sums = cell_sums(around, self._bands[band], cells, lags)
        for scale, block, place in near:
            at = place.lag - lags.start
            beside = slice(at - 1, at + 2)
            powers = sums.powers(*self._of_block(block, *self._scales[scale]), lags=beside)
            totals = powers.sum(axis=1)
            highest = int(totals.argmax())
            if totals[highest] >= self._min_z**2:
                yield scale, block, place, lags[at - 1 + highest], powers[highest]

    def _excess(self, film: HeldFilm, band: int, offset: int, place: _Place) -> float:
        """Return by how much the power of chance exceeds that of noise at a block, at least 1.

        Tones meet tones of the same scale by chance, at lags far from it as well.
        """
        cells, n = self._of_block(place.block, *self._look)
        around = self._around(film, offset, cells, max(self._beside))
        powers = cell_sums(around, self._bands[band], cells, self._beside).powers(cells, n)
        of_noise = _MEDIAN_OF_CHANCE[len(self._film.views)]
        return max(1.0, float(np.median(powers.sum(axis=1))) / of_noise)

    def _near(self, place: int, length: int, hop: int) -> range:
        """Return the blocks that lie within a block of the first look, or hold all of it."""
        start = place * self._look[1]
        n = min(self._look[0], self._n_samples - start)
        earliest, latest = sorted((start, start + n - length))
        n_blocks = max(1, 1 + (self._n_samples - length // 2) // hop)
        return range(max(0, -(-earliest // hop)), min(n_blocks, latest // hop + 1))

    def _cells(self, start: int, stop: int) -> range:
        return range(start // self._cell, -(-min(stop, self._n_samples) // self._cell))

    def _of_block(self, block: int, length: int, hop: int) -> tuple[range, int]:
        """Return the cells of a block, and how many samples of song it has."""
        start = block * hop
        n = min(length, self._n_samples - start)
        return self._cells(start, start + n), n

    def _around(
        self, film: HeldFilm, offset: int, cells: range, reach: int
    ) -> tuple[NDArray[np.float32], int]:
        """Return the film that plays some cells, and some beside it: `reach` samples."""
        start, stop = (offset + n * self._cell for n in (cells.start, cells.stop))
        return film.read(start - reach, stop + reach), reach


_MOST_HELD = 240 * RATE_HZ  # samples of each view: 15 MB of two
_LEAST_ENERGY = 0.05  # of what a whitened block has
_LEAST_POWER = 16.0  # four sigmas

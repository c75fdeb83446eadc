"""A first look at the plane, with few blocks and a part of the band, and what the whole band adds.

What a first look sees is weaker than what all blocks and the whole band would show, so it passes
places far below what counts in the end. At each of them the whole band is asked, block by block:
that costs a thousandth of what it would cost to ask it everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from ostinato.cues.detect import DetectParameters, Peaks, Scale, blocks_in
from ostinato.cues.track import Track
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
    ask = _Ask(film, bands, seen, scales)
    answers: list[_Answer] = []
    for some in in_threads(ask, _batches(seen)):
        answers += some
    n_samples = bands.whole[0].size
    return tuple(
        _peaks(
            film,
            seen.speed,
            scale,
            [one for one in answers if one[0] == index and one[3] >= parameters.min_z],
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
        max(1.0, film.n_samples / scale.decimation * n_blocks),
    )


def _batches(seen: Peaks) -> list[NDArray[np.int64]]:
    """Return peaks in runs that lie near each other in the film."""
    order = np.argsort(seen.lags, kind="stable")
    breaks = np.flatnonzero(np.diff(seen.lags[order] // (_BATCH_S * RATE_HZ))) + 1
    return [some for some in np.split(order, breaks) if some.size]


_BATCH_S = 16

_Answer = tuple[int, int, int, float, NDArray[np.float64]]
"""Which scale, film sample, block, height, and each view's share of the square of it."""


class _Ask:
    """Asks the whole band about peaks that lie near each other in the film."""

    def __init__(self, film: Track, bands: Bands, seen: Peaks, scales: Sequence[Scale]) -> None:
        self._film, self._bands, self._seen = film, bands, seen
        self._scales = [
            (round(scale.block_s * RATE_HZ), round(scale.hop_s * RATE_HZ)) for scale in scales
        ]
        self._beside = [sign * round(at_s * RATE_HZ) for at_s in _BESIDE_S for sign in (-1, 1)]
        longest = max(block for block, _ in self._scales)
        self._margin = max(*self._beside, longest) + 2 * seen.scale.decimation

    def __call__(self, which: NDArray[np.int64]) -> list[_Answer]:
        seen = self._seen
        longest = round(seen.scale.block_s * RATE_HZ)
        first = int(seen.lags[which].min()) - self._margin
        last = int(seen.lags[which].max()) + longest + self._margin
        x = np.ascontiguousarray(self._film.read(first, last))
        answers: dict[tuple[int, int, int], _Answer] = {}
        for index in which.tolist():
            for answer in self._at(index, x, first):
                scale, lag, block = answer[:3]
                offset = lag - block * self._scales[scale][1]
                key = scale, block, offset // seen.scale.decimation
                if key not in answers or answers[key][3] < answer[3]:
                    answers[key] = answer
        return list(answers.values())

    def _at(self, index: int, x: NDArray[np.float32], first: int) -> Iterator[_Answer]:
        """Ask at a place; where that shows more than noise, ask the blocks in it or around it."""
        seen, song = self._seen, self._bands.whole
        start = int(seen.blocks[index]) * round(seen.scale.hop_s * RATE_HZ)
        at = int(seen.lags[index]) - first
        n = min(round(seen.scale.block_s * RATE_HZ), song[0].size - start)
        reach = seen.scale.decimation
        asked = [
            (song, *_best(x, _cut(song, start, n), at, range(-reach, reach + 1, step)))
            for step, song in enumerate((self._bands.whole, *self._bands.parts), start=1)
        ]
        song, powers, nearest = max(asked, key=lambda one: float(one[1].sum()))
        if powers.sum() < _LEAST_POWER:
            return
        # tones meet tones of the same scale by chance, at lags far from it as well
        beside = _each(x, _cut(song, start, n), at, self._beside).sum(axis=1)
        excess = max(1.0, float(np.median(beside)) / _MEDIAN_OF_CHANCE[len(x)])
        near = range(nearest - 1, nearest + 2)
        for scale, (length, hop) in enumerate(self._scales):
            for block in _near(start, n, length, hop, n_samples=song[0].size):
                lag = at + block * hop - start
                if not 0 <= lag + first < self._film.n_samples:
                    continue
                played = _cut(song, block * hop, min(length, song[0].size - block * hop))
                powers, best = _best(x, played, lag, near)
                z = float(np.sqrt(powers.sum() / excess))
                yield scale, lag + first + best, block, z, powers / excess


def _near(start: int, n: int, length: int, hop: int, *, n_samples: int) -> range:
    """Return the blocks that lie within a stretch of song, or hold all of it."""
    earliest, latest = sorted((start, start + n - length))
    n_blocks = max(1, 1 + (n_samples - length // 2) // hop)
    return range(max(0, -(-earliest // hop)), min(n_blocks, latest // hop + 1))


def _cut(song: Sequence[NDArray[np.float32]], start: int, n: int) -> list[NDArray[np.float32]]:
    return [y[start : start + n] for y in song]


def _best(
    x: NDArray[np.float32], song: Sequence[NDArray[np.float32]], at: int, lags: Sequence[int]
) -> tuple[NDArray[np.float64], int]:
    """Return what each view gives at the best of some lags, and that lag."""
    powers = _each(x, song, at, lags)
    highest = int(powers.sum(axis=1).argmax())
    return powers[highest], lags[highest]


def _each(
    x: NDArray[np.float32], song: Sequence[NDArray[np.float32]], at: int, lags: Sequence[int]
) -> NDArray[np.float64]:
    """Return the power of the correlation with each view at each lag, (n_lags, n_views)."""
    powers = np.empty((len(lags), len(song)))
    for view, (row, y) in enumerate(zip(x, song, strict=True)):
        n = y.size
        products = [float(np.dot(row[at + lag : at + lag + n], y)) for lag in lags]
        powers[:, view] = np.square(products) / max(float(np.dot(y, y)), _LEAST_ENERGY * n)
    return powers


_LEAST_ENERGY = 0.05  # of what a whitened block has
_LEAST_POWER = 16.0  # four sigmas

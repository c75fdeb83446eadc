"""How well a song was cancelled, by frames that its fit has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import Spectrum, over_channels, squared, strips
from ostinato.separation.postfilter import Filtered

_Number = TypeVar("_Number", np.float32, np.complex64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How far the song's prediction agrees with the film.

    Parameters
    ----------
    reduction_db : float
        By how much the song is lower in the remainder, as far as what is left follows it; never
        more than `best_db`.
    best_db : float
        By how much it is lower once it is subtracted, where little else is heard: the tenth of
        its energy that was predicted best.
    gain_db : float
        By how much the film is lower without the song, over half of the song's energy.
    coherence : float
        Of the phases of film and song in blocks of a third of a second, averaged over the song's
        energy. 1 is perfect, and chance gives about 0.45.
    song_energy : float
        What weighs in a mean over chunks.
    """

    reduction_db: float
    best_db: float
    gain_db: float
    coherence: float
    song_energy: float


def quality(film: Spectrum, unseen: Spectrum) -> Quality:
    """Compare the film with a prediction that has not seen it.

    Parameters
    ----------
    film, unseen : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        The film, and the song as predicted from other frames.

    Returns
    -------
    Quality
        Of this chunk, before anything but the prediction is taken out.
    """
    n_bins, _, n_frames = film.shape
    if n_frames == 0:
        return _NOTHING
    cells = np.empty((3, n_bins, max(1, n_frames // _CELL_FRAMES)), np.float32)
    blocks = np.empty((2, n_bins, max(1, n_frames // _BLOCK_FRAMES)), np.float32)
    for rows in strips(film.shape):
        x, y = film[rows], unseen[rows]
        song_power = over_channels(squared(y))
        powers = over_channels(squared(x)), song_power, over_channels(squared(x - y))
        for of_cells, power in zip(cells, powers, strict=True):
            of_cells[rows] = _block_means(power, of_cells.shape[1])
        phases = _phases(over_channels(x * y.conj()))
        blocks[0, rows] = np.abs(_block_means(phases, blocks.shape[2]))
        blocks[1, rows] = _block_means(song_power, blocks.shape[2])
    film_power, song, rest = (moving_mean(power, (_CELL_BINS, 1)) for power in cells)
    song[:_LOW_BINS] = 0  # rumble and offsets
    total = float(song.sum(dtype=np.float64))
    if total <= 0:
        return _NOTHING
    audible = song > _AUDIBLE * song.max()
    weight, rest, before = (power[audible] for power in (song, rest, film_power))
    rest, before = (np.maximum(power, _LEAST * weight) for power in (rest, before))
    left, gain = (10 * np.log10(rest / over) for over in (weight, before))
    best_db = -_quantile(left, weight, 0.1)
    return Quality(
        reduction_db=best_db,
        best_db=best_db,
        gain_db=-_quantile(gain, weight, 0.5),
        coherence=_coherence(*blocks),
        song_energy=total,
    )


def in_the_end(told: Quality, filtered: Filtered) -> Quality:
    """Return the quality with what is still in the remainder of what was taken out at last.

    Parameters
    ----------
    told : Quality
        Of the prediction.
    filtered : Filtered
        What was taken out.

    Returns
    -------
    Quality
        Its `reduction_db` is less if more of the song is expected to be left.
    """
    if told.song_energy <= 0:
        return told
    left = max(filtered.energy_left / max(filtered.song_energy, _LEAST), _LEAST)
    return replace(told, reduction_db=float(min(told.best_db, -10 * np.log10(left))))


_NOTHING = Quality(reduction_db=0.0, best_db=0.0, gain_db=0.0, coherence=0.0, song_energy=0.0)
_CELL_BINS, _CELL_FRAMES = 3, 8  # 35 Hz and 170 ms
_LOW_BINS = 3
_AUDIBLE = 1e-6
_LEAST = 1e-10
_BLOCK_FRAMES = 16
_LEAST_SIZE = np.float32(1e-18)  # whose square single precision still holds


def mean_quality(parts: Sequence[Quality]) -> Quality:
    """Average over chunks, by the song's energy in each."""
    energy = sum(part.song_energy for part in parts)

    def mean(name: str) -> float:
        if energy <= 0:
            return 0.0
        return float(sum(getattr(part, name) * part.song_energy for part in parts)) / energy

    return Quality(
        reduction_db=mean("reduction_db"),
        best_db=mean("best_db"),
        gain_db=mean("gain_db"),
        coherence=mean("coherence"),
        song_energy=energy,
    )


def _quantile(values: NDArray[np.float32], weight: NDArray[np.float32], share: float) -> float:
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order], dtype=np.float64)
    return float(values[order[np.searchsorted(cumulated, share * cumulated[-1])]])


def _coherence(coherence: NDArray[np.float32], power: NDArray[np.float32]) -> float:
    power[:_LOW_BINS] = 0
    total = float(power.sum(dtype=np.float64))
    return float(np.sum(coherence * power)) / total if total > 0 else 0.0


def _phases(product: NDArray[np.complex64]) -> NDArray[np.complex64]:
    return np.asarray(product / np.maximum(np.sqrt(squared(product)), _LEAST_SIZE))


def _block_means(values: NDArray[_Number], n_blocks: int) -> NDArray[_Number]:
    """Return means over blocks of columns; what is left over at the end is in none."""
    length = values.shape[1] // n_blocks
    stop = n_blocks * length
    total = values[:, 0:stop:length].copy()
    for later in range(1, length):
        total += values[:, later:stop:length]
    total /= np.float32(length)
    return total

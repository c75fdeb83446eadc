"""How well a song was cancelled, by frames that its fit has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import Spectrum, over_channels, squared, strips
from ostinato.separation.postfilter import Filtered


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


def quality(film: Spectrum, unseen: Spectrum, *, filtered: Filtered) -> Quality:
    """Compare the film with a prediction that has not seen it.

    Parameters
    ----------
    film, unseen : ndarray of complex64, shape (n_bins, n_channels, n_frames)
        The film, and the song as predicted from other frames.
    filtered : Filtered
        What was taken out in the end.

    Returns
    -------
    Quality
        Of this chunk.
    """
    n_bins, _, n_frames = film.shape
    product = np.empty((n_bins, n_frames), np.complex64)
    powers = np.empty((3, n_bins, n_frames), np.float32)
    for rows in strips(film.shape):
        x, y = film[rows], unseen[rows]
        product[rows] = over_channels(x * y.conj())
        for power, one in zip(powers, (x, y, x - y), strict=True):
            power[rows] = over_channels(squared(one))
    film_power, song, rest = (moving_mean(power, _CELL) for power in powers)
    song[:_LOW_BINS] = 0  # rumble and offsets
    total = float(song.sum(dtype=np.float64))
    if total <= 0:
        return Quality(reduction_db=0.0, best_db=0.0, gain_db=0.0, coherence=0.0, song_energy=0.0)
    every = max(1, song.size // _MOST_CELLS)
    weight, rest, before = (power.ravel()[::every] for power in (song, rest, film_power))
    audible = weight > _AUDIBLE * song.max()
    weight, rest, before = weight[audible], rest[audible], before[audible]
    rest, before = (np.maximum(power, _LEAST * weight) for power in (rest, before))
    left, gain = (10 * np.log10(rest / over) for over in (weight, before))
    best_db = -_quantile(left, weight, 0.1)
    kept = max(filtered.energy_left / max(filtered.song_energy, _LEAST), _LEAST)
    return Quality(
        reduction_db=float(min(best_db, -10 * np.log10(kept))),
        best_db=best_db,
        gain_db=-_quantile(gain, weight, 0.5),
        coherence=_coherence(product, powers[1]),
        song_energy=total,
    )


_CELL = (3, 8)  # bins and frames: 35 Hz and 170 ms
_LOW_BINS = 3
_AUDIBLE = 1e-6
_LEAST = 1e-10
_MOST_CELLS = 200_000  # from which quantiles are read
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


def _coherence(product: NDArray[np.complex64], power: NDArray[np.float32]) -> float:
    n_blocks = max(1, product.shape[1] // _BLOCK_FRAMES)
    n_frames = min(product.shape[1], n_blocks * _BLOCK_FRAMES)
    shape = (product.shape[0], n_blocks, n_frames // n_blocks)
    kept = slice(0, shape[1] * shape[2])
    size = np.sqrt(squared(product[:, kept]))
    phases = (product[:, kept] / np.maximum(size, _LEAST_SIZE)).reshape(shape)
    weight = power[:, kept].reshape(shape).mean(axis=2)
    weight[:_LOW_BINS] = 0
    total = float(weight.sum(dtype=np.float64))
    return float(np.sum(np.abs(phases.mean(axis=2)) * weight)) / total if total > 0 else 0.0

"""How loud the song is over an occurrence, slot by slot, once it is apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import SLOTS_PER_SECOND, slot_energies, start_loudness
from ostinato.separation.stems import Reader, Stem

_BLOCK_S = 20


@dataclass(frozen=True, slots=True, eq=False)
class StemLevels:
    """K-weighted mean squares of the song and of all else, in slots of 100 ms, channels summed.

    Parameters
    ----------
    times_s : ndarray, shape (n_slots,)
        Film time of each slot's centre.
    song_power, other_power : ndarray, shape (n_slots,)
        Of the stem and of the remainder.
    """

    times_s: NDArray[np.float64]
    song_power: NDArray[np.float64]
    other_power: NDArray[np.float64]


def stem_levels(
    film: Reader, stem: Stem, *, start_sample: int, stop_sample: int, rate_hz: int
) -> StemLevels:
    """Measure the song and the rest between two samples of the film.

    Parameters
    ----------
    film : callable
        Reads the film's channels.
    stem : Stem
        The song.
    start_sample, stop_sample : int
        The occurrence.
    rate_hz : int
        Of the film.

    Returns
    -------
    StemLevels
        One value each tenth of a second.

    References
    ----------
    .. [1] ITU-R BS.1770-4, annex 1.
    """
    state = start_loudness(sample_rate_hz=rate_hz, n_channels=2 * stem.n_channels)
    energies = []
    for first in range(start_sample, stop_sample, _BLOCK_S * rate_hz):
        last = min(first + _BLOCK_S * rate_hz, stop_sample)
        song = stem.read(first, last)
        block, state = slot_energies(np.concatenate([song, film(first, last) - song]), state)
        energies.append(block)
    slots = np.concatenate(energies, axis=1) if energies else np.zeros((2 * stem.n_channels, 0))
    centres = (np.arange(slots.shape[1]) + 0.5) / SLOTS_PER_SECOND
    return StemLevels(
        start_sample / rate_hz + centres,
        slots[: stem.n_channels].sum(axis=0),
        slots[stem.n_channels :].sum(axis=0),
    )

"""What was taken out of the film, on disk; the remainder; and how loud the song was."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import (
    SLOTS_PER_MOMENTARY,
    SLOTS_PER_SECOND,
    lufs,
    slot_energies,
    start_loudness,
)
from ostinato.media import Derived, RawFile, Signal, cache_faults, read_padded
from ostinato.results import MomentaryLevel
from ostinato.separation.gains import Fader

_BLOCK_S = 4  # of three signals in double precision, twice over
_DB_PER_NEPER = 20 / np.log(10)
_CODEC_DB = 0.1
"""A codec replaces part of a song by noise, which no recording predicts: AAC at 192 kbit/s, by
seven songs, so much of its loudness."""
_IN_PHASE = 0.25  # of a misfit may add to the song; the rest is across it, or as often takes away


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """The song within one occurrence, on disk; made by `new_stem`.

    Parameters
    ----------
    path : pathlib.Path
        Interleaved little-endian float32.
    start_sample, n_samples, n_channels : int
        Where in the film it lies, and its size.
    """

    path: Path
    start_sample: int
    n_samples: int
    n_channels: int

    @property
    def stop_sample(self) -> int:
        """First sample of the film behind it."""
        return self.start_sample + self.n_samples

    @property
    def file(self) -> RawFile:
        """Its samples, counted from its own beginning."""
        return RawFile(self.path, self.n_channels, self.n_samples)

    def write(self, start_sample: int, y: NDArray[np.float32]) -> None:
        """Write channels from a sample of the film on; the stem must reach as far."""
        with cache_faults(self.path.parent):
            self.file.write(start_sample - self.start_sample, y)

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read channels between two samples of the film; silence outside of the stem."""
        with cache_faults(self.path.parent):
            return read_padded(
                self.file, start_sample - self.start_sample, stop_sample - self.start_sample
            )


def new_stem(path: Path, *, start_sample: int, n_samples: int, n_channels: int) -> Stem:
    """Make a silent stem.

    Parameters
    ----------
    path : pathlib.Path
        Where it is kept.
    start_sample, n_samples, n_channels : int
        Where in the film it lies, and its size.

    Returns
    -------
    Stem
        Ready to be written.

    Raises
    ------
    MediaError
        If there is no room for it.
    """
    stem = Stem(path=path, start_sample=start_sample, n_samples=n_samples, n_channels=n_channels)
    with cache_faults(path.parent):
        stem.file.make()
    return stem


def song_of(stems: Sequence[Stem], start_sample: int, stop_sample: int) -> NDArray[np.float32]:
    """Read the sum of stems between two samples of the film.

    Parameters
    ----------
    stems : sequence of Stem
        At least one; none need reach as far.
    start_sample, stop_sample : int
        Of the film.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Silence where no song was taken out.
    """
    total = stems[0].read(start_sample, stop_sample)
    for stem in stems[1:]:
        if stem.start_sample < stop_sample and stem.stop_sample > start_sample:
            total += stem.read(start_sample, stop_sample)
    return total


def remainder(film: Signal, stems: Sequence[Stem]) -> Derived:
    """Return the film without what is in the stems.

    Parameters
    ----------
    film : Signal
        Of as many channels as the stems have.
    stems : sequence of Stem
        What to leave out; may be empty.

    Returns
    -------
    Derived
        The rest.
    """

    def read(start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        y = film.read(start_sample, stop_sample)
        if not stems:
            return y
        return y - song_of(stems, start_sample, start_sample + y.shape[1])

    return Derived(
        rate_hz=film.rate_hz, n_samples=film.n_samples, n_channels=film.n_channels, read=read
    )


@dataclass(frozen=True, slots=True, eq=False)
class StemLevels:
    """K-weighted mean squares of the song and of all else, in slots of 100 ms, channels summed.

    Parameters
    ----------
    times_s : ndarray, shape (n_slots,)
        Film time of each slot's centre.
    song_power, other_power, film_power : ndarray, shape (n_slots,)
        Of the stem, of the remainder, and of both together.
    """

    times_s: NDArray[np.float64]
    song_power: NDArray[np.float64]
    other_power: NDArray[np.float64]
    film_power: NDArray[np.float64]

    @property
    def level_lufs(self) -> float | None:
        """Level of the song over the whole occurrence; None where it is silent."""
        mean = float(self.song_power.mean()) if self.song_power.size else 0.0
        return float(lufs(np.array([mean]))[0]) if mean > 0 else None


def stem_levels(film: Signal, stem: Stem, *, start_sample: int, stop_sample: int) -> StemLevels:
    """Measure the song and the rest between two samples of the film.

    Parameters
    ----------
    film : Signal
        Of as many channels as the stem has.
    stem : Stem
        The song.
    start_sample, stop_sample : int
        The occurrence.

    Returns
    -------
    StemLevels
        One value each tenth of a second.

    References
    ----------
    .. [1] ITU-R BS.1770-4, annex 1.
    """
    rate_hz = film.rate_hz
    state = start_loudness(sample_rate_hz=rate_hz, n_channels=3 * stem.n_channels)
    energies = []
    for first in range(start_sample, stop_sample, _BLOCK_S * rate_hz):
        last = min(first + _BLOCK_S * rate_hz, stop_sample)
        song, whole = stem.read(first, last), film.read(first, last)
        block, state = slot_energies(np.concatenate([song, whole - song, whole]), state)
        energies.append(block)
    slots = np.concatenate(energies, axis=1) if energies else np.zeros((3 * stem.n_channels, 0))
    song_power, other_power, film_power = (part.sum(axis=0) for part in np.split(slots, 3, axis=0))
    centres = (np.arange(slots.shape[1]) + 0.5) / SLOTS_PER_SECOND
    return StemLevels(start_sample / rate_hz + centres, song_power, other_power, film_power)


def momentary_levels(
    occurrence_id: str, levels: StemLevels, fader: Fader, *, reduction_db: float
) -> tuple[MomentaryLevel, ...]:
    """Level of the song over each 400 ms.

    Parameters
    ----------
    occurrence_id : str
        Whose they are.
    levels : StemLevels
        Of the occurrence.
    fader : Fader
        How far the film has the song up, and how sure that is.
    reduction_db : float
        How far the prediction leaves the song, which adds to the error.

    Returns
    -------
    tuple of MomentaryLevel
        Without what is left of less than 400 ms at the end.
    """
    n_rows = levels.times_s.size // SLOTS_PER_MOMENTARY
    kept = slice(0, n_rows * SLOTS_PER_MOMENTARY)
    song_power, other_power, film_power, middles_s = (
        slots[kept].reshape(n_rows, SLOTS_PER_MOMENTARY).mean(axis=1)
        for slots in (levels.song_power, levels.other_power, levels.film_power, levels.times_s)
    )
    gain_db = np.interp(middles_s, fader.times_s, fader.gain_db)
    misfit_db = _DB_PER_NEPER * _IN_PHASE * 10 ** (-reduction_db / 20)
    known_db = np.hypot(misfit_db, _CODEC_DB)
    error_db = np.hypot(np.interp(middles_s, fader.times_s, fader.error_db), known_db)
    half_s = SLOTS_PER_MOMENTARY / SLOTS_PER_SECOND / 2
    return tuple(
        MomentaryLevel(
            occurrence_id=occurrence_id,
            start_s=round(float(middle_s - half_s), 3),
            level_lufs=_known(level),
            error_lu=float(error),
            gain_db=float(gain),
            film_lufs=_known(film),
            remainder_lufs=_known(other),
        )
        for middle_s, level, error, gain, film, other in zip(
            middles_s,
            lufs(song_power),
            error_db,
            gain_db,
            lufs(film_power),
            lufs(other_power),
            strict=True,
        )
    )


def _known(level_lufs: float) -> float | None:
    return float(level_lufs) if np.isfinite(level_lufs) else None

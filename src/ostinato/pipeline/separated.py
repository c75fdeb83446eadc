"""What was taken out of a film, and how that is kept from one run to the next."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostinato.media import WorkingCopy
from ostinato.pipeline.cache import Arrays, load_as, save_arrays
from ostinato.pipeline.entries import Entry
from ostinato.results import MomentaryLevel, Occurrence, Separation
from ostinato.separation import Reader, Stem, StemLevels, remainder
from ostinato.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Separated:
    """What was taken out of the film.

    Parameters
    ----------
    name : str
        Differs wherever anything differs that was taken out.
    separations : tuple of Separation
        One for each occurrence.
    song_levels : tuple of MomentaryLevel
        Of the occurrences that were cancelled.
    levels : dict of str to StemLevels
        The same in slots of 100 ms, by occurrence.
    stems : dict of str to Stem
        The song, by occurrence, where anything was taken out; empty if it was not needed.
    cancelled : Timeline
        Where the remainder is as good as if no song had been played.
    """

    name: str = ""
    separations: tuple[Separation, ...] = ()
    song_levels: tuple[MomentaryLevel, ...] = ()
    levels: dict[str, StemLevels]
    stems: dict[str, Stem]
    cancelled: Timeline = field(default_factory=Timeline)

    @property
    def is_anything_taken(self) -> bool:
        """Whether any song was taken out anywhere."""
        return any(one.grade != "left alone" for one in self.separations)

    def without_songs(self, film: WorkingCopy) -> Reader:
        """Return a reader of the film, mono, without the songs that were cancelled."""
        read = self.front_without_songs(film)
        return lambda start, stop: read(start, stop).mean(axis=0)

    def front_without_songs(self, film: WorkingCopy) -> Reader:
        """Return a reader of left and right, or of the one channel, without those songs."""
        cancelled = {one.occurrence_id for one in self.separations if one.grade == "cancelled"}
        return remainder(front(film), [self.stems[one] for one in sorted(cancelled)])


NOTHING = Separated(levels={}, stems={})


def front(copy: WorkingCopy) -> Reader:
    """Return a reader of the stereo mix, or of the one channel: centre and side are in it."""
    return lambda start, stop: copy.read(start, stop)[:2]


def cancelled_in(occurrences: Sequence[Occurrence], separations: Sequence[Separation]) -> Timeline:
    """Return where a song was cancelled, by its occurrences."""
    ids = {one.occurrence_id for one in separations if one.grade == "cancelled"}
    return Timeline.of(one.film for one in occurrences if one.id in ids)


def load_separated(entry: Entry, occurrences: Sequence[Occurrence]) -> Separated | None:
    """Return what an entry of the cache knows, without stems; None if there is no readable one."""
    return load_as(entry, lambda arrays: _separated(entry.stem, arrays, occurrences))


def _separated(name: str, arrays: Arrays, occurrences: Sequence[Occurrence]) -> Separated:
    separations = msgspec.json.decode(arrays["separations"].tobytes(), type=tuple[Separation, ...])
    ids = json.loads(arrays["ids"].tobytes())
    levels = {one: StemLevels(*arrays[f"levels_{one}"]) for one in ids}
    return Separated(
        name=name,
        separations=separations,
        song_levels=msgspec.json.decode(
            arrays["song_levels"].tobytes(), type=tuple[MomentaryLevel, ...]
        ),
        levels=levels,
        stems={},
        cancelled=cancelled_in(occurrences, separations),
    )


def save_separated(entry: Entry, separated: Separated) -> None:
    """Write what is known, without stems, as an entry of the cache."""
    arrays: Arrays = {
        "separations": _encoded(separated.separations),
        "song_levels": _encoded(separated.song_levels),
        "ids": _encoded(sorted(separated.levels)),
    }
    for one, level in separated.levels.items():
        arrays[f"levels_{one}"] = np.stack(
            [level.times_s, level.song_power, level.other_power, level.film_power]
        )
    save_arrays(entry, arrays)


def _encoded(rows: object) -> NDArray[np.uint8]:
    return np.frombuffer(msgspec.json.encode(rows), np.uint8)

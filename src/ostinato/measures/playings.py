"""The playings of one song in film order: where each starts and stops, and what passes between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ostinato.results import Occurrence


@dataclass(frozen=True, slots=True)
class Playing:
    """Successive occurrences of one song along one map, taken as one."""

    occurrences: tuple[Occurrence, ...]

    @property
    def first(self) -> Occurrence:
        """The occurrence with which it starts."""
        return self.occurrences[0]

    @property
    def last(self) -> Occurrence:
        """The occurrence with which it stops."""
        return self.occurrences[-1]

    @property
    def start_shifts_s(self) -> tuple[float, ...]:
        """How far from its start in the song the start fits as well; 0 first."""
        return _shifts_s(self.first)

    @property
    def stop_shifts_s(self) -> tuple[float, ...]:
        """How far from its stop in the song the stop fits as well; 0 first."""
        return _shifts_s(self.last)


def _shifts_s(one: Occurrence) -> tuple[float, ...]:
    return (0.0, *(rival_s - one.song.start_s for rival_s in one.rivals_song_s))


def playings_of(occurrences: Sequence[Occurrence], song_id: str) -> tuple[Playing, ...]:
    """Group the occurrences of a song into playings."""
    own = sorted((o for o in occurrences if o.song_id == song_id), key=lambda o: (o.film, o.id))
    return tuple(Playing(tuple(group)) for _, group in groupby(own, key=lambda o: o.playing_id))


def timed(occurrences: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Return those of which it is known what of the song is heard: only they have a place in it."""
    return tuple(one for one in occurrences if one.is_timed)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where playings start in the song and how long they last; of one film, or of many draws.

    Parameters
    ----------
    starts_s : ndarray, shape (..., n_playings)
        Song time.
    lengths_s : ndarray, shape (n_playings,) or (..., n_playings)
        Song time that each playing takes.
    advances_s : ndarray, shape (n_playings - 1,)
        Song time that would have passed from the end of one to the start of the next, had the
        record kept turning.
    song_duration_s : float
        Length of the song, > 0.
    """

    starts_s: NDArray[np.float64]
    lengths_s: NDArray[np.float64]
    advances_s: NDArray[np.float64]
    song_duration_s: float

    @property
    def ends_s(self) -> NDArray[np.float64]:
        """Song time at which each playing stops, shape (..., n_playings)."""
        return self.starts_s + self.lengths_s

    def started_at(self, starts_s: NDArray[np.float64]) -> Self:
        """Return the playings of the same lengths with other starts, shape (..., n_playings)."""
        return replace(self, starts_s=starts_s)

    def in_order(self, order: NDArray[np.int64]) -> Self:
        """Return the playings in other orders, shape (..., n_playings); film gaps stay."""
        return replace(self, starts_s=self.starts_s[order], lengths_s=self.lengths_s[order])


def positions(playings: Sequence[Playing], *, song_duration_s: float) -> Positions:
    """Take the song times out of playings.

    `song_duration_s`: length of the song.
    """
    return Positions(
        starts_s=np.array([p.first.song.start_s for p in playings], dtype=np.float64),
        lengths_s=np.array(
            [p.last.song.end_s - p.first.song.start_s for p in playings], dtype=np.float64
        ),
        advances_s=np.array(
            [
                (after.first.film_start_s - before.last.film_end_s) * before.last.time_map.speed
                for before, after in pairwise(playings)
            ],
            dtype=np.float64,
        ),
        song_duration_s=song_duration_s,
    )


def wrapped(gaps_s: NDArray[np.float64], song_duration_s: float) -> NDArray[np.float64]:
    """Bring gaps of song time into (-L/2, L/2], L being the song's length.

    `gaps_s`: differences of song times.
    """
    half_s = song_duration_s / 2
    return half_s - (half_s - gaps_s) % song_duration_s

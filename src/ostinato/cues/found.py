"""What a search finds of a song, before it is measured and named."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ostinato.results import Likeness, TimeMap
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of film in which the song is heard, before it is measured and named.

    `pitch` is the ratio of its pitch to the recording's; `pieces` are those of a copy whose tempo
    was changed and whose pitch was kept; `likeness` says what of the song was met. Where the speed
    drifts, `knots` are pairs of film time and song time from its start to its end, between which
    the speed is steady, and `time_map` runs from the first to the last.
    """

    start_s: float
    end_s: float
    time_map: TimeMap
    evidence: float
    p_value: float
    start_error_s: float
    end_error_s: float
    rivals_song_s: tuple[float, ...]
    pitch: float
    pieces: tuple["Found", ...] = ()
    likeness: Likeness = "waveform"
    knots: tuple[tuple[float, float], ...] = ()
    song_error_s: float | None = None
    explained_share: float | None = None

    @property
    def steady(self) -> tuple[tuple[Interval, TimeMap], ...]:
        """The stretches of steady speed, each with its map; one unless the speed drifts."""
        if not self.knots:
            return ((Interval(self.start_s, self.end_s), self.time_map),)
        return tuple(
            (Interval(*film_s), map_through(film_s, song_s))
            for film_s, song_s in (
                zip(*both, strict=True) for both in itertools.pairwise(self.knots)
            )
        )

    def shifted(self, shift_s: float) -> "Found":
        """Return the same film at song times that count from later film."""
        knots = tuple(
            (film_s, song_s - shift_s * time_map.speed)
            for (film_s, song_s), (_, time_map) in zip(
                self.knots, [*self.steady, self.steady[-1]], strict=False
            )
        )
        time_map = replace(self.time_map, offset_s=self.time_map.offset_s + shift_s)
        return replace(self, time_map=time_map, knots=knots)

    def moved(self, shift_s: float) -> "Found":
        """Return the same song times in later film.

        What was followed is an answer that comes late: all that is heard of it was played earlier.
        """
        return replace(
            self,
            start_s=self.start_s + shift_s,
            end_s=self.end_s + shift_s,
            time_map=replace(self.time_map, offset_s=self.time_map.offset_s + shift_s),
            knots=tuple((film_s + shift_s, song_s) for film_s, song_s in self.knots),
        )

    def after(self, start_s: float) -> "Found":
        """Return what of it is not before some film time."""
        if start_s <= self.start_s:
            return self
        if not self.knots:
            return replace(self, start_s=start_s)
        first = next(time_map for stretch, time_map in self.steady if stretch.end_s > start_s)
        later = [knot for knot in self.knots if knot[0] > start_s]
        return replace(self, start_s=start_s).through(((start_s, first.song_s(start_s)), *later))

    def until(self, end_s: float) -> "Found":
        """Return what of it is before some film time."""
        if not self.knots:
            return replace(self, end_s=end_s)
        last = [time_map for stretch, time_map in self.steady if stretch.start_s < end_s][-1]
        earlier = [knot for knot in self.knots if knot[0] < end_s]
        return replace(self, end_s=end_s).through((*earlier, (end_s, last.song_s(end_s))))

    def within_song(self, duration_s: float) -> "Found":
        """Return what of it lies within a song: a trace may end some 60 ms beyond either end."""
        first, last = self.steady[0][1], self.steady[-1][1]
        inside = self.until(min(self.end_s, last.film_s(duration_s)))
        return inside.after(max(self.start_s, first.film_s(0.0)))

    def through(self, knots: tuple[tuple[float, float], ...]) -> "Found":
        """Return the same film with a map that bends at some knots, from start to end."""
        chord = map_through(*zip(knots[0], knots[-1], strict=True))
        return replace(self, knots=knots, time_map=chord, pitch=chord.speed)


def map_through(film_s: tuple[float, float], song_s: tuple[float, float]) -> TimeMap:
    """Return the map that runs through two pairs of film time and song time.

    Parameters
    ----------
    film_s, song_s : tuple of float
        Of the first and of the last.

    Returns
    -------
    TimeMap
        Of steady speed.
    """
    speed = (song_s[1] - song_s[0]) / (film_s[1] - film_s[0])
    return TimeMap(film_s[0] - song_s[0] / speed, speed)


def pitch_of(pieces: Sequence[Found]) -> float:
    """Return the pitch of a copy that is made of pieces.

    Parameters
    ----------
    pieces : sequence of Found
        At least one.

    Returns
    -------
    float
        Median of theirs.
    """
    return float(np.median([piece.pitch for piece in pieces]))

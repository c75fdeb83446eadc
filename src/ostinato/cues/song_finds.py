"""What a search finds of a song, before it is measured and named; and lines that do not stand.

Most of them are chance, and each says how likely that is, by the null that every find must beat.
"""

import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ostinato.ranges import Count, check_ranges
from ostinato.results import Candidate, Likeness, Occurrence, Refusal, TimeMap
from ostinato.timeline import Interval

_SAME_PLACE_S = 0.3  # of song time: nearer places are a room's answers, or one beat of a loop
_UNNAMED = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedParameters:
    """How many candidates are reported; recorded verbatim under `run.parameters`."""

    most: Count = 50
    """Of the whole film, and of each of its songs."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A stretch of film where a line was followed and refused."""

    film: Interval
    time_map: TimeMap
    evidence: float
    p_value: float
    refused: Refusal

    @property
    def score(self) -> float:
        """Coherence z of the stretch."""
        return float((2 * max(0.0, self.evidence)) ** 0.5)


OnMissed = Callable[[Missed], None]
"""Told each line that does not stand."""


def likeliest_first(missed: Sequence[Missed]) -> list[Missed]:
    """Return what is least likely to be chance first, then what has most evidence."""
    return sorted(missed, key=lambda one: (one.p_value, -one.evidence, one.film.start_s))


def candidates_of(
    missed: Sequence[Missed],
    occurrences: Sequence[Occurrence],
    *,
    song_id: str,
    song_duration_s: float,
    parameters: MissedParameters,
) -> tuple[Candidate, ...]:
    """Return the best of what was missed of one song.

    Parameters
    ----------
    missed : sequence of Missed
        In any order; the same place may be in it twice, from two lines.
    occurrences : sequence of Occurrence
        Of the same song: what lies in their film is theirs.
    song_id : str
        What to call the song.
    song_duration_s : float
        Of the song.
    parameters : MissedParameters
        How many.

    Returns
    -------
    tuple of Candidate
        Not yet named; the one that is least likely to be chance first.
    """
    out: list[Candidate] = []
    for one in likeliest_first(missed):
        candidate = _candidate(one, song_id=song_id, song_duration_s=song_duration_s)
        if candidate is None or any(_is_in(candidate, found.film) for found in occurrences):
            continue
        if not any(_is_same(candidate, other) for other in out):
            out.append(candidate)
    return tuple(out[: parameters.most])


def name_candidates(
    candidates: Sequence[Candidate], songs: Mapping[str, str], *, parameters: MissedParameters
) -> tuple[Candidate, ...]:
    """Name the best candidates of all songs of a film.

    Parameters
    ----------
    candidates : sequence of Candidate
        Of any songs, in any order; their identifiers are replaced.
    songs : mapping of str to str
        The hash of each song's sound, by the song's identifier.
    parameters : MissedParameters
        How many.

    Returns
    -------
    tuple of Candidate
        The likeliest first. A name is made of what song it is and where it is, to a tenth of a
        second, so that another song in the study changes none.
    """
    ordered = sorted(candidates, key=lambda one: (one.p_value, -one.score, one.film_start_s))
    named: dict[str, Candidate] = {}
    for one in ordered[: parameters.most]:
        name = _name(one, songs[one.song_id])
        named.setdefault(name, replace(one, id=name))
    return tuple(named.values())


def _name(one: Candidate, song_sha256: str) -> str:
    place = f"{song_sha256} {one.film_start_s:.1f} {one.song_start_s:.1f}"
    return f"K{hashlib.sha256(place.encode()).hexdigest()[:10]}"


def _candidate(one: Missed, *, song_id: str, song_duration_s: float) -> Candidate | None:
    start_s = max(one.film.start_s, one.time_map.offset_s)
    end_s = min(one.film.end_s, one.time_map.film_s(song_duration_s))
    if end_s <= start_s or one.evidence <= 0:
        return None
    return Candidate(
        id=_UNNAMED,
        song_id=song_id,
        film_start_s=start_s,
        film_end_s=end_s,
        song_start_s=max(0.0, one.time_map.song_s(start_s)),
        song_end_s=one.time_map.song_s(end_s),
        speed=one.time_map.speed,
        score=one.score,
        p_value=one.p_value,
        refused=one.refused,
    )


def _is_in(candidate: Candidate, film: Interval) -> bool:
    """Tell whether most of a candidate is film that an occurrence of the song has taken."""
    shared = candidate.film.intersection(film)
    return shared is not None and shared.duration_s > candidate.film.duration_s / 2


def _is_same(candidate: Candidate, other: Candidate) -> bool:
    shared = candidate.film.intersection(other.film)
    if shared is None:
        return False
    middle_s = (shared.start_s + shared.end_s) / 2
    places_s = [one.time_map.song_s(middle_s) for one in (candidate, other)]
    return abs(places_s[0] - places_s[1]) < _SAME_PLACE_S

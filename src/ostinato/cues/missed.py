"""Lines that do not stand: what of them a person may want to listen to.

Most of them are chance, and each says how likely that is, by the null that every find must beat.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ostinato.ranges import Count, check_ranges
from ostinato.results import Candidate, Occurrence, Refusal, TimeMap
from ostinato.timeline import Interval

_SAME_PLACE_S = 0.3  # of song time: nearer places are a room's answers, or one beat of a loop
_UNNAMED = ""


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

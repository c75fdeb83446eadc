"""From one playing of a song to its next: what passes between, and whether the song goes on.

- *continues*: at the song time at which the playing before had stopped;
- *restarts*: at the beginning of the song;
- *ran on*: where the record would be, had it kept turning unheard, from its beginning again when it
  had come to its end;
- *anywhere*: all song times alike.

Song time is a circle here, as long as the song. Each of the first three foretells a place with a
spread, and in one transition of twenty any other place, so that one exception does not refute it.

This is the one definition of going on: the claim, the prose, the captions, the map and the summary
all count by it. A song that repeats itself may fit a playing at several of its times; a transition
is told only if it comes out the same whichever of them is meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, product
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.errors import ParameterError
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import Occurrence, Outcome, Song, Transition

MODELS = ("continues", "restarts", "ran_on", "anywhere")
_EXCEPTION = 0.05
_RAN_ON_SPREAD_S = 0.5
"""A record that turns is known to the millisecond; this is for gaps in the film and worn tape."""
NEARER = 2.0
"""How much nearer than any rival's the place must be at which a playing goes on."""
RESOLUTION_S = 0.5
"""Rivals nearer than this to each other cannot be told apart: a cue's edges are known no better."""


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


def heard_of(occurrences: Sequence[Occurrence], song_id: str) -> tuple[object, ...]:
    """Return all of a song's occurrences on which its transitions rest, in a form that compares.

    Playings are told by their order: their numbers also count those of other songs.
    """
    own = sorted((o for o in occurrences if o.song_id == song_id), key=lambda o: (o.film, o.id))
    order = list(dict.fromkeys(o.playing_id for o in own))
    return tuple(
        (o.film, o.song_start_s, o.song_end_s, o.speed, o.rivals_song_s, order.index(o.playing_id))
        for o in own
    )


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


def gaps_to(places: Positions) -> NDArray[np.float64]:
    """Song time from where each model expects the next start to where it is.

    Returns (3, ..., n_playings - 1).
    """
    stops_s = places.ends_s[..., :-1]
    next_s = places.starts_s[..., 1:]
    expected_s = np.stack([stops_s, np.zeros_like(next_s), stops_s + places.advances_s])
    return wrapped(next_s - expected_s, places.song_duration_s)


def goes_on(places: Positions, *, within_s: float) -> NDArray[np.bool_]:
    """Tell which transitions go on where the song had stopped, and can be told from all else.

    A start is a hit if it is near enough to where the song had stopped, twice as near to that as to
    any rival (`nearness`), and no rival is so near that it cannot be told apart. What ends with the
    song and starts with it, or is taken up while the record turns on, is no evidence of going on.

    `within_s`: how near is near enough. Returns (..., n_playings - 1).
    """
    return hits_and_nearness(places, within_s=within_s)[0]


def hits_and_nearness(
    places: Positions, *, within_s: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return `goes_on` and `nearness` of the same transitions, measured once.

    `within_s`: how near is near enough. Returns `hits` (..., n_playings - 1), `nearer` (...,
    n_playings - 1).
    """
    continues_s, rival_s = _distances_s(places)
    nearer = _nearness(continues_s, rival_s)
    is_hit = (continues_s <= within_s) & (nearer > NEARER / (1 + NEARER))
    return np.asarray(is_hit & (rival_s >= RESOLUTION_S)), nearer


def count_going_on(places: Positions, *, within_s: Sequence[float]) -> NDArray[np.int64]:
    """Count the transitions of `goes_on` within each of many distances, measured once.

    `within_s`: in rising order. Returns (n_distances, ...).
    """
    continues_s, rival_s = _distances_s(places)
    is_told = _nearness(continues_s, rival_s) > NEARER / (1 + NEARER)
    is_told &= rival_s >= RESOLUTION_S
    first = np.searchsorted(within_s, np.where(is_told, continues_s, np.inf))
    return np.stack([(first <= n).sum(axis=-1) for n in range(len(within_s))])


def is_unclear(places: Positions, *, within_s: float) -> NDArray[np.bool_]:
    """Tell which transitions are near to going on, but fit a rival as well.

    `within_s`: how near is near enough. Returns (..., n_playings - 1).
    """
    continues_s, rival_s = _distances_s(places)
    is_rivals = NEARER * rival_s < np.maximum(continues_s, RESOLUTION_S)
    is_rivals &= continues_s >= RESOLUTION_S
    return np.asarray((continues_s <= within_s) & ~is_rivals & ~goes_on(places, within_s=within_s))


def nearness(places: Positions) -> NDArray[np.float64]:
    """How much nearer a start is to where the song had stopped than to any rival.

    Rivals are the song's beginning, where the playing before had started, and where the record
    would be, had it kept turning.

    Returns (..., n_playings - 1).
    """
    return _nearness(*_distances_s(places))


def _distances_s(places: Positions) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Song time from each start to where the song had stopped, and to the nearest rival."""
    next_s = places.starts_s[..., 1:]
    gaps_s = next_s - places.ends_s[..., :-1]
    duration_s = places.song_duration_s
    rival_s = _apart_s(gaps_s - places.advances_s, duration_s)
    for others_s in (next_s, next_s - places.starts_s[..., :-1]):
        np.minimum(rival_s, _apart_s(others_s, duration_s), out=rival_s)
    return _apart_s(gaps_s, duration_s), rival_s


def _apart_s(gaps_s: NDArray[np.float64], song_duration_s: float) -> NDArray[np.float64]:
    """Return the magnitudes of `wrapped`, at a fraction of its cost."""
    turns_s = np.rint(gaps_s * (1 / song_duration_s))
    turns_s *= song_duration_s
    apart_s: NDArray[np.float64] = np.subtract(gaps_s, turns_s, out=turns_s)
    return np.abs(apart_s, out=apart_s)


def _nearness(
    continues_s: NDArray[np.float64], rival_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    total_s = continues_s + rival_s
    nearer: NDArray[np.float64] = np.zeros_like(total_s)
    np.divide(rival_s, total_s, out=nearer, where=total_s > 0)
    return nearer


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """How likely each transition is under each model.

    Parameters
    ----------
    densities_per_s : ndarray, shape (4, n_transitions)
        In the order of `MODELS`.
    """

    densities_per_s: NDArray[np.float64]

    @property
    def log_ratios(self) -> NDArray[np.float64]:
        """Natural log likelihood of each model over *anywhere*, all transitions; shape (4,)."""
        logs = np.log(self.densities_per_s)
        return np.asarray((logs - logs[-1]).sum(axis=1))

    @property
    def posteriors(self) -> NDArray[np.float64]:
        """Probability of each model, all being as likely before; shape (4, n_transitions)."""
        return np.asarray(self.densities_per_s / self.densities_per_s.sum(axis=0))


def likelihoods(places: Positions, *, within_s: float) -> Likelihoods:
    """Density of each next start under the four models.

    `within_s`: of the first two models 95 % of starts are this near to where they expect it; > 0.
    """
    uniform = 1 / places.song_duration_s
    gaps_s = gaps_to(places)
    spread_s = max(within_s, _RAN_ON_SPREAD_S) / stats.norm.ppf(0.975)
    spreads_s = np.array([spread_s, spread_s, _RAN_ON_SPREAD_S])[:, None]
    foretold = (1 - _EXCEPTION) * stats.norm.pdf(gaps_s, scale=spreads_s) + _EXCEPTION * uniform
    anywhere = np.full((1, gaps_s.shape[1]), uniform)
    return Likelihoods(np.concatenate([foretold, anywhere]))


def outcomes(
    playings: Sequence[Playing], places: Positions, *, within_s: float
) -> tuple[Outcome, ...]:
    """Tell what each transition from one playing of a song to its next does.

    `within_s`: how near to where the song had stopped is near enough, in seconds of song time; >=
    0.
    """
    return tuple(
        _outcome(before, after, _pair(places, i), within_s)
        for i, (before, after) in enumerate(pairwise(playings))
    )


def _pair(places: Positions, i: int) -> Positions:
    return Positions(
        starts_s=places.starts_s[i : i + 2],
        lengths_s=places.lengths_s[i : i + 2],
        advances_s=places.advances_s[i : i + 1],
        song_duration_s=places.song_duration_s,
    )


def _outcome(before: Playing, after: Playing, pair: Positions, within_s: float) -> Outcome:
    shifts_s = np.array(list(product(before.stop_shifts_s, after.start_shifts_s)))
    fitting = pair.started_at(pair.starts_s + shifts_s)
    hits = goes_on(fitting, within_s=within_s)
    if hits.all():
        return "goes on"
    return (
        "cannot be told"
        if (hits | is_unclear(fitting, within_s=within_s)).any()
        else "starts elsewhere"
    )


def transition_rows(
    occurrences: Sequence[Occurrence],
    songs: Sequence[Song],
    *,
    parameters: MeasureParameters,
) -> tuple[Transition, ...]:
    """Step from each playing of a song to its next.

    Occurrences of one playing follow each other without a transition: the record kept turning.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    songs : sequence of Song
        Every song that occurs.
    parameters : MeasureParameters
        What counts as going on.

    Returns
    -------
    tuple of Transition
        By song in the order of `songs`, then by film time. `gap_s` is wrapped into
        (-L/2, L/2] for a song of length L: a song that stops at its end and starts at its
        beginning goes on.

    Raises
    ------
    ParameterError
        If an occurrence is of a song that is not given.
    """
    _by_song(occurrences, songs)
    return tuple(
        transition
        for song in songs
        for transition in _transitions(playings_of(timed(occurrences), song.id), song, parameters)
    )


def _by_song(
    occurrences: Sequence[Occurrence], songs: Sequence[Song]
) -> Mapping[str, list[Occurrence]]:
    by_song: dict[str, list[Occurrence]] = {song.id: [] for song in songs}
    for occurrence in sorted(occurrences, key=lambda o: (o.film, o.id)):
        if occurrence.song_id not in by_song:
            raise ParameterError(
                f"occurrence {occurrence.id}",
                f"its song {occurrence.song_id!r} is none of {', '.join(by_song) or 'no songs'}",
                "Give every song that occurs",
            )
        by_song[occurrence.song_id].append(occurrence)
    return by_song


def _transitions(
    playings: Sequence[Playing], song: Song, parameters: MeasureParameters
) -> Iterator[Transition]:
    if len(playings) < 2:  # noqa: PLR2004 - it takes two
        return
    places = positions(playings, song_duration_s=song.duration_s)
    linear_s = places.starts_s[1:] - places.ends_s[:-1]
    posteriors = likelihoods(places, within_s=parameters.continuation_s).posteriors
    rows = zip(
        pairwise(playings),
        outcomes(playings, places, within_s=parameters.continuation_s),
        linear_s,
        wrapped(linear_s, song.duration_s),
        posteriors.T,
        strict=True,
    )
    for (before, after), outcome, gap_linear_s, gap_s, models in rows:
        continues, restarts, ran_on, anywhere = models
        yield Transition(
            song_id=song.id,
            from_id=before.last.id,
            to_id=after.first.id,
            gap_s=float(gap_s),
            film_gap_s=after.first.film_start_s - before.last.film_end_s,
            continues=outcome == "goes on",
            gap_linear_s=float(gap_linear_s),
            p_continues=float(continues),
            p_restarts=float(restarts),
            p_ran_on=float(ran_on),
            p_anywhere=float(anywhere),
            outcome=outcome,
        )

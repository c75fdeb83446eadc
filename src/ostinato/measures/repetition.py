"""How often a song is heard, how regularly, and how much its playings have in common.

Regularity is the burstiness of the film time between playings, in the form that does not depend on
their number [1]_: -1 for even gaps, about 0 for playings strewn at random, 1 for bursts. Chance is
playings strewn at random between the first and the last: any way of parting the time between them
is then as likely as any other.

References
----------
.. [1] E.-K. Kim and H.-H. Jo, "Measuring burstiness for finite event sequences", *Physical Review
       E* 94 (2016), 032311, eq. 22; K.-I. Goh and A.-L. Barabási, "Burstiness and memory in complex
       systems", *Europhysics Letters* 81 (2008), 48002.

The statistic is the mean, over all pairs of playings, of the share that the shorter one has in
common with the longer one. The null model keeps how long each lasts and starts each anywhere in
the song from which it can last so long: short playings of a long song hardly ever meet, whatever
was meant. The interval is the jackknife's for a mean over pairs [1]_.

References
----------
.. [1] J. N. Arvesen, "Jackknifing U-statistics", *Annals of Mathematical Statistics* 40 (1969),
       2076-2100.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.continuation import draw_starts
from ostinato.measures.scopes import scopes_of
from ostinato.measures.statistics import MOST_AT_ONCE, chance_p, power
from ostinato.measures.transitions import (
    Positions,
    _by_song,
    playings_of,
    timed,
)
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import Coverage, Occurrence, Overlap, Repetition, Scene, Scope, Song
from ostinato.timeline import Interval, Timeline

OCCASION_S = 60.0
"""Occasions on which a song is heard are at least a minute apart, or a twentieth of the film."""
_MOST_OCCASIONS_APART = 20
MERGE_GAPS_S = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0)
EVEN_VARIATION = 0.3
"""The alternative for which the power to see regularity is given: gaps vary by 30 %."""
_LEAST_GAPS = 3
LEAST_PLAYINGS = 3
"""Two playings make one pair, which shows no rule."""
_MOST_IN_ALL = 20_000_000


@dataclass(frozen=True, slots=True)
class Regularity:
    """Burstiness against chance; None throughout with fewer than three gaps."""

    burstiness: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    p_regular: float | None = None
    power: float | None = None


def repetitions(
    occurrences: Sequence[Occurrence],
    songs: Sequence[Song],
    *,
    film_duration_s: float,
    parameters: MeasureParameters,
) -> tuple[Repetition, ...]:
    """Count and time the hearings of each song.

    `film_duration_s`: length of the film, > 0.
    """
    heard = {song.id: _heard(occurrences, song.id) for song in songs}
    music = Timeline.of(i for timeline in heard.values() for i in timeline)
    rows = []
    for song in songs:
        playings = playings_of(occurrences, song.id)
        gaps_s = [max(0.0, b.first.film_start_s - a.last.film_end_s) for a, b in pairwise(playings)]
        own = heard[song.id]
        absences = own.complement(within=Interval(0.0, film_duration_s))
        even = regularity(np.array(gaps_s), parameters=parameters)
        rows.append(
            Repetition(
                song_id=song.id,
                n_occurrences=sum(len(p.occurrences) for p in playings),
                n_playings=len({p.first.playing_id for p in playings}),
                n_hearings=n_hearings(own, merge_gap_s=parameters.merge_gap_s),
                heard_s=own.duration_s,
                share_of_film=own.duration_s / film_duration_s,
                share_of_music=own.duration_s / music.duration_s if music.intervals else None,
                rank=1 + sum(other.duration_s > own.duration_s for other in heard.values()),
                n_songs=len(songs),
                longest_absence_s=max((i.duration_s for i in absences), default=0.0),
                **dataclasses.asdict(even),
                n_occasions=n_occasions(own, film_duration_s=film_duration_s),
                merge_gaps_s=MERGE_GAPS_S,
                counts=tuple(n_hearings(own, merge_gap_s=gap_s) for gap_s in MERGE_GAPS_S),
                heard_per_second=_heard_per_second(occurrences, song),
            )
        )
    return tuple(rows)


def n_hearings(heard: Timeline, *, merge_gap_s: float) -> int:
    """Count stretches, those less than a gap apart as one.

    `merge_gap_s`: stretches at most this far apart are one; >= 0.
    """
    parts = heard.intervals
    breaks = sum(b.start_s - a.end_s > merge_gap_s for a, b in pairwise(parts))
    return breaks + 1 if parts else 0


def n_occasions(heard: Timeline, *, film_duration_s: float) -> int:
    """Count on how many occasions a song is heard: moments that are well apart.

    More of a song never gives fewer occasions, as it may give fewer stretches: one that is heard
    without a break for an hour is heard on 60 occasions.

    `film_duration_s`: length of the film, > 0.
    """
    apart_s = occasions_apart_s(film_duration_s)
    n, next_s = 0, -math.inf
    for stretch in heard:
        first_s = max(stretch.start_s, next_s)
        if first_s >= stretch.end_s:
            continue
        more = math.floor((stretch.end_s - first_s) / apart_s)
        n += 1 + more
        next_s = first_s + (1 + more) * apart_s
    return n


def occasions_apart_s(film_duration_s: float) -> float:
    """Return how far apart two occasions are at least.

    `film_duration_s`: length of the film, > 0.
    """
    return min(OCCASION_S, film_duration_s / _MOST_OCCASIONS_APART)


def overlaps(occurrences: Sequence[Occurrence], songs: Sequence[Song]) -> tuple[Overlap, ...]:
    """Compare what each two playings of a song play of it."""
    own = timed(occurrences)
    return tuple(
        _overlap(song, before, after)
        for song in songs
        for before, after in combinations(
            [
                (playing.first.id, Timeline.of(one.song for one in playing.occurrences))
                for playing in playings_of(own, song.id)
            ],
            2,
        )
    )


def regularity(gaps_s: NDArray[np.float64], *, parameters: MeasureParameters) -> Regularity:
    """Hold the evenness of gaps against playings strewn at random.

    `gaps_s` (n_gaps,): film time between playings, > 0.
    """
    n = gaps_s.size
    if n < _LEAST_GAPS or not gaps_s.sum() > 0:
        return Regularity()
    rng = np.random.default_rng(parameters.seed)
    value = float(burstiness(gaps_s))
    chance = burstiness(rng.dirichlet(np.ones(n), size=parameters.n_draws))
    even = burstiness(rng.gamma(EVEN_VARIATION**-2, size=(2000, n)))
    tail = (1 - parameters.level) / 2
    low, high = np.quantile(chance, [tail, 1 - tail])
    return Regularity(
        burstiness=value,
        chance_low=float(low),
        chance_high=float(high),
        p_regular=chance_p(-value, -chance),
        power=power(-even, -chance, significance=parameters.alpha),
    )


def burstiness(gaps_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Burstiness of gaps, corrected for their number [1]_ of the module.

    `gaps_s` (..., n_gaps): >= 0, not all 0; n_gaps > 1. Returns (...).
    """
    n = gaps_s.shape[-1]
    r = gaps_s.std(axis=-1) / gaps_s.mean(axis=-1)
    more, less = math.sqrt(n + 1), math.sqrt(n - 1)
    return np.asarray((more * r - less) / ((more - 2) * r + less))


def _heard(occurrences: Sequence[Occurrence], song_id: str) -> Timeline:
    return Timeline.of(o.film for o in occurrences if o.song_id == song_id)


def _heard_per_second(occurrences: Sequence[Occurrence], song: Song) -> tuple[int, ...]:
    """How many occurrences play the middle of each second of the song."""
    middles_s = np.arange(math.ceil(song.duration_s)) + 0.5
    own = [o.song for o in occurrences if o.song_id == song.id and o.is_timed]
    counts = sum(((o.start_s <= middles_s) & (middles_s < o.end_s)).astype(np.int64) for o in own)
    return tuple(int(n) for n in np.broadcast_to(counts, middles_s.shape))


def _overlap(song: Song, before: tuple[str, Timeline], after: tuple[str, Timeline]) -> Overlap:
    """Compare two playings, each by the name of its first occurrence and what of the song it is."""
    (from_id, first), (to_id, second) = before, after
    overlap_s = (first & second).duration_s
    return Overlap(
        song_id=song.id,
        from_id=from_id,
        to_id=to_id,
        overlap_s=overlap_s,
        share=overlap_s / min(first.duration_s, second.duration_s),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanOverlap:
    """Mean share that two playings have in common, from 0 to 1, and what chance would give.

    `low` and `high` are None where all pairs are alike: nothing shows the scatter then. `p_apart`
    is the probability by chance of so little in common, `p_alike` of so much; neither can be less
    than `p_floor`.
    """

    value: float
    low: float | None
    high: float | None
    chance: float
    chance_low: float
    chance_high: float
    p_apart: float
    p_alike: float
    p_floor: float


def mean_overlap(places: Positions, *, parameters: MeasureParameters) -> MeanOverlap | None:
    """Measure what playings have in common, and hold it against starts anywhere."""
    if places.starts_s.size < LEAST_PLAYINGS:
        return None
    in_song = tuple(places.starts_s.tolist()), tuple(places.lengths_s.tolist())
    return _known_overlap(*in_song, places.song_duration_s, parameters)


@lru_cache(maxsize=64)  # a review asks again after each edit, and most leave songs where they are
def _known_overlap(
    starts_s: tuple[float, ...],
    lengths_s: tuple[float, ...],
    song_duration_s: float,
    parameters: MeasureParameters,
) -> MeanOverlap:
    n = len(starts_s)
    places = Positions(
        starts_s=np.array(starts_s),
        lengths_s=np.array(lengths_s),
        advances_s=np.zeros(n - 1),  # the order of playings plays no part
        song_duration_s=song_duration_s,
    )
    pairs = np.array(list(combinations(range(n), 2)))
    shares = _shares(places, pairs)
    value = float(shares.mean())
    low, high = _jackknife(shares, pairs, n, level=parameters.level)
    chance = _by_chance(places, pairs, parameters)
    tail = (1 - parameters.level) / 2
    chance_low, chance_high = np.quantile(chance, [tail, 1 - tail])
    return MeanOverlap(
        value=value,
        low=low,
        high=high,
        chance=float(chance.mean()),
        chance_low=float(chance_low),
        chance_high=float(chance_high),
        p_apart=chance_p(-value, -chance),
        p_alike=chance_p(value, chance),
        p_floor=1 / (1 + chance.size),
    )


def _shares(places: Positions, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share in common of each pair, of the shorter one; shape (..., n_pairs)."""
    one, other = pairs.T
    starts_s, ends_s = places.starts_s, places.ends_s
    common_s = np.minimum(ends_s[..., one], ends_s[..., other]) - np.maximum(
        starts_s[..., one], starts_s[..., other]
    )
    shorter_s = np.minimum(places.lengths_s[one], places.lengths_s[other])
    shares = np.zeros(np.broadcast_shapes(common_s.shape, shorter_s.shape))
    has_length = np.broadcast_to(shorter_s > 0, shares.shape)
    np.divide(common_s, shorter_s, out=shares, where=has_length)
    return np.asarray(np.clip(shares, 0.0, 1.0))


def _by_chance(
    places: Positions, pairs: NDArray[np.int64], parameters: MeasureParameters
) -> NDArray[np.float64]:
    rng = np.random.default_rng(parameters.seed)
    n_draws = min(parameters.n_draws, max(999, _MOST_IN_ALL // len(pairs)))
    n_at_once = max(1, MOST_AT_ONCE // len(pairs))
    sizes = [min(n_at_once, n_draws - first) for first in range(0, n_draws, n_at_once)]
    return np.concatenate(
        [
            _shares(
                places.started_at(draw_starts(places, (size, places.starts_s.size), rng)), pairs
            ).mean(axis=-1)
            for size in sizes
        ]
    )


def _jackknife(
    shares: NDArray[np.float64], pairs: NDArray[np.int64], n: int, *, level: float
) -> tuple[float, float] | tuple[None, None]:
    """Interval of the mean over pairs, each playing left out in turn, with Student's t."""
    if np.ptp(shares) == 0:
        return None, None
    sums = np.bincount(pairs.ravel(), weights=np.repeat(shares, 2), minlength=n)
    n_left = len(pairs) - (n - 1)
    without = (shares.sum() - sums) / n_left
    error = math.sqrt((n - 1) / n * float(np.square(without - without.mean()).sum()))
    reach = error * float(stats.t.ppf((1 + level) / 2, n - 1))
    mean = float(shares.mean())
    return max(0.0, mean - reach), min(1.0, mean + reach)


def coverage(
    occurrences: Sequence[Occurrence],
    songs: Sequence[Song],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
) -> tuple[Coverage, ...]:
    """How much of each scope a song fills, and how much of the song is heard in it.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    songs : sequence of Song
        A song that never occurs has rows as well, with measured zeros.
    film_duration_s : float
        Length of the film, > 0.
    scenes : sequence of Scene
        The scene table; may be empty.

    Returns
    -------
    tuple of Coverage
        One for each song and scope. An occurrence that reaches into a scope is counted in it, with
        the part inside. `longest_absence_s` is within one unbroken stretch of the scope.

    Raises
    ------
    ParameterError
        If an occurrence is of a song that is not given, or a scene lies beyond the film.
    """
    by_song = _by_song(occurrences, songs)
    named = scopes_of(scenes, film_duration_s=film_duration_s)
    return tuple(
        _coverage(by_song[song.id], song, scope, within)
        for song in songs
        for scope, within in named.items()
    )


def _coverage(
    occurrences: Sequence[Occurrence], song: Song, scope: Scope, within: Timeline
) -> Coverage:
    first_s, last_s = within.intervals[0].start_s, within.intervals[-1].end_s
    heard_in = [
        (o, Timeline((o.film,)) & within)
        for o in occurrences
        if o.film_start_s < last_s and first_s < o.film_end_s
    ]
    inside = [(o, heard) for o, heard in heard_in if heard.intervals]
    heard = Timeline.of(i for _, timeline in inside for i in timeline)
    heard_of_song = Timeline.of(
        Interval(o.time_map.song_s(i.start_s), o.time_map.song_s(i.end_s))
        for o, timeline in inside
        if o.is_timed
        for i in timeline
    ) & Timeline((Interval(0.0, song.duration_s),))
    absences = [absence for part in within for absence in heard.complement(within=part)]
    return Coverage(
        song_id=song.id,
        scope=scope,
        n_occurrences=len(inside),
        n_playings=len({o.playing_id for o, _ in inside}),
        heard_s=heard.duration_s,
        share_of_scope=heard.duration_s / within.duration_s,
        song_heard_s=heard_of_song.duration_s,
        share_of_song=heard_of_song.duration_s / song.duration_s,
        longest_absence_s=max((absence.duration_s for absence in absences), default=0.0),
    )

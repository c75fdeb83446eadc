"""Does a song go on where it had stopped? Transitions against models of chance.

`going_on` says what each transition does; how many would go on by chance is asked of the two
models of `nulls`, both of which must be rejected. What cannot be told is counted both ways: the
least that may go on is what a claim must rest on, and the most is what must be refuted.

*Uniform starts*: order and lengths of the playings are kept, and each starts anywhere in the song
from which it can last so long. *Permuted order*: the playings are those that were heard, cut where
they were cut, in any other order; exact where there are 8 or fewer. Uniform starts alone would take
a song that is always cut at its sections for one that goes on, and the order alone cannot speak
of fewer than four playings: a song goes on beyond chance only if both say so, and the larger of
the two p-values is the one that counts.

The statistic is the number of transitions that go on (`models.goes_on`); ties are broken by how
much nearer all of them are to going on than to any rival model (`models.nearness`).

References
----------
.. [1] R. L. Berger, "Multiparameter hypothesis testing and acceptance sampling", *Technometrics* 24
       (1982), 295-300: a hypothesis that any of several nulls holds is rejected where each is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.statistics import TIE, chance_p, proportion
from ostinato.measures.transitions import (
    MODELS,
    Playing,
    Positions,
    count_going_on,
    hits_and_nearness,
    likelihoods,
    nearness,
    outcomes,
    playings_of,
    positions,
    timed,
)
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import Continuation, Occurrence, Outcome, Scene, Song
from ostinato.timeline import Interval, Timeline

_CURVE_S = tuple(x / 2 for x in range(1, 31))  # 0.5 to 15 s
POWER_SHARE = 0.8
"""The alternative for which power is given: this share of transitions goes on."""
_MOST_EXACT = 8
_MOST_EXACT_OF_MANY = 5
_FILMS = (100, 500)
_N_ORDERS = 399
_N_CURVE_DRAWS = 999
_NEAR_THE_PROCESSOR = 1 << 15  # numbers that fit its cache
_MOST_IN_ALL = 2_000_000


def continuation(
    occurrences: Sequence[Occurrence],
    song: Song,
    *,
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
    known_power: float | None = None,
) -> Continuation:
    """Test whether a song goes on where it had stopped.

    `known_power`: that of the same playings, if it was asked before: it costs more than all else.
    """
    playings = playings_of(timed(occurrences), song.id)
    places = positions(playings, song_duration_s=song.duration_s)
    found = outcomes(playings, places, within_s=parameters.continuation_s)
    n, n_go_on = len(found), found.count("goes on")
    n_at_most = n_go_on + found.count("cannot be told")
    least, most = (proportion(hits, n, level=parameters.level) for hits in (n_go_on, n_at_most))
    chance = _chance_curve(places, parameters) if n and known_power is None else ((), (), ())
    across_days = _is_across_days(playings, scenes)
    tests = _tests(places, n_go_on, n_at_most, parameters, known_power) if n else _Tests()
    return Continuation(
        song_id=song.id,
        n_playings=len(playings),
        n_transitions=n,
        n_go_on=n_go_on,
        n_cannot_be_told=n_at_most - n_go_on,
        share=least.value if n_at_most == n_go_on else None,
        share_low=least.low,
        share_high=most.high,
        within_s=parameters.continuation_s,
        curve_within_s=_CURVE_S,
        curve_n_go_on=tuple(int(count) for count in count_going_on(places, within_s=_CURVE_S)),
        curve_chance_low=chance[0],
        curve_chance_mean=chance[1],
        curve_chance_high=chance[2],
        **asdict(tests),
        power_if_share=POWER_SHARE,
        log_likelihood_ratios=_log_ratios(places, parameters) if n else {},
        n_across_scenes=_n_across(occurrences, song, [s.interval for s in scenes]),
        n_across_days=_n_across(occurrences, song, _days(scenes)),
        n_day_transitions=sum(across_days) if across_days else None,
        n_go_on_next_day=_n_next_day(found, across_days) if across_days else None,
    )


def _n_next_day(found: Sequence[Outcome], across_days: Sequence[bool]) -> int:
    pairs = zip(across_days, found, strict=True)
    return sum(is_across and one == "goes on" for is_across, one in pairs)


def _log_ratios(places: Positions, parameters: MeasureParameters) -> dict[str, float]:
    ratios = likelihoods(places, within_s=parameters.continuation_s).log_ratios
    return dict(zip(MODELS, map(float, ratios), strict=True))


def _chance_curve(
    places: Positions, parameters: MeasureParameters
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return how many transitions go on within each distance if all start anywhere.

    Returns the low end, the mean and the high end of 95 % of such films. The draws are their own,
    so that those of the tests stay what they are without the curve.
    """
    rng = np.random.default_rng(parameters.seed)
    shape = (min(parameters.n_draws, _N_CURVE_DRAWS), places.starts_s.size)
    drawn = places.started_at(draw_starts(places, shape, rng))
    counts = count_going_on(drawn, within_s=_CURVE_S)
    low, high = np.quantile(counts, [0.025, 0.975], axis=1, method="inverted_cdf")
    return _floats(low), _floats(counts.mean(axis=1)), _floats(high)


def _floats(values: NDArray[np.floating]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tests:
    """P-values of the least that goes on, of the most, and the power; None without transitions."""

    p_uniform_starts: float | None = None
    p_permuted_order: float | None = None
    p_at_most: float | None = None
    p_floor: float | None = None
    power: float | None = None


def _tests(
    places: Positions,
    n_go_on: int,
    n_at_most: int,
    parameters: MeasureParameters,
    known_power: float | None,
) -> _Tests:
    rng = np.random.default_rng(parameters.seed)
    under = nulls(places, parameters=parameters, rng=rng)
    p_uniform, p_order = under.p_values(statistic_of(places, n_go_on=n_go_on))
    return _Tests(
        p_uniform_starts=p_uniform,
        p_permuted_order=p_order,
        p_at_most=max(under.p_values(statistic_of(places, n_go_on=n_at_most))),
        p_floor=under.p_floor,
        power=(
            continuation_power(places, under, parameters=parameters, rng=rng)
            if known_power is None
            else known_power
        ),
    )


def _days(scenes: Sequence[Scene]) -> list[Interval]:
    """Unbroken stretches of one day each."""
    names = dict.fromkeys(s.day for s in scenes if s.day is not None)
    return [i for name in names for i in Timeline.of(s.interval for s in scenes if s.day == name)]


def _n_across(
    occurrences: Sequence[Occurrence], song: Song, stretches: Sequence[Interval]
) -> int | None:
    """Count the occurrences within which one of the stretches starts; None without stretches."""
    if not stretches:
        return None
    own = [o.film for o in occurrences if o.song_id == song.id]
    return sum(any(o.start_s < s.start_s < o.end_s for s in stretches) for o in own)


def _is_across_days(playings: Sequence[Playing], scenes: Sequence[Scene]) -> list[bool]:
    """Tell for each transition whether it leads from one marked day to another."""
    if len({s.day for s in scenes if s.day is not None}) < 2:  # noqa: PLR2004 - one day has no next
        return []
    days = [
        (_day_at(p.first.film_start_s, scenes), _day_at(p.last.film_end_s, scenes))
        for p in playings
    ]
    return [
        before[1] is not None and after[0] is not None and before[1] != after[0]
        for before, after in pairwise(days)
    ]


def _day_at(film_s: float, scenes: Sequence[Scene]) -> str | None:
    days = [s.day for s in scenes if s.day is not None and s.start_s <= film_s <= s.end_s]
    return days[0] if days else None


@dataclass(frozen=True, slots=True)
class GoingOnNulls:
    """The statistic under both null models; `is_exact` where all orders are there."""

    uniform: NDArray[np.float64]
    permuted: NDArray[np.float64]
    is_exact: bool

    @property
    def p_floor(self) -> float:
        """The least that the larger of the two p-values can be."""
        own = 0 if self.is_exact else 1
        return max(1 / (1 + self.uniform.size), 1 / (own + self.permuted.size))

    def p_values(self, observed: float) -> tuple[float, float]:
        """P-values of a statistic under uniform starts and under permuted order."""
        n_as_large = int(np.count_nonzero(self.permuted >= observed - TIE))
        by_order = (
            # the order that was heard is one of them
            max(1, n_as_large) / self.permuted.size
            if self.is_exact
            else chance_p(observed, self.permuted)
        )
        return chance_p(observed, self.uniform), by_order


def nulls(
    places: Positions, *, parameters: MeasureParameters, rng: np.random.Generator
) -> GoingOnNulls:
    """Draw the statistic under both null models."""
    within_s, n = parameters.continuation_s, places.starts_s.size
    starts_s = draw_starts(places, (parameters.n_draws, n), rng)
    orders, is_exact = _orders(n, parameters.n_draws, rng, most_exact=_MOST_EXACT)
    return GoingOnNulls(
        statistic(places.started_at(starts_s), within_s=within_s),
        statistic(places.in_order(orders), within_s=within_s),
        is_exact,
    )


def continuation_power(
    places: Positions,
    under: GoingOnNulls,
    *,
    parameters: MeasureParameters,
    rng: np.random.Generator,
) -> float:
    """Probability that both nulls are rejected if `POWER_SHARE` of the transitions go on."""
    within_s, n = parameters.continuation_s, places.starts_s.size
    n_films = int(np.clip(_MOST_IN_ALL // (_N_ORDERS * n), *_FILMS))
    starts_s = _mostly_going_on(places, n_films, within_s, rng)
    observed = statistic(places.started_at(starts_s), within_s=within_s)
    ordered = np.sort(under.uniform)
    n_extreme = ordered.size - np.searchsorted(ordered, observed - TIE)
    is_found = (1 + n_extreme) / (1 + ordered.size) <= parameters.alpha
    orders, is_exact = _orders(n, _N_ORDERS, rng, most_exact=_MOST_EXACT_OF_MANY)
    own = 0 if is_exact else 1  # the order that was heard is among all, but not among some
    lengths_s = places.lengths_s[orders]
    n_found = 0
    for film_s, of_film in zip(starts_s[is_found], observed[is_found], strict=True):
        permuted = statistic(
            replace(places, starts_s=film_s[orders], lengths_s=lengths_s), within_s=within_s
        )
        as_large = int(np.count_nonzero(permuted >= of_film - TIE))
        n_found += (own + as_large) / (own + len(orders)) <= parameters.alpha
    return n_found / len(starts_s)


def draw_starts(
    places: Positions, shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw starts from anywhere in the song, each early enough for its playing to last."""
    room_s = np.maximum(0.0, places.song_duration_s - places.lengths_s)
    return np.asarray(rng.uniform(0.0, 1.0, shape) * room_s)


def statistic(places: Positions, *, within_s: float) -> NDArray[np.float64]:
    """Count the transitions that go on, and add a fraction for how near all are to going on.

    `within_s`: how near is near enough. Returns (...).
    """
    n_playings = places.starts_s.shape[-1]
    starts_s = places.starts_s.reshape(-1, n_playings)
    lengths_s = np.broadcast_to(places.lengths_s, places.starts_s.shape).reshape(starts_s.shape)
    n_at_once = max(1, _NEAR_THE_PROCESSOR // max(1, n_playings))
    out = np.empty(starts_s.shape[0])
    for first in range(0, out.size, n_at_once):
        some = slice(first, first + n_at_once)
        one = replace(places, starts_s=starts_s[some], lengths_s=lengths_s[some])
        hits, nearer = hits_and_nearness(one, within_s=within_s)
        out[some] = hits.sum(axis=-1) + _tie_break(nearer)
    return out.reshape(places.starts_s.shape[:-1])


def statistic_of(places: Positions, *, n_go_on: int) -> float:
    """Return the statistic of a film of which so many transitions are said to go on.

    `n_go_on`: the count, which may leave out, or take in, what cannot be told.
    """
    return float(n_go_on + _tie_break(nearness(places)))


def _tie_break(nearer: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.99 * nearer.mean(axis=-1))


def _mostly_going_on(
    places: Positions, n_films: int, within_s: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw films in which `POWER_SHARE` of the transitions go on and the others start anywhere."""
    n = places.starts_s.size
    starts_s = draw_starts(places, (n_films, n), rng)
    continues = rng.uniform(size=(n_films, n)) < POWER_SHARE
    spread_s = within_s / stats.norm.ppf(0.975)
    missed_s = rng.normal(0.0, spread_s, (n_films, n))
    for i in range(1, n):
        stopped_s = starts_s[:, i - 1] + places.lengths_s[i - 1]
        taken_up_s = (stopped_s + missed_s[:, i]) % places.song_duration_s
        starts_s[:, i] = np.where(continues[:, i], taken_up_s, starts_s[:, i])
    return starts_s


def _orders(
    n: int, n_draws: int, rng: np.random.Generator, *, most_exact: int
) -> tuple[NDArray[np.int64], bool]:
    """Return orders of n playings, and whether these are all that there are."""
    if n <= most_exact:
        return np.array(list(permutations(range(n))), dtype=np.int64).reshape(-1, n), True
    return rng.permuted(np.tile(np.arange(n), (n_draws, 1)), axis=1), False

"""Does a song go on where it had stopped? Transitions against models of chance.

The statistic is the number of transitions that go on (`models.goes_on`); ties are broken by how
much nearer all of them are to going on than to any rival model (`models.nearness`), so that the
p-value is uniform when nothing but chance is at work.

Two null models. *Uniform starts*: the order of the playings and how long each lasts are kept, and
each starts anywhere in the song from which it can last so long. *Permuted order*: the playings are
those that were heard, in any other order; exact where there are 8 or fewer. The V-test [1]_ asks
whether the gaps, as directions on the circle of song time, crowd around 0; its probability is that
of uniform starts.

References
----------
.. [1] K. V. Mardia and P. E. Jupp, *Directional Statistics*, 2000, sec. 6.3.1; D. Durand and
       J. A. Greenwood, "Modifications of the Rayleigh test for uniformity in analysis of
       two-dimensional orientation data", *Journal of Geology* 66 (1958), 229-238.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.models import MODELS, gaps_to, goes_on, likelihoods, nearness
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.playings import Playing, Positions, playings_of, positions
from ostinato.measures.resampling import power, proportion
from ostinato.results import Continuation, Occurrence, Scene, Song
from ostinato.timeline import Interval, Timeline

POWER_SHARE = 0.8
"""The alternative for which power is given: this share of transitions goes on."""
_MOST_EXACT = 8
_CURVE_S = tuple(x / 2 for x in range(1, 31))  # 0.5 to 15 s


def continuation(
    occurrences: Sequence[Occurrence],
    song: Song,
    *,
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
) -> Continuation:
    """Test whether a song goes on where it had stopped.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    song : Song
        Which one.
    scenes : sequence of Scene
        Their borders, and those of days, are what an occurrence may run across.
    parameters : MeasureParameters
        What counts as going on, and how often chance is asked.

    Returns
    -------
    Continuation
        Tests are None with fewer than two playings, the permutation with fewer than three.
    """
    playings = playings_of(occurrences, song.id)
    places = positions(playings, song_duration_s=song.duration_s)
    n = max(0, len(playings) - 1)
    hits = goes_on(places, within_s=parameters.continuation_s) if n else np.zeros(0, dtype=bool)
    share = proportion(int(hits.sum()), n, level=parameters.level)
    models = likelihoods(places, within_s=parameters.continuation_s).log_ratios if n else None
    across_days = _is_across_days(playings, scenes)
    rng = np.random.default_rng(parameters.seed)
    p_uniform, p_v, its_power = _uniform_tests(places, parameters, rng) if n else (None,) * 3
    return Continuation(
        song_id=song.id,
        n_playings=len(playings),
        n_transitions=n,
        n_go_on=int(hits.sum()),
        share=share.value,
        share_low=share.low,
        share_high=share.high,
        within_s=parameters.continuation_s,
        curve_within_s=_CURVE_S,
        curve_n_go_on=tuple(int(goes_on(places, within_s=s).sum()) if n else 0 for s in _CURVE_S),
        p_uniform_starts=p_uniform,
        p_permuted_order=_order_p(places, parameters, rng) if n > 1 else None,
        p_v_test=p_v,
        power=its_power,
        power_if_share=POWER_SHARE,
        log_likelihood_ratios=(
            {} if models is None else dict(zip(MODELS, map(float, models), strict=True))
        ),
        n_across_scenes=_n_across(occurrences, song, [s.interval for s in scenes]),
        n_across_days=_n_across(occurrences, song, _days(scenes)),
        n_day_transitions=sum(across_days) if across_days else None,
        n_go_on_next_day=int(hits[np.array(across_days)].sum()) if across_days else None,
    )


def draw_starts(
    places: Positions, shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw starts from anywhere in the song, each early enough for its playing to last.

    Parameters
    ----------
    places : Positions
        Gives the lengths.
    shape : tuple of int
        Ends in n_playings.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    ndarray of that shape
        Song times.
    """
    room_s = np.maximum(0.0, places.song_duration_s - places.lengths_s)
    return np.asarray(rng.uniform(0.0, 1.0, shape) * room_s)


def statistic(places: Positions, *, within_s: float) -> NDArray[np.float64]:
    """Count the transitions that go on, and add a fraction for how near all are to going on.

    Parameters
    ----------
    places : Positions
        Of shape (..., n_playings), n_playings > 1.
    within_s : float
        How near is near enough.

    Returns
    -------
    ndarray, shape (...)
        The whole part counts.
    """
    n_hits = goes_on(places, within_s=within_s).sum(axis=-1)
    return np.asarray(n_hits + 0.99 * nearness(places).mean(axis=-1))


def _uniform_tests(
    places: Positions, parameters: MeasureParameters, rng: np.random.Generator
) -> tuple[float, float, float]:
    """P-values of the count and of the V-test under uniform starts, and the count's power."""

    def count(starts_s: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:  # noqa: ARG001
        return statistic(places.started_at(starts_s), within_s=parameters.continuation_s)

    def direction(starts_s: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:  # noqa: ARG001
        gaps_s = gaps_to(places.started_at(starts_s))[0]
        return np.asarray(np.cos(2 * np.pi * gaps_s / places.song_duration_s).mean(axis=-1))

    counted, directed = (
        stats.monte_carlo_test(
            places.starts_s,
            lambda size: draw_starts(places, size, rng),
            measure,
            vectorized=True,
            n_resamples=parameters.n_draws,
            alternative="greater",
        )
        for measure in (count, direction)
    )
    its_power = power(
        count(_mostly_going_on(places, parameters, rng)),
        counted.null_distribution,
        significance=1 - parameters.level,
    )
    return float(counted.pvalue), float(directed.pvalue), its_power


def _mostly_going_on(
    places: Positions, parameters: MeasureParameters, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw films in which `POWER_SHARE` of the transitions go on and the others start anywhere."""
    n_films, n = 2000, places.starts_s.size
    starts_s = draw_starts(places, (n_films, n), rng)
    continues = rng.uniform(size=(n_films, n)) < POWER_SHARE
    spread_s = parameters.continuation_s / stats.norm.ppf(0.975)
    missed_s = rng.normal(0.0, spread_s, (n_films, n))
    for i in range(1, n):
        stopped_s = starts_s[:, i - 1] + places.lengths_s[i - 1]
        taken_up_s = (stopped_s + missed_s[:, i]) % places.song_duration_s
        starts_s[:, i] = np.where(continues[:, i], taken_up_s, starts_s[:, i])
    return starts_s


def _order_p(places: Positions, parameters: MeasureParameters, rng: np.random.Generator) -> float:
    """Probability of as many hits, had the same playings come in any other order."""
    n = places.starts_s.size

    def count(order: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:  # noqa: ARG001
        in_order = places.in_order(order.astype(np.int64))
        return statistic(in_order, within_s=parameters.continuation_s)

    result = stats.permutation_test(
        (np.arange(n, dtype=np.float64),),
        count,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=math.factorial(n) if n <= _MOST_EXACT else parameters.n_draws,
        alternative="greater",
        rng=rng,
    )
    return float(result.pvalue)


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

"""Does a song go on where it had stopped? Transitions against models of chance.

What each transition does is told by `going_on`; how many would go on by chance is asked of the two
models of `nulls`, both of which must be rejected. What cannot be told is counted both ways: the
least that may go on is what a claim must rest on, and the most is what must be refuted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ostinato.measures.going_on import outcomes
from ostinato.measures.models import MODELS, goes_on, likelihoods
from ostinato.measures.nulls import POWER_SHARE, nulls, power, statistic_of
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.playings import Playing, Positions, playings_of, positions, timed
from ostinato.measures.resampling import proportion
from ostinato.results import Continuation, Occurrence, Scene, Song
from ostinato.timeline import Interval, Timeline

_CURVE_S = tuple(x / 2 for x in range(1, 31))  # 0.5 to 15 s


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
    told = outcomes(playings, places, within_s=parameters.continuation_s)
    n, n_go_on = len(told), told.count("goes on")
    n_at_most = n_go_on + told.count("cannot be told")
    least, most = (proportion(hits, n, level=parameters.level) for hits in (n_go_on, n_at_most))
    models = likelihoods(places, within_s=parameters.continuation_s).log_ratios if n else None
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
        curve_n_go_on=tuple(int(goes_on(places, within_s=s).sum()) if n else 0 for s in _CURVE_S),
        p_uniform_starts=tests.p_uniform_starts,
        p_permuted_order=tests.p_permuted_order,
        p_at_most=tests.p_at_most,
        p_floor=tests.p_floor,
        power=tests.power,
        power_if_share=POWER_SHARE,
        log_likelihood_ratios=(
            {} if models is None else dict(zip(MODELS, map(float, models), strict=True))
        ),
        n_across_scenes=_n_across(occurrences, song, [s.interval for s in scenes]),
        n_across_days=_n_across(occurrences, song, _days(scenes)),
        n_day_transitions=sum(across_days) if across_days else None,
        n_go_on_next_day=(
            sum(
                is_across and one == "goes on"
                for is_across, one in zip(across_days, told, strict=True)
            )
            if across_days
            else None
        ),
    )


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
            power(places, under, parameters=parameters, rng=rng)
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

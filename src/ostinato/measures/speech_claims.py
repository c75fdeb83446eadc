"""The claims about the speech, C5 to C7: what is held against each, and the test of C6.

The null model is that the speech, with its runs and pauses, might have begun anywhere: all that is
spoken is shifted along the film, what leaves at the end coming in at the start. Each shift keeps
how speech clusters, which a test of single segments would take for evidence.

References
----------
.. [1] J. Besag and P. Clifford, "Generalized Monte Carlo significance tests", *Biometrika* 76
       (1989), 633-642: a test by a group under which the null model does not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.measures.ratio import bounds_of, difference_of_shares, ratio_limits
from ostinato.measures.scopes import BEGINNINGS_PERCENT, seconds_per_bin
from ostinato.measures.statistics import chance_p
from ostinato.measures.verdicts import (
    HALF,
    NOT_SUPPORTED,
    RULES,
    SUPPORTED,
    UNDECIDED,
    Decide,
    Draft,
    MeasureParameters,
    Test,
    between,
    is_above,
    is_below,
)
from ostinato.results import (
    ENOUGH_POWER,
    FILM,
    STATED_DIFFERENCE,
    Kind,
    Monologue,
    Ratio,
    Results,
    SpeechSegment,
    Verdict,
)

BEGINNING_PERCENT = 20
LEAST_SEGMENTS = 10
"""Of speech that nobody has labelled, fewer show no rule."""
N_SHIFTS = 1999
"""Shifts by multiples of the film over one more than these, besides none at all."""
_N_FILMS = 200
_FIRST_SHARES = tuple(percent / 100 for percent in BEGINNINGS_PERCENT)


def narration_for_dialogue(row: Ratio) -> Draft:
    """C5: narration to dialogue."""

    def decide(_test: Test, _opposite: Test = "none", /) -> Verdict:
        # on the share, since the ratio has no number where all is narration
        if row.low is not None and is_above(row.low, HALF):
            return SUPPORTED
        is_less = row.high is not None and is_below(row.high, HALF)
        return NOT_SUPPORTED if is_less else UNDECIDED

    return Draft(
        measure="seconds of narration over seconds of dialogue; supported if above 1",
        value=row.ratio,
        low=row.ratio_low,
        high=row.ratio_high,
        bounds=bounds_of(row),
        n=row.n_random_labels or None,
        unit="random label",
        limits=[*ratio_limits(row), "The amounts do not say why"],
        figures={
            "share": row.share,
            "share_low": row.low,
            "share_high": row.high,
            "naive_share": row.naive_share,
            "labels_share": row.labels_share,
        },
        decide=decide,
    )


def at_the_beginning(
    results: Results, parameters: MeasureParameters, *, first_percent: int = BEGINNING_PERCENT
) -> Draft:
    """C6: narration's share in the first part of the film, less its share after it."""
    first, after = _both_sides(results, first_percent)
    value, low, high = difference_of_shares(first, after)
    # without speech on either side there is nothing to compare
    speech = [] if low is None else results.speech
    film_s = results.film.duration_s
    test = beginning_test(
        speech, film_duration_s=film_s, first_shares=_FIRST_SHARES, parameters=parameters
    )
    p_at_best = beginning_p(
        speech,
        film_duration_s=film_s,
        first_shares=_FIRST_SHARES,
        undetermined_first="narration",
        undetermined_after="dialogue",
    )
    return Draft(
        measure=f"share of narration in the first {first_percent}% of the film, less that after it",
        value=value,
        low=low,
        high=high,
        bounds="range" if {bounds_of(first), bounds_of(after)} == {"range"} else "interval",
        n=first.n_random_labels + after.n_random_labels or None,
        unit="random label",
        p_value=test.p_value if test else None,
        p_opposite=test.p_less if test else None,
        null_model=RULES["C6"].null_model,
        p_floor=1 / (1 + N_SHIFTS),
        power=test.power if test else None,
        limits=[*_difference_limits(first, after, first_percent), *_test_limits(test, parameters)],
        figures={
            **_shares_of_parts(results),
            "chance_low": test.chance_low if test else None,
            "chance_high": test.chance_high if test else None,
            "p_undetermined_at_best": p_at_best,
        },
        decide=_rule_of_beginning(test, p_at_best, low, high, parameters),
    )


def _both_sides(results: Results, first_percent: int) -> tuple[Ratio, Ratio]:
    """Return the rows of the film's beginning, and of what comes after it."""
    rows = {row.scope: row for row in results.ratio}
    return rows[FILM.part("first", first_percent)], rows[FILM.part("after", first_percent)]


def _shares_of_parts(results: Results) -> dict[str, float | None]:
    """Return narration's share in each beginning of the film, and after it."""
    return {
        f"share_{row.scope.side}_{row.scope.percent}": row.share
        for row in results.ratio
        if row.scope.whole == FILM and row.scope != FILM
    }


def _rule_of_beginning(
    test: "BeginningTest | None",
    p_at_best: float | None,
    low: float | None,
    high: float | None,
    parameters: MeasureParameters,
) -> Decide:
    def decide(outcome: Test, opposite: Test = "none", /) -> Verdict:
        if test is None or p_at_best is None or low is None or high is None:
            return UNDECIDED
        if outcome == "beyond chance" and is_above(low, 0):
            return SUPPORTED
        is_opposite = not is_above(high, -STATED_DIFFERENCE) or (
            not is_above(high, 0) and opposite == "beyond chance"
        )
        is_chance = (
            p_at_best > parameters.alpha
            and is_below(high, STATED_DIFFERENCE)
            and test.power >= ENOUGH_POWER
        )
        return NOT_SUPPORTED if is_opposite or is_chance else UNDECIDED

    return decide


def _difference_limits(first: Ratio, after: Ratio, first_percent: int) -> list[str]:
    """Say on what the shares on both sides rest, where they rest on different grounds."""
    mark = f"the first {first_percent}% of the film"
    sides = ((first, f"in {mark}"), (after, f"after {mark}"))
    silent = [f"There is no speech {where}" for row, where in sides if row.low is None]
    if len(silent) == 1:
        return silent
    if silent or first.estimator == after.estimator:
        n_labels = first.n_random_labels + after.n_random_labels
        return ratio_limits(replace(first, n_random_labels=n_labels))
    return [
        f"{where[0].upper()}{where[1:]}: {limit[0].lower()}{limit[1:]}"
        for row, where in sides
        for limit in ratio_limits(row)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningTest:
    """How the beginning comes out among all places where the film might begin.

    `p_value` is the probability by chance of as much narration at the beginning, `p_less` of as
    little. Between `chance_low` and `chance_high` lie the differences that chance gives, of the
    share of narration in the beginning less that after it. `power` is the probability that the test
    finds a difference of `STATED_DIFFERENCE`.
    """

    p_value: float
    p_less: float
    chance_low: float | None
    chance_high: float | None
    power: float


def _test_limits(test: BeginningTest | None, parameters: MeasureParameters) -> list[str]:
    if test is None:
        return []
    *most, last = BEGINNINGS_PERCENT
    limits = [
        f"The p-values are for the first {', '.join(map(str, most))} and {last}% of the film "
        "together, the value for one of these",
        f"The power is for a difference of {STATED_DIFFERENCE:g}",
    ]
    if test.chance_low is not None and test.chance_high is not None:
        limits.append(
            "If the film's speech began at another point, the difference would lie "
            f"{between(test.chance_low, test.chance_high)} in {parameters.level:.0%} of draws"
        )
    return limits


def unanswered(row: Monologue, results: Results) -> Draft:
    """C7: how much of the speech no other voice answers."""
    is_labelled = row.n_random_labels > 0
    says_to_whom = row.to_nobody_low is not None
    n_segments = len(results.speech)
    all_decided = 0 < row.n_told == n_segments
    value, low, high = (
        (row.to_nobody_share, row.to_nobody_low, row.to_nobody_high)
        if says_to_whom
        else (row.share, row.low, row.high)
    )

    def decide(_test: Test, _opposite: Test = "none", /) -> Verdict:
        if n_segments < LEAST_SEGMENTS and not all_decided:
            return UNDECIDED
        if low is not None and is_above(low, HALF):
            return SUPPORTED
        return NOT_SUPPORTED if high is not None and is_below(high, HALF) else UNDECIDED

    return Draft(
        measure=(
            "share of speech that is addressed to nobody present (soliloquy, narration)"
            if says_to_whom
            else "share of speech that no other voice precedes or follows"
        )
        + "; supported if above half",
        value=value,
        low=low,
        high=high,
        bounds="interval" if is_labelled else "range",
        n=row.n_random_labels if is_labelled else n_segments,
        unit="random label" if is_labelled else "segment",
        limits=[
            *(part[0].upper() + part[1:] for part in row.method.split("; ")),
            *_decided_limits(row, all_decided=all_decided),
            *([_FEW_SEGMENTS] if n_segments < LEAST_SEGMENTS and not all_decided else []),
            *_LIMITS_OF_VOICES,
        ],
        figures=_figures_of_turns(row, results),
        decide=decide,
    )


_LIMITS_OF_VOICES = (
    "Voices are distinguished by sound, which may take one speaker for two, or two for one",
    "A study may name voices, which corrects such errors",
    "On screen a soliloquy sounds like dialogue; only labels say which it is",
)
_FEW_SEGMENTS = f"Fewer than {LEAST_SEGMENTS} segments of speech are too few to decide"


def _figures_of_turns(row: Monologue, results: Results) -> dict[str, float | None]:
    soliloquy_s = sum(s.interval.duration_s for s in results.speech if s.kind == "soliloquy")
    is_said = any(s.decided_by in {"label", "subtitles"} for s in results.speech)
    return {
        "unanswered_share": row.share,
        "unanswered_low": row.low,
        "unanswered_high": row.high,
        "turns_per_minute": row.turns_per_minute,
        "turns_per_minute_low": row.turns_per_minute_low,
        "turns_per_minute_high": row.turns_per_minute_high,
        "median_latency_s": row.median_latency_s,
        "latency_low_s": row.latency_low_s,
        "latency_high_s": row.latency_high_s,
        "soliloquy_s": soliloquy_s if is_said else None,
    }


def _decided_limits(row: Monologue, *, all_decided: bool) -> list[str]:
    if row.n_random_labels > 0:
        return [
            f"The estimate rests on {row.n_random_labels} random labels, and on which speech no "
            "other voice answers"
        ]
    if all_decided:
        return ["Errors in labels and subtitles are not allowed for"]
    if row.n_told:
        rest = (
            "For the rest it counts whether another voice answers"
            if row.to_nobody_low == row.to_nobody_high
            else "For the rest, voices leave a range, which is no confidence interval"
        )
        return [
            f"Labels or subtitles say to whom {row.n_told} of {row.n_segments} segments "
            f"{'is' if row.n_told == 1 else 'are'} spoken",
            rest,
        ]
    if row.low == row.high:  # no bounds are written
        return []
    return ["The bounds are the range that unknown voices leave, and no confidence interval"]


def beginning_p(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    first_shares: Sequence[float],
    undetermined_first: Kind = "undetermined",
    undetermined_after: Kind = "undetermined",
) -> float | None:
    """Probability by chance of as much narration at the beginning, rather than dialogue.

    `film_duration_s`: length of the film, > 0; `first_shares`: what parts of the film may be called
    its beginning, each in (0, 1); the mean over them is taken, so that the same amount of narration
    counts for more the sooner it comes; `undetermined_first`, `undetermined_after`: what
    undetermined speech is taken for, before the middle one of `first_shares` and after.
    """
    mark_s = float(np.median(first_shares)) * film_duration_s
    kinds: list[tuple[SpeechSegment, Kind]] = []
    for segment in speech:
        instead = undetermined_first if segment.start_s < mark_s else undetermined_after
        kinds.append((segment, instead if segment.kind == "undetermined" else segment.kind))
    narration, dialogue = _per_kind(kinds, film_duration_s)
    if not (narration.sum() > 0 and dialogue.sum() > 0):
        return None
    leanings = _leanings(narration, dialogue, first_shares)
    return chance_p(float(leanings[0]), leanings[1:])


def beginning_test(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    first_shares: Sequence[float],
    parameters: MeasureParameters,
) -> BeginningTest | None:
    """Hold the narration at the beginning against the same speech begun anywhere else.

    `film_duration_s`, `first_shares`: as for `beginning_p`. The middle one of the shares is that of
    the difference.
    """
    narration, dialogue = _per_kind([(s, s.kind) for s in speech], film_duration_s)
    if not (narration.sum() > 0 and dialogue.sum() > 0):
        return None
    leanings = _leanings(narration, dialogue, first_shares)
    tail = (1 - parameters.level) / 2
    chance = _differences(narration, dialogue, float(np.median(first_shares)))
    low, high = np.quantile(chance, [tail, 1 - tail]) if chance.size else (None, None)
    return BeginningTest(
        p_value=chance_p(float(leanings[0]), leanings[1:]),
        p_less=chance_p(-float(leanings[0]), -leanings[1:]),
        chance_low=None if low is None else float(low),
        chance_high=None if high is None else float(high),
        power=_power(narration, dialogue, first_shares, parameters),
    )


def _per_kind(
    segments: Sequence[tuple[SpeechSegment, Kind]], film_duration_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the seconds of narration and of dialogue in each bin of the film."""
    narration, dialogue = (
        seconds_per_bin(
            [s for s, kind in segments if kind in kinds], film_duration_s, n_bins=N_SHIFTS + 1
        )
        for kinds in ({"narration"}, {"dialogue", "soliloquy"})
    )
    return narration, dialogue


def _leanings(
    narration: NDArray[np.float64], dialogue: NDArray[np.float64], first_shares: Sequence[float]
) -> NDArray[np.float64]:
    """How much more of all narration than of all dialogue comes first, at each shift."""
    leaning = narration / narration.sum() - dialogue / dialogue.sum()
    return np.asarray(np.mean([_at_first(leaning, one) for one in first_shares], axis=0))


def _at_first(per_bin: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Sum of what comes in the first share of the film, at each shift."""
    n = per_bin.size
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([per_bin, per_bin]))])
    end = round(share * n)
    return np.asarray(sums[end : end + n] - sums[:n])


def _differences(
    narration: NDArray[np.float64], dialogue: NDArray[np.float64], first_share: float
) -> NDArray[np.float64]:
    """Share of narration first less that after, at each shift at which there is speech in both."""
    first_s, first_all_s = (
        _at_first(seconds, first_share) for seconds in (narration, narration + dialogue)
    )
    after_s = narration.sum() - first_s
    after_all_s = (narration + dialogue).sum() - first_all_s
    is_spoken = (first_all_s > 0) & (after_all_s > 0)
    return np.asarray(
        first_s[is_spoken] / first_all_s[is_spoken] - after_s[is_spoken] / after_all_s[is_spoken]
    )


def _power(
    narration: NDArray[np.float64],
    dialogue: NDArray[np.float64],
    first_shares: Sequence[float],
    parameters: MeasureParameters,
) -> float:
    """Begin the film anywhere, turn dialogue at its beginning into narration, and test that."""
    rng = np.random.default_rng(parameters.seed)
    end = round(float(np.median(first_shares)) * narration.size)
    n_found = 0
    for shift in rng.integers(narration.size, size=_N_FILMS):
        narrated_s, spoken_s = np.roll(narration, shift), np.roll(dialogue, shift)
        wanted_s = STATED_DIFFERENCE * (narrated_s[:end].sum() + spoken_s[:end].sum())
        if spoken_s[:end].sum() > 0:
            turned = spoken_s[:end] * min(1.0, wanted_s / spoken_s[:end].sum())
            narrated_s[:end] += turned
            spoken_s[:end] -= turned
        if not spoken_s.sum() > 0:
            continue
        leanings = _leanings(narrated_s, spoken_s, first_shares)
        n_found += chance_p(float(leanings[0]), leanings[1:]) <= parameters.alpha
    return n_found / _N_FILMS

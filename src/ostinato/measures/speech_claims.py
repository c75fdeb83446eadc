"""The claims about the speech, C5 to C7: what is held against each."""

import math
from dataclasses import replace

from ostinato.measures.beginning import (
    N_SHIFTS,
    BeginningTest,
    beginning_p,
    beginning_test,
)
from ostinato.measures.measure_parameters import MeasureParameters
from ostinato.measures.scopes import BEGINNINGS_PERCENT
from ostinato.measures.verdicts import (
    HALF,
    NOT_SUPPORTED,
    RULES,
    SUPPORTED,
    UNDECIDED,
    Draft,
    Test,
    between,
    is_above,
    is_below,
)
from ostinato.results import (
    ENOUGH_POWER,
    FILM,
    STATED_DIFFERENCE,
    Bounds,
    Monologue,
    Ratio,
    Results,
    Verdict,
)

BEGINNING_PERCENT = 20
LEAST_SEGMENTS = 10
"""Of speech that nobody has labelled, fewer show no rule."""
_CERTAIN = frozenset({"all decided", "range"})


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
        bounds=_bounds(row),
        n=row.n_random_labels or None,
        unit="random label",
        limits=[*_ratio_limits(row), "The amounts do not say why"],
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
    rows = {row.scope: row for row in results.ratio}
    first = rows[FILM.part("first", first_percent)]
    after = rows[FILM.part("after", first_percent)]
    value, low, high = _difference(first, after)
    duration_s = results.film.duration_s
    first_shares = [percent / 100 for percent in BEGINNINGS_PERCENT]
    # without speech on either side there is nothing to compare
    speech = [] if low is None else results.speech
    test = beginning_test(
        speech, film_duration_s=duration_s, first_shares=first_shares, parameters=parameters
    )
    p_at_best = beginning_p(
        speech,
        film_duration_s=duration_s,
        first_shares=first_shares,
        undetermined_first="narration",
        undetermined_after="dialogue",
    )

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

    return Draft(
        measure=(
            f"share of narration in the first {first_percent}% of the film, less that after it"
        ),
        value=value,
        low=low,
        high=high,
        bounds="range" if {_bounds(first), _bounds(after)} == {"range"} else "interval",
        n=first.n_random_labels + after.n_random_labels or None,
        unit="random label",
        p_value=test.p_value if test else None,
        p_opposite=test.p_less if test else None,
        null_model=RULES["C6"].null_model,
        p_floor=1 / (1 + N_SHIFTS),
        power=test.power if test else None,
        limits=[
            *_difference_limits(first, after, first_percent),
            *_test_limits(test, parameters),
        ],
        figures={
            **{
                f"share_{scope.side}_{scope.percent}": row.share
                for scope, row in rows.items()
                if scope.whole == FILM and scope != FILM
            },
            "chance_low": test.chance_low if test else None,
            "chance_high": test.chance_high if test else None,
            "p_undetermined_at_best": p_at_best,
        },
        decide=decide,
    )


def _difference_limits(first: Ratio, after: Ratio, first_percent: int) -> list[str]:
    """Say on what the shares on both sides rest, where they rest on different grounds."""
    mark = f"the first {first_percent}% of the film"
    sides = ((first, f"in {mark}"), (after, f"after {mark}"))
    silent = [f"There is no speech {where}" for row, where in sides if row.low is None]
    if len(silent) == 1:
        return silent
    if silent or first.estimator == after.estimator:
        n_labels = first.n_random_labels + after.n_random_labels
        return _ratio_limits(replace(first, n_random_labels=n_labels))
    return [
        f"{where[0].upper()}{where[1:]}: {limit[0].lower()}{limit[1:]}"
        for row, where in sides
        for limit in _ratio_limits(row)
    ]


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
    soliloquy_s = sum(s.interval.duration_s for s in results.speech if s.kind == "soliloquy")

    is_labelled = row.n_random_labels > 0
    says_to_whom = row.to_nobody_low is not None
    n_segments = len(results.speech)
    all_told = 0 < row.n_told == n_segments
    value, low, high = (
        (row.to_nobody_share, row.to_nobody_low, row.to_nobody_high)
        if says_to_whom
        else (row.share, row.low, row.high)
    )

    def decide(_test: Test, _opposite: Test = "none", /) -> Verdict:
        if n_segments < LEAST_SEGMENTS and not all_told:
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
            *_told_limits(row, all_told=all_told),
            *(
                [f"Fewer than {LEAST_SEGMENTS} segments of speech are too few to decide"]
                if n_segments < LEAST_SEGMENTS and not all_told
                else []
            ),
            "Voices are distinguished by sound, which may take one speaker for two, or two for one",
            "A study may name voices, which corrects such errors",
            "On screen a soliloquy sounds like dialogue; only labels say which it is",
        ],
        figures={
            "unanswered_share": row.share,
            "unanswered_low": row.low,
            "unanswered_high": row.high,
            "turns_per_minute": row.turns_per_minute,
            "turns_per_minute_low": row.turns_per_minute_low,
            "turns_per_minute_high": row.turns_per_minute_high,
            "median_latency_s": row.median_latency_s,
            "latency_low_s": row.latency_low_s,
            "latency_high_s": row.latency_high_s,
            "soliloquy_s": soliloquy_s
            if any(s.decided_by in {"label", "subtitles"} for s in results.speech)
            else None,
        },
        decide=decide,
    )


def _told_limits(row: Monologue, *, all_told: bool) -> list[str]:
    if row.n_random_labels > 0:
        return [
            f"The estimate rests on {row.n_random_labels} random labels, and on which speech no "
            "other voice answers"
        ]
    if all_told:
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


def _bounds(row: Ratio) -> Bounds:
    return "range" if row.estimator in _CERTAIN else "interval"


def _ratio_limits(row: Ratio) -> list[str]:
    if row.estimator in _CERTAIN and row.low is None:
        return ["There is no speech to count"]
    return {
        "all decided": ["Errors in subtitles and labels are not allowed for"],
        "range": [
            "The bounds are the range that speech without a label or subtitle leaves",
            "Errors in subtitles are not allowed for",
        ],
        "labels": [f"The estimate rests on {row.n_random_labels} random labels"],
        "prediction-powered": [
            f"The estimate rests on all predictions and {row.n_random_labels} random labels"
        ],
        "borrowed calibration": [
            "The error rates are those of another film",
            "How far errors come together in scenes is not known, so that there is no interval",
        ],
    }[row.estimator]


def _difference(first: Ratio, after: Ratio) -> tuple[float | None, float | None, float | None]:
    """Difference of two shares: bounds add up where they are certain, errors where they are not."""
    if None in (first.low, first.high, after.low, after.high):
        return None, None, None
    low = (first.low or 0.0) - (after.high or 0.0)
    high = (first.high or 0.0) - (after.low or 0.0)
    if first.share is None or after.share is None:
        return None, low, high
    value = first.share - after.share
    if first.estimator in _CERTAIN or after.estimator in _CERTAIN:
        return value, low, high
    # two independent samples: each side reaches as far as both errors together
    down = math.hypot(first.share - (first.low or 0.0), (after.high or 0.0) - after.share)
    up = math.hypot((first.high or 0.0) - first.share, after.share - (after.low or 0.0))
    return value, max(-1.0, value - down), min(1.0, value + up)

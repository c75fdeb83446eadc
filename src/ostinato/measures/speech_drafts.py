"""The claims about the speech, C5 to C7, as drafts."""

import math

from ostinato.measures.beginning import beginning_p
from ostinato.measures.drafts import HALF, NOT_SUPPORTED, SUPPORTED, UNDECIDED, Draft, Test
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.scopes import BEGINNINGS_PERCENT
from ostinato.results import Monologue, Ratio, Results, Verdict

BEGINNING_PERCENT = 20
_CERTAIN = frozenset({"all decided", "range"})


def narration_for_dialogue(row: Ratio) -> Draft:
    """C5: narration to dialogue."""

    def decide(_: Test) -> Verdict:
        if row.ratio_low is not None and row.ratio_low > 1:
            return SUPPORTED
        if row.ratio_high is not None and row.ratio_high < 1:
            return NOT_SUPPORTED
        return UNDECIDED

    return Draft(
        measure="narration over dialogue, in seconds of speech; supported if above 1",
        value=row.ratio,
        low=row.ratio_low,
        high=row.ratio_high,
        n=row.n_random_labels or None,
        limits=[*_ratio_limits(row), "How much there is of each does not say why"],
        figures={
            "share": row.share,
            "share_low": row.low,
            "share_high": row.high,
            "naive_share": row.naive_share,
            "labels_share": row.labels_share,
        },
        decide=decide,
    )


def at_the_beginning(results: Results, parameters: MeasureParameters) -> Draft:
    """C6: narration's share in the first part of the film, less its share after it."""
    rows = {row.scope: row for row in results.ratio}
    first = rows[f"film: first {BEGINNING_PERCENT} %"]
    after = rows[f"film: after {BEGINNING_PERCENT} %"]
    value, low, high = _difference(first, after)
    p_value, p_at_best = (
        beginning_p(
            results.speech,
            film_duration_s=results.film.duration_s,
            first_shares=[percent / 100 for percent in BEGINNINGS_PERCENT],
            undetermined_first="narration" if at_best else "undetermined",
            undetermined_after="dialogue" if at_best else "undetermined",
        )
        for at_best in (False, True)
    )

    def decide(test: Test) -> Verdict:
        if test == "none" or low is None or high is None:
            return UNDECIDED
        if test == "beyond chance" and low > 0:
            return SUPPORTED
        is_chance = (
            test == "within chance" and p_at_best is not None and p_at_best > 1 - parameters.level
        )
        return NOT_SUPPORTED if high <= 0 or is_chance else UNDECIDED

    return Draft(
        measure=(
            f"share of narration in the first {BEGINNING_PERCENT} % of the film less that after it"
        ),
        value=value,
        low=low,
        high=high,
        n=first.n_random_labels + after.n_random_labels or None,
        p_value=p_value,
        null_model="the film's speech begins anywhere (circular shift; 10, 20 and 33 % together)",
        limits=[*_ratio_limits(first), "The beginning was set before looking"],
        figures={
            **{
                f"share_{row.scope.removeprefix('film: ').removesuffix(' %').replace(' ', '_')}": (
                    row.share
                )
                for scope, row in rows.items()
                if scope.startswith("film: ")
            },
            "p_undetermined_at_best": p_at_best,
        },
        decide=decide,
    )


def unanswered(row: Monologue, results: Results) -> Draft:
    """C7: how much of the speech no other voice answers."""
    soliloquy_s = sum(s.interval.duration_s for s in results.speech if s.kind == "soliloquy")

    is_labelled = row.n_random_labels > 0
    value, low, high = (
        (row.to_nobody_share, row.to_nobody_low, row.to_nobody_high)
        if is_labelled
        else (row.share, row.low, row.high)
    )

    def decide(_: Test) -> Verdict:
        if low is not None and low > HALF:
            return SUPPORTED
        return NOT_SUPPORTED if high is not None and high < HALF else UNDECIDED

    return Draft(
        measure=(
            "share of speech said to nobody who is there (soliloquy, narration)"
            if is_labelled
            else "share of speech that no other voice precedes or follows"
        )
        + "; supported if above half",
        value=value,
        low=low,
        high=high,
        n=row.n_random_labels if is_labelled else len(results.speech),
        limits=[
            row.method[0].upper() + row.method[1:],
            f"From {row.n_random_labels} random labels, and from what no other voice answers"
            if is_labelled
            else "The bounds are what unknown voices leave, not a confidence interval",
            "Voices are told apart by sound, which may take one speaker for two, or two for one; "
            "names in the study settle who is who",
            "On screen a soliloquy sounds like dialogue: subtitles or labels tell which it is",
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


def _ratio_limits(row: Ratio) -> list[str]:
    return {
        "all decided": ["Subtitles and labels are taken at their word"],
        "range": [
            "The bounds are what undetermined speech leaves, not a confidence interval; "
            "subtitles are taken at their word"
        ],
        "labels": [f"From {row.n_random_labels} random labels"],
        "prediction-powered": [f"From all predictions and {row.n_random_labels} random labels"],
        "borrowed calibration": ["The errors are those of another film"],
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

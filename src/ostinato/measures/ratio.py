"""Narration against dialogue, and how sure one can be of it.

The corrected share has no interval. Errors come together in scenes, in either film, and four counts
do not show how much; an interval that takes each label to stand for itself covers .77 to .86 of the
time where it says .95.

References
----------
.. [1] W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test",
       *American Journal of Epidemiology* 107 (1978), 71-76.

If a share of labels is wrong, of either kind alike, a share *s* is seen as ``s + wrong (1 - 2 s)``
[1]_. How many are wrong is not known from one person's labels, so that this is no correction: it
says how far the answer would move. Where fewer are seen of one kind than would be wrong, the model
does not fit: there the bounds reach as far as the wrong labels do.

References
----------
.. [1] I. Bross, "Misclassification in 2 x 2 tables", *Biometrics* 10 (1954), 478-486.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from ostinato.errors import ParameterError
from ostinato.measures.scopes import (
    DIALOGUE,
    NARRATION,
    UNDETERMINED,
    Stretch,
    are_all_labelled,
    beginnings,
    clipped,
    frame,
    quotient,
    scopes_of,
    seconds,
    seconds_said,
    stretches,
    voice_scopes,
)
from ostinato.measures.statistics import Estimate
from ostinato.measures.survey import labels_only, prediction_powered
from ostinato.measures.verdicts import MeasureParameters
from ostinato.ranges import Amount, check_ranges
from ostinato.results import (
    Bounds,
    Estimator,
    Ratio,
    SampledLabel,
    Scene,
    Scope,
    SpeechSegment,
    odds,
)
from ostinato.timeline import Timeline, in_film_order, meeting

_COUNTED = (
    "narration and dialogue are counted in seconds of speech; "
    "soliloquy counts as dialogue, since it belongs to the scene"
)
_ALL_LABELLED = f"{_COUNTED}; where a person has labelled all speech, nothing is estimated"
METHOD = (
    f"{_COUNTED}; speech that neither labels nor subtitles decided counts as dialogue for the "
    "lower bound, and as narration for the upper; the bounds are a range, and no confidence "
    "interval"
)
_FEW, _MORE = 0.02, 0.05
_BY_LABELS = frozenset({"labels", "prediction-powered"})
_CERTAIN = frozenset({"all decided", "range"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often kinds were called right in another film, by seconds or segments labelled there.

    Parameters
    ----------
    n_narration, n_narration_found : float
        Labelled narration, and how much of it was predicted to be narration.
    n_dialogue, n_dialogue_found : float
        The same for dialogue.

    Raises
    ------
    ParameterError
        If one is no count, or more is found than there is.
    """

    n_narration: Amount
    n_narration_found: Amount
    n_dialogue: Amount
    n_dialogue_found: Amount

    def __post_init__(self) -> None:
        check_ranges(self)
        for name in ("n_narration", "n_dialogue"):
            found, n = getattr(self, f"{name}_found"), getattr(self, name)
            if found > n:
                raise ParameterError(
                    f"{name}_found", f"it is {found:g} of {n:g}", f"Give no more than {name}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What beside the speech itself tells narration from dialogue.

    Parameters
    ----------
    sample : tuple of SampledLabel
        Labels of speech drawn at random.
    calibration : Calibration or None
        Errors made in another film.
    """

    sample: tuple[SampledLabel, ...] = ()
    calibration: Calibration | None = None


def ratios(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    evidence: Evidence | None = None,
    parameters: MeasureParameters | None = None,
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the film and in each part of it.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        Never overlapping; one that crosses a border of a scope is cut there.
    film_duration_s : float
        Length of the film, > 0.
    scenes : sequence of Scene
        The scene table; may be empty.
    evidence : Evidence, optional
        A random sample of labels, errors in another film.
    parameters : MeasureParameters, optional
        Of the intervals.

    Returns
    -------
    tuple of Ratio
        One for each scope. With a random sample that is large enough in a scope and leaves some of
        it out, `share` is its prediction-powered estimate there; with a calibration, the count
        corrected by it, without an interval. Else `share` and `ratio` are those counted where all
        speech is decided, and None where some is not: `low` and `high` then bound `share`. None
        throughout where nobody speaks. `n_labels` counts the segments that a label decided.

    Raises
    ------
    ParameterError
        If a scene lies beyond the film.
    """
    scopes = scopes_of(scenes, film_duration_s=film_duration_s)
    return _in_scopes(speech, scopes.items(), evidence, parameters)


def beginning_ratios(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    evidence: Evidence | None = None,
    parameters: MeasureParameters | None = None,
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the first tenth, fifth and third of the film and of each story."""
    scopes = beginnings(scenes, film_duration_s=film_duration_s)
    return _in_scopes(speech, scopes.items(), evidence, parameters)


def all_ratios(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    evidence: Evidence | None = None,
    parameters: MeasureParameters | None = None,
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the film and its parts, in its beginnings, and of each voice."""
    scopes = (
        scopes_of(scenes, film_duration_s=film_duration_s),
        beginnings(scenes, film_duration_s=film_duration_s),
        voice_scopes(speech),
    )
    named = [item for some in scopes for item in some.items()]
    return _in_scopes(speech, named, evidence, parameters)


def _in_scopes(
    speech: Sequence[SpeechSegment],
    named: Iterable[tuple[Scope, Timeline]],
    evidence: Evidence | None,
    parameters: MeasureParameters | None,
) -> tuple[Ratio, ...]:
    evidence = evidence or Evidence()
    rows = stretches(speech, evidence.sample)
    ordered = sorted(speech, key=in_film_order)
    labelled = [segment for segment in ordered if segment.decided_by == "label"]
    return tuple(
        _ratio(
            clipped(rows, within),
            scope,
            evidence,
            parameters or MeasureParameters(),
            n_labels=len({s.id for part in within for s in meeting(labelled, part)}),
        )
        for scope, within in named
    )


def _ratio(
    rows: Sequence[Stretch],
    scope: Scope,
    evidence: Evidence,
    parameters: MeasureParameters,
    *,
    n_labels: int,
) -> Ratio:
    narration_s, dialogue_s, undetermined_s = (
        seconds(rows, kinds) for kinds in (NARRATION, DIALOGUE, UNDETERMINED)
    )
    naive = quotient(
        seconds(rows, NARRATION, labels_win=False),
        seconds(rows, NARRATION | DIALOGUE, labels_win=False),
    )
    estimator, estimate, alone = _estimates(rows, evidence, parameters, naive)
    ratio_low, ratio_high = _bounds_of_ratio(rows, estimator, estimate)
    ratio = quotient(narration_s, dialogue_s) if estimator == "all decided" else None
    row = Ratio(
        scope=scope,
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        ratio=odds(estimate.value) if ratio is None else ratio,
        share=estimate.value,
        low=estimate.low,
        high=estimate.high,
        method=estimate.method,
        n_labels=n_labels,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        estimator=estimator,
        n_random_labels=sum(row.p_inclusion is not None and not row.is_open for row in rows),
        naive_share=naive,
        labels_share=alone.value if alone else None,
        labels_low=alone.low if alone else None,
        labels_high=alone.high if alone else None,
    )
    return with_label_errors(row)


def _bounds_of_ratio(
    rows: Sequence[Stretch], estimator: Estimator, estimate: Estimate
) -> tuple[float | None, float | None]:
    if estimator not in {"range", "all decided"}:
        return odds(estimate.low), odds(estimate.high)
    # in seconds, so that nothing is lost by way of the share
    said_n_s, said_d_s, open_s = _said(rows)
    return quotient(said_n_s, said_d_s + open_s), quotient(said_n_s + open_s, said_d_s)


def _estimates(
    rows: Sequence[Stretch],
    evidence: Evidence,
    parameters: MeasureParameters,
    naive: float | None,
) -> tuple[Estimator, Estimate, Estimate | None]:
    """Give the best estimate that there is ground for, and that of the labels alone."""
    sampled, is_counted = frame(rows), are_all_labelled(rows)
    if sampled.is_enough and not is_counted:
        powered, alone = (
            measure(sampled, level=parameters.level)
            for measure in (prediction_powered, labels_only)
        )
        has_prediction = bool(sampled.predicted_s.sum() > 0)
        return "prediction-powered" if has_prediction else "labels", powered, alone
    if evidence.calibration is not None and naive is not None and not is_counted:
        corrected = rogan_gladen(naive, calibration=evidence.calibration, level=parameters.level)
        return "borrowed calibration", corrected, None
    counted = _counted(rows)
    return "range" if counted.value is None else "all decided", counted, None


def _counted(rows: Sequence[Stretch]) -> Estimate:
    narration_s, dialogue_s, undetermined_s = _said(rows)
    counted = _ALL_LABELLED if are_all_labelled(rows) else _COUNTED
    spoken_s = narration_s + undetermined_s + dialogue_s
    return Estimate(
        value=quotient(narration_s, spoken_s) if undetermined_s == 0 else None,
        low=quotient(narration_s, spoken_s),
        high=quotient(narration_s + undetermined_s, spoken_s),
        n=len(rows),
        level=1.0,
        method=METHOD if undetermined_s > 0 else counted,
    )


def _said(rows: Sequence[Stretch]) -> tuple[float, float, float]:
    narration_s, dialogue_s, undetermined_s = (
        seconds_said(rows, kinds) for kinds in (NARRATION, DIALOGUE, UNDETERMINED)
    )
    return narration_s, dialogue_s, undetermined_s


def rogan_gladen(naive_share: float, *, calibration: Calibration, level: float) -> Estimate:
    """Correct a predicted share by the errors that were made in another film [1]_ of the module.

    `naive_share`: narration in narration and dialogue as predicted, in [0, 1]; `level`: confidence
    with which its predictions must be better than chance, in (0, 1).
    """
    found = (calibration.n_narration_found, calibration.n_dialogue_found)
    n = (calibration.n_narration, calibration.n_dialogue)
    method = (
        f"corrected after Rogan and Gladen by errors in another film "
        f"({found[0]:g} of {n[0]:g} narration and {found[1]:g} of {n[1]:g} dialogue found); "
        "without an interval, since how far errors come together in scenes is not known"
    )
    rates = [k / total if total else 0.0 for k, total in zip(found, n, strict=True)]
    gain = sum(rates) - 1
    value = low = high = None
    if gain > stats.norm.ppf((1 + level) / 2) * _error(found, n):
        value = float(np.clip((naive_share + rates[1] - 1) / gain, 0, 1))
    else:
        low, high = 0.0, 1.0
    return Estimate(value=value, low=low, high=high, n=round(sum(n)), level=level, method=method)


def _error(found: tuple[float, float], n: tuple[float, float]) -> float:
    """Return the standard error of both rates' sum, a success and a failure added to each."""
    shares = [(k + 1) / (total + 2) for k, total in zip(found, n, strict=True)]
    return math.sqrt(sum(p * (1 - p) / (total + 2) for p, total in zip(shares, n, strict=True)))


def with_label_errors(row: Ratio) -> Ratio:
    """Add what 2 and 5 % of wrong labels would do."""
    few, more = (share_if_wrong(row, wrong) for wrong in (_FEW, _MORE))
    if few is None or more is None:
        return row
    (share_2, low_2, high_2), (share_5, low_5, high_5) = few, more
    return replace(
        row,
        share_if_2_percent_wrong=share_2,
        low_if_2_percent_wrong=low_2,
        high_if_2_percent_wrong=high_2,
        share_if_5_percent_wrong=share_5,
        low_if_5_percent_wrong=low_5,
        high_if_5_percent_wrong=high_5,
    )


def share_if_wrong(row: Ratio, wrong: float) -> tuple[float, float, float] | None:
    """Share of narration and its bounds if a share of the labels were wrong, of either kind alike.

    Parameters
    ----------
    row : Ratio
        With its estimate.
    wrong : float
        Share of wrong labels, from 0 to less than 0.5.

    Returns
    -------
    tuple of float, or None
        Share, low and high; bounds also hold for labels without error. None where the share does
        not rest on labels.
    """
    rests_on_labels = row.estimator in _BY_LABELS or (
        row.estimator == "all decided" and row.n_labels > 0
    )
    if not rests_on_labels or row.share is None or row.low is None or row.high is None:
        return None
    return (
        _true(row.share, wrong),
        min(row.low, _true(row.low, wrong), row.low - wrong if row.low > 1 - wrong else row.low),
        max(row.high, _true(row.high, wrong), row.high + wrong if row.high < wrong else row.high),
    )


def _true(seen: float, wrong: float) -> float:
    """Return the share that is seen as this one."""
    return min(1.0, max(0.0, (seen - wrong) / (1 - 2 * wrong)))


def difference_of_shares(
    first: Ratio, after: Ratio
) -> tuple[float | None, float | None, float | None]:
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


def bounds_of(row: Ratio) -> Bounds:
    """Return whether the bounds of a ratio are an interval, or a range that holds for certain."""
    return "range" if row.estimator in _CERTAIN else "interval"


def ratio_limits(row: Ratio) -> list[str]:
    """Say what limits a claim that rests on a ratio."""
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

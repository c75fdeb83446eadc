"""Narration against dialogue, and how sure one can be of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ostinato.measures.calibration import Calibration, rogan_gladen
from ostinato.measures.label_errors import with_label_errors
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.prediction import labels_only, prediction_powered
from ostinato.measures.resampling import Estimate
from ostinato.measures.scopes import beginnings, scopes, voice_scopes
from ostinato.measures.speakers import (
    DIALOGUE,
    NARRATION,
    UNDETERMINED,
    Stretch,
    clipped,
    frame,
    near,
    quotient,
    seconds,
    seconds_said,
    stretches,
)
from ostinato.results import (
    Estimator,
    Ratio,
    SampledLabel,
    Scene,
    Scope,
    SpeechSegment,
)
from ostinato.timeline import Interval, Timeline

_COUNTED = (
    "narration and dialogue are counted in seconds of speech; "
    "soliloquy counts as dialogue, since it belongs to the scene"
)
METHOD = (
    f"{_COUNTED}; "
    "speech that neither labels nor subtitles decided counts as dialogue for the lower bound, and "
    "as narration for the upper; the bounds are a range, and no confidence interval"
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
        One for each scope. With a random sample that is large enough in a scope, `share` is its
        prediction-powered estimate there; with a calibration, the count corrected by it, without an
        interval. Else
        `share` and `ratio` are those counted where all speech is decided, and None where some is
        not: `low` and `high` then bound `share`. None throughout where nobody speaks. `n_labels`
        counts the segments that a label decided.

    Raises
    ------
    ParameterError
        If a scene lies beyond the film.
    """
    return _in_scopes(speech, scopes(scenes, film_duration_s=film_duration_s), evidence, parameters)


def beginning_ratios(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    evidence: Evidence | None = None,
    parameters: MeasureParameters | None = None,
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the first tenth, fifth and third of the film and of each story."""
    return _in_scopes(
        speech, beginnings(scenes, film_duration_s=film_duration_s), evidence, parameters
    )


def voice_ratios(
    speech: Sequence[SpeechSegment],
    *,
    evidence: Evidence | None = None,
    parameters: MeasureParameters | None = None,
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the speech of each voice."""
    return _in_scopes(speech, voice_scopes(speech), evidence, parameters)


def _in_scopes(
    speech: Sequence[SpeechSegment],
    named: Mapping[Scope, Timeline],
    evidence: Evidence | None,
    parameters: MeasureParameters | None,
) -> tuple[Ratio, ...]:
    evidence = evidence or Evidence()
    rows = stretches(speech, evidence.sample)
    ordered = sorted(speech, key=lambda segment: segment.interval)
    labelled = [segment for segment in ordered if segment.decided_by == "label"]
    return tuple(
        _ratio(
            clipped(rows, within),
            scope,
            evidence,
            parameters or MeasureParameters(),
            n_labels=len({s.id for part in within for s in near(labelled, part) if _meet(s, part)}),
        )
        for scope, within in named.items()
    )


def _meet(segment: SpeechSegment, part: Interval) -> bool:
    return segment.interval.intersection(part) is not None


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
    ratio_low, ratio_high = _odds(estimate.low), _odds(estimate.high)
    if estimator in {"range", "all decided"}:
        # in seconds, so that nothing is lost by way of the share
        said_n_s, said_d_s, open_s = _said(rows)
        ratio_low = quotient(said_n_s, said_d_s + open_s)
        ratio_high = quotient(said_n_s + open_s, said_d_s)
    ratio = quotient(narration_s, dialogue_s) if estimator == "all decided" else None
    row = Ratio(
        scope=scope,
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        ratio=_odds(estimate.value) if ratio is None else ratio,
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


def _estimates(
    rows: Sequence[Stretch],
    evidence: Evidence,
    parameters: MeasureParameters,
    naive: float | None,
) -> tuple[Estimator, Estimate, Estimate | None]:
    """Give the best estimate that there is ground for, and that of the labels alone."""
    sampled = frame(rows)
    if sampled.is_enough:
        powered, alone = (
            measure(sampled, level=parameters.level)
            for measure in (prediction_powered, labels_only)
        )
        has_prediction = bool(sampled.predicted_s.sum() > 0)
        return "prediction-powered" if has_prediction else "labels", powered, alone
    if evidence.calibration is not None and naive is not None:
        corrected = rogan_gladen(naive, calibration=evidence.calibration, level=parameters.level)
        return "borrowed calibration", corrected, None
    counted = _counted(rows)
    return "range" if counted.value is None else "all decided", counted, None


def _counted(rows: Sequence[Stretch]) -> Estimate:
    narration_s, dialogue_s, undetermined_s = _said(rows)
    spoken_s = narration_s + undetermined_s + dialogue_s
    return Estimate(
        value=quotient(narration_s, spoken_s) if undetermined_s == 0 else None,
        low=quotient(narration_s, spoken_s),
        high=quotient(narration_s + undetermined_s, spoken_s),
        n=len(rows),
        level=1.0,
        method=METHOD if undetermined_s > 0 else _COUNTED,
    )


def _said(rows: Sequence[Stretch]) -> tuple[float, float, float]:
    narration_s, dialogue_s, undetermined_s = (
        seconds_said(rows, kinds) for kinds in (NARRATION, DIALOGUE, UNDETERMINED)
    )
    return narration_s, dialogue_s, undetermined_s


def _odds(share: float | None) -> float | None:
    return None if share is None or share >= 1 else share / (1 - share)

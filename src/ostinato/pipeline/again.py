"""Measures taken again from results on disk, once people have labelled a sample."""

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from ostinato.errors import StudyError
from ostinato.measures import (
    Calibration,
    MeasureParameters,
    Question,
    measured,
    take_over,
)
from ostinato.pipeline.earlier import joined, with_earlier_kinds
from ostinato.pipeline.telling import Told, as_ghost, teach
from ostinato.results import Results, SampledLabel, best_match, covered_by
from ostinato.speech import SpeechParameters
from ostinato.timeline import Timeline


def measured_with_labels(results: Results, sample: Sequence[SampledLabel]) -> Results:
    """Take over the labels of a random sample and take all measures again.

    Parameters
    ----------
    results : Results
        From which the sample was drawn.
    sample : sequence of SampledLabel
        With kinds; a row that is open keeps the kind that was taken back before.

    Returns
    -------
    Results
        With the parameters, claims and calibration of the run that made them.

    Raises
    ------
    StudyError
        If the results do not hold the parameters with which they were made.
    """
    told = _told_again(results, with_earlier_kinds(sample, results.labels))
    return _measured(dataclasses.replace(results, labels=told.sample, speech=told.speech))


def measured_with_choice(results: Results, chosen: Sequence[SampledLabel]) -> Results:
    """Take over labels that were chosen for training, and take all measures again.

    Parameters
    ----------
    results : Results
        From which no random sample was drawn yet: one that was would no longer stand for what is
        left.
    chosen : sequence of SampledLabel
        With kinds; no part of any sample.

    Returns
    -------
    Results
        As for `measured_with_labels`.

    Raises
    ------
    StudyError
        If the results do not hold the parameters with which they were made.
    """
    parameters = _recorded(results, "speech", SpeechParameters) or SpeechParameters()
    spoken = take_over(results.speech, chosen)
    told = teach(spoken, results.labels, results.scenes, parameters.teaching)
    again = joined(results.chosen, chosen)
    return _measured(dataclasses.replace(results, speech=told.speech, chosen=again))


def _measured(results: Results) -> Results:
    return measured(
        results,
        parameters=measure_parameters(results),
        stages=[stage.name for stage in results.run.stages],
        questions=_recorded(results, "claims", tuple[Question, ...]) or (),
        calibration=_recorded(results, "calibration", Calibration),
    )


def _told_again(results: Results, sample: Sequence[SampledLabel]) -> Told:
    """Take the labels over, and train on them for what they leave open."""
    spoken = take_over(results.speech, sample)
    if not any(segment.evidence.keys() - {"activity"} for segment in results.speech):
        return Told(speech=spoken, sample=tuple(sample))  # from a version without evidence
    none = Timeline.of(one.interval for one in sample if one.kind == "none" and not one.is_open)
    ghosts = [as_ghost(results.speech[i]) for j in none for i in covered_by(j, results.speech)]
    drawn = [
        # what an earlier run left out cannot be heard again: it keeps what was said of it then
        _predicted_before(one, results.labels) if one.kind == "none" else one
        for one in sample
    ]
    speech = _recorded(results, "speech", SpeechParameters) or SpeechParameters()
    everything = sorted([*spoken, *ghosts], key=lambda segment: segment.interval)
    return teach(everything, drawn, results.scenes, speech.teaching)


def _predicted_before(one: SampledLabel, labels: Sequence[SampledLabel]) -> SampledLabel:
    index = best_match(one.interval, labels)
    return one if index is None else dataclasses.replace(one, predicted=labels[index].predicted)


def measure_parameters(results: Results) -> MeasureParameters:
    """Return the parameters with which measures were taken.

    Parameters
    ----------
    results : Results
        From a run of this version.

    Returns
    -------
    MeasureParameters
        The defaults for what was not recorded.

    Raises
    ------
    StudyError
        If what was recorded are no parameters.
    """
    return _recorded(results, "measures", MeasureParameters) or MeasureParameters()


_Value = TypeVar("_Value")


def _recorded(results: Results, name: str, kind: type[_Value]) -> _Value | None:
    raw = results.run.parameters.get(name)
    if raw is None:
        return None
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise StudyError(
            f"run.parameters.{name}",
            f"it does not hold what this version records ({error})",
            "Run `ostinato analyze` again",
        ) from error

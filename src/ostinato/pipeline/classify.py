"""Speech is told apart: what people say of it, the evidence, and what a classifier makes of it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.results import Occurrence, SampledLabel, Scene, SpeechSegment
from ostinato.speech import (
    Activity,
    Annotation,
    ClassifierParameters,
    Heard,
    Profile,
    SpeechParameters,
    predict,
    singing_timeline,
    with_evidence,
)
from ostinato.timeline import Interval, Timeline

_NO_SPEECH = "no speech"
"""Begins the identifier of what was detected and is none, by a random label: the program would have
had an opinion on it as well, and is judged by that too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The speech with its kinds, and the random sample with what was predicted of it."""

    speech: tuple[SpeechSegment, ...]
    sample: tuple[SampledLabel, ...]


def weigh_evidence(
    speech: Sequence[SpeechSegment],
    *,
    profile: Profile,
    activity: Activity,
    occurrences: Sequence[Occurrence],
    annotations: Sequence[Annotation],
    sample: Sequence[SampledLabel],
    scenes: Sequence[Scene],
    parameters: SpeechParameters,
) -> Classified:
    """Take the evidence for each segment, and decide what a classifier trained on labels can."""
    heard = Heard(
        profile=profile,
        activity=activity,
        songs=Timeline.of(one.film for one in occurrences),
        singing=singing_timeline(activity, parameters=parameters),
        cues=tuple(one for one in annotations if one.source == "subtitles"),
    )
    ghosts = [_no_speech(one, number) for number, one in enumerate(sample) if one.kind == "none"]
    everything = sorted([*speech, *ghosts], key=lambda segment: segment.interval)
    return with_predictions(with_evidence(everything, heard), sample, scenes, parameters.teaching)


def with_predictions(
    speech: Sequence[SpeechSegment],
    sample: Sequence[SampledLabel],
    scenes: Sequence[Scene],
    parameters: ClassifierParameters,
) -> Classified:
    """Decide what people left open, once the evidence is known.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order, with evidence; what a random label calls no speech is told by `as_ghost`.
    sample : sequence of SampledLabel
        Labels of speech that was drawn at random.
    scenes : sequence of Scene
        The scene table.
    parameters : TeachingParameters
        How.

    Returns
    -------
    Told
        What is no speech is left out. `predicted` of each row of the sample is what was said of it
        without its label.
    """
    told = predict(speech, scenes=[scene.interval for scene in scenes], parameters=parameters)
    return Classified(
        speech=tuple(segment for segment in told if not segment.id.startswith(_NO_SPEECH)),
        sample=tuple(_with_prediction(one, told) for one in sample),
    )


def as_no_speech(segment: SpeechSegment) -> SpeechSegment:
    """Mark what was detected as speech and is none, so that `teach` predicts it and leaves it out.

    Parameters
    ----------
    segment : SpeechSegment
        As it was detected.

    Returns
    -------
    SpeechSegment
        Undetermined by label: nothing is trained on it.
    """
    by_subtitles = segment.decided_by == "subtitles"
    return dataclasses.replace(
        segment,
        id=f"{_NO_SPEECH} {segment.id}",
        kind="undetermined",
        p_narration=None,
        decided_by="label",
        predicted=segment.kind if by_subtitles else "undetermined",
        predicted_by="subtitles" if by_subtitles else None,
    )


def _no_speech(one: SampledLabel, number: int) -> SpeechSegment:
    return SpeechSegment(
        id=f"{_NO_SPEECH} {number}",
        start_s=one.start_s,
        end_s=one.end_s,
        kind="undetermined",
        p_narration=None,
        decided_by="label",
        voice=None,
        predicted="undetermined",
    )


def _with_prediction(one: SampledLabel, told: Sequence[SpeechSegment]) -> SampledLabel:
    """Note what was said of a row without its label; subtitles said it before it was drawn."""
    interval = Interval(one.start_s, one.end_s)
    for segment in told:
        shared = segment.interval.intersection(interval)
        if shared is None or shared.duration_s < interval.duration_s / 2:
            continue
        if segment.decided_by == "label" and segment.predicted_by in {"classifier", "prior"}:
            return dataclasses.replace(one, predicted=segment.predicted or "undetermined")
        if segment.decided_by in {"classifier", "prior"}:
            return dataclasses.replace(one, predicted=segment.kind)
    return one

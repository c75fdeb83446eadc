"""Speech is classified: by what people say of it, by evidence, and by a classifier trained on it.

Labels that were taken back into a folder before are part of what people say.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ostinato.errors import StudyError
from ostinato.media import film_record
from ostinato.pipeline.inputs import Opened
from ostinato.results import (
    Decision,
    Extent,
    Kind,
    Occurrence,
    Results,
    SampledLabel,
    Scene,
    SpeechSegment,
    WithoutLabel,
    best_match,
    is_same_film,
    segment_of,
)
from ostinato.speech import (
    Activity,
    Annotation,
    ClassifierParameters,
    Heard,
    Profile,
    SpeechParameters,
    labels_of_sample,
    predict,
    singing_timeline,
    with_evidence,
)
from ostinato.timeline import Timeline, in_film_order, timecode

_NO_SPEECH = "no speech"
"""Begins the identifier of what was detected and is none, by a random label: the program would have
had an opinion on it as well, and is judged by that too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The speech with its kinds, and the random sample with what was predicted of it."""

    speech: tuple[SpeechSegment, ...]
    sample: tuple[SampledLabel, ...]


def classify_speech(
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
    no_speech = [_no_speech(one, number) for number, one in enumerate(sample) if one.kind == "none"]
    everything = sorted([*speech, *no_speech], key=in_film_order)
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
        In film order, with evidence; what a random label calls no speech is marked by
        `as_no_speech`.
    sample : sequence of SampledLabel
        Labels of speech that was drawn at random.
    scenes : sequence of Scene
        The scene table.
    parameters : ClassifierParameters
        How.

    Returns
    -------
    Classified
        What is no speech is left out. `predicted` of each row of the sample is what was said of it
        without its label.
    """
    predicted = predict(speech, scenes=[scene.interval for scene in scenes], parameters=parameters)
    return Classified(
        speech=tuple(segment for segment in predicted if not segment.id.startswith(_NO_SPEECH)),
        sample=_as_predicted(sample, predicted),
    )


def as_no_speech(segment: SpeechSegment) -> SpeechSegment:
    """Mark what was detected as speech and is none, so that it is predicted and left out.

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
    before = WithoutLabel(
        predicted=segment.kind if by_subtitles else "undetermined",
        predicted_by="subtitles" if by_subtitles else None,
    )
    extent = Extent(
        id=f"{_NO_SPEECH} {segment.id}",
        start_s=segment.start_s,
        end_s=segment.end_s,
        edges_by=segment.edges_by,
    )
    return segment.with_parts(extent, Decision.by_people("undetermined"), before)


def _no_speech(one: SampledLabel, number: int) -> SpeechSegment:
    return segment_of(
        Extent(id=f"{_NO_SPEECH} {number}", start_s=one.start_s, end_s=one.end_s),
        Decision.by_people("undetermined"),
        WithoutLabel(predicted="undetermined"),
    )


def _as_predicted(
    sample: Sequence[SampledLabel], predicted: Sequence[SpeechSegment]
) -> tuple[SampledLabel, ...]:
    """Note what was said of each row without its label; subtitles said it before it was drawn."""
    starts_s = np.array([segment.start_s for segment in predicted])
    ends_s = np.array([segment.end_s for segment in predicted])
    out = []
    for one in sample:
        shared_s = np.minimum(ends_s, one.end_s) - np.maximum(starts_s, one.start_s)
        most = np.flatnonzero(shared_s >= (one.end_s - one.start_s) / 2)
        said = (_said_without_label(predicted[i]) for i in most.tolist())
        kind = next((kind for kind in said if kind is not None), one.predicted)
        out.append(dataclasses.replace(one, predicted=kind))
    return tuple(out)


def _said_without_label(segment: SpeechSegment) -> Kind | None:
    if segment.decided_by == "label" and segment.predicted_by in {"classifier", "prior"}:
        return segment.predicted or "undetermined"
    return segment.kind if segment.decided_by in {"classifier", "prior"} else None


def n_taken_back(results: Results) -> int:
    """Count the labels that results hold since somebody took them back.

    Parameters
    ----------
    results : Results
        Of any film.

    Returns
    -------
    int
        Of a random sample, and of what was chosen.
    """
    return sum(not one.is_open for one in (*results.labels, *results.chosen))


def with_earlier_labels(opened: Opened, earlier: Results | None) -> Opened:
    """Add the labels that were taken back before to what people say of a film.

    Raises StudyError if what is said now contradicts them, or is another random sample.
    """
    film = film_record(opened.film, edition=None)
    if earlier is None or n_taken_back(earlier) == 0 or not is_same_film(earlier.film, film):
        return opened
    said = [one for one in opened.annotations if one.source == "label"]
    cues = [one for one in opened.annotations if one.source != "label"]
    labels, sample = kept_labels(said, opened.sample, earlier)
    return dataclasses.replace(
        opened, annotations=(*labels, *cues), sample=sample, chosen=earlier.chosen
    )


def kept_labels(
    said: Sequence[Annotation], sample: Sequence[SampledLabel], earlier: Results
) -> tuple[tuple[Annotation, ...], tuple[SampledLabel, ...]]:
    """Join what a label file says with the labels that were taken back before.

    Parameters
    ----------
    said : sequence of Annotation
        Of the file.
    sample : sequence of SampledLabel
        Of the file, if it is that of a random sample.
    earlier : Results
        Of the same film.

    Returns
    -------
    labels : tuple of Annotation
        In film order.
    sample : tuple of SampledLabel
        The file's, or that of before.

    Raises
    ------
    StudyError
        If they contradict each other, or are of two random samples.
    """
    known: tuple[SampledLabel, ...] = earlier.labels
    if sample:
        _check_is_whole(sample, known)
        known = with_earlier_kinds(sample, known)
        said = labels_of_sample(known)
    before = labels_of_sample((*(() if sample else known), *earlier.chosen))
    labels = [*said, *(one for one in before if not _is_said(one, said))]
    return tuple(sorted(labels, key=lambda one: one.interval)), known


def with_earlier_kinds(
    sample: Sequence[SampledLabel], earlier: Sequence[SampledLabel]
) -> tuple[SampledLabel, ...]:
    """Give rows that are open the kinds that they had before.

    Parameters
    ----------
    sample : sequence of SampledLabel
        Some may be open.
    earlier : sequence of SampledLabel
        Of the same sample.

    Returns
    -------
    tuple of SampledLabel
        In the same order.
    """
    return tuple(_with_kind_of(one, earlier) if one.is_open else one for one in sample)


def _with_kind_of(one: SampledLabel, earlier: Sequence[SampledLabel]) -> SampledLabel:
    index = best_match(one.interval, earlier)
    if index is None or earlier[index].is_open:
        return one
    return dataclasses.replace(one, kind=earlier[index].kind, is_open=False)


def _check_is_whole(sample: Sequence[SampledLabel], earlier: Sequence[SampledLabel]) -> None:
    for one in earlier:
        if not one.is_open and best_match(one.interval, sample) is None:
            raise StudyError(
                "the labels",
                f"they are of another sample than the one that was taken back: "
                f"{timecode(one.start_s)} is not in it",
                "Leave out --labels to keep what was taken back, or give another folder with --out",
            )


def _is_said(label: Annotation, said: Sequence[Annotation]) -> bool:
    """Tell whether something is said of a stretch already; two words for it are refused."""
    for one in said:
        if one.interval.intersection(label.interval) is None:
            continue
        if one.kind != label.kind:
            raise StudyError(
                f"the label at {timecode(one.interval.start_s)}",
                f"it says {one.kind}, and what was taken back says {label.kind} of "
                f"{timecode(label.interval.start_s)}",
                "Keep one of them, or give another folder with --out",
            )
        if best_match(label.interval, [one]) is not None:
            return True
    return False

"""Labels that people gave stay with their film, and measures are taken again with them.

Labels that were taken back into a folder are kept when its film is analysed again; those of a
sample that has come back change the results on disk.
"""

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from ostinato.errors import StudyError
from ostinato.measures import (
    Calibration,
    MeasureParameters,
    Question,
    RobustnessWhen,
    measured,
    take_over,
)
from ostinato.media import film_record
from ostinato.pipeline.classify import Classified, as_no_speech, with_predictions
from ostinato.pipeline.inputs import Opened
from ostinato.results import (
    Results,
    SampledLabel,
    SpeechSegment,
    best_match,
    covered_by,
    is_same_film,
)
from ostinato.speech import Annotation, SpeechParameters, labels_of_sample
from ostinato.timeline import Timeline, timecode


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
    return measured_as_before(dataclasses.replace(results, labels=told.sample, speech=told.speech))


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
    parameters = speech_parameters(results)
    spoken = take_over(results.speech, chosen)
    told = with_predictions(spoken, results.labels, results.scenes, parameters.teaching)
    again = joined(results.chosen, chosen)
    return measured_as_before(dataclasses.replace(results, speech=told.speech, chosen=again))


def measured_as_before(
    results: Results, *, known: Sequence[Results] = (), robustness: RobustnessWhen = "now"
) -> Results:
    """Take all measures with the parameters, claims and calibration that the results record.

    `known`: results of which measures are taken over where nothing has changed.
    """
    return measured(
        results,
        parameters=measure_parameters(results),
        stages=[stage.name for stage in results.run.stages],
        questions=recorded_parameters(results, "claims", tuple[Question, ...]) or (),
        calibration=recorded_parameters(results, "calibration", Calibration),
        known=known,
        robust=robustness,
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Speech with the labels of a sample, and what these say is no speech; the sample itself."""

    speech: tuple[SpeechSegment, ...]
    no_speech: tuple[SpeechSegment, ...] = ()
    sample: tuple[SampledLabel, ...] = ()


def labels_taken_over(results: Results, sample: Sequence[SampledLabel]) -> Taken:
    """Take the labels of a sample over into the speech, and decide nothing yet."""
    none = Timeline.of(one.interval for one in sample if one.kind == "none" and not one.is_open)
    return Taken(
        speech=take_over(results.speech, sample),
        no_speech=tuple(
            as_no_speech(results.speech[i]) for j in none for i in covered_by(j, results.speech)
        ),
        sample=tuple(
            # what an earlier run left out cannot be heard again: it keeps what was said of it then
            _predicted_before(one, results.labels) if one.kind == "none" else one
            for one in sample
        ),
    )


def _told_again(results: Results, sample: Sequence[SampledLabel]) -> Classified:
    """Take the labels over, and train on them for what they leave open."""
    taken = labels_taken_over(results, sample)
    if not any(segment.evidence.keys() - {"activity"} for segment in results.speech):
        return Classified(speech=taken.speech, sample=tuple(sample))  # of a version without any
    everything = sorted([*taken.speech, *taken.no_speech], key=lambda segment: segment.interval)
    return with_predictions(
        everything, taken.sample, results.scenes, speech_parameters(results).teaching
    )


def speech_parameters(results: Results) -> SpeechParameters:
    """Return the parameters with which speech was found; the defaults for what is not recorded."""
    return recorded_parameters(results, "speech", SpeechParameters) or SpeechParameters()


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
    return recorded_parameters(results, "measures", MeasureParameters) or MeasureParameters()


_Value = TypeVar("_Value")


def recorded_parameters(results: Results, name: str, kind: type[_Value]) -> _Value | None:
    """Return parameters as a run has recorded them, None where it has not.

    Raises StudyError if what was recorded are none of this kind.
    """
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


def joined(
    earlier: Sequence[SampledLabel], later: Sequence[SampledLabel]
) -> tuple[SampledLabel, ...]:
    """Join two sets of labels, of which the later one wins."""
    new = [one for one in later if not one.is_open]
    kept = [one for one in earlier if best_match(one.interval, new) is None]
    return tuple(sorted([*kept, *new], key=lambda one: one.start_s))


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

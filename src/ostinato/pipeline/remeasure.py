"""Results are measured again with what people say since: labels of a sample, edits of a review.

Nothing asks for the film's sound. What is left as it was keeps its measures.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from ostinato.cues import name_playings
from ostinato.errors import StudyError
from ostinato.measures import (
    Calibration,
    MeasureParameters,
    Question,
    RobustnessWhen,
    find_sample,
    measured,
    take_over,
)
from ostinato.pipeline.classify import (
    Classified,
    as_no_speech,
    with_earlier_kinds,
    with_predictions,
)
from ostinato.results import (
    LABEL_KINDS,
    DrawnFinds,
    FindPiece,
    FindSample,
    OccurrenceName,
    Results,
    SampledLabel,
    SpeechSegment,
    best_match,
    covered_by,
)
from ostinato.review import State, Unplaced, Verdict, edited, verdicts_of, with_review
from ostinato.speech import SpeechParameters, with_surroundings
from ostinato.threads import one_thread_a_product
from ostinato.timeline import Timeline, in_film_order


@one_thread_a_product()
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
    relabelled = _relabelled(results, with_earlier_kinds(sample, results.labels))
    return measured_as_before(
        dataclasses.replace(results, labels=relabelled.sample, speech=relabelled.speech)
    )


@one_thread_a_product()
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
    labelled = take_over(results.speech, chosen)
    classified = with_predictions(labelled, results.labels, results.scenes, parameters.teaching)
    kept = _joined(results.chosen, chosen)
    return measured_as_before(dataclasses.replace(results, speech=classified.speech, chosen=kept))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Speech with the labels of a sample, and what these say is no speech; the sample itself."""

    speech: tuple[SpeechSegment, ...]
    no_speech: tuple[SpeechSegment, ...] = ()
    sample: tuple[SampledLabel, ...] = ()


def labels_taken_over(results: Results, sample: Sequence[SampledLabel]) -> Labelled:
    """Take the labels of a sample over into the speech, and decide nothing yet."""
    none = Timeline.of(one.interval for one in sample if one.kind == "none" and not one.is_open)
    return Labelled(
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


def _relabelled(results: Results, sample: Sequence[SampledLabel]) -> Classified:
    """Take the labels over, and train on them for what they leave open."""
    taken = labels_taken_over(results, sample)
    if not _has_evidence(results):
        return Classified(speech=taken.speech, sample=tuple(sample))  # of a version without any
    everything = sorted([*taken.speech, *taken.no_speech], key=in_film_order)
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


def _joined(
    earlier: Sequence[SampledLabel], later: Sequence[SampledLabel]
) -> tuple[SampledLabel, ...]:
    """Join two sets of labels, of which the later one wins."""
    new = [one for one in later if not one.is_open]
    kept = [one for one in earlier if best_match(one.interval, new) is None]
    return tuple(sorted([*kept, *new], key=lambda one: one.start_s))


@one_thread_a_product()
def measured_again(
    program: Results,
    state: State,
    *,
    sample: Sequence[SampledLabel] = (),
    finds: DrawnFinds | None = None,
    before: Results | None = None,
    robustness: RobustnessWhen = "now",
) -> Results:
    """Apply what a person has said to what the program found, and take the measures again.

    Parameters
    ----------
    program : Results
        What the program found, without any edit.
    state : State
        The edits that hold.
    sample : sequence of SampledLabel, optional
        The random sample that was drawn, which blind answers are about.
    finds : DrawnFinds, optional
        The random sample of the film in which a person has listened for the songs.
    before : Results, optional
        What this function returned for fewer or other edits of the same results: what is the same
        in both is not measured again. Without it, `program` is taken.
    robustness : {"now", "later"}, optional
        Whether the robustness of the claims is tried again as well; if later, the results hold
        none, and say so in `review.is_robustness_open`.

    Returns
    -------
    Results
        `program` itself where no edit holds.

    Raises
    ------
    StudyError
        If the results do not hold the parameters with which they were made.
    """
    if not state.in_force:
        return program
    answers, unanswered = _answers(state, sample, program.labels)
    labelled = labels_taken_over(program, answers) if answers else Labelled(speech=program.speech)
    after = edited(dataclasses.replace(program, speech=labelled.speech), state)
    results = after.results
    if results.occurrences != program.occurrences:
        results = _with_playings(results)
    results = dataclasses.replace(results, labels=labelled.sample or program.labels)
    if _is_placed_otherwise(program, results):
        results = _with_surroundings(results)
    if any(getattr(program, name) != getattr(results, name) for name in _OF_KINDS):
        results = _classified(results, labelled)
    results = measured_as_before(results, known=(before or program, program), robustness=robustness)
    verdicts, unheard = verdicts_of(state.in_force, finds)
    after = dataclasses.replace(after, unplaced=(*after.unplaced, *unanswered, *unheard))
    said = with_review(
        results, program=program, edited=after, state=state, finds=_judged(program, finds, verdicts)
    )
    return said if robustness == "now" else _robustness_open(said)


def _judged(
    program: Results, drawn: DrawnFinds | None, verdicts: Mapping[FindPiece, Verdict]
) -> FindSample | None:
    if drawn is None or not verdicts:
        return None
    return find_sample(program, drawn, verdicts, level=measure_parameters(program).level)


def _answers(
    state: State, sample: Sequence[SampledLabel], labels: Sequence[SampledLabel]
) -> tuple[tuple[SampledLabel, ...], list[Unplaced]]:
    """Give the rows of the random sample the kinds that blind answers say; none without answers."""
    entries = [entry for entry in state.in_force if entry.on == "label"]
    rows = list(with_earlier_kinds(sample, labels) if sample else labels)
    unplaced: list[Unplaced] = []
    for entry in entries:
        content = entry.becomes[0] if entry.becomes else None
        interval = None if content is None else content.interval
        index = None if interval is None else best_match(interval, rows)
        if content is None or index is None or content.kind not in LABEL_KINDS:
            reason = "no segment of the random sample lies there"
            unplaced.append(Unplaced(entry=entry, reason=reason))
            continue
        rows[index] = dataclasses.replace(rows[index], kind=content.kind, is_open=False)
    return (tuple(rows) if len(entries) > len(unplaced) else ()), unplaced


def _with_playings(results: Results) -> Results:
    """Group occurrences into playings anew, and leave out what is known of those that are gone."""
    named = {
        (one.song_id, one.film, one.song_start_s): one.playing_id
        for one in name_playings(results.occurrences)
    }
    occurrences = tuple(
        one.with_parts(
            OccurrenceName(id=one.id, playing_id=named[one.song_id, one.film, one.song_start_s])
        )
        for one in results.occurrences
    )
    measured = {one.id for one in occurrences if one.decided_by == "program"}
    return dataclasses.replace(
        results,
        occurrences=occurrences,
        separations=tuple(one for one in results.separations if one.occurrence_id in measured),
        song_levels=tuple(one for one in results.song_levels if one.occurrence_id in measured),
    )


_OF_KINDS = ("speech", "scenes", "labels")
"""On which kinds rest that nobody gave."""


def _is_placed_otherwise(program: Results, results: Results) -> bool:
    """Tell whether songs or speech lie elsewhere than before, or voices are others'."""
    before, now = (
        (
            sorted((one.film, one.song_id) for one in some.occurrences),
            [(one.start_s, one.end_s, one.voice) for one in some.speech],
        )
        for some in (program, results)
    )
    return before != now


def _with_surroundings(results: Results) -> Results:
    """Take the evidence anew that needs no sound."""
    if not _has_evidence(results):
        return results
    speech = with_surroundings(
        results.speech,
        songs=Timeline.of(one.film for one in results.occurrences),
        singing=Timeline.of(one.interval for one in results.songs_voice),
    )
    return dataclasses.replace(results, speech=speech)


def _classified(results: Results, labelled: Labelled) -> Results:
    """Decide what people left open, by what they said of the rest."""
    if not _has_evidence(results):
        return results
    everything = sorted([*results.speech, *labelled.no_speech], key=in_film_order)
    classified = with_predictions(
        everything, results.labels, results.scenes, speech_parameters(results).teaching
    )
    return dataclasses.replace(results, speech=classified.speech, labels=classified.sample)


def _has_evidence(results: Results) -> bool:
    """Tell whether evidence was taken: earlier versions had none."""
    return any(segment.evidence.keys() - {"activity"} for segment in results.speech)


def _robustness_open(results: Results) -> Results:
    if results.review is None or not results.claims:
        return results
    review = dataclasses.replace(results.review, is_robustness_open=True)
    return dataclasses.replace(results, review=review)

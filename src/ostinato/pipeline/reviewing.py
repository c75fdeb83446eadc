"""Results with a person's edits: rows change, and what rests on them is measured again.

Nothing asks for the film's sound. What the edits leave as it was keeps its measures.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import cast, get_args

from ostinato.cues import name_playings
from ostinato.measures import RobustnessWhen, find_sample
from ostinato.pipeline.classify import with_predictions
from ostinato.pipeline.relabel import (
    Taken,
    labels_taken_over,
    measure_parameters,
    measured_as_before,
    speech_parameters,
    with_earlier_kinds,
)
from ostinato.results import (
    DrawnFinds,
    FindPiece,
    FindSample,
    LabelKind,
    Results,
    SampledLabel,
    best_match,
)
from ostinato.review import State, Unplaced, Verdict, edited, verdicts_of, with_review
from ostinato.speech import with_surroundings
from ostinato.timeline import Timeline


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
    taken = (
        labels_taken_over(program, answers) if answers else Taken(speech=program.speech, sample=())
    )
    after = edited(dataclasses.replace(program, speech=taken.speech), state)
    results = _with_playings(after.results)
    results = dataclasses.replace(results, labels=taken.sample or program.labels)
    if _is_placed_otherwise(program, results):
        results = _with_surroundings(results)
    if any(getattr(program, name) != getattr(results, name) for name in _OF_KINDS):
        results = _classified(results, taken)
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
        if content is None or index is None or content.kind not in get_args(LabelKind):
            reason = "no segment of the random sample lies there"
            unplaced.append(Unplaced(entry=entry, reason=reason))
            continue
        kind = cast("LabelKind", content.kind)
        rows[index] = dataclasses.replace(rows[index], kind=kind, is_open=False)
    return (tuple(rows) if len(entries) > len(unplaced) else ()), unplaced


def _with_playings(results: Results) -> Results:
    """Group occurrences into playings anew, and leave out what is known of those that are gone."""
    named = {
        (one.song_id, one.film, one.song_start_s): one.playing_id
        for one in name_playings(results.occurrences)
    }
    occurrences = tuple(
        dataclasses.replace(one, playing_id=named[one.song_id, one.film, one.song_start_s])
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


def _classified(results: Results, taken: Taken) -> Results:
    """Decide what people left open, by what they said of the rest."""
    if not _has_evidence(results):
        return results
    everything = sorted([*results.speech, *taken.no_speech], key=lambda segment: segment.interval)
    told = with_predictions(
        everything, results.labels, results.scenes, speech_parameters(results).teaching
    )
    return dataclasses.replace(results, speech=told.speech, labels=told.sample)


def _has_evidence(results: Results) -> bool:
    """Tell whether evidence was taken: earlier versions had none."""
    return any(segment.evidence.keys() - {"activity"} for segment in results.speech)


def _robustness_open(results: Results) -> Results:
    if results.review is None or not results.claims:
        return results
    review = dataclasses.replace(results.review, is_robustness_open=True)
    return dataclasses.replace(results, review=review)

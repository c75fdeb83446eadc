"""Whether the verdict of a claim rests on choices that another person might have made otherwise.

Every combination of the choices of `variations` is tried on the same events, and the verdict of
each is kept: a specification curve [1]_. The study's own choices have the claim as it was
decided; null models get 999 draws for all others, and the p-values of the other claims stay as they
are in Holm's correction. Nothing asks for the film's sound.

References
----------
.. [1] U. Simonsohn, J. P. Simmons and L. D. Nelson, "Specification curve analysis", *Nature Human
       Behaviour* 4 (2020), 1208-1214.

A specification is one choice for each question that bears on a claim: how near is near enough, at
which p-value an occurrence counts, whether edges lie one error further in or out, whether people's
labels are used. What is varied is the evidence, never the rule of the verdict.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal

from ostinato.measures.claims import draft_of, outcome_of, song_of
from ostinato.measures.continuation import continuation
from ostinato.measures.monologue import monologues
from ostinato.measures.ratio import Calibration, Evidence, beginning_ratios, ratios
from ostinato.measures.repetition import repetitions
from ostinato.measures.scopes import BEGINNINGS_PERCENT
from ostinato.measures.song_loudness import loudness
from ostinato.measures.speech_claims import BEGINNING_PERCENT, at_the_beginning
from ostinato.measures.statistics import holm
from ostinato.measures.verdicts import HALF, Draft, MeasureParameters, Question
from ostinato.results import (
    ENOUGH_POWER,
    UNDECIDED,
    Claim,
    Continuation,
    Decision,
    Occurrence,
    OccurrenceName,
    OccurrencePlace,
    Results,
    Song,
    Specification,
    SpeechSegment,
    WithoutLabel,
)

N_DRAWS = 999
_N_RESAMPLES = 200
_Events = tuple[tuple[Occurrence, ...], tuple[Any, ...]]
Detection = Literal["as found", "p at most 1e-8", "waveform only"]
Edges = Literal["as found", "one error in", "one error out"]
TOLERANCES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 15.0)
STRICT_P = 1e-8
LEVELS = (0.9, 0.95, 0.99)
ANSWERS_S = (5.0, 10.0, 20.0)
_DETECTIONS: tuple[Detection, ...] = ("as found", "p at most 1e-8", "waveform only")
_EDGES: tuple[Edges, ...] = ("one error in", "as found", "one error out")
_NULLS = ("both", "uniform starts", "permuted order")
OF_EVENTS = ("detection", "edges", "merge_gap_s")
"""Choices that decide which occurrences there are, and where."""
_LEAST_S = 0.01
_OF_EVERY_SONG: dict[str, Sequence[Any]] = {"detection": _DETECTIONS, "edges": _EDGES}


def robustness(
    results: Results,
    questions: Sequence[Question],
    *,
    parameters: MeasureParameters,
    calibration: Calibration | None = None,
) -> tuple[Specification, ...]:
    """Decide each claim again under every combination of choices."""
    main = main_choices(parameters, first_percent=BEGINNING_PERCENT)
    labelled = has_labels(results)
    rows = []
    for claim, question in zip(results.claims, questions, strict=True):
        if claim.value is claim.low is claim.high is None:
            continue
        song = song_of(results, question)
        trial = _Trial(results, question, song, parameters, calibration)
        tried = list(specifications(question.id, main, has_labels=labelled))
        if len(tried) == 1:
            continue
        for number, choices in enumerate(tried):
            rows.append(_specification(claim, trial, choices, is_main=number == 0))
    return tuple(rows)


@dataclasses.dataclass
class _Trial:
    """One claim, and what was drafted of it before: many choices leave the same events."""

    results: Results
    question: Question
    song: Song | None
    parameters: MeasureParameters
    calibration: Calibration | None
    known: dict[tuple[Any, ...], tuple[Results, Draft]] = dataclasses.field(default_factory=dict)
    varied: dict[tuple[Any, ...], _Events] = dataclasses.field(default_factory=dict)

    def draft(self, choices: dict[str, Any], parameters: MeasureParameters) -> Draft:
        """Hold the claim against the events as they are under some choices."""
        events, heard = self._events(choices)
        key = (parameters, choices.get("labels"), choices.get("first_percent"), heard)
        if key not in self.known:
            varied = dataclasses.replace(self.results, occurrences=events)
            self.known[key] = self._measured(varied, choices, parameters)
        again, draft = self.known[key]
        if self.song is None or choices.get("null_model", "both") == "both":
            return draft
        (row,) = (one for one in again.continuation if one.song_id == self.song.id)
        return _under_one_null(draft, row, choices["null_model"], n_draws=parameters.n_draws)

    def _events(self, choices: dict[str, Any]) -> _Events:
        """Vary the occurrences, once for all choices that leave them alike; and say what they are.

        Tolerances and null models vary nothing.
        """
        made = tuple(choices.get(name) for name in OF_EVENTS)
        if made not in self.varied:
            events = self.results.occurrences
            if self.song is not None:
                events = varied_occurrences(events, self.song, choices)
            self.varied[made] = (
                events,
                tuple((o.id, o.playing_id, o.film, o.song_start_s, o.song_end_s) for o in events),
            )
        return self.varied[made]

    def _measured(
        self, varied: Results, choices: dict[str, Any], parameters: MeasureParameters
    ) -> tuple[Results, Draft]:
        if self.song is not None:
            again = _song_again(self.results, varied, self.question.id, self.song, parameters)
            return again, draft_of(again, self.question, self.song, parameters)
        again = without_labels(varied) if choices.get("labels") == "not used" else varied
        again = _speech_again(again, self.question.id, self.calibration, parameters)
        if self.question.id == "C6":
            percent = choices["first_percent"]
            return again, at_the_beginning(again, parameters, first_percent=percent)
        return again, draft_of(again, self.question, None, parameters)


def _specification(
    claim: Claim, trial: _Trial, choices: dict[str, Any], *, is_main: bool
) -> Specification:
    if is_main:
        return _as_decided(claim, choices)
    parameters = _parameters(trial.parameters, choices)
    draft = trial.draft(choices, parameters)
    others = [one for one in trial.results.claims if one.id != claim.id]
    corrected = holm([draft.p_value, *(one.p_value for one in others)])[0]
    opposite = holm([draft.p_opposite, *(one.p_opposite for one in others)])[0]
    return Specification(
        claim_id=claim.id,
        is_main=False,
        value=draft.value,
        low=draft.low,
        high=draft.high,
        p_value=draft.p_value,
        p_value_holm=corrected,
        verdict=draft.decide(
            outcome_of(draft.p_value, corrected, parameters.alpha),
            outcome_of(draft.p_opposite, opposite, parameters.alpha),
        ),
        p_opposite=draft.p_opposite,
        p_opposite_holm=opposite,
        p_floor=draft.p_floor if draft.p_value is not None else None,
        **choices,
    )


def _as_decided(claim: Claim, choices: dict[str, Any]) -> Specification:
    return Specification(
        claim_id=claim.id,
        is_main=True,
        value=claim.value,
        low=claim.low,
        high=claim.high,
        p_value=claim.p_value,
        p_value_holm=claim.p_value_holm,
        verdict=claim.verdict,
        p_opposite=claim.p_opposite,
        p_opposite_holm=claim.p_opposite_holm,
        p_floor=claim.p_floor,
        **choices,
    )


def _under_one_null(draft: Draft, row: Continuation, null_model: str, *, n_draws: int) -> Draft:
    of_uniform = 1 / (1 + n_draws)
    if null_model == "uniform starts":
        return dataclasses.replace(draft, p_value=row.p_uniform_starts, p_floor=of_uniform)
    # the floor of both tests is that of the orders only where these are fewer than the draws
    is_of_orders = row.p_floor is not None and row.p_floor > of_uniform
    floor = row.p_floor if is_of_orders else None
    return dataclasses.replace(draft, p_value=row.p_permuted_order, p_floor=floor)


def _parameters(parameters: MeasureParameters, choices: dict[str, Any]) -> MeasureParameters:
    return dataclasses.replace(
        parameters,
        n_draws=min(parameters.n_draws, N_DRAWS),
        n_resamples=min(parameters.n_resamples, _N_RESAMPLES),
        continuation_s=choices.get("tolerance_s", parameters.continuation_s),
        level=choices.get("level", parameters.level),
        answer_s=choices.get("answer_s", parameters.answer_s),
    )


def _song_again(
    results: Results, varied: Results, claim_id: str, song: Song, parameters: MeasureParameters
) -> Results:
    if claim_id == "C3":
        row = _continuation(results, varied, song, parameters)
        return dataclasses.replace(varied, continuation=(row,))
    if claim_id == "C4":
        rows = loudness(varied.occurrences, results.songs, parameters=parameters)
        return dataclasses.replace(varied, loudness=rows)
    if claim_id == "C2":
        return varied
    return dataclasses.replace(
        varied,
        repetition=repetitions(
            varied.occurrences,
            results.songs,
            film_duration_s=results.film.duration_s,
            parameters=parameters,
        ),
    )


def _continuation(
    results: Results, varied: Results, song: Song, parameters: MeasureParameters
) -> Continuation:
    """Take the study's power for that of other choices, unless the verdict turns on it."""
    (main,) = (row for row in results.continuation if row.song_id == song.id)
    row = continuation(
        varied.occurrences,
        song,
        scenes=varied.scenes,
        parameters=parameters,
        known_power=main.power,
    )
    n, at_most = row.n_transitions, row.n_go_on + row.n_cannot_be_told
    turns_on_power = (
        n > 0
        and at_most / n < HALF
        and row.p_at_most is not None
        and row.p_at_most > parameters.alpha
        and (row.share_high is None or row.share_high >= HALF)
        and (row.within_s, n) != (main.within_s, main.n_transitions)
        and (main.power or 0.0) < ENOUGH_POWER
    )
    if not turns_on_power:
        return row
    return continuation(varied.occurrences, song, scenes=varied.scenes, parameters=parameters)


def _speech_again(
    results: Results,
    claim_id: str,
    calibration: Calibration | None,
    parameters: MeasureParameters,
) -> Results:
    duration_s = results.film.duration_s
    if claim_id == "C7":
        rows = monologues(
            results.speech,
            film_duration_s=duration_s,
            scenes=(),
            sample=results.labels,
            parameters=parameters,
        )
        return dataclasses.replace(results, monologue=rows)
    measure = beginning_ratios if claim_id == "C6" else ratios
    shares = measure(
        results.speech,
        film_duration_s=duration_s,
        scenes=(),
        evidence=Evidence(sample=results.labels, calibration=calibration),
        parameters=parameters,
    )
    return dataclasses.replace(results, ratio=tuple(shares))


def specifications(
    claim_id: str, main: Mapping[str, Any], *, has_labels: bool
) -> Iterator[dict[str, Any]]:
    """Yield every combination of choices that bear on a claim.

    `main`: the choices of the study, from `main_choices`: each is among those that are tried;
    `has_labels`: whether people's labels bear on the kinds of speech.
    """
    axes = {
        name: [main[name], *(one for one in options if one != main[name])]
        for name, options in _axes(claim_id, has_labels=has_labels).items()
    }
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def main_choices(parameters: MeasureParameters, *, first_percent: int) -> dict[str, Any]:
    """Return the choices that the study made.

    `first_percent`: what part of the film its beginning is.
    """
    return {
        "tolerance_s": parameters.continuation_s,
        "merge_gap_s": 0.0,
        "null_model": "both",
        "detection": "as found",
        "edges": "as found",
        "labels": "used",
        "level": parameters.level,
        "first_percent": first_percent,
        "answer_s": parameters.answer_s,
    }


def _axes(claim_id: str, *, has_labels: bool) -> dict[str, Sequence[Any]]:
    of_speech: dict[str, Sequence[Any]] = {"labels": ("used", "not used")} if has_labels else {}
    axes: dict[str, dict[str, Sequence[Any]]] = {
        "C1": _OF_EVERY_SONG,
        "C2": _OF_EVERY_SONG,
        "C3": {
            **_OF_EVERY_SONG,
            "tolerance_s": TOLERANCES_S,
            "merge_gap_s": (0.0, 10.0),
            "null_model": _NULLS,
        },
        "C4": {"detection": _DETECTIONS},
        "C5": {**of_speech, "level": LEVELS} if has_labels else {},
        "C6": {**of_speech, "first_percent": BEGINNINGS_PERCENT},
        "C7": {**of_speech, "answer_s": ANSWERS_S},
        "C8": {**_OF_EVERY_SONG, "merge_gap_s": (0.0, 10.0, 60.0)},
    }
    return axes[claim_id]


def varied_occurrences(
    occurrences: Sequence[Occurrence], song: Song, choices: Mapping[str, Any]
) -> tuple[Occurrence, ...]:
    """Return occurrences as they are under choices.

    `choices`: of *detection*, *edges* and *merge_gap_s* those that are there are made.
    """
    others = [one for one in occurrences if one.song_id != song.id]
    own = [
        _moved(one, song, choices.get("edges", "as found"))
        for one in sorted(occurrences, key=lambda one: one.film)
        if one.song_id == song.id and _counts(one, choices.get("detection", "as found"))
    ]
    return (*others, *_merged(own, choices.get("merge_gap_s", 0.0)))


def _counts(one: Occurrence, detection: Detection) -> bool:
    if detection == "p at most 1e-8":
        return one.p_value is not None and one.p_value <= STRICT_P
    return detection == "as found" or one.likeness == "waveform"


def _moved(one: Occurrence, song: Song, edges: Edges) -> Occurrence:
    """Move both edges by their own errors, as far as the song and the film go."""
    if edges == "as found" or not one.is_timed:
        return one
    sign = 1.0 if edges == "one error in" else -1.0
    start_s = max(0.0, one.film_start_s + sign * (one.start_error_s or 0.0))
    end_s = one.film_end_s - sign * (one.end_error_s or 0.0)
    if end_s - start_s < _LEAST_S:
        return one
    speed = one.time_map.speed
    song_start_s = one.song.start_s + (start_s - one.film_start_s) * speed
    song_end_s = one.song.end_s + (end_s - one.film_end_s) * speed
    place = OccurrencePlace(
        film_start_s=start_s,
        film_end_s=end_s,
        song_start_s=min(max(0.0, song_start_s), song.duration_s),
        song_end_s=min(max(0.0, song_end_s), song.duration_s),
        speed=speed,
    )
    return one.with_parts(place)


def _merged(own: Sequence[Occurrence], merge_gap_s: float) -> Iterator[Occurrence]:
    """Take playings less than a gap apart for one, as long as they run forward in the song."""
    first: Occurrence | None = None
    last: Occurrence | None = None
    for one in own:
        is_near = (
            merge_gap_s > 0
            and first is not None
            and last is not None
            and one.film_start_s - last.film_end_s <= merge_gap_s
            and one.is_timed
            and first.is_timed
            and one.song.end_s > first.song.start_s
        )
        is_same = last is not None and one.playing_id == last.playing_id
        if first is None or not (is_near or is_same):
            first = one
        last = one
        yield one.with_parts(OccurrenceName(id=one.id, playing_id=first.playing_id))


def without_labels(results: Results) -> Results:
    """Return results as if nobody had labelled the film: subtitles alone decide."""
    return dataclasses.replace(
        results, labels=(), chosen=(), speech=tuple(map(_without_label, results.speech))
    )


def _without_label(segment: SpeechSegment) -> SpeechSegment:
    if segment.decided_by not in {"label", "classifier"}:
        return segment
    if segment.predicted_by == "subtitles" and segment.predicted is not None:
        decision = Decision(
            kind=segment.predicted, p_narration=segment.p_narration, decided_by="subtitles"
        )
        return segment.with_parts(decision)
    return segment.with_parts(UNDECIDED, WithoutLabel(predicted_by=segment.predicted_by))


def has_labels(results: Results) -> bool:
    """Tell whether people's labels bear on the kinds of speech."""
    return bool(results.labels) or any(one.decided_by == "label" for one in results.speech)

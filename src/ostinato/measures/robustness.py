"""Whether the verdict of a claim rests on choices that another person might have made otherwise.

Every combination of the choices of `variations` is tried on the same events, and the verdict of
each is kept: a specification curve [1]_. The study's own choices have the claim as it was
decided; null models get 999 draws for all others, and the p-values of the other claims stay as they
are in Holm's correction. Nothing asks for the film's sound.

References
----------
.. [1] U. Simonsohn, J. P. Simmons and L. D. Nelson, "Specification curve analysis", *Nature Human
       Behaviour* 4 (2020), 1208-1214.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from ostinato.measures.calibration import Calibration
from ostinato.measures.claims import draft_of, outcome_of, song_of
from ostinato.measures.continuation import continuation
from ostinato.measures.drafts import ENOUGH_POWER, HALF, Draft
from ostinato.measures.hearings import repetitions
from ostinato.measures.loudness import loudness
from ostinato.measures.monologue import monologues
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.questions import Question
from ostinato.measures.ratio import Evidence, beginning_ratios, ratios
from ostinato.measures.resampling import holm
from ostinato.measures.speech_drafts import BEGINNING_PERCENT, at_the_beginning
from ostinato.measures.variations import (
    OF_EVENTS,
    has_labels,
    main_choices,
    specifications,
    varied_occurrences,
    without_labels,
)
from ostinato.results import Claim, Continuation, Occurrence, Results, Song, Specification

N_DRAWS = 999
_N_RESAMPLES = 200


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


_Events = tuple[tuple[Occurrence, ...], tuple[Any, ...]]


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

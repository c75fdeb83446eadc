"""Speech that no other voice answers, how quickly voices take turns, and what is said to nobody.

Speech falls into talks, which pause for no longer than `answer_s`. A talk of one voice is a run
that nobody answers; in any other talk each voice has another one close before or after it. Where a
voice is not known it may be any, also one that is heard nowhere else, or more than one: every
figure is bounded by the least and the most that could come of it.

A person's label says whether a stretch is said to somebody (dialogue) or to nobody who is there
(soliloquy, narration). Voices predict it for all speech: what no other voice answers. The share is
estimated as that of narration is, by `ostinato.measures.survey`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any

import numpy as np

from ostinato.measures.scopes import (
    Stretch,
    are_all_labelled,
    clipped,
    frame,
    quotient,
    scopes_of,
    stretches,
)
from ostinato.measures.statistics import Estimate
from ostinato.measures.survey import prediction_powered
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import LabelKind, Monologue, SampledLabel, Scene, Scope, SpeechSegment
from ostinato.timeline import Timeline, in_film_order

_MINUTE_S = 60.0
# columns of the estimator, which knows narration and dialogue alone
_TO_NOBODY: LabelKind = "narration"
_TO_SOMEBODY: LabelKind = "dialogue"
_ADDRESSED: Mapping[LabelKind, LabelKind] = {
    "soliloquy": _TO_NOBODY,
    "narration": _TO_NOBODY,
    "dialogue": _TO_SOMEBODY,
}


def monologues(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    sample: Sequence[SampledLabel] = (),
    parameters: MeasureParameters,
) -> tuple[Monologue, ...]:
    """Share of the speech that nobody answers, in the film and in each part of it.

    `film_duration_s`: length of the film, > 0. Raises ParameterError if a scene lies beyond the
    film.
    """
    ordered = sorted(speech, key=in_film_order)
    named = scopes_of(scenes, film_duration_s=film_duration_s)
    talks = list(_talks(ordered, parameters.answer_s))
    rows = [
        _monologue(ordered, talks, scope, within, parameters) for scope, within in named.items()
    ]
    runs = filter(_is_of_one_voice, talks)
    labelled = said_to_nobody(
        ordered,
        chain.from_iterable(runs),
        sample,
        named,
        parameters=parameters,
    )
    return tuple(_with_labels(row, labelled.get(row.scope)) for row in rows)


def _with_labels(row: Monologue, estimate: Estimate | None) -> Monologue:
    if estimate is None:
        return row
    return replace(
        row,
        to_nobody_share=estimate.value,
        to_nobody_low=estimate.low,
        to_nobody_high=estimate.high,
        n_random_labels=estimate.n,
    )


def _monologue(
    speech: Sequence[SpeechSegment],
    talks: Sequence[Sequence[SpeechSegment]],
    scope: Scope,
    within: Timeline,
    parameters: MeasureParameters,
) -> Monologue:
    inside = _inside(speech, within)
    here = [s for s in speech if s.id in inside]
    talks = [talk for talk in talks if any(s.id in inside for s in talk)]
    least, most = (
        [[s for s in talk if s.id in inside] for talk in talks if is_unanswered(talk)]
        for is_unanswered in (_is_of_one_voice, _may_be_of_one_voice)
    )
    speech_s, least_s, most_s = (
        _total_s(some)
        for some in (here, *(list(chain.from_iterable(runs)) for runs in (least, most)))
    )
    unknown = [s for s in here if s.voice is None]
    nobody_low, nobody_high = (
        _share_to_nobody(here, chain.from_iterable(runs), speech_s) for runs in (least, most)
    )
    turns = _turns([_around(talk, inside) for talk in talks])
    return Monologue(
        scope=scope,
        n_runs=sum(bool(run) for run in least),
        unanswered_s=least_s,
        speech_s=speech_s,
        share=quotient(least_s, speech_s) if least_s == most_s else None,
        low=quotient(least_s, speech_s),
        high=quotient(most_s, speech_s),
        method=_method(len(unknown), len(here), parameters),
        unknown_s=_total_s(unknown),
        **_figures_of_turns(turns, speech_s),
        to_nobody_share=nobody_low if nobody_low == nobody_high else None,
        to_nobody_low=nobody_low,
        to_nobody_high=nobody_high,
        n_told=sum(map(_is_classified, here)),
        n_segments=len(here),
    )


def _figures_of_turns(turns: "_Turns", speech_s: float) -> dict[str, Any]:
    """Return how often voices change, and after which pause; bounds where voices are unknown."""
    low_s, high_s = turns.median_bounds_s()
    least, most = (quotient(n * _MINUTE_S, speech_s) for n in (turns.least, turns.most))
    return {
        "turns_per_minute": least if turns.least == turns.most else None,
        "turns_per_minute_low": least,
        "turns_per_minute_high": most,
        "median_latency_s": None if turns.possible_s else low_s,
        "latency_low_s": low_s,
        "latency_high_s": high_s,
    }


def _share_to_nobody(
    here: Sequence[SpeechSegment], unanswered: Iterable[SpeechSegment], speech_s: float
) -> float | None:
    """Return the share that is addressed to nobody; of what is not classified, if unanswered."""
    classified = [s for s in here if _is_classified(s)]
    if not classified:
        return None
    nobody_s = _total_s(s for s in classified if s.kind != "dialogue")
    rest_s = _total_s(s for s in unanswered if not _is_classified(s))
    return quotient(nobody_s + rest_s, speech_s)


def _method(n_unknown: int, n_all: int, parameters: MeasureParameters) -> str:
    method = f"speech counts as unanswered if no other voice is within {parameters.answer_s:g} s"
    if n_unknown:
        method += f"; the voice of {_of_segments(n_unknown, n_all)} is not known"
    return method


def _total_s(some: Iterable[SpeechSegment]) -> float:
    return sum(s.end_s - s.start_s for s in some)


def _around(
    talk: Sequence[SpeechSegment], inside: frozenset[str]
) -> list[tuple[SpeechSegment, bool]]:
    """Cut a talk to what its turns inside a scope rest on, and say of each what lies inside.

    That begins with the last known voice before the scope, or what comes right before it.
    """
    places = [i for i, s in enumerate(talk) if s.id in inside]
    first = max(places[0] - 1, 0)
    while first > 0 and talk[first].voice is None:
        first -= 1
    return [(s, s.id in inside) for s in talk[first : places[-1] + 1]]


def _of_segments(n: int, n_all: int) -> str:
    return f"{n} of {n_all} segment{'' if n_all == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class _Turns:
    """How often voices change, at least, and after which pauses they do or may."""

    least: int
    certain_s: tuple[float, ...]
    possible_s: tuple[float, ...]

    @property
    def most(self) -> int:
        return len(self.certain_s) + len(self.possible_s)

    def median_bounds_s(self) -> tuple[float | None, float | None]:
        """Least and greatest median pause before a turn; None where no voices change."""
        if not self.certain_s:
            return min(self.possible_s, default=None), max(self.possible_s, default=None)
        lows_s, highs_s = (
            [
                float(np.median([*self.certain_s, *order[:n]]))
                for n in range(len(self.possible_s) + 1)
            ]
            for order in (sorted(self.possible_s), sorted(self.possible_s, reverse=True))
        )
        return min(lows_s), max(highs_s)


def _turns(talks: Sequence[Sequence[tuple[SpeechSegment, bool]]]) -> _Turns:
    """Count the turns that begin inside a scope."""
    certain_s: list[float] = []
    possible_s: list[float] = []
    least = 0
    for talk in talks:
        for (before, _), (after, is_inside) in pairwise(talk):
            if not is_inside or (before.voice == after.voice and after.voice is not None):
                continue
            is_certain = before.voice is not None and after.voice is not None
            (certain_s if is_certain else possible_s).append(after.start_s - before.end_s)
        known = [n for n, (segment, _) in enumerate(talk) if segment.voice is not None]
        least += sum(
            talk[first][0].voice != talk[last][0].voice
            # whoever speaks between two voices, one of the changes of voice is there
            and all(is_inside for _, is_inside in talk[first + 1 : last + 1])
            for first, last in pairwise(known)
        )
    return _Turns(least, tuple(certain_s), tuple(possible_s))


def _is_classified(segment: SpeechSegment) -> bool:
    """Tell whether people have said to whom it is spoken: a plain subtitle does not."""
    by_label = segment.decided_by == "label" and segment.kind != "undetermined"
    return by_label or (segment.decided_by == "subtitles" and segment.kind == "narration")


def _inside(speech: Sequence[SpeechSegment], within: Timeline) -> frozenset[str]:
    """Return the identifiers of the segments whose middle lies in a scope."""
    middles_s = [(s.start_s + s.end_s) / 2 for s in speech]
    return frozenset(
        segment.id
        for part in within
        for segment in speech[
            bisect_left(middles_s, part.start_s) : bisect_left(middles_s, part.end_s)
        ]
    )


def _talks(speech: Sequence[SpeechSegment], answer_s: float) -> Iterator[tuple[SpeechSegment, ...]]:
    """Part the speech where it pauses for longer than an answer takes."""
    talk: list[SpeechSegment] = []
    for segment in speech:
        if talk and segment.start_s - talk[-1].end_s > answer_s:
            yield tuple(talk)
            talk = []
        talk.append(segment)
    if talk:
        yield tuple(talk)


def _is_of_one_voice(talk: Sequence[SpeechSegment]) -> bool:
    voices = {s.voice for s in talk}
    return len(voices) == 1 and None not in voices


def _may_be_of_one_voice(talk: Sequence[SpeechSegment]) -> bool:
    return len({s.voice for s in talk} - {None}) <= 1


def said_to_nobody(
    speech: Sequence[SpeechSegment],
    unanswered: Iterable[SpeechSegment],
    sample: Sequence[SampledLabel],
    named: Mapping[Scope, Timeline],
    *,
    parameters: MeasureParameters,
) -> dict[Scope, Estimate]:
    """Estimate the share of speech that is said to nobody who is there.

    `unanswered`: those of it that no other voice answers; `named`: parts of the film by their
    scopes.
    """
    if not sample:
        return {}
    alone = Timeline.of(segment.interval for segment in unanswered)
    rows = [_as_addressed(row, alone) for row in stretches(speech, sample)]
    found = {}
    for scope, within in named.items():
        here = clipped(rows, within)
        sampled = frame(here)
        if sampled.is_enough and not are_all_labelled(here):
            found[scope] = prediction_powered(sampled, level=parameters.level)
    return found


def _as_addressed(row: Stretch, alone: Timeline) -> Stretch:
    is_alone = (alone & Timeline((row.interval,))).duration_s > row.interval.duration_s / 2
    return replace(
        row,
        predicted=_TO_NOBODY if is_alone else _TO_SOMEBODY,
        label=None if row.label is None else _ADDRESSED.get(row.label, row.label),
    )

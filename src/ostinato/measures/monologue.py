"""Speech that no other voice answers: how much of it there is, and how quickly voices take turns.

Speech falls into talks, which pause for no longer than `answer_s`. A talk of one voice is a run
that nobody answers; in any other talk each voice has another one close before or after it. Where a
voice is not known it may be any: the low bound takes it for another one, the high bound for the
same.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np

from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.scopes import scopes
from ostinato.results import Monologue, Scene, SpeechSegment
from ostinato.timeline import Timeline

_MINUTE_S = 60.0


def monologues(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
) -> tuple[Monologue, ...]:
    """Share of the speech that nobody answers, in the film and in each part of it.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order, never overlapping; `voice` is None where it is not known.
    film_duration_s : float
        Length of the film, > 0.
    scenes : sequence of Scene
        The scene table; may be empty.
    parameters : MeasureParameters
        How soon an answer comes.

    Returns
    -------
    tuple of Monologue
        One for each scope. A segment belongs where its middle lies; talks are those of the film.
        `share` is None where a voice is not known, and `low` and `high` then bound it.

    Raises
    ------
    ParameterError
        If a scene lies beyond the film.
    """
    ordered = sorted(speech, key=lambda s: s.interval)
    named = scopes(scenes, film_duration_s=film_duration_s)
    return tuple(_monologue(ordered, scope, within, parameters) for scope, within in named.items())


def _monologue(
    speech: Sequence[SpeechSegment], scope: str, within: Timeline, parameters: MeasureParameters
) -> Monologue:
    talks = list(_talks(speech, parameters.answer_s))
    here = [s for s in speech if _is_inside(s, within)]
    least, most = (
        [[s for s in talk if _is_inside(s, within)] for talk in talks if is_unanswered(talk)]
        for is_unanswered in (_is_of_one_voice, _may_be_of_one_voice)
    )
    speech_s, least_s, most_s = (
        sum(s.interval.duration_s for s in some)
        for some in (here, *(list(chain.from_iterable(runs)) for runs in (least, most)))
    )
    turns_s = [
        after.start_s - before.end_s
        for talk in talks
        for before, after in pairwise(talk)
        if before.voice != after.voice and _is_inside(after, within)
    ]
    n_unknown = sum(s.voice is None for s in here)
    is_known = bool(here) and n_unknown == 0
    return Monologue(
        scope=scope,
        n_runs=sum(bool(run) for run in least),
        unanswered_s=least_s,
        speech_s=speech_s,
        share=least_s / speech_s if is_known else None,
        low=least_s / speech_s if speech_s else None,
        high=most_s / speech_s if speech_s else None,
        turns_per_minute=len(turns_s) * _MINUTE_S / speech_s if is_known else None,
        median_latency_s=float(np.median(turns_s)) if is_known and turns_s else None,
        method=(
            f"speech of one voice with no other within {parameters.answer_s:g} s; "
            f"the voice of {n_unknown} of {len(here)} segments is not known"
        ),
    )


def _is_inside(segment: SpeechSegment, within: Timeline) -> bool:
    middle_s = (segment.start_s + segment.end_s) / 2
    return any(i.start_s <= middle_s < i.end_s for i in within)


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

"""Narration against dialogue, and the range that undecided speech leaves the answer in."""

from collections.abc import Sequence

from ostinato.measures.scopes import scopes
from ostinato.results import Kind, Ratio, Scene, SpeechSegment
from ostinato.timeline import Timeline

METHOD = (
    "narration and dialogue in seconds of speech decided by labels or subtitles; "
    "soliloquy counts as dialogue, being spoken in the scene; "
    "low and high are the range if all undetermined speech were dialogue or all narration, "
    "not a confidence interval"
)


def ratios(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
) -> tuple[Ratio, ...]:
    """Narration to dialogue in the film and in each part of it.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        Never overlapping; one that crosses a border of a scope is cut there.
    film_duration_s : float
        Length of the film, > 0.
    scenes : sequence of Scene
        The scene table; may be empty.

    Returns
    -------
    tuple of Ratio
        One for each scope. `ratio` and `share` are None where nothing is decided, and `ratio`
        where there is no dialogue. `low` and `high` bound `share` and are None where nobody
        speaks. `n_labels` counts the segments that a label decided.

    Raises
    ------
    ParameterError
        If a scene lies beyond the film.
    """
    named = scopes(scenes, film_duration_s=film_duration_s)
    return tuple(_ratio(speech, scope, within) for scope, within in named.items())


def _ratio(speech: Sequence[SpeechSegment], scope: str, within: Timeline) -> Ratio:
    narration_s = _seconds(speech, within, {"narration"})
    dialogue_s = _seconds(speech, within, {"dialogue", "soliloquy"})
    undetermined_s = _seconds(speech, within, {"undetermined"})
    decided_s = narration_s + dialogue_s
    spoken_s = decided_s + undetermined_s
    most_narration_s = narration_s + undetermined_s
    return Ratio(
        scope=scope,
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        ratio=_quotient(narration_s, dialogue_s),
        share=_quotient(narration_s, decided_s),
        low=_quotient(narration_s, spoken_s),
        high=_quotient(most_narration_s, spoken_s),
        method=METHOD,
        n_labels=sum(
            segment.decided_by == "label"
            and bool((Timeline((segment.interval,)) & within).intervals)
            for segment in speech
        ),
        ratio_low=_quotient(narration_s, dialogue_s + undetermined_s),
        ratio_high=_quotient(most_narration_s, dialogue_s),
    )


def _seconds(speech: Sequence[SpeechSegment], within: Timeline, kinds: set[Kind]) -> float:
    spoken = Timeline.of(segment.interval for segment in speech if segment.kind in kinds)
    return (spoken & within).duration_s


def _quotient(part_s: float, whole_s: float) -> float | None:
    return part_s / whole_s if whole_s > 0 else None

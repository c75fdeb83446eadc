"""Choices that another person might have made, and what a film's events are under each of them.

A specification is one choice for each question that bears on a claim: how near is near enough, at
which p-value an occurrence counts, whether edges lie one error further in or out, whether people's
labels are used. What is varied is the evidence, never the rule of the verdict.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal

from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.scopes import BEGINNINGS_PERCENT
from ostinato.results import Occurrence, Results, Song, SpeechSegment

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
    return dataclasses.replace(
        one,
        film_start_s=start_s,
        film_end_s=end_s,
        song_start_s=min(max(0.0, song_start_s), song.duration_s),
        song_end_s=min(max(0.0, song_end_s), song.duration_s),
    )


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
        yield dataclasses.replace(one, playing_id=first.playing_id)


def without_labels(results: Results) -> Results:
    """Return results as if nobody had labelled the film: subtitles alone decide."""
    return dataclasses.replace(
        results, labels=(), chosen=(), speech=tuple(map(_without_label, results.speech))
    )


def _without_label(segment: SpeechSegment) -> SpeechSegment:
    if segment.decided_by not in {"label", "classifier"}:
        return segment
    if segment.predicted_by == "subtitles" and segment.predicted is not None:
        return dataclasses.replace(segment, kind=segment.predicted, decided_by="subtitles")
    return dataclasses.replace(
        segment, kind="undetermined", p_narration=None, decided_by=None, predicted=None
    )


def has_labels(results: Results) -> bool:
    """Tell whether people's labels bear on the kinds of speech."""
    return bool(results.labels) or any(one.decided_by == "label" for one in results.speech)

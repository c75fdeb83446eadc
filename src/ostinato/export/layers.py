"""What goes out to other programs: named layers of rows, the program's apart from a person's.

A layer is called ``occurrences@ostinato`` or ``labels@person``, as tiers are by custom: what it
holds, and whose it is. Nothing that the program says stands in a person's layer, so that no opinion
comes back as a label.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from ostinato.results import (
    KINDS,
    Candidate,
    Film,
    Kind,
    Occurrence,
    Results,
    SpeechSegment,
    Transition,
)

__all__ = ["LAYER_TITLES", "OWN", "Layer", "LayerRow", "Maker", "layers_of", "without_overlaps"]

Maker = Literal["ostinato", "person"]
OWN: Maker = "ostinato"
"""Whose the program's layers are."""
LAYER_TITLES = (
    *("occurrences@ostinato", "playings@ostinato", "transitions@ostinato", "candidates@ostinato"),
    *(f"{kind}@ostinato" for kind in KINDS),
    *("voices@ostinato", "singing@ostinato", "occurrences@person", "rejected@person"),
    *("edges@person", "voice names@person", "scenes@person", "labels@person"),
)
"""All layers that there may be, in the order in which they are written."""
_TRANSITION_WORDS = {True: "goes on", False: "starts elsewhere"}
_Time = TypeVar("_Time", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """A stretch of film time and what is said of it.

    Parameters
    ----------
    id : str
        Of the event in the results; empty where it has none.
    start_s, end_s : float
        Film time, 0 or more; they are equal for an instant.
    text : str
        A title, a kind, a name: as it stands in the results, whatever characters it has.
    details : dict of str to str, float or None
        What else is known, by names of fields that say their units.
    """

    id: str
    start_s: float
    end_s: float
    text: str
    details: dict[str, str | float | None] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """The details in one line."""
        known = (f"{key} {value}" for key, value in self.details.items() if value is not None)
        return "; ".join(known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Rows of one sort, in film order, and who says so."""

    name: str
    by: Maker
    rows: tuple[LayerRow, ...]

    @property
    def title(self) -> str:
        """How it is called in other programs."""
        return f"{self.name}@{self.by}"

    def words(self, row: LayerRow) -> str:
        """Return what stands where a format has one text for a row.

        Of the program's rows it begins with the event, so that it is nobody's label.
        """
        return row.text if self.by != OWN else f"{row.id} {row.text}"


def layers_of(results: Results, *, program: Results | None = None) -> tuple[Layer, ...]:
    """Return all that goes out, layer by layer; those without rows are left out.

    Parameters
    ----------
    results : Results
        Of the film, with what a person has said.
    program : Results or None, optional
        The same without; None where nobody has changed them.

    Returns
    -------
    tuple of Layer
        In the order of `LAYER_TITLES`.
    """
    made = {**_of_program(results if program is None else program), **_of_person(results)}
    layers = []
    for title in LAYER_TITLES:
        name, _, by = title.partition("@")
        rows = tuple(sorted(made[title], key=_in_film_order))
        layers.append(Layer(name=name, by=OWN if by == OWN else "person", rows=rows))
    return tuple(layer for layer in layers if layer.rows)


def _of_program(results: Results) -> dict[str, Iterable[LayerRow]]:
    titles = _titles(results)
    return {
        "occurrences@ostinato": (_occurrence(one, titles) for one in results.occurrences),
        "playings@ostinato": _playings(results.occurrences, titles),
        "transitions@ostinato": _transitions(results),
        "candidates@ostinato": (_candidate(one, titles) for one in results.candidates),
        **{f"{kind}@ostinato": _speech(results.speech, kind) for kind in KINDS},
        "voices@ostinato": _voices(results.speech),
        "singing@ostinato": _singing(results),
    }


def _of_person(results: Results) -> dict[str, Iterable[LayerRow]]:
    titles = _titles(results)
    confirmed = (one for one in results.occurrences if one.review is not None)
    drawn = (one for one in results.speech if one.edges_by == "person")
    return {
        "occurrences@person": (_occurrence(one, titles) for one in confirmed),
        "rejected@person": (_occurrence(one, titles) for one in results.rejected),
        "edges@person": (_row(one.id, (one.start_s, one.end_s), one.id) for one in drawn),
        "voice names@person": _voice_names(results),
        "scenes@person": _scenes(results),
        "labels@person": _labels(results),
    }


def _titles(results: Results) -> dict[str, str]:
    return {song.id: song.title for song in results.songs}


def end_of_film_s(film: Film, layers: Sequence[Layer]) -> float:
    """Return the film time at which film and rows have ended."""
    return max([film.start_s + film.duration_s, *(r.end_s for one in layers for r in one.rows)])


def without_overlaps(
    rows: Iterable[tuple[_Time, _Time, str]],
) -> list[list[tuple[_Time, _Time, str]]]:
    """Deal rows out to as few tiers as hold them without overlap.

    Parameters
    ----------
    rows : iterable of (time, time, str)
        In the order of time.

    Returns
    -------
    list of list
        One tier at least.
    """
    tiers: list[list[tuple[_Time, _Time, str]]] = [[]]
    for row in rows:
        free = next((tier for tier in tiers if not tier or tier[-1][1] <= row[0]), None)
        if free is None:
            tiers.append([row])
        else:
            free.append(row)
    return tiers


def _in_film_order(row: LayerRow) -> tuple[float, float, str]:
    return (row.start_s, row.end_s, row.id)


def _row(
    name: str,
    times_s: tuple[float, float],
    text: str,
    details: dict[str, str | float | None] | None = None,
) -> LayerRow:
    # a stream may begin before a player's zero, and no editor shows such a time
    start_s, end_s = (max(0.0, time_s) for time_s in times_s)
    return LayerRow(id=name, start_s=start_s, end_s=end_s, text=text, details=details or {})


def _occurrence(one: Occurrence, titles: dict[str, str]) -> LayerRow:
    details: dict[str, str | float | None] = {
        "playing": one.playing_id,
        "song_start_s": one.song_start_s,
        "song_end_s": one.song_end_s,
        "speed": one.speed,
        "pitch": one.pitch,
        "p_value": one.p_value,
        "level_lufs": one.level_lufs,
        "likeness": one.likeness,
        "scene": one.scene,
        "review": one.review,
    }
    times_s = one.film_start_s, one.film_end_s
    return _row(one.id, times_s, titles.get(one.song_id, one.song_id), details)


def _playings(occurrences: Sequence[Occurrence], titles: dict[str, str]) -> Iterator[LayerRow]:
    playings: dict[str, list[Occurrence]] = {}
    for one in occurrences:
        playings.setdefault(one.playing_id, []).append(one)
    for name, own in playings.items():
        times_s = min(one.film_start_s for one in own), max(one.film_end_s for one in own)
        parts = " ".join(one.id for one in own)
        song_id = own[0].song_id
        yield _row(name, times_s, titles.get(song_id, song_id), {"occurrences": parts})


def _transitions(results: Results) -> Iterator[LayerRow]:
    by_id = {one.id: one for one in results.occurrences}
    for one in results.transitions:
        before, after = by_id.get(one.from_id), by_id.get(one.to_id)
        if before is not None and after is not None:
            yield _transition(one, before.film_end_s, after.film_start_s)


def _transition(one: Transition, end_s: float, next_s: float) -> LayerRow:
    details: dict[str, str | float | None] = {
        "from": one.from_id,
        "to": one.to_id,
        "gap_s": one.gap_s,
        "film_gap_s": one.film_gap_s,
    }
    words = one.outcome or _TRANSITION_WORDS[one.continues]
    # what begins before the other ends is an instant
    return _row(f"{one.from_id}-{one.to_id}", (min(end_s, next_s), next_s), words, details)


def _candidate(one: Candidate, titles: dict[str, str]) -> LayerRow:
    details: dict[str, str | float | None] = {
        "refused": one.refused,
        "song_start_s": one.song_start_s,
        "song_end_s": one.song_end_s,
        "speed": one.speed,
        "p_value": one.p_value,
    }
    times_s = one.film_start_s, one.film_end_s
    return _row(one.id, times_s, titles.get(one.song_id, one.song_id), details)


def _speech(segments: Sequence[SpeechSegment], kind: Kind) -> Iterator[LayerRow]:
    for one in segments:
        if _own_kind(one) == kind:
            by = one.predicted_by if one.decided_by == "label" else one.kind_by
            details: dict[str, str | float | None] = {
                "p_narration": one.p_narration,
                "decided_by": by,
                "voice": one.voice,
            }
            yield _row(one.id, (one.start_s, one.end_s), kind, details)


def _own_kind(one: SpeechSegment) -> Kind:
    """Return the kind that a segment has without a person's label."""
    return (one.predicted or "undetermined") if one.decided_by == "label" else one.kind


def _voices(segments: Sequence[SpeechSegment]) -> Iterator[LayerRow]:
    for one in segments:
        if one.voice is not None:
            yield _row(one.id, (one.start_s, one.end_s), one.voice)


def _voice_names(results: Results) -> Iterator[LayerRow]:
    names = {voice.id: voice.name for voice in results.voices}
    for one in results.speech:
        name = names.get(one.voice or "")
        if name is not None:
            yield _row(one.id, (one.start_s, one.end_s), name, {"voice": one.voice})


def _singing(results: Results) -> Iterator[LayerRow]:
    for number, one in enumerate(results.songs_voice, start=1):
        yield _row(f"SV{number}", (one.start_s, one.end_s), "singing")


def _scenes(results: Results) -> Iterator[LayerRow]:
    for number, one in enumerate(results.scenes, start=1):
        details: dict[str, str | float | None] = {"story": one.story, "day": one.day}
        yield _row(f"SC{number}", (one.start_s, one.end_s), one.name, details)


def _labels(results: Results) -> Iterator[LayerRow]:
    for one in results.speech:
        if one.decided_by == "label":
            yield _row(one.id, (one.start_s, one.end_s), one.kind)
    for label in results.labels:  # in which a sample found no speech
        if label.kind == "none":
            yield _row("", (label.start_s, label.end_s), label.kind)

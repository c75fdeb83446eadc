"""What the page asks to be done, and the edit of a journal that this is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec

from ostinato.errors import ParameterError, StudyError
from ostinato.results import (
    LABEL_KINDS,
    Candidate,
    LabelKind,
    Occurrence,
    Results,
    Scene,
    Song,
    SpeechSegment,
    Voice,
)
from ostinato.review import (
    Edit,
    State,
    accept_occurrence,
    add_occurrence,
    add_speech,
    draw_scene,
    give_kind,
    give_voice,
    merge_occurrences,
    merge_speech,
    merge_voices,
    move_occurrence,
    move_scene,
    move_speech,
    name_scene,
    name_voice,
    part_voice,
    promote_candidate,
    redo,
    reject_occurrence,
    remove_scene,
    remove_speech,
    split_occurrence,
    split_speech,
    undo,
)

_Row = TypeVar("_Row", Occurrence, Candidate, SpeechSegment, Voice, Song)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request of the page: what to `do`, to which row, as it stood after entry `last_seen`."""

    do: str
    last_seen: int
    token: str
    id: str | None = None
    ids: tuple[str, ...] = ()
    start_s: float | None = None
    end_s: float | None = None
    at_s: float | None = None
    kind: str | None = None
    song: str | None = None
    name: str | None = None
    narrates: bool | None = None
    story: str | None = None
    day: str | None = None
    voice: str | None = None
    sequence: int | None = None


def read_wish(body: bytes) -> Wish:
    """Read a request; ParameterError if it is none."""
    try:
        return msgspec.json.decode(body, type=Wish)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ParameterError("the request", f"it is no change ({error})", "Use the page") from error


def edit_of(wish: Wish, results: Results, state: State) -> Edit:
    """Return the edit that a wish is.

    `results`: as the page shows them. Raises StudyError if it is about what is not there.
    """
    make = _WISHES.get(wish.do)
    if make is None:
        raise ParameterError(
            f"{wish.do[:40]!r}", "it is no change", f"Ask for one of {', '.join(_WISHES)}"
        )
    return replace(make(wish, results, state), token=wish.token)


def _accept(wish: Wish, results: Results, _state: State) -> Edit:
    return accept_occurrence(_one(wish, results.occurrences), results)


def _reject(wish: Wish, results: Results, _state: State) -> Edit:
    return reject_occurrence(_one(wish, results.occurrences), results)


def _promote(wish: Wish, results: Results, _state: State) -> Edit:
    return promote_candidate(_one(wish, results.candidates), results)


def _remove(wish: Wish, results: Results, _state: State) -> Edit:
    row = _row(wish, results)
    if isinstance(row, Scene):
        return remove_scene(row)
    if isinstance(row, SpeechSegment):
        return remove_speech(row)
    raise _unfit(wish)


def _move(wish: Wish, results: Results, _state: State) -> Edit:
    row, start_s, end_s = _row(wish, results), _given(wish, "start_s"), _given(wish, "end_s")
    if isinstance(row, Occurrence):
        return move_occurrence(row, results, start_s=start_s, end_s=end_s)
    if isinstance(row, SpeechSegment):
        return move_speech(row, start_s=start_s, end_s=end_s)
    return move_scene(row, start_s=start_s, end_s=end_s)


def _split(wish: Wish, results: Results, _state: State) -> Edit:
    row, at_s = _row(wish, results), _given(wish, "at_s")
    if isinstance(row, Occurrence):
        return split_occurrence(row, results, at_s=at_s)
    if isinstance(row, SpeechSegment):
        return split_speech(row, at_s=at_s)
    raise _unfit(wish)


def _merge(wish: Wish, results: Results, _state: State) -> Edit:
    rows = [_row(replace(wish, id=one), results) for one in wish.ids]
    occurrences = [one for one in rows if isinstance(one, Occurrence)]
    if len(occurrences) == len(rows) > 1:
        return merge_occurrences(occurrences, results)
    segments = [one for one in rows if isinstance(one, SpeechSegment)]
    if len(segments) == len(rows) > 1:
        return merge_speech(segments)
    raise _unfit(wish)


def _kind(wish: Wish, results: Results, _state: State) -> Edit:
    return give_kind(_one(wish, results.speech), _kind_of(wish))


def _add(wish: Wish, results: Results, _state: State) -> Edit:
    start_s, end_s = _given(wish, "start_s"), _given(wish, "end_s")
    if wish.song is not None:
        song = _by_id(results.songs, wish.song)
        return add_occurrence(song, start_s, end_s)
    if wish.kind is not None:
        return add_speech(start_s, end_s, _kind_of(wish))
    return draw_scene(_name_of(wish), start_s, end_s, story=wish.story, day=wish.day)


def _name(wish: Wish, results: Results, _state: State) -> Edit:
    voice = next((one for one in results.voices if one.id == wish.id), None)
    if voice is not None:
        return name_voice(voice, results, name=wish.name, narrates=wish.narrates)
    row = _row(wish, results)
    if isinstance(row, Scene):
        return name_scene(row, name=_name_of(wish), story=wish.story, day=wish.day)
    raise _unfit(wish)


def _merge_voices(wish: Wish, results: Results, _state: State) -> Edit:
    return merge_voices([_by_id(results.voices, one) for one in wish.ids], results)


def _part_voice(wish: Wish, results: Results, _state: State) -> Edit:
    voice = _by_id(results.voices, wish.id or "")
    return part_voice(voice, results, [_by_id(results.speech, one) for one in wish.ids])


def _give_voice(wish: Wish, results: Results, _state: State) -> Edit:
    voice = None if wish.voice is None else _by_id(results.voices, wish.voice)
    return give_voice(_one(wish, results.speech), voice, results)


def _undo(wish: Wish, _results: Results, state: State) -> Edit:
    entry = state.next_undo
    if wish.sequence is not None:
        entry = next((one for one in state.in_force if one.sequence == wish.sequence), None)
    if entry is None:
        raise StudyError("undo", "there is nothing to undo", "Go on")
    return undo(entry)


def _redo(_wish: Wish, _results: Results, state: State) -> Edit:
    if state.next_redo is None:
        raise StudyError("redo", "there is nothing to do again", "Go on")
    return redo(state.next_redo)


_WISHES: dict[str, Callable[[Wish, Results, State], Edit]] = {
    "accept": _accept,
    "reject": _reject,
    "promote": _promote,
    "remove": _remove,
    "move": _move,
    "split": _split,
    "merge": _merge,
    "kind": _kind,
    "add": _add,
    "name": _name,
    "merge_voices": _merge_voices,
    "part_voice": _part_voice,
    "give_voice": _give_voice,
    "undo": _undo,
    "redo": _redo,
}


def scene_id(index: int) -> str:
    """Name a scene by its place: scenes have no identifier of their own."""
    return f"scene-{index}"


def _row(wish: Wish, results: Results) -> Occurrence | SpeechSegment | Scene:
    scenes = {scene_id(i): one for i, one in enumerate(results.scenes)}
    if wish.id in scenes:
        return scenes[wish.id]
    occurrence = next((one for one in results.occurrences if one.id == wish.id), None)
    return _one(wish, results.speech) if occurrence is None else occurrence


def _one(wish: Wish, rows: Sequence[_Row]) -> _Row:
    return _by_id(rows, wish.id or "")


def _by_id(rows: Sequence[_Row], name: str) -> _Row:
    for row in rows:
        if row.id == name:
            return row
    raise StudyError(
        f"row {name[:40]!r}", "it is not there, or cannot be changed so", "Choose another"
    )


def _given(wish: Wish, name: str) -> float:
    value: float | None = getattr(wish, name)
    if value is None:
        raise ParameterError(wish.do, f"it needs {name}", "Use the page")
    return value


def _kind_of(wish: Wish) -> LabelKind:
    kind = next((one for one in LABEL_KINDS if one == wish.kind), None)
    if kind is None:
        raise ParameterError(
            f"kind {wish.kind!r}",
            "it is no kind of speech",
            f"Give one of {', '.join(LABEL_KINDS)}",
        )
    return kind


def _name_of(wish: Wish) -> str:
    if not wish.name:
        raise ParameterError("the scene", "it has no name", "Write one")
    return wish.name


def _unfit(wish: Wish) -> StudyError:
    return StudyError(
        f"row {wish.id or wish.ids}", f"{wish.do} cannot be done to it", "Choose another"
    )

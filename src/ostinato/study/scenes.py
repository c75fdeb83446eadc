"""The scene table: stretches of film that a person has marked, with their story and day.

A table with a header, separated by tabs, commas or semicolons, with the columns ``start``, ``end``
and ``name``, and if wanted ``story`` and ``day``. Times are seconds or ``h:mm:ss`` of film time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.results import Scene
from ostinato.speech import (
    END_NAMES,
    START_NAMES,
    TimeColumn,
    check_marks,
    name_and_unit,
    read_table,
    time_column,
)
from ostinato.timeline import timecode

_NAMES = ("name", "scene", "section", "passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How messages call the stretches of a table, and what they are stretches of."""

    stretch: str
    whole: str
    mend: str


_OF_A_FILM = Wording(
    stretch="scene",
    whole="film",
    mend="Give columns start, end and name, and if wanted story and day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneReading:
    """The scenes of a table, and in which encoding it was read where that had to be guessed."""

    scenes: tuple[Scene, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Columns:
    start: TimeColumn
    end: TimeColumn
    words: dict[str, int]


def read_scenes(path: Path) -> tuple[Scene, ...]:
    """Read a scene table.

    Parameters
    ----------
    path : pathlib.Path
        The table; rows in any order. Scenes may overlap and need not cover the film.

    Returns
    -------
    tuple of Scene
        In film order.

    Raises
    ------
    StudyError
        If the file cannot be read or holds no scene, a column is missing, or a row has no name, a
        time that is no timecode, or an end at or before its start.
    """
    return read_scene_table(path).scenes


def read_scene_table(path: Path) -> SceneReading:
    """Read a scene table, and say how.

    Parameters
    ----------
    path : pathlib.Path
        As for `read_scenes`.

    Returns
    -------
    SceneReading
        With its scenes in film order.

    Raises
    ------
    StudyError
        As for `read_scenes`.
    """
    return read_stretches(path, _OF_A_FILM)


def read_stretches(path: Path, wording: Wording) -> SceneReading:
    """Read a table of named stretches, of a film or of anything else that lasts."""
    table = read_table(path)
    scenes: list[Scene] = []
    if table.rows:
        columns = _columns(path, table.rows[0][1], wording)
        rows = table.rows[1:]
        check_marks(path, rows, {columns.start.index, columns.end.index})
        scenes = [_scene(path, number, cells, columns, wording) for number, cells in rows]
    if not scenes:
        raise StudyError(str(path), f"it holds no {wording.stretch}s", wording.mend)
    ordered = sorted(scenes, key=lambda scene: (scene.start_s, scene.end_s, scene.name))
    return SceneReading(scenes=tuple(ordered), note=table.note)


def _columns(path: Path, header: Sequence[str], wording: Wording) -> _Columns:
    start, end = time_column(header, START_NAMES), time_column(header, END_NAMES)
    names = [name_and_unit(cell)[0] for cell in header]
    words: dict[str, int] = {name: names.index(name) for name in ("story", "day") if name in names}
    named = next((names.index(name) for name in _NAMES if name in names), None)
    if named is not None:
        words["name"] = named
    found = {"start": start, "end": end, "name": named}
    missing = [column for column, place in found.items() if place is None]
    if start is None or end is None or missing:
        reason = f"it has no column {' or '.join(missing)}, only {shorten(', '.join(header), 80)}"
        raise StudyError(str(path), reason, wording.mend)
    return _Columns(start, end, words)


def _scene(
    path: Path, number: int, cells: Sequence[str], columns: _Columns, wording: Wording
) -> Scene:
    values = {name: cells[i] for name, i in columns.words.items() if i < len(cells)}
    row = f"{path}, row {number}"
    if not values.get("name"):
        reason = f"the {wording.stretch} has no name"
        raise StudyError(row, reason, f"Name every {wording.stretch}")
    scene = f"{row}, {wording.stretch} {values['name'][:40]!r}"
    start_s, end_s = (_time_s(scene, side, cells) for side in (columns.start, columns.end))
    if start_s < 0:
        raise StudyError(
            scene, f"it begins {-start_s:g} s before the {wording.whole}", "Move its start"
        )
    if end_s <= start_s:
        raise StudyError(
            scene,
            f"it ends at {timecode(max(0.0, end_s), decimals=1)}, not after its start at "
            f"{timecode(start_s, decimals=1)}",
            "Exchange the two times, or correct them",
        )
    return Scene(
        name=values["name"],
        start_s=start_s,
        end_s=end_s,
        story=values.get("story") or None,
        day=values.get("day") or None,
    )


def _time_s(scene: str, column: TimeColumn, cells: Sequence[str]) -> float:
    try:
        return column.seconds(cells[column.index] if column.index < len(cells) else "")
    except ParameterError as error:
        raise StudyError(f"{scene}, {error.thing}", error.reason, error.mend) from error

"""The scene table: stretches of film that a person has marked, with their story and day.

A table with a header, separated by tabs, commas or semicolons, with the columns ``start``, ``end``
and ``name``, and if wanted ``story`` and ``day``. Times are seconds or ``h:mm:ss`` of film time.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.results import Scene
from ostinato.speech import read_rows
from ostinato.timeline import Interval, parse_timecode

_COLUMNS = {
    "start": ("start", "start_s", "from"),
    "end": ("end", "end_s", "to"),
    "name": ("name", "scene", "passage"),
    "story": ("story",),
    "day": ("day",),
}
_MEND = "Give columns start, end and name, and if wanted story and day"


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
    rows = read_rows(path)
    columns = _columns(path, rows[0][1]) if rows else {}
    scenes = [_scene(path, number, cells, columns) for number, cells in rows[1:]]
    if not scenes:
        raise StudyError(str(path), "it holds no scenes", _MEND)
    return tuple(sorted(scenes, key=lambda scene: (scene.start_s, scene.end_s, scene.name)))


def _columns(path: Path, header: Sequence[str]) -> dict[str, int]:
    names = [name.lower() for name in header]
    columns = {
        column: names.index(name)
        for column, accepted in _COLUMNS.items()
        for name in accepted
        if name in names
    }
    missing = [column for column in ("start", "end", "name") if column not in columns]
    if missing:
        reason = f"it has no column {' or '.join(missing)}, only {shorten(', '.join(header), 80)}"
        raise StudyError(str(path), reason, _MEND)
    return columns


def _scene(path: Path, number: int, cells: Sequence[str], columns: dict[str, int]) -> Scene:
    values = {name: cells[i] for name, i in columns.items() if i < len(cells)}
    row = f"{path}, row {number}"
    if not values.get("name"):
        raise StudyError(row, "the scene has no name", "Name every scene")
    try:
        interval = Interval(*(parse_timecode(values.get(side, "")) for side in ("start", "end")))
    except ParameterError as error:
        raise StudyError(f"{row}, {error.thing}", error.reason, error.mend) from error
    return Scene(
        name=values["name"],
        start_s=interval.start_s,
        end_s=interval.end_s,
        story=values.get("story") or None,
        day=values.get("day") or None,
    )

"""Cue sheets of both sorts: what rights societies ask for, and what players of sound read.

The music cue sheet lists the occurrences, with columns for composer, publisher and use that a
person fills in. The ``.cue`` files count 75 frames a second and have no ends, and 99 tracks at
most: more go into a second file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import count

from ostinato.export.layers import Layer, LayerRow
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet, file_name
from ostinato.timeline import timecode

__all__ = ["cue_sheet"]

_HEAD = ("cue", "title", "in", "out", "duration", "composer", "publisher", "use", "notes")
_FRAMES_PER_S = 75
_MOST_TRACKS = 99
_OBEYED_BY_SPREADSHEETS = ("=", "+", "-", "@")


def cue_sheet(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a music cue sheet, and the cues of each layer for players."""
    files: dict[str, bytes] = {}
    for layer in sheet.layers:
        for number, start in enumerate(range(0, len(layer.rows), _MOST_TRACKS), start=1):
            suffix = ".cue" if number == 1 else f"-{number}.cue"
            rows = layer.rows[start : start + _MOST_TRACKS]
            text = "\n".join(_for_players(sheet, layer, rows)) + "\n"
            files[file_name("cue-sheet", layer, suffix)] = text.encode()
        if layer.name == "occurrences":
            files["cue-sheet/music-cue-sheet.csv"] = _for_rights(layer)
    return files


def _for_rights(layer: Layer) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for one in layer.rows:
        title = on_line(one.text)
        if title.startswith(_OBEYED_BY_SPREADSHEETS):
            title = on_line(one.text, obeyed=title[0])
        times_s = one.start_s, one.end_s, one.end_s - one.start_s
        times = (timecode(time_s, decimals=2) for time_s in times_s)
        writer.writerow([one.id, title, *times, "", "", "", on_line(one.note)])
    return text.getvalue().encode()


def _for_players(sheet: ExportSheet, layer: Layer, rows: Sequence[LayerRow]) -> Iterator[str]:
    yield f'REM COMMENT "{layer.title}, written by Ostinato"'
    yield f'TITLE "{_quoted(sheet.title)}"'
    yield f'FILE "{_quoted(sheet.film.name)}" WAVE'
    free = 0
    for one, number in zip(rows, count(1), strict=False):
        frame = max(free, round(one.start_s * _FRAMES_PER_S))
        free = frame + 1
        seconds, frames = divmod(frame, _FRAMES_PER_S)
        yield f"  TRACK {number:02d} AUDIO"
        yield f'    TITLE "{_quoted(layer.words(one))}"'
        yield f"    INDEX 01 {seconds // 60:02d}:{seconds % 60:02d}:{frames:02d}"


def _quoted(text: str) -> str:
    return on_line(text, obeyed='"')

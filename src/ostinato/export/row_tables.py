"""Tables, cue sheets and subtitles of layers: a line for each row.

References
----------
.. [1] NIST, *The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan*, appendix A.

The music cue sheet lists the occurrences, with columns for composer, publisher and use that a
person fills in. The ``.cue`` files count 75 frames a second and have no ends, and 99 tracks at
most: more go into a second file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from ostinato.export.annotation_editors import milliseconds
from ostinato.export.layers import Layer, LayerRow
from ostinato.export.sheet import NO_TEXT, ExportSheet, file_name, on_line
from ostinato.results import RUN_BY_SPREADSHEETS
from ostinato.timeline import seconds_text, timecode

COLUMNS = ("layer", "by", "id", "start_s", "end_s", "text", "note")
"""Of the table of all layers."""
_COLOURS = {"ostinato": "#4477aa", "person": "#ee6677"}
_SHORTEST_S = 1e-6
_HEAD = ("cue", "title", "in", "out", "duration", "composer", "publisher", "use", "notes")
_FRAMES_PER_S = 75
_MOST_TRACKS = 99
_OBEYED_BY_SPREADSHEETS = ("=", "+", "-", "@")
_OBEYED = "\\<>{}"  # breaks of lines, tags, arrows between times, directions
_TIME = re.compile(r"\d:\d{1,2}:\d{1,2}[.,]\d")  # readers take two on a line for a cue's
_ENTITY = re.compile(r"&#?\w+;")


def tsv(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one table of all layers."""
    rows = [
        (
            *(layer.title, layer.by, one.id),
            *(seconds_text(one.start_s), seconds_text(one.end_s)),
            *(_cell(one.text), _cell(one.note)),
        )
        for layer in sheet.layers
        for one in layer.rows
    ]
    return {"layers.tsv": _lines("\t".join(cells) for cells in [COLUMNS, *rows])}


def audacity(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a label track of each layer."""
    return {
        file_name("audacity", layer, ".txt"): _lines(
            f"{one.start_s:.6f}\t{one.end_s:.6f}\t{on_line(layer.words(one))}" for one in layer.rows
        )
        for layer in sheet.layers
    }


def sonic_visualiser(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a layer of regions of each layer; what a song is at goes into their height."""
    return {
        file_name("sv", layer, ".csv"): _csv(
            ("time", "value", "duration", "label"), (_region(layer, one) for one in layer.rows)
        )
        for layer in sheet.layers
    }


def _region(layer: Layer, one: LayerRow) -> Sequence[str]:
    height = one.details.get("song_start_s")
    value = height if isinstance(height, float | int) else 0.0
    length_s = one.end_s - one.start_s
    words = on_line(layer.words(one))
    return seconds_text(one.start_s), seconds_text(value), f"{length_s:.9f}", words


def tilia(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a timeline of ranges, with a row for each layer."""
    rows = [
        (
            seconds_text(one.start_s),
            seconds_text(max(one.end_s, one.start_s + _SHORTEST_S)),
            layer.title,
            on_line(layer.words(one)),
            _COLOURS[layer.by],
            on_line(one.note),
        )
        for layer in sheet.layers
        for one in layer.rows
    ]
    head = ("start", "end", "row", "label", "color", "comments")
    return {"tilia-ranges.csv": _csv(head, rows)}


def rttm(sheet: ExportSheet) -> dict[str, bytes]:
    """Return who speaks, sings or is heard when; blanks within names are underscores."""
    uri = _word(sheet.stem)
    return {
        file_name("rttm", layer, ".rttm"): _lines(
            f"SPEAKER {uri} 1 {one.start_s:.3f} {_length_ms(one)} <NA> <NA> {_word(one.text)} "
            "<NA> <NA>"
            for one in layer.rows
        )
        for layer in sheet.layers
    }


def _length_ms(one: LayerRow) -> str:
    length_ms = round(one.end_s * 1000) - round(one.start_s * 1000)
    return f"{max(1, length_ms) / 1000:.3f}"


def _word(text: str) -> str:
    return "_".join(on_line(text).split()) or "_"


def _cell(text: str) -> str:
    """Write a cell that no spreadsheet runs, and that no reader takes for a quoted one."""
    is_active = text.startswith((*RUN_BY_SPREADSHEETS, '"', "'", "#"))
    return on_line(text, obeyed=text[0]) if is_active else on_line(text)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


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


def srt(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a file of SubRip for each layer."""
    return {
        file_name("srt", layer, ".srt"): "\n".join(_blocks(layer, ",")).encode()
        for layer in sheet.layers
    }


def vtt(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a file of WebVTT for each layer."""
    return {
        file_name("vtt", layer, ".vtt"): "\n".join(
            [f"WEBVTT - {layer.title}\n", *_blocks(layer, ".")]
        ).encode()
        for layer in sheet.layers
    }


def _blocks(layer: Layer, mark: str) -> Iterator[str]:
    rows = ((one.start_s, one.end_s, _words(layer.words(one))) for one in layer.rows)
    for number, (start, end, text) in enumerate(milliseconds(rows), start=1):
        words = text if mark == "," else text.replace("&", "&amp;")
        yield f"{number}\n{_time(start, mark)} --> {_time(end, mark)}\n{words}\n"


def _words(text: str) -> str:
    times = ":" if len(_TIME.findall(text)) > 1 else ""
    entities = "&" if _ENTITY.search(text) else ""
    return on_line(text, obeyed=_OBEYED + times + entities) or NO_TEXT


def _time(time_ms: int, mark: str) -> str:
    seconds, rest_ms = divmod(time_ms, 1000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{clock}{mark}{rest_ms:03d}"

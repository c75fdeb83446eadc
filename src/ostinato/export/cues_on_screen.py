"""Layers as subtitles, to be seen over the film: SRT and WebVTT, times in whole milliseconds."""

import re
from collections.abc import Iterator

from ostinato.export.eaf import milliseconds
from ostinato.export.layers import Layer
from ostinato.export.one_line import NO_TEXT, on_line
from ostinato.export.sheet import ExportSheet, file_name

__all__ = ["srt", "vtt"]

_OBEYED = "\\<>{}"  # breaks of lines, tags, arrows between times, directions
_TIME = re.compile(r"\d:\d{1,2}:\d{1,2}[.,]\d")  # readers take two on a line for a cue's
_ENTITY = re.compile(r"&#?\w+;")


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

"""Layers as subtitles, to be seen over the film: SRT and WebVTT, times in whole milliseconds."""

from collections.abc import Iterator

from ostinato.export.eaf import milliseconds
from ostinato.export.layers import Layer
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet, file_name

__all__ = ["srt", "vtt"]

_OBEYED_IN_SRT = "<>{}"  # tags, arrows between times, directions
_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def srt(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a file of SubRip for each layer."""
    return {
        file_name("srt", layer, ".srt"): "\n".join(
            f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{text}\n"
            for number, (start, end, text) in enumerate(_cues(layer, _OBEYED_IN_SRT), start=1)
        ).encode()
        for layer in sheet.layers
    }


def vtt(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a file of WebVTT for each layer."""
    return {
        file_name("vtt", layer, ".vtt"): (
            f"WEBVTT - {layer.title}\n\n"
            + "\n".join(
                f"{number}\n{_time(start, '.')} --> {_time(end, '.')}\n{text.translate(_ENTITIES)}\n"
                for number, (start, end, text) in enumerate(_cues(layer, ""), start=1)
            )
        ).encode()
        for layer in sheet.layers
    }


def _cues(layer: Layer, obeyed: str) -> Iterator[tuple[int, int, str]]:
    return milliseconds(
        # a cue without a text is none
        (one.start_s, one.end_s, on_line(layer.words(one), obeyed=obeyed) or "\u2013")
        for one in layer.rows
    )


def _time(time_ms: int, mark: str) -> str:
    seconds, rest_ms = divmod(time_ms, 1000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{clock}{mark}{rest_ms:03d}"

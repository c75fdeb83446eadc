"""Tables of layers: for a spreadsheet, Audacity, Sonic Visualiser, TiLiA and speech tools.

References
----------
.. [1] NIST, *The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan*, appendix A.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from ostinato.export.layers import Layer, LayerRow
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet, file_name
from ostinato.timeline import seconds_text

__all__ = ["audacity", "rttm", "sonic_visualiser", "tilia", "tsv"]

COLUMNS = ("layer", "by", "id", "start_s", "end_s", "text", "note")
"""Of the table of all layers."""
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")
_COLOURS = {"ostinato": "#4477aa", "person": "#ee6677"}
_SHORTEST_S = 1e-6


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
    is_active = text.startswith((*_RUN_BY_SPREADSHEETS, '"', "'", "#"))
    return on_line(text, obeyed=text[0]) if is_active else on_line(text)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()

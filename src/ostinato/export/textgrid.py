"""Praat's annotation files: a tier of intervals for each layer, tiled from 0 to the end.

References
----------
.. [1] P. Boersma and D. Weenink, *Praat: doing phonetics by computer*, manual, "TextGrid file
       formats".
"""

from collections.abc import Iterable, Sequence

from ostinato.export.eaf import numbered
from ostinato.export.layers import without_overlaps
from ostinato.export.one_line import NO_TEXT, on_line
from ostinato.export.sheet import ExportSheet
from ostinato.timeline import seconds_text

__all__ = ["textgrid", "textgrid_document"]

_Rows = Sequence[tuple[float, float, str]]
_SHORTEST_S = 1e-6


def textgrid(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one file of Praat with all layers."""
    tiers: list[tuple[str, _Rows]] = []
    for layer in sheet.layers:
        rows = (
            (
                one.start_s,
                max(one.end_s, one.start_s + _SHORTEST_S),
                on_line(layer.words(one)) or NO_TEXT,
            )
            for one in layer.rows
        )
        parted = enumerate(without_overlaps(rows), start=1)
        tiers += [(numbered(layer.title, number), own) for number, own in parted]
    return {"layers.TextGrid": textgrid_document(tiers, sheet.end_s)}


def textgrid_document(tiers: Sequence[tuple[str, _Rows]], end_s: float) -> bytes:
    """Write tiers, of which none overlaps, as a file of Praat."""
    end_s = max([end_s, *(row[1] for _, rows in tiers for row in rows)])
    end = seconds_text(end_s)
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0"]
    lines += [f"xmax = {end}", "tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (name, rows) in enumerate(tiers, start=1):
        intervals = _without_gaps(rows, end_s)
        lines += [f"    item [{number}]:", '        class = "IntervalTier"']
        lines += [f"        name = {_quoted(name)}", "        xmin = 0", f"        xmax = {end}"]
        lines += [f"        intervals: size = {len(intervals)}"]
        for i, (start_s, stop_s, text) in enumerate(intervals, start=1):
            lines += [f"        intervals [{i}]:", f"            xmin = {seconds_text(start_s)}"]
            lines += [f"            xmax = {seconds_text(stop_s)}"]
            lines += [f"            text = {_quoted(text)}"]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _without_gaps(
    tier: Iterable[tuple[float, float, str]], end_s: float
) -> list[tuple[float, float, str]]:
    """Fill a tier: Praat knows no stretch without an interval."""
    filled: list[tuple[float, float, str]] = []
    now_s = 0.0
    for start_s, stop_s, text in [*tier, (end_s, end_s, "")]:
        if start_s > now_s:
            filled.append((now_s, start_s, ""))
        if stop_s > start_s:
            filled.append((start_s, stop_s, text))
        now_s = stop_s
    return filled

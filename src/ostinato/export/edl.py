"""Edit lists of the form of CMX 3600, of which each event is a marker.

DaVinci Resolve takes them by Timelines, Import, Timeline Markers from EDL; others read the line
``* LOC:``. Events are sorted, and no two lie on one frame: an editor would keep the last of them.
"""

from collections.abc import Iterator

from ostinato.export.layers import Layer
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet, file_name

__all__ = ["edl"]

_COLOURS = {"ostinato": "Blue", "person": "Pink"}
_LONGEST_TITLE = 70  # of CMX 3600


def edl(sheet: ExportSheet) -> dict[str, bytes]:
    """Return an edit list of each layer."""
    return {
        file_name("edl", layer, ".edl"): "\n".join(_list(sheet, layer)).encode()
        for layer in sheet.layers
    }


def _list(sheet: ExportSheet, layer: Layer) -> Iterator[str]:
    yield f"TITLE: {on_line(f'{layer.title} {sheet.title}', obeyed='|')[:_LONGEST_TITLE]}"
    yield f"FCM: {'DROP FRAME' if sheet.rate.is_drop else 'NON-DROP FRAME'}"
    yield ""
    colour = _COLOURS[layer.by]
    for number, (first, length, words) in enumerate(_markers(sheet, layer), start=1):
        start, end = (sheet.rate.timecode(sheet.first_frame + first + n) for n in (0, 1))
        yield f"{number:03d}  001      V     C        {start} {end} {start} {end}"
        yield f"* LOC: {start} {colour.upper():7} {words}"
        yield f" |C:ResolveColor{colour} |M:{words} |D:{length}"
        yield ""


def _markers(sheet: ExportSheet, layer: Layer) -> Iterator[tuple[int, int, str]]:
    free = 0
    for one in layer.rows:
        first, end = sheet.frames(one.start_s, one.end_s)
        first = max(first, free)
        free = first + 1
        yield first, max(1, end - first), on_line(layer.words(one), obeyed="|")

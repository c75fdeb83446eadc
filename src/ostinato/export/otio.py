"""OpenTimelineIO: a track for each layer, which carries a marker for each row.

Tracks are of the kind video, though they show nothing: what has sound alone, adapters refuse. Texts
are on one line: the library's own ends where a NUL stands.
"""

import json
from typing import Any

from ostinato.export.layers import Layer, LayerRow
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet

__all__ = ["otio"]

_COLOURS = {"ostinato": "BLUE", "person": "PINK"}


def otio(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one timeline with all layers."""
    stack = _item("Stack.1", "tracks") | {
        "children": [_track(sheet, layer) for layer in sheet.layers]
    }
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {"ostinato": {"film": on_line(sheet.film.name), "sha256": sheet.film.sha256}},
        "name": on_line(sheet.title),
        "global_start_time": _time(sheet, sheet.first_frame),
        "tracks": stack,
    }
    return {"layers.otio": json_bytes(timeline)}


def json_bytes(document: object) -> bytes:
    """Write a document of JSON that people may read."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _track(sheet: ExportSheet, layer: Layer) -> dict[str, Any]:
    gap = _item("Gap.1", "") | {"source_range": _range(sheet, 0, sheet.n_frames)}
    markers = [_marker(sheet, layer, one) for one in layer.rows]
    track = _item("Track.1", layer.title) | {"kind": "Video", "children": [gap]}
    return track | {"markers": markers, "metadata": {"ostinato": {"by": layer.by}}}


def _marker(sheet: ExportSheet, layer: Layer, one: LayerRow) -> dict[str, Any]:
    first, end = sheet.frames(one.start_s, one.end_s)
    own = {"id": one.id, "start_s": one.start_s, "end_s": one.end_s, "text": on_line(one.text)}
    details = {k: on_line(v) if isinstance(v, str) else v for k, v in one.details.items()}
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {"ostinato": own | details},
        "name": on_line(layer.words(one)),
        "color": _COLOURS[layer.by],
        "comment": on_line(one.note),
        "marked_range": _range(sheet, first, end - first),
    }


def _item(schema: str, name: str) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": {},
        "name": name,
        "source_range": None,
        "effects": [],
        "markers": [],
        "enabled": True,
    }


def _range(sheet: ExportSheet, first: int, length: int) -> dict[str, Any]:
    times = {"start_time": _time(sheet, first), "duration": _time(sheet, length)}
    return {"OTIO_SCHEMA": "TimeRange.1"} | times


def _time(sheet: ExportSheet, frames: int) -> dict[str, Any]:
    rate = float(sheet.rate.frames)
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": float(frames)}

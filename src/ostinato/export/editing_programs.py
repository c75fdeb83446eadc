"""Layers for editing programs: edit lists, Final Cut Pro, Premiere, OpenTimelineIO.

DaVinci Resolve takes them by Timelines, Import, Timeline Markers from EDL; others read the line
``* LOC:``. Events are sorted, and no two lie on one frame: an editor would keep the last of them.

Times are fractions of a second that are whole frames. The film is a clip with a picture: what has
sound alone, readers refuse. It is named and not linked: Final Cut Pro asks where it is.

References
----------
.. [1] Apple, *FCPXML Reference*, version 1.8.

Premiere does not read what Final Cut Pro X writes. Each row is a marker of its sequence, counted in
frames from the film's first.

References
----------
.. [1] Apple, *Final Cut Pro XML Interchange Format*, version 5, 2010.

Tracks are of the kind video, though they show nothing: what has sound alone, adapters refuse. Texts
are on one line: the library's own ends where a NUL stands.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from ostinato.export.layers import Layer, LayerRow
from ostinato.export.sheet import ExportSheet, file_name, on_line

_COLOURS = {"ostinato": "Blue", "person": "Pink"}
_LONGEST_TITLE = 70  # of CMX 3600
_MARKER_COLOURS = {"ostinato": "BLUE", "person": "PINK"}


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


def fcpxml(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one library with a project of each layer."""
    document = ET.Element("fcpxml", version="1.8")
    length = _seconds(sheet, sheet.n_frames)
    resources = ET.SubElement(document, "resources")
    ET.SubElement(resources, "format", id="r1", frameDuration=_seconds(sheet, 1))
    ET.SubElement(
        resources,
        "asset",
        id="r2",
        name=on_line(sheet.film.name),
        src="./" + quote(on_line(sheet.film.name)),
        start="0s",
        duration=length,
        format="r1",
        hasVideo="1",
        hasAudio="1",
    )
    library = ET.SubElement(document, "library")
    event = ET.SubElement(library, "event", name=on_line(sheet.title))
    for layer in sheet.layers:
        _write_project(event, sheet, layer, length)
    return {"layers.fcpxml": xml_bytes(document, "fcpxml")}


def _write_project(event: ET.Element, sheet: ExportSheet, layer: Layer, length: str) -> None:
    project = ET.SubElement(event, "project", name=layer.title)
    sequence = ET.SubElement(
        project,
        "sequence",
        format="r1",
        duration=length,
        tcStart=_seconds(sheet, sheet.first_frame),
        tcFormat="DF" if sheet.rate.is_drop else "NDF",
    )
    clip = ET.SubElement(
        ET.SubElement(sequence, "spine"),
        "asset-clip",
        name=on_line(sheet.film.name),
        ref="r2",
        offset=_seconds(sheet, sheet.first_frame),
        start="0s",
        duration=length,
    )
    for one in layer.rows:
        first, end = sheet.frames(one.start_s, one.end_s)
        marker = ET.SubElement(
            clip,
            "marker",
            start=_seconds(sheet, first),
            duration=_seconds(sheet, end - first),
            value=on_line(layer.words(one)),
        )
        if one.note:
            marker.set("note", on_line(one.note))


def _seconds(sheet: ExportSheet, frames: int) -> str:
    time = Fraction(frames) / sheet.rate.frames
    return (
        f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"
    )


def premiere(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one project with a sequence of each layer."""
    document = ET.Element("xmeml", version="5")
    project = ET.SubElement(document, "project")
    ET.SubElement(project, "name").text = on_line(sheet.title)
    children = ET.SubElement(project, "children")
    for number, layer in enumerate(sheet.layers, start=1):
        _write_sequence(children, sheet, layer, number)
    return {"premiere.xml": xml_bytes(document, "xmeml")}


def xml_bytes(document: ET.Element, doctype: str) -> bytes:
    """Write a document with the type that editors know it by."""
    ET.indent(document)
    text: str = ET.tostring(document, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n{text}\n'.encode()


def _write_sequence(children: ET.Element, sheet: ExportSheet, layer: Layer, number: int) -> None:
    sequence = ET.SubElement(children, "sequence", id=f"sequence-{number}")
    ET.SubElement(sequence, "name").text = layer.title
    ET.SubElement(sequence, "duration").text = str(sheet.n_frames)
    _write_rate(sequence, sheet)
    timecode = ET.SubElement(sequence, "timecode")
    _write_rate(timecode, sheet)
    ET.SubElement(timecode, "string").text = sheet.rate.timecode(sheet.first_frame)
    ET.SubElement(timecode, "frame").text = str(sheet.first_frame)
    ET.SubElement(timecode, "displayformat").text = "DF" if sheet.rate.is_drop else "NDF"
    media = ET.SubElement(sequence, "media")
    for kind in ("video", "audio"):
        ET.SubElement(ET.SubElement(media, kind), "track")
    for one in layer.rows:
        first, end = sheet.frames(one.start_s, one.end_s)
        marker = ET.SubElement(sequence, "marker")
        ET.SubElement(marker, "name").text = on_line(layer.words(one))
        ET.SubElement(marker, "comment").text = on_line(one.note)
        ET.SubElement(marker, "in").text = str(first)
        ET.SubElement(marker, "out").text = str(end)


def _write_rate(parent: ET.Element, sheet: ExportSheet) -> None:
    rate = ET.SubElement(parent, "rate")
    ET.SubElement(rate, "timebase").text = str(sheet.rate.timebase)
    ET.SubElement(rate, "ntsc").text = "TRUE" if sheet.rate.is_ntsc else "FALSE"


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
        "color": _MARKER_COLOURS[layer.by],
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

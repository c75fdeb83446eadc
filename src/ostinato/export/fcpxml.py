"""XML of Final Cut Pro X: a project for each layer, in which the film carries the markers.

Times are fractions of a second that are whole frames. The film is a clip with a picture: what has
sound alone, readers refuse. It is named and not linked: Final Cut Pro asks where it is.

References
----------
.. [1] Apple, *FCPXML Reference*, version 1.8.
"""

from fractions import Fraction
from urllib.parse import quote
from xml.etree import ElementTree as ET

from ostinato.export.layers import Layer
from ostinato.export.one_line import on_line
from ostinato.export.premiere import xml_bytes
from ostinato.export.sheet import ExportSheet

__all__ = ["fcpxml"]


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

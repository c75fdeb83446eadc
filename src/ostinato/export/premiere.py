"""XML of Final Cut Pro 7, which Premiere Pro and DaVinci Resolve read: a sequence for each layer.

Premiere does not read what Final Cut Pro X writes. Each row is a marker of its sequence, counted in
frames from the film's first.

References
----------
.. [1] Apple, *Final Cut Pro XML Interchange Format*, version 5, 2010.
"""

from xml.etree import ElementTree as ET

from ostinato.export.layers import Layer
from ostinato.export.one_line import on_line
from ostinato.export.sheet import ExportSheet

__all__ = ["premiere"]


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

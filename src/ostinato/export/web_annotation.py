"""Annotations of the web: W3C's model, and IIIF's manifest of a film with them.

References
----------
.. [1] W3C, *Web Annotation Data Model*, 2017; *Media Fragments URI 1.0*, 2012.
.. [2] IIIF, *Presentation API 3.0*, 2020.
"""

import base64
import mimetypes
from typing import Any
from urllib.parse import quote

from ostinato.export.layers import OWN, Layer, LayerRow
from ostinato.export.one_line import on_line
from ostinato.export.otio import json_bytes
from ostinato.export.sheet import PLACEHOLDER_URL, ExportSheet, file_name
from ostinato.timeline import seconds_text
from ostinato.version import VERSION

__all__ = ["iiif", "web_annotation"]

_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_MAKERS: dict[str, dict[str, str]] = {
    OWN: {"type": "Software", "name": f"Ostinato {VERSION}"},
    "person": {"type": "Person"},
}


def web_annotation(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a collection of each layer."""
    return {
        file_name("web-annotation", layer, ".json"): json_bytes(_collection(sheet, layer))
        for layer in sheet.layers
    }


def _collection(sheet: ExportSheet, layer: Layer) -> dict[str, Any]:
    place = sheet.base_url + file_name("web-annotation", layer, ".json")
    page = {
        "id": f"{place}#page",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": [
            {
                **_annotation(f"{place}#{number}", layer, one),
                "creator": _MAKERS[layer.by],
                "target": {
                    "source": _source(sheet),
                    "selector": {
                        "type": "FragmentSelector",
                        "conformsTo": _FRAGMENTS,
                        "value": _fragment(one),
                    },
                },
            }
            for number, one in enumerate(layer.rows, start=1)
        ],
    }
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": place,
        "type": "AnnotationCollection",
        "label": layer.title,
        "creator": _MAKERS[layer.by],
        "total": len(layer.rows),
        "first": page,
    }


def _source(sheet: ExportSheet) -> str:
    """Return where the film is; before that is known, by its content."""
    if sheet.base_url != PLACEHOLDER_URL:
        return sheet.base_url + quote(on_line(sheet.film.name))
    digest = base64.urlsafe_b64encode(bytes.fromhex(sheet.film.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _annotation(name: str, layer: Layer, one: LayerRow) -> dict[str, Any]:
    bodies = [{"type": "TextualBody", "value": layer.words(one), "format": "text/plain"}]
    if one.note:
        note = {"type": "TextualBody", "value": one.note, "format": "text/plain"}
        bodies.append(note | {"purpose": "describing"})
    motivation = "tagging" if len(bodies) == 1 else "commenting"
    body = bodies[0] if len(bodies) == 1 else bodies
    return {"id": name, "type": "Annotation", "motivation": motivation, "body": body}


def _fragment(one: LayerRow) -> str:
    if one.end_s <= one.start_s:  # an instant: a fragment ends after it begins
        return f"t={seconds_text(one.start_s)}"
    return f"t={seconds_text(one.start_s)},{seconds_text(one.end_s)}"


def iiif(sheet: ExportSheet) -> dict[str, bytes]:
    """Return a manifest of the film, with a page of annotations for each layer."""
    base = sheet.base_url
    canvas = f"{base}canvas"
    sound: dict[str, Any] = {
        "id": base + quote(on_line(sheet.film.name)),
        "type": "Sound",
        "duration": sheet.end_s,
    }
    if (kind := mimetypes.guess_type(sheet.film.name)[0]) is not None:
        sound["format"] = kind
    painting = {"id": f"{canvas}/sound", "type": "Annotation", "motivation": "painting"}
    page = {
        "id": f"{canvas}/page",
        "type": "AnnotationPage",
        "items": [painting | {"body": sound, "target": canvas}],
    }
    manifest = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{base}manifest.json",
        "type": "Manifest",
        "label": {"none": [sheet.title]},
        "items": [
            {
                "id": canvas,
                "type": "Canvas",
                "duration": sheet.end_s,
                "items": [page],
                "annotations": [
                    _page(canvas, n, layer) for n, layer in enumerate(sheet.layers, start=1)
                ],
            }
        ],
    }
    return {"manifest.json": json_bytes(manifest)}


def _page(canvas: str, number: int, layer: Layer) -> dict[str, Any]:
    place = f"{canvas}/layer/{number}"
    return {
        "id": place,
        "type": "AnnotationPage",
        "label": {"none": [layer.title]},
        "items": [
            _annotation(f"{place}/{n}", layer, one) | {"target": f"{canvas}#{_fragment(one)}"}
            for n, one in enumerate(layer.rows, start=1)
        ],
    }

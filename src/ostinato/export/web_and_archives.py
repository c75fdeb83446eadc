"""Layers as JSON for the web, for archives and for music information retrieval.

References
----------
.. [1] W3C, *Web Annotation Data Model*, 2017; *Media Fragments URI 1.0*, 2012.
.. [2] IIIF, *Presentation API 3.0*, 2020.

References
----------
.. [1] E. Humphrey *et al.*, "JAMS: a JSON annotated music specification for reproducible MIR
       research", *ISMIR* 2014, 591-596.

References
----------
.. [1] S. Soiland-Reyes *et al.*, "Packaging research artefacts with RO-Crate", *Data Science* 5(2),
       2022; RO-Crate Metadata Specification 1.1.
"""

import base64
import hashlib
import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ostinato.export.editing_programs import json_bytes
from ostinato.export.layers import OWN, Layer, LayerRow
from ostinato.export.sheet import PLACEHOLDER_URL, ExportSheet, file_name, on_line
from ostinato.results import encode_results
from ostinato.timeline import seconds_text
from ostinato.version import VERSION

_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_MAKERS: dict[str, dict[str, str]] = {
    OWN: {"type": "Software", "name": f"Ostinato {VERSION}"},
    "person": {"type": "Person"},
}
_SCHEMA_VERSION = "0.3.4"
CRATE_NAME = "ro-crate-metadata.json"
RESULTS_COPY = "crate/results.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_SOFTWARE = "#ostinato"
_KINDS = {
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
    ".eaf": "application/xml",
    ".fcpxml": "application/xml",
    ".json": "application/json",
    ".jams": "application/json",
    ".otio": "application/json",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
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


def jams(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one file of JAMS with all layers."""
    film = sheet.film
    document = {
        "annotations": [_jams_annotation(sheet, layer) for layer in sheet.layers],
        "file_metadata": {
            "title": sheet.title,
            "artist": film.director or "",
            "release": film.edition or "",
            "duration": sheet.end_s,
            "identifiers": {"sha256": film.sha256},
            "jams_version": _SCHEMA_VERSION,
        },
        "sandbox": {},
    }
    return {"layers.jams": json_bytes(document)}


def _jams_annotation(sheet: ExportSheet, layer: Layer) -> dict[str, Any]:
    is_own = layer.by == OWN
    return {
        "namespace": "tag_open",
        "time": 0.0,
        "duration": sheet.end_s,
        "annotation_metadata": {
            "curator": {"name": "", "email": ""},
            "annotator": {},
            "version": VERSION if is_own else "",
            "corpus": "",
            "annotation_tools": "Ostinato",
            "annotation_rules": "",
            "validation": "",
            "data_source": "program" if is_own else "manual annotation",
        },
        "data": [
            {
                "time": one.start_s,
                "duration": one.end_s - one.start_s,
                "value": layer.words(one),
                "confidence": None,
            }
            for one in layer.rows
        ],
        "sandbox": {
            "layer": layer.title,
            "rows": [{"id": one.id} | one.details for one in layer.rows],
        },
    }


def crate(sheet: ExportSheet, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    """Describe the results and the files that were written beside them."""
    results = {RESULTS_COPY: encode_results(sheet.results)}
    files = [_file(name, content) for name, content in (results | dict(beside)).items()]
    film = sheet.film
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{sheet.title}: what its soundtrack repeats, and who speaks in it",
        "description": f"Made by Ostinato {VERSION} of the film {film.name}, sha256 {film.sha256}.",
        "hasPart": [{"@id": file["@id"]} for file in files],
        "creator": {"@id": _SOFTWARE},
    }
    if sheet.results.run.started_at:
        root["datePublished"] = sheet.results.run.started_at
    descriptor = {
        "@id": CRATE_NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _SPECIFICATION},
    }
    software = {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "Ostinato",
        "version": VERSION,
    }
    document = {
        "@context": f"{_SPECIFICATION}/context",
        "@graph": [descriptor, root, software, *files],
    }
    return {**results, CRATE_NAME: json_bytes(document)}


def _file(name: str, content: bytes) -> dict[str, Any]:
    suffix = "." + name.rpartition(".")[2]
    kind = _KINDS.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "encodingFormat": kind,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }

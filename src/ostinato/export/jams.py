"""JAMS, in which music information retrieval exchanges annotations: one for each layer.

References
----------
.. [1] E. Humphrey *et al.*, "JAMS: a JSON annotated music specification for reproducible MIR
       research", *ISMIR* 2014, 591-596.
"""

from typing import Any

from ostinato.export.layers import OWN, Layer
from ostinato.export.otio import json_bytes
from ostinato.export.sheet import ExportSheet
from ostinato.version import VERSION

__all__ = ["jams"]

_SCHEMA_VERSION = "0.3.4"


def jams(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one file of JAMS with all layers."""
    film = sheet.film
    document = {
        "annotations": [_annotation(sheet, layer) for layer in sheet.layers],
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


def _annotation(sheet: ExportSheet, layer: Layer) -> dict[str, Any]:
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

"""RO-Crate: what an archive wants to know of a folder of files, as JSON-LD beside them.

References
----------
.. [1] S. Soiland-Reyes *et al.*, "Packaging research artefacts with RO-Crate", *Data Science* 5(2),
       2022; RO-Crate Metadata Specification 1.1.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ostinato.export.otio import json_bytes
from ostinato.export.sheet import ExportSheet
from ostinato.results import encode_results
from ostinato.version import VERSION

__all__ = ["CRATE_NAME", "crate"]

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

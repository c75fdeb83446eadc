"""JSON of speech recognition, diarisation and the web becomes rows.

Whisper, WhisperX, faster-whisper and whisper.cpp write segments with words; pyannote writes
segments with labels; Web Annotation and IIIF write annotations whose targets end in a fragment of
time. All are known by their content, for all end in ``.json``.

References
----------
.. [1] W3C, *Web Annotation Data Model*, 2017; *Media Fragments URI 1.0*, 2012.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.encoding import read_bytes, read_written
from ostinato.speech.annotations.foreign.foreign_rows import Collector, ForeignFile
from ostinato.timeline import parse_timecode

_MEND = "Give JSON of Whisper, WhisperX or pyannote, or a Web Annotation"
_LISTS = ("segments", "transcription", "diarization", "content", "results")
_FRAGMENT = re.compile(r"(?:^|[#&?])t=(?:npt:)?([^&,]*)(?:,([^&]*))?")
_DEEPEST = 12
_CHILDREN = ("items", "annotations", "first", "@graph")
_LAYER_TYPES = ("AnnotationPage", "AnnotationCollection")
_Object = Mapping[str, Any]


def read_json(path: Path) -> ForeignFile:
    """Read a file of JSON.

    Raises StudyError if it is none, or holds nothing that is known.
    """
    document, notes = _parsed(path)
    rows = Collector(path)
    if annotations := list(_annotations(document, "", 0)):
        for number, (layer, annotation) in enumerate(annotations, start=1):
            _take_annotation(rows, layer, f"annotation {number}", annotation)
        return rows.found("Web Annotation", "anything", notes)
    name, found = _segments(document, 0)
    if found is None:
        raise StudyError(str(path), "it is JSON, and holds no segments and no annotations", _MEND)
    for number, one in enumerate(found, start=1):
        _take_segment(rows, f"segment {number}", one)
    is_words = any(isinstance(one, dict) and {"text", "word"} & one.keys() for one in found)
    return rows.found(name, "words" if is_words else "speakers", notes)


def _parsed(path: Path) -> tuple[Any, tuple[str, ...]]:
    """Parse Unicode as it is, and what is none as a text of unknown encoding."""
    notes: tuple[str, ...] = ()
    text: str | bytes = read_bytes(path)
    try:
        try:
            document = json.loads(text)
        except UnicodeDecodeError:
            written = read_written(path)
            notes = () if written.note is None else (written.note,)
            document = json.loads(written.text)
    except RecursionError as error:
        raise StudyError(str(path), "it is nested too deeply", _MEND) from error
    except ValueError as error:  # digits without end are one as well
        raise StudyError(str(path), f"it is no JSON ({error})"[:200], _MEND) from error
    return document, notes


def _segments(document: object, depth: int) -> tuple[str, Sequence[object] | None]:
    """Find the list of rows, and name who writes such ones."""
    if isinstance(document, list):
        return "JSON", document if any(isinstance(one, dict) for one in document) else None
    if not isinstance(document, dict) or depth > 2:  # noqa: PLR2004 - of output, within an answer
        return "", None
    for key in _LISTS:
        found = document.get(key)
        if isinstance(found, list):
            return _writer(document, key), found
    return _segments(document.get("output"), depth + 1)


def _writer(document: _Object, key: str) -> str:
    if key in {"content", "diarization"}:
        return "pyannote"
    if "word_segments" in document:
        return "WhisperX"
    return "Whisper"


def _take_segment(rows: Collector, place: str, one: object) -> None:
    if not isinstance(one, dict):
        rows.miss(place)
        return
    label = one.get("label")
    speaker = one.get("speaker", label if "text" not in one else "")
    text = one.get("text", one.get("word", label or speaker))
    rows.take(
        "",
        place,
        _times(one),
        text.strip() if isinstance(text, str) else "",
        speaker=speaker if isinstance(speaker, str) else "",
    )


def _times(one: _Object) -> tuple[object, object]:
    """Return seconds; whisper.cpp counts milliseconds, and pyannote has an object of its own."""
    segment, offsets = one.get("segment"), one.get("offsets")
    if isinstance(segment, dict):
        return segment.get("start"), segment.get("end")
    if isinstance(offsets, dict):
        return _of_milliseconds(offsets.get("from")), _of_milliseconds(offsets.get("to"))
    return _seconds(one.get("start")), _seconds(one.get("end"))


def _of_milliseconds(value: object) -> float | None:
    return value / 1000 if isinstance(value, int | float) else None


def _seconds(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_timecode(value)
    except ParameterError:
        return None


def _annotations(node: object, layer: str, depth: int) -> Iterator[tuple[str, _Object]]:
    """Walk through pages, collections and manifests, and give each annotation with its layer."""
    if isinstance(node, list) and depth <= _DEEPEST:
        for one in node:
            yield from _annotations(one, layer, depth + 1)
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    kind = _first(node.get("type", node.get("@type")))
    if kind == "Annotation":
        if "painting" not in _all(node.get("motivation")):  # the film itself
            yield layer, node
        return
    if kind in _LAYER_TYPES:
        layer = _label(node.get("label")) or layer
    for key in _CHILDREN:
        yield from _annotations(node.get(key), layer, depth + 1)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _label(value: object) -> str:
    """Return a label that is a text, or texts by their language."""
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    value = _first(value)
    return value if isinstance(value, str) else ""


def _take_annotation(rows: Collector, layer: str, place: str, one: _Object) -> None:
    creator = one.get("creator")
    maker = creator.get("name") if isinstance(creator, dict) else None
    rows.take(
        layer,
        place,
        _stretch_of(_first(one.get("target"))),
        _body(one.get("body")),
        details={"creator": maker} if isinstance(maker, str) else {},
    )


def _stretch_of(target: object) -> tuple[object, object]:
    """Return start and end of a target: of a fragment of time, or a point of time."""
    for text in _fragments(target):
        found = _FRAGMENT.search(unquote(text))
        if found is not None:
            start = _seconds(found[1] or "0")
            return start, start if found[2] is None else _seconds(found[2])
    if isinstance(target, dict):
        for selector in _all(target.get("selector")):
            if isinstance(selector, dict) and "t" in selector:
                return selector["t"], selector["t"]
    return None, None


def _fragments(target: object) -> Iterator[str]:
    """Return the texts of a target in which a fragment may stand."""
    if isinstance(target, str):
        yield target
    if not isinstance(target, dict):
        return
    for selector in _all(target.get("selector")):
        if isinstance(selector, dict) and isinstance(selector.get("value"), str):
            yield selector["value"]
    source = target.get("id", target.get("source"))
    if isinstance(source, dict):
        source = source.get("id")
    if isinstance(source, str):
        yield source


def _all(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _body(body: object) -> str:
    body = _first(body)
    if isinstance(body, dict):
        body = body.get("value", body.get("chars", ""))
    return body if isinstance(body, str) else ""

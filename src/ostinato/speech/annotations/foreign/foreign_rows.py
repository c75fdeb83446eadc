"""Rows of what other programs wrote, as tables or as JSON.

Whisper, WhisperX, faster-whisper and whisper.cpp write segments with words; pyannote writes
segments with labels; Web Annotation and IIIF write annotations whose targets end in a fragment of
time. All are known by their content, for all end in ``.json``.

References
----------
.. [1] W3C, *Web Annotation Data Model*, 2017; *Media Fragments URI 1.0*, 2012.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.encoding import read_bytes, read_written
from ostinato.speech.annotations.tiers import LATEST_LABEL_S
from ostinato.timeline import parse_timecode

About = Literal["anything", "words", "speakers"]
"""What a format's rows are: words that are spoken, who speaks, or anything."""
MOST_ROWS = 200_000  # a row every 70 ms of a film of four hours
_MEND = "Give JSON of Whisper, WhisperX or pyannote, or a Web Annotation"
_LISTS = ("segments", "transcription", "diarization", "content", "results")
_FRAGMENT = re.compile(r"(?:^|[#&?])t=(?:npt:)?([^&,]*)(?:,([^&]*))?")
_DEEPEST = 12
_CHILDREN = ("items", "annotations", "first", "@graph")
_LAYER_TYPES = ("AnnotationPage", "AnnotationCollection")
_Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRow:
    """A stretch of film and what a file says of it.

    Parameters
    ----------
    place : str
        Where in the file.
    start_s, end_s : float
        Film time; 0 or more, and the end not before the start.
    text : str
        What stands there.
    speaker : str
        Who speaks, if the file says so.
    details : dict of str to str
        What else a table says, by its columns.
    """

    place: str
    start_s: float
    end_s: float
    text: str
    speaker: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLayer:
    """A tier, track or timeline of a file; its name is empty where the format has none."""

    name: str
    rows: tuple[ForeignRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """What was read of a file, and what was not.

    Parameters
    ----------
    format : str
        As people call it.
    about : str
        What its rows are.
    layers : tuple of ForeignLayer
        Those that have rows.
    n_unread : int
        Rows without a time, or with none that is possible.
    first_unread : str or None
        Where the first of them stands.
    notes : tuple of str
        What else a person should know.
    """

    format: str
    about: About
    layers: tuple[ForeignLayer, ...]
    n_unread: int = 0
    first_unread: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """How many rows were read."""
        return sum(len(layer.rows) for layer in self.layers)


@dataclass(slots=True)
class Collector:
    """Gathers rows by layer while a file is read, and counts those that are none."""

    path: Path
    n_unread: int = 0
    first_unread: str | None = None
    _layers: dict[str, list[ForeignRow]] = field(default_factory=dict)
    _n: int = 0

    def take(
        self,
        layer: str,
        place: str,
        times_s: tuple[object, object],
        text: str,
        *,
        speaker: str = "",
        details: dict[str, str] | None = None,
    ) -> None:
        """Take a row if its times are possible."""
        stretch = _stretch(*times_s)
        if stretch is None:
            self.miss(place)
            return
        self._n += 1
        if self._n > MOST_ROWS:
            raise too_many(self.path)
        row = ForeignRow(
            place=place,
            start_s=stretch[0],
            end_s=stretch[1],
            text=text,
            speaker=speaker,
            details=details or {},
        )
        self._layers.setdefault(layer, []).append(row)

    def miss(self, place: str) -> None:
        """Count a row that could not be read."""
        self.n_unread += 1
        if self.first_unread is None:
            self.first_unread = place

    def found(self, name: str, about: About, notes: Iterable[str] = ()) -> ForeignFile:
        """Return what was gathered; StudyError if that is nothing."""
        layers = tuple(
            ForeignLayer(name=layer, rows=tuple(rows)) for layer, rows in self._layers.items()
        )
        if not layers:
            unread = f"; {self.n_unread:,} could not be read" if self.n_unread else ""
            first = f", the first at {self.first_unread}" if self.first_unread else ""
            raise StudyError(
                str(self.path),
                f"it holds no row with a start and an end ({name}){unread}{first}",
                "Export it again, with times in seconds or as h:mm:ss",
            )
        return ForeignFile(
            format=name,
            about=about,
            layers=layers,
            n_unread=self.n_unread,
            first_unread=self.first_unread,
            notes=tuple(notes),
        )


def _stretch(start_s: object, end_s: object) -> tuple[float, float] | None:
    """Return two values if they are times of a film, the second not before the first."""
    if isinstance(start_s, bool) or isinstance(end_s, bool):
        return None
    if not (isinstance(start_s, int | float) and isinstance(end_s, int | float)):
        return None
    if not 0 <= start_s <= end_s <= LATEST_LABEL_S:  # no NaN either
        return None
    return float(start_s), float(end_s)


def too_many(path: Path) -> StudyError:
    """Return the error for a file that is no annotation of a film."""
    return StudyError(
        str(path),
        f"it has more than {MOST_ROWS:,} rows, and no film is annotated so closely",
        "Give a part of it, or rows that say more than a frame",
    )


def numbered(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Count lines from 1, as editors do."""
    return enumerate(texts, start=1)


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
    except json.JSONDecodeError as error:
        raise StudyError(str(path), f"it is no JSON ({error})"[:200], _MEND) from error
    except ValueError as error:  # of Python, which reads no more
        raise StudyError(str(path), "a number in it has thousands of digits", _MEND) from error
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

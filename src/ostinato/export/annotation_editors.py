"""Layers and labels for ELAN, Praat and Audacity: a tier for each.

By its suffix a file is ELAN's (``.eaf``), Praat's (``.TextGrid``), Audacity's (``.txt``) or a table
(``.tsv``). Times are kept to the millisecond in ELAN, and as they are elsewhere.

What ELAN opens wants to be told of the film: Edit, Linked Files. A tier of labels offers the kinds
as a list to choose from.

References
----------
.. [1] Max Planck Institute for Psycholinguistics, "ELAN Annotation Format", schema 2.8, 2014.

References
----------
.. [1] P. Boersma and D. Weenink, *Praat: doing phonetics by computer*, manual, "TextGrid file
       formats".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from ostinato.errors import StudyError
from ostinato.export.layers import Layer, layers_of, without_overlaps
from ostinato.export.sheet import NO_TEXT, ExportSheet, on_line
from ostinato.results import (
    LABEL_KINDS,
    OPEN,
    Results,
    write_atomically,
)
from ostinato.timeline import seconds_text

_Rows = list[tuple[float, float, str]]
KINDS_LIST = "kind"
_PLAIN = "text"
_LANGUAGE = "und"
_NO_DATE = "1970-01-01T00:00:00+00:00"  # ELAN wants one
_VERSION = {
    "FORMAT": "2.8",
    "VERSION": "2.8",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv2.8.xsd",
}
_LayerRows = Sequence[tuple[float, float, str]]
_SHORTEST_S = 1e-6


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of film and the word that stands there: a kind, or `OPEN`."""

    start_s: float
    end_s: float
    word: str


def encode_labels(path: Path, rows: Sequence[Labelled], results: Results) -> bytes:
    """Encode labels for the editor that a suffix names.

    Parameters
    ----------
    path : pathlib.Path
        Ends in .tsv, .txt, .eaf or .TextGrid.
    rows : sequence of Labelled
        In any order; those that overlap are put into tiers of their own where an editor wants it.
    results : Results
        Of the film.

    Returns
    -------
    bytes
        The content of such a file.

    Raises
    ------
    StudyError
        If no editor is known by the suffix.
    """
    encoded = _WRITERS.get(path.suffix.lower())
    if encoded is None:
        raise StudyError(
            str(path),
            f"no editor's files end in {path.suffix or 'nothing'}",
            "Give a name that ends in .eaf (ELAN), .TextGrid (Praat), .txt (Audacity) or .tsv",
        )
    ordered = sorted(rows, key=lambda row: (row.start_s, row.end_s))
    return encoded([(row.start_s, row.end_s, _line(row.word)) for row in ordered], results)


def write_labels(path: Path, rows: Sequence[Labelled], results: Results) -> Path:
    """Write labels for the editor that a suffix names.

    Parameters
    ----------
    path : pathlib.Path
        As for `encode_labels`; its folder is made if it does not exist.
    rows : sequence of Labelled
        In any order.
    results : Results
        Of the film.

    Returns
    -------
    pathlib.Path
        The same.

    Raises
    ------
    StudyError
        If no editor is known by the suffix.
    MediaError
        If the file cannot be written.
    """
    return write_atomically(path, encode_labels(path, rows, results))


def labels_of(results: Results) -> tuple[Labelled, ...]:
    """Return what people have said of the speech.

    Parameters
    ----------
    results : Results
        Of the film.

    Returns
    -------
    tuple of Labelled
        In film order, with what a random sample called no speech.
    """
    labels = (layer.rows for layer in layers_of(results) if layer.name == "labels")
    return tuple(Labelled(one.start_s, one.end_s, one.text) for rows in labels for one in rows)


def _table(rows: _Rows, _results: Results) -> bytes:
    lines = [f"{seconds_text(a)}\t{seconds_text(b)}\t{_cell(word)}\n" for a, b, word in rows]
    return "".join(["start_s\tend_s\tkind\n", *lines]).encode()


def _track(rows: _Rows, _results: Results) -> bytes:
    return "".join(f"{a:.6f}\t{b:.6f}\t{_cell(word)}\n" for a, b, word in rows).encode()


def _text_grid(rows: _Rows, results: Results) -> bytes:
    tiers = enumerate(without_overlaps(rows), start=1)
    named = [(_name(number), tier) for number, tier in tiers]
    return textgrid_document(named, results.film.duration_s)


def _eaf(rows: _Rows, results: Results) -> bytes:
    tiers = enumerate(without_overlaps(milliseconds(rows)), start=1)
    return eaf_document(
        [
            ElanTier(name=_name(number), participant="", rows=tier, has_kinds=True)
            for number, tier in tiers
        ],
        results,
    )


def _cell(word: str) -> str:
    """Write a word as a cell: in quotes where a reader would take its own quotes for such."""
    return '"' + word.replace('"', '""') + '"' if word.startswith('"') else word


def _line(word: str) -> str:
    """Write a word on one line, without what neither XML nor an editor can show."""
    return " ".join("".join(c if c.isprintable() else " " for c in word).split())


def _name(number: int) -> str:
    return KINDS_LIST if number == 1 else f"{KINDS_LIST}@{number}"


_WRITERS: dict[str, Callable[[_Rows, Results], bytes]] = {
    ".tsv": _table,
    ".txt": _track,
    ".eaf": _eaf,
    ".textgrid": _text_grid,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElanTier:
    """A tier: its name, whose it is, and rows in milliseconds that do not overlap.

    With `has_kinds` its annotations are chosen from the list of kinds.
    """

    name: str
    participant: str
    rows: Sequence[tuple[int, int, str]]
    has_kinds: bool = False


def eaf(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one file of ELAN with all layers."""
    tiers = [tier for layer in sheet.layers for tier in _tiers(layer)]
    return {"layers.eaf": eaf_document(tiers, sheet.results)}


def eaf_document(tiers: Sequence[ElanTier], results: Results) -> bytes:
    """Write tiers as a file of ELAN."""
    when = results.run.started_at or _NO_DATE
    document = ET.Element("ANNOTATION_DOCUMENT", {"AUTHOR": "Ostinato", "DATE": when, **_VERSION})
    ET.SubElement(document, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    order = ET.SubElement(document, "TIME_ORDER")
    numbers = iter(range(1, 2 + sum(len(tier.rows) for tier in tiers)))
    for tier in tiers:
        _write_tier(document, order, tier, numbers)
    order[:] = sorted(order, key=lambda slot: int(slot.get("TIME_VALUE", "0")))
    _write_types(document, {tier.has_kinds for tier in tiers})
    ET.indent(document)
    text: str = ET.tostring(document, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def numbered(name: str, number: int) -> str:
    """Return the name of a tier that takes what overlaps in the one of that name."""
    return name if number == 1 else f"{name} ({number})"


def milliseconds(rows: Iterable[tuple[float, float, str]]) -> Iterator[tuple[int, int, str]]:
    """Round times to whole milliseconds; no row is shorter than one."""
    for start_s, end_s, text in rows:
        start_ms = round(start_s * 1000)
        yield start_ms, max(start_ms + 1, round(end_s * 1000)), text


def _tiers(layer: Layer) -> Iterator[ElanTier]:
    rows = milliseconds((one.start_s, one.end_s, on_line(layer.words(one))) for one in layer.rows)
    for number, own in enumerate(without_overlaps(rows), start=1):
        yield ElanTier(
            name=numbered(layer.title, number),
            participant=layer.by,
            rows=own,
            has_kinds=layer.name == "labels",
        )


def _write_tier(
    document: ET.Element, order: ET.Element, tier: ElanTier, numbers: Iterator[int]
) -> None:
    element = ET.SubElement(
        document,
        "TIER",
        LINGUISTIC_TYPE_REF=KINDS_LIST if tier.has_kinds else _PLAIN,
        TIER_ID=tier.name,
    )
    if tier.participant:
        element.set("PARTICIPANT", tier.participant)
    for start_ms, end_ms, text in tier.rows:
        number = next(numbers)
        slots = f"ts{2 * number - 1}", f"ts{2 * number}"
        for slot, time_ms in zip(slots, (start_ms, end_ms), strict=True):
            ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(time_ms))
        annotation = ET.SubElement(
            ET.SubElement(element, "ANNOTATION"),
            "ALIGNABLE_ANNOTATION",
            ANNOTATION_ID=f"a{number}",
            TIME_SLOT_REF1=slots[0],
            TIME_SLOT_REF2=slots[1],
        )
        ET.SubElement(annotation, "ANNOTATION_VALUE").text = text


def _write_types(document: ET.Element, used: set[bool]) -> None:
    """Say of each type of tier what it is, in the order in which the schema wants it."""
    for has_kinds in sorted(used):
        kinds = {"CONTROLLED_VOCABULARY_REF": KINDS_LIST} if has_kinds else {}
        ET.SubElement(
            document,
            "LINGUISTIC_TYPE",
            {
                **kinds,
                "GRAPHIC_REFERENCES": "false",
                "LINGUISTIC_TYPE_ID": KINDS_LIST if has_kinds else _PLAIN,
                "TIME_ALIGNABLE": "true",
            },
        )
    if True in used:
        _write_kinds(document)


def _write_kinds(document: ET.Element) -> None:
    """Offer the kinds as a list."""
    ET.SubElement(document, "LANGUAGE", LANG_ID=_LANGUAGE, LANG_LABEL="undetermined (und)")
    vocabulary = ET.SubElement(document, "CONTROLLED_VOCABULARY", CV_ID=KINDS_LIST)
    ET.SubElement(vocabulary, "DESCRIPTION", LANG_REF=_LANGUAGE)
    for i, word in enumerate((*LABEL_KINDS, OPEN)):
        entry = ET.SubElement(vocabulary, "CV_ENTRY_ML", CVE_ID=f"cveid{i}")
        ET.SubElement(entry, "CVE_VALUE", DESCRIPTION="", LANG_REF=_LANGUAGE).text = word


def textgrid(sheet: ExportSheet) -> dict[str, bytes]:
    """Return one file of Praat with all layers."""
    tiers: list[tuple[str, _LayerRows]] = []
    for layer in sheet.layers:
        rows = (
            (
                one.start_s,
                max(one.end_s, one.start_s + _SHORTEST_S),
                on_line(layer.words(one)) or NO_TEXT,
            )
            for one in layer.rows
        )
        parted = enumerate(without_overlaps(rows), start=1)
        tiers += [(numbered(layer.title, number), own) for number, own in parted]
    return {"layers.TextGrid": textgrid_document(tiers, sheet.end_s)}


def textgrid_document(tiers: Sequence[tuple[str, _LayerRows]], end_s: float) -> bytes:
    """Write tiers, of which none overlaps, as a file of Praat."""
    end_s = max([end_s, *(row[1] for _, rows in tiers for row in rows)])
    end = seconds_text(end_s)
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0"]
    lines += [f"xmax = {end}", "tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (name, rows) in enumerate(tiers, start=1):
        intervals = _without_gaps(rows, end_s)
        lines += [f"    item [{number}]:", '        class = "IntervalTier"']
        lines += [f"        name = {_quoted(name)}", "        xmin = 0", f"        xmax = {end}"]
        lines += [f"        intervals: size = {len(intervals)}"]
        for i, (start_s, stop_s, text) in enumerate(intervals, start=1):
            lines += [f"        intervals [{i}]:", f"            xmin = {seconds_text(start_s)}"]
            lines += [f"            xmax = {seconds_text(stop_s)}"]
            lines += [f"            text = {_quoted(text)}"]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _without_gaps(
    tier: Iterable[tuple[float, float, str]], end_s: float
) -> list[tuple[float, float, str]]:
    """Fill a tier: Praat knows no stretch without an interval."""
    filled: list[tuple[float, float, str]] = []
    now_s = 0.0
    for start_s, stop_s, text in [*tier, (end_s, end_s, "")]:
        if start_s > now_s:
            filled.append((now_s, start_s, ""))
        if stop_s > start_s:
            filled.append((start_s, stop_s, text))
        now_s = stop_s
    return filled

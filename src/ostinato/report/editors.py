"""Labels as files for the editors in which films are annotated.

By its suffix a file is ELAN's (``.eaf``), Praat's (``.TextGrid``), Audacity's (``.txt``) or a table
(``.tsv``). What ELAN opens offers the kinds as a list to choose from, and wants to be told of the
film: Edit, Linked Files. Times are kept to the millisecond there, and as they are elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args
from xml.etree import ElementTree as ET

from ostinato.errors import StudyError
from ostinato.report.answers import said_by_people
from ostinato.results import OPEN, LabelKind, Results, write_atomically
from ostinato.timeline import seconds_text

_TIER = "kind"
_LANGUAGE = "und"
_NO_DATE = "1970-01-01T00:00:00+00:00"  # ELAN wants one
_Time = TypeVar("_Time", int, float)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of film and the word that stands there: a kind, or `OPEN`."""

    start_s: float
    end_s: float
    word: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    rows: Sequence[Labelled]
    results: Results


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
    return encoded(_Sheet(ordered, results))


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
    said = [Labelled(i.start_s, i.end_s, kind) for i, kind in said_by_people(results)]
    return tuple(sorted(said, key=lambda row: row.start_s))


def _table(sheet: _Sheet) -> bytes:
    lines = [
        f"{seconds_text(row.start_s)}\t{seconds_text(row.end_s)}\t{_cell(row.word)}\n"
        for row in sheet.rows
    ]
    return "".join(["start_s\tend_s\tkind\n", *lines]).encode()


def _track(sheet: _Sheet) -> bytes:
    return "".join(
        f"{r.start_s:.6f}\t{r.end_s:.6f}\t{_cell(r.word)}\n" for r in sheet.rows
    ).encode()


def _text_grid(sheet: _Sheet) -> bytes:
    tiers = _tiers([(row.start_s, row.end_s, _line(row.word)) for row in sheet.rows])
    end_s = max([sheet.results.film.duration_s, *(row.end_s for row in sheet.rows)])
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', ""]
    lines += [
        "xmin = 0",
        f"xmax = {seconds_text(end_s)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, tier in enumerate(tiers, start=1):
        intervals = _without_gaps(tier, end_s)
        lines += [f"    item [{number}]:", '        class = "IntervalTier"']
        lines += [
            f'        name = "{_name(number)}"',
            "        xmin = 0",
            f"        xmax = {seconds_text(end_s)}",
        ]
        lines += [f"        intervals: size = {len(intervals)}"]
        for i, (start, end, word) in enumerate(intervals, start=1):
            lines += [f"        intervals [{i}]:", f"            xmin = {seconds_text(start)}"]
            lines += [f"            xmax = {seconds_text(end)}"]
            doubled = word.replace('"', '""')
            lines += [f'            text = "{doubled}"']
    return ("\n".join(lines) + "\n").encode()


def _without_gaps(
    tier: Sequence[tuple[float, float, str]], end_s: float
) -> list[tuple[float, float, str]]:
    """Fill a tier: Praat knows no stretch without an interval."""
    filled: list[tuple[float, float, str]] = []
    now_s = 0.0
    for start_s, stop_s, word in [*tier, (end_s, end_s, "")]:
        if start_s > now_s:
            filled.append((now_s, start_s, ""))
        if stop_s > start_s:
            filled.append((start_s, stop_s, word))
        now_s = stop_s
    return filled


def _eaf(sheet: _Sheet) -> bytes:
    document = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Ostinato",
            "DATE": sheet.results.run.started_at or _NO_DATE,
            "FORMAT": "2.8",
            "VERSION": "2.8",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv2.8.xsd",
        },
    )
    ET.SubElement(document, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    order = ET.SubElement(document, "TIME_ORDER")
    number = 0
    for tier_number, tier in enumerate(_tiers([_milliseconds(row) for row in sheet.rows]), start=1):
        element = ET.SubElement(
            document, "TIER", LINGUISTIC_TYPE_REF=_TIER, TIER_ID=_name(tier_number)
        )
        for start_ms, end_ms, word in tier:
            number += 1
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
            ET.SubElement(annotation, "ANNOTATION_VALUE").text = word
    order[:] = sorted(order, key=lambda slot: int(slot.get("TIME_VALUE", "0")))
    _write_vocabulary(document)
    ET.indent(document)
    text: str = ET.tostring(document, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _write_vocabulary(document: ET.Element) -> None:
    """Offer the kinds as a list, in the order in which the schema wants what that takes."""
    ET.SubElement(
        document,
        "LINGUISTIC_TYPE",
        CONTROLLED_VOCABULARY_REF=_TIER,
        GRAPHIC_REFERENCES="false",
        LINGUISTIC_TYPE_ID=_TIER,
        TIME_ALIGNABLE="true",
    )
    ET.SubElement(document, "LANGUAGE", LANG_ID=_LANGUAGE, LANG_LABEL="undetermined (und)")
    vocabulary = ET.SubElement(document, "CONTROLLED_VOCABULARY", CV_ID=_TIER)
    ET.SubElement(vocabulary, "DESCRIPTION", LANG_REF=_LANGUAGE)
    for i, word in enumerate((*get_args(LabelKind), OPEN)):
        entry = ET.SubElement(vocabulary, "CV_ENTRY_ML", CVE_ID=f"cveid{i}")
        ET.SubElement(entry, "CVE_VALUE", DESCRIPTION="", LANG_REF=_LANGUAGE).text = word


def _milliseconds(row: Labelled) -> tuple[int, int, str]:
    start_ms = round(row.start_s * 1000)
    return start_ms, max(start_ms + 1, round(row.end_s * 1000)), _line(row.word)


def _tiers(rows: Sequence[tuple[_Time, _Time, str]]) -> list[list[tuple[_Time, _Time, str]]]:
    """Deal rows out to as few tiers as hold them without overlap; one tier at least."""
    tiers: list[list[tuple[_Time, _Time, str]]] = [[]]
    for row in rows:
        free = next((tier for tier in tiers if not tier or tier[-1][1] <= row[0]), None)
        if free is None:
            tiers.append([row])
        else:
            free.append(row)
    return tiers


def _cell(word: str) -> str:
    """Write a word as a cell: in quotes where a reader would take its own quotes for such."""
    line = _line(word)
    return '"' + line.replace('"', '""') + '"' if line.startswith('"') else line


def _line(word: str) -> str:
    """Write a word on one line, without what neither XML nor an editor can show."""
    return " ".join("".join(c if c.isprintable() else " " for c in word).split())


def _name(number: int) -> str:
    return _TIER if number == 1 else f"{_TIER}@{number}"


_WRITERS: dict[str, Callable[[_Sheet], bytes]] = {
    ".tsv": _table,
    ".txt": _track,
    ".eaf": _eaf,
    ".textgrid": _text_grid,
}

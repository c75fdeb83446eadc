"""Labels as files for the editors in which films are annotated.

By its suffix a file is ELAN's (``.eaf``), Praat's (``.TextGrid``), Audacity's (``.txt``) or a table
(``.tsv``). Times are kept to the millisecond in ELAN, and as they are elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.export.annotation_editors import (
    KINDS_LIST,
    ElanTier,
    eaf_document,
    milliseconds,
    textgrid_document,
)
from ostinato.export.layers import layers_of, without_overlaps
from ostinato.results import Results, write_atomically
from ostinato.timeline import seconds_text


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of film and the word that stands there: a kind, or `OPEN`."""

    start_s: float
    end_s: float
    word: str


_Rows = list[tuple[float, float, str]]


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

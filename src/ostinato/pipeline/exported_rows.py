"""The program's rows as they went out, by which a file is known when it comes back.

An analysis numbers its rows anew. A file that was exported before says what the program found then,
and would seem to be full of rows that somebody has moved.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError, StudyError
from ostinato.export import OWN, Layer, LayerRow, from_line, layers_of
from ostinato.results import Results, write_atomically
from ostinato.review import REVIEW_FOLDER
from ostinato.speech import ForeignFile, ForeignRow
from ostinato.whole_files import read_whole

_NAME = "exported-{}.json"
_MOST_KEPT = 50
SAME_S = 0.0025  # two formats round to the millisecond, one of them twice
_LEAST_KNOWN = 6  # of fewer rows a person may have moved most


def keep_export(folder: Path, program: Results) -> None:
    """Keep the program's rows as they go out; where nothing can be written, nothing is kept.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    program : Results
        What the program found.
    """
    rows = [
        (layer.name, row.id, row.start_s, row.end_s, row.text)
        for layer in layers_of(program)
        for row in layer.rows
        if layer.by == OWN
    ]
    content = json.dumps(rows, ensure_ascii=False).encode()
    name = _NAME.format(hashlib.sha256(content).hexdigest()[:12])
    path = folder / REVIEW_FOLDER / name
    if not path.exists():
        with suppress(MediaError):  # an archive may be for reading alone
            write_atomically(path, content)


def kept_exports(folder: Path) -> tuple[tuple[Layer, ...], ...]:
    """Return the program's rows of earlier exports; what is damaged is left out.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    tuple of tuple of Layer
        One for each state of the results in which they were exported.
    """
    paths = sorted((folder / REVIEW_FOLDER).glob(_NAME.format("*")))[:_MOST_KEPT]
    kept = []
    for path in paths:
        with suppress(OSError, ValueError, TypeError):
            kept.append(_layers(json.loads(read_whole(path))))
    return tuple(kept)


def _layers(rows: Sequence[tuple[str, str, float, float, str]]) -> tuple[Layer, ...]:
    by_name: dict[str, list[LayerRow]] = {}
    for name, number, start_s, end_s, text in rows:
        row = LayerRow(id=number, start_s=start_s, end_s=end_s, text=text)
        by_name.setdefault(name, []).append(row)
    return tuple(Layer(name=name, by=OWN, rows=tuple(own)) for name, own in by_name.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One state of the program's rows.

    Parameters
    ----------
    by_words : dict of str to list of (str, LayerRow)
        Layers and rows by their text.
    by_number : dict of (str, str) to LayerRow
        Rows by layer and number.
    is_current : bool
        Whether it is what the results hold now: then numbers are those of its rows.
    """

    by_words: dict[str, list[tuple[str, LayerRow]]]
    by_number: dict[tuple[str, str], LayerRow]
    is_current: bool


def written_rows(layers: Iterable[Layer], *, is_current: bool) -> Written:
    """Gather the program's rows; those of people are left out."""
    by_words: dict[str, list[tuple[str, LayerRow]]] = {}
    by_number: dict[tuple[str, str], LayerRow] = {}
    for layer in layers:
        for row in layer.rows if layer.by == OWN else ():
            by_words.setdefault(layer.words(row), []).append((layer.name, row))
            by_number[layer.name, row.id] = row
    return Written(by_words=by_words, by_number=by_number, is_current=is_current)


def rows_of_people(layers: Iterable[Layer]) -> dict[str, list[LayerRow]]:
    """Gather what people have said by its text; the program's rows are left out."""
    said: dict[str, list[LayerRow]] = {}
    for row in (row for layer in layers if layer.by != OWN for row in layer.rows):
        said.setdefault(row.text, []).append(row)
    return said


def state_that_went_out(found: ForeignFile, states: Sequence[Written], path: Path) -> Written:
    """Find the state of which a file was made: that of which it holds the most rows unmoved.

    `states`: the current one first. Raises StudyError if of the rows that are known by their text
    most lie elsewhere, whatever the state: then the file is of another film.
    """
    rows = [row for layer in found.layers for row in layer.rows]
    counts = [_n_known_and_at(rows, state) for state in states]
    best = max(range(len(states)), key=lambda n: (counts[n][1], -n))
    n_known, n_at = counts[best]
    if n_known >= _LEAST_KNOWN and 2 * n_at < n_known:
        raise StudyError(
            str(path),
            f"{n_known - n_at:,} of {n_known:,} rows that Ostinato wrote lie elsewhere: it seems "
            "to be of another film, or all of it was shifted",
            "Export again, and move there what is wrong",
        )
    return states[best]


def is_at(row: ForeignRow, start_s: float, end_s: float) -> bool:
    """Tell whether a row lies where something is written; no format goes below 0."""
    return (
        abs(row.start_s - max(0.0, start_s)) <= SAME_S
        and abs(row.end_s - max(0.0, end_s)) <= SAME_S
    )


def _n_known_and_at(rows: Iterable[ForeignRow], state: Written) -> tuple[int, int]:
    n_known = n_at = 0
    for row in rows:
        known = state.by_words.get(row.text) or state.by_words.get(from_line(row.text), [])
        n_known += bool(known)
        n_at += any(is_at(row, one.start_s, one.end_s) for _, one in known)
    return n_known, n_at

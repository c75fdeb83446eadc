"""The program's rows as they went out, by which a file is known when it comes back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.export import OWN, Layer, LayerRow, from_line
from ostinato.speech import ForeignFile, ForeignRow

SAME_S = 0.0025  # two formats round to the millisecond, one of them twice
_LEAST_KNOWN = 6  # of fewer rows a person may have moved most


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

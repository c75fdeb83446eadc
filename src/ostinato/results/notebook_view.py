"""Results as a notebook shows them, and as data frames: nothing is measured, and no file is opened.

A page of a notebook is kept and sent on, so that what it shows has to stand in it: the map is SVG
without a script, and long tables are cut short.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from ostinato.legible import visible
from ostinato.results.events import Song
from ostinato.results.occurrence import Occurrence
from ostinato.timeline import timecode

if TYPE_CHECKING:
    from ostinato.results.document import Results

_COLUMNS = ("id", "song", "film from", "film to", "song from")
_CLAIM_COLUMNS = ("claim", "statement", "verdict")
_MOST_ROWS = 60
_STYLE = "width:100%;height:7em;border:1px solid #8888;stroke:currentColor"


def notebook_html(results: "Results") -> str:
    """Return the film in a line, a map of each song, and tables of occurrences and verdicts."""
    said = repr(results).split("\n")[0]
    rows = [
        (
            one.id,
            results.title_of(one.song_id),
            _at(one.film_start_s),
            _at(one.film_end_s),
            "" if one.song_start_s is None else _at(one.song_start_s),
        )
        for one in results.occurrences
    ]
    verdicts = [(one.id, one.statement, one.verdict) for one in results.claims]
    maps = "".join(_map(results, song) for song in results.songs)
    tables = _table(_COLUMNS, rows) + (_table(_CLAIM_COLUMNS, verdicts) if verdicts else "")
    return f"<p>{_text(said)}</p>{maps}{tables}"


def _map(results: "Results", song: Song) -> str:
    """Draw film time across and song time up; a stroke each where the song is heard."""
    film_s, song_s = results.film.duration_s, song.duration_s
    own = [one for one in results.occurrences_of(song.id) if one.is_timed]
    if not own or min(film_s, song_s) <= 0:
        return ""
    strokes = "".join(_stroke(one, song_s) for one in own)
    box = f'viewBox="0 0 {film_s:.2f} {song_s:.2f}" preserveAspectRatio="none"'
    named = f'role="img" aria-label="{escape(visible(song.title))}: {len(own)} occurrences"'
    across, up = f"film, to {_at(film_s)}", f"song, to {_at(song_s)}"
    return (
        f"<p><b>{_text(song.title)}</b> ({across}, left to right; {up}, upwards)</p>"
        f'<svg {box} {named} style="{_STYLE}">{strokes}</svg>'
    )


def _stroke(one: Occurrence, song_s: float) -> str:
    ends = ((one.film_start_s, one.song.start_s), (one.film_end_s, one.song.end_s))
    points = " ".join(f"{x:.2f},{song_s - y:.2f}" for x, y in one.knots or ends)
    said = f"{one.id}: film {_at(one.film_start_s)} to {_at(one.film_end_s)}"
    return (
        f'<polyline points="{points}" fill="none" stroke-width="3" '
        f'vector-effect="non-scaling-stroke"><title>{escape(said)}</title></polyline>'
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>"
        for row in rows[:_MOST_ROWS]
    )
    n_more = len(rows) - _MOST_ROWS
    more = f"<p>… and {n_more:,} more: see <code>to_pandas()</code></p>" if n_more > 0 else ""
    return f"<table><tr>{head}</tr>{body}</table>{more}"


def _text(said: str) -> str:
    return f"<bdi>{escape(visible(said))}</bdi>"


def _at(time_s: float) -> str:
    return timecode(max(0.0, time_s))


def layers_of(results: "Results") -> Iterator[tuple[str, list[str], list[dict[str, object]]]]:
    """Yield each kind of row with its columns; numbers by name are a column each."""
    for name, record in records_of_rows(type(results)).items():
        rows = [_cells(row) for row in getattr(results, name)]
        of_record = [one.name for one in fields(record)]
        yield name, list(dict.fromkeys([*of_record, *(key for row in rows for key in row)])), rows


def records_of_rows(document: type) -> dict[str, type]:
    """Return the record of each kind of row that a document holds.

    Parameters
    ----------
    document : type
        `Results`.

    Returns
    -------
    dict of str to type
        By the names of its fields, in their order.
    """
    hints = get_type_hints(document)
    rows = {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is tuple}
    return {name: record for name, (record, _) in rows.items()}


def _cells(row: Any) -> dict[str, object]:  # noqa: ANN401 - any record
    cells: dict[str, object] = {}
    for one in fields(row):
        value = getattr(row, one.name)
        cells[one.name] = value
        if isinstance(value, dict):
            cells |= {f"{one.name}_{key}": number for key, number in value.items()}
    return cells

"""The tables of a citation, as rows and as Markdown, CSV, LaTeX or HTML."""

import csv
import html
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ostinato.legible import escaped, visible
from ostinato.report.answers import held_against_itself, is_unnamed, table_numbers, title_of
from ostinato.report.claim_notes import claim_rows
from ostinato.report.recordings import made_by
from ostinato.report.wording import TABLE_DECIMALS, UNKNOWN, lasting, number, plain, song_time
from ostinato.results import Occurrence, Results, Song, Transition, cell_text
from ostinato.timeline import timecode

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": r"$-$",
    "≤": r"$\leq$",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EssayTable:
    """A table as an essay shows it; cells are plain text, and an empty one says nothing."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def essay_tables(results: Results) -> tuple[EssayTable, ...]:
    """Set out the tables of a citation."""
    tables = (times_table(results), _claims(results), _recordings(results))
    return tuple(table for table in tables if table.rows)


def times_table(results: Results) -> EssayTable:
    """Set out when each song is heard, and which part of it."""
    into = {move.to_id: move for move in results.transitions}
    rows = []
    for song in results.songs:
        playing = None
        for one in results.occurrences_of(song.id):
            is_same = one.playing_id == playing
            rows.append(_row(song, one, into.get(one.id), is_same=is_same))
            playing = one.playing_id
    what = "cue" if held_against_itself(results) else "song"
    header = (what, "id", "film from", "film to", f"{what} from", f"{what} to")
    title = f"Occurrences of each {what} in {title_of(results.film)}"
    named = (*header, "LU against speech", "from the playing before", "scene")
    return EssayTable(
        title=f"{_numbered(results, 'times')}{title}",
        header=named,
        rows=tuple(rows),
    )


def _numbered(results: Results, name: str) -> str:
    number = table_numbers(results).get(name)
    return "" if number is None else f"Table {number}. "


def _row(song: Song, one: Occurrence, move: Transition | None, *, is_same: bool) -> tuple[str, ...]:
    film_s, song_s = (one.film_start_s, one.film_end_s), (one.song_start_s, one.song_end_s)
    return (
        song.title,
        one.id,
        *(timecode(max(0.0, s), decimals=TABLE_DECIMALS) for s in film_s),
        *(song_time(s, decimals=TABLE_DECIMALS) for s in song_s),
        "" if one.level_re_speech_lu is None else number(one.level_re_speech_lu, "+.1f"),
        "the same playing" if is_same else _outcome(move),
        one.scene or "",
    )


def _outcome(move: Transition | None) -> str:
    if move is None:
        return ""
    gap = f"{number(move.gap_s, '+.1f')} s"
    if move.outcome == "cannot be told":
        return f"not decided ({gap})"
    return f"goes on ({gap})" if move.continues else f"starts elsewhere ({gap})"


def _claims(results: Results) -> EssayTable:
    header, rows = claim_rows(results.claims)
    return EssayTable(
        title=f"{_numbered(results, 'claims')}Claims, measures and verdicts",
        header=header,
        rows=rows,
    )


def _recordings(results: Results) -> EssayTable:
    film = results.film
    rows = [(title_of(film), "film", lasting(film.duration_s), film.edition or "", film.sha256)]
    rows += [
        (song.title, "recording", lasting(song.duration_s), made_by(song), song.sha256 or UNKNOWN)
        for song in results.songs
        if not is_unnamed(song)
    ]
    return EssayTable(
        title=f"{_numbered(results, 'recordings')}What was analysed",
        header=("title", "what", "length", "edition or release", "SHA-256"),
        rows=tuple(rows),
    )


def with_identity(results: Results, table: EssayTable) -> EssayTable:
    """Add to the table of times what identifies the film and the song, for a file of its own."""
    hashes: Mapping[str, str] = {song.title: song.sha256 or "" for song in results.songs}
    rows: Sequence[tuple[str, ...]] = [
        (*row, results.film.sha256, hashes.get(row[0], "")) for row in table.rows
    ]
    return EssayTable(
        title=table.title,
        header=(*table.header, "film SHA-256", "song SHA-256"),
        rows=tuple(rows),
    )


def tables_alone(results: Results, *, table_format: str) -> str:
    """Write the tables of a citation and nothing else, as a file of their own.

    Parameters
    ----------
    results : Results
        What is cited.
    table_format : str
        markdown, csv, latex or html.

    Returns
    -------
    str
        The table of times alone in CSV, with whole hashes; else every table.
    """
    if table_format == "csv":
        return _csv(with_identity(results, times_table(results)))
    write = TABLE_FORMATS[table_format]
    return "\n\n".join(write(table) for table in essay_tables(results))


def markdown_table(table: EssayTable) -> str:
    """Write a table as Markdown, under its title."""
    return f"{plain(table.title)}\n\n{markdown_rows(table)}"


def markdown_rows(table: EssayTable) -> str:
    """Write a table as Markdown, without its title."""
    header, rows = _filled(table)
    lines = [header, ["---"] * len(header), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _csv(table: EssayTable) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([cell_text(cell) for cell in row] for row in (table.header, *table.rows))
    return buffer.getvalue().removesuffix("\n")


def _latex(table: EssayTable) -> str:
    header, rows = _filled(table)
    body = [" & ".join(map(_tex, row)) + r" \\" for row in rows]
    caption = _tex(table.title.partition(". ")[2])
    return "\n".join(
        [
            r"% needs \usepackage{longtable}, and XeLaTeX or LuaLaTeX for other scripts",
            rf"\begin{{longtable}}{{{'l' * len(header)}}}",
            rf"\caption{{{caption}}} \\",
            r"\hline",
            " & ".join(map(_tex, header)) + r" \\",
            r"\hline",
            r"\endhead",
            *body,
            r"\hline",
            r"\end{longtable}",
        ]
    )


def _tex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in escaped(text))


def _html(table: EssayTable) -> str:
    header, rows = _filled(table)
    body = [_html_row(row, "td") for row in rows]
    return "\n".join(
        [
            "<table>",
            f"<caption>{html.escape(visible(table.title))}</caption>",
            f"<thead>{_html_row(header, 'th')}</thead>",
            "<tbody>",
            *body,
            "</tbody>",
            "</table>",
        ]
    )


def _html_row(cells: Sequence[str], tag: str) -> str:
    # dir keeps a title that is written from right to left within its cell
    inside = "".join(f'<{tag} dir="auto">{html.escape(visible(cell))}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"


def _filled(table: EssayTable) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that say nothing in any row."""
    keep = [i for i in range(len(table.header)) if any(row[i] for row in table.rows)]
    return [table.header[i] for i in keep], [[row[i] for i in keep] for row in table.rows]


TABLE_FORMATS: dict[str, Callable[[EssayTable], str]] = {
    "markdown": markdown_table,
    "csv": _csv,
    "latex": _latex,
    "html": _html,
}
"""How tables may be written."""

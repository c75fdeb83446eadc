"""The tables of a citation as rows of text: when songs are heard, claims, and what was analysed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ostinato.report.claims import claim_rows
from ostinato.report.reading import held_against_itself, is_unnamed, table_numbers
from ostinato.report.wording import UNKNOWN, lasting, number, song_time
from ostinato.report.work import title_of
from ostinato.results import Occurrence, Results, Song, Transition
from ostinato.timeline import timecode


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
    return (
        song.title,
        one.id,
        timecode(max(0.0, one.film_start_s)),
        timecode(max(0.0, one.film_end_s)),
        song_time(one.song_start_s),
        song_time(one.song_end_s),
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
        (song.title, "recording", lasting(song.duration_s), "", song.sha256 or UNKNOWN)
        for song in results.songs
        if not is_unnamed(song)
    ]
    return EssayTable(
        title=f"{_numbered(results, 'recordings')}What was analysed",
        header=("title", "what", "length", "edition", "SHA-256"),
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

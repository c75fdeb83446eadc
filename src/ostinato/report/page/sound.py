"""Excerpts on the page: what can be played there, and how much of each song that is."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostinato.report.wording import count, lasting, number, percent, song_time, span
from ostinato.results import Excerpt, Occurrence, Results
from ostinato.timeline import Interval, Timeline

_BYTES_PER_MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """An excerpt with its controls; `source` is a data address, `text` says what it is of."""

    id: str
    song: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """All excerpts of a page; `notes` say how much of the film's songs they are, and their size."""

    players: tuple[Player, ...]
    notes: tuple[str, ...]


def sound_of_page(results: Results, excerpts: Sequence[Excerpt]) -> Sound | None:
    """Lay out excerpts, None if there are none."""
    if not excerpts:
        return None
    occurrences = {one.id: one for one in results.occurrences}
    players = tuple(
        Player(
            id=one.occurrence_id,
            song=results.title_of(occurrences[one.occurrence_id].song_id),
            text=f"film {span(one.start_s, one.end_s)}, {_song_part(one, occurrences)}",
            source=f"data:{one.media_type};base64,{b64encode(one.data).decode()}",
        )
        for one in excerpts
    )
    return Sound(players=players, notes=tuple(_notes(results, excerpts, occurrences)))


def _song_part(one: Excerpt, occurrences: dict[str, Occurrence]) -> str:
    if not occurrences[one.occurrence_id].is_timed:
        return "song time not known"
    heard = _in_song(one, occurrences[one.occurrence_id])
    return f"song {song_time(heard.start_s)}–{song_time(heard.end_s)}"


def _in_song(one: Excerpt, of: Occurrence) -> Interval:
    start_s, end_s = (of.time_map.song_s(film_s) for film_s in (one.start_s, one.end_s))
    return Interval(max(0.0, start_s), max(0.0, end_s))


def _notes(
    results: Results, excerpts: Sequence[Excerpt], occurrences: dict[str, Occurrence]
) -> Iterator[str]:
    longest_s = max(one.interval.duration_s for one in excerpts)
    size = sum(len(one.data) for one in excerpts) / _BYTES_PER_MB
    yield (
        f"{count(len(excerpts), 'excerpt')} of {longest_s:.0f} seconds or less, in mono, "
        f"{number(size, '.1f', 'MB')} in all: what the film plays there."
    )
    for song in results.songs:
        pairs = [(one, occurrences[one.occurrence_id]) for one in excerpts]
        own = [(one, of) for one, of in pairs if of.song_id == song.id]
        parts = [_in_song(one, of) for one, of in own if of.is_timed]
        n_unknown = len(own) - len(parts)
        if n_unknown:
            yield f"Which part of {song.title} is heard in {n_unknown} of them is not known."
        if parts:
            whole = Interval(0.0, song.duration_s)
            heard_s = sum(i.duration_s for i in Timeline.of(parts) & Timeline.of([whole]))
            yield (
                f"Of {song.title}, {lasting(heard_s)} of {lasting(song.duration_s)} is embedded "
                f"({percent(heard_s / song.duration_s)})."
            )

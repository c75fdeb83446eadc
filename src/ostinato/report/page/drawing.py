"""The film as strokes and bars over film time: numbers for SVG, and texts for who cannot see it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ostinato.report.answers import listened_for_speech, looked_for_songs, seconds_of_kinds
from ostinato.report.figures.film_axis import time_places
from ostinato.report.figures.layout import SONG_COLOURS
from ostinato.report.wording import lasting, song_time, span
from ostinato.results import Kind, Occurrence, Results, Scene, Song
from ostinato.timeline import Interval, timecode

N_COLOURS = len(SONG_COLOURS)
"""Of songs, those of the figures; the ninth song has the first one's again."""
_MOST_TICKS = 8
_LEAST_HEIGHT_PERCENT = 9.0
_ROOM = 0.5  # of a step, between the last tick and the end
_KINDS: tuple[Kind, ...] = ("narration", "soliloquy", "dialogue", "undetermined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time on an axis, `percent` of its length from its start."""

    percent: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """An occurrence on the map: `points` are pairs of film time and song time, in seconds."""

    id: str
    points: str
    text: str
    is_lower_grade: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a song: where it begins and how high it is, in percent of the panel's height."""

    name: str
    bottom_percent: float
    height_percent: float

    @property
    def has_room(self) -> bool:
        """Whether its name fits beside it."""
        return self.height_percent >= _LEAST_HEIGHT_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One song of the repetition map; `colour` counts from 0."""

    title: str
    colour: int
    duration_s: float
    ticks: tuple[Tick, ...]
    strokes: tuple[Stroke, ...]
    joins: tuple[str, ...]
    """Points from where a playing stops to where the next one goes on."""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of a lane; `row` is the row of a table that it leads to, None where there is none.

    `label` is written on it where there is room.
    """

    start_s: float
    length_s: float
    text: str
    row: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the timeline; `look` names how its bars are drawn, `total` how long they last."""

    name: str
    look: str
    bars: tuple[Bar, ...]
    total: str | None = None
    is_named_by_a_person: bool = False


def film_ticks(results: Results) -> tuple[Tick, ...]:
    """Mark film time."""
    return _ticks(results.film.duration_s, _MOST_TICKS, write=timecode)


def _ticks(
    duration_s: float, most: int, *, write: Callable[[float], str] = song_time
) -> tuple[Tick, ...]:
    places = time_places(duration_s, max_ticks=most, room=_ROOM)
    return tuple(Tick(percent=_percent(at_s, duration_s), text=write(at_s)) for at_s in places)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 3) if whole > 0 else 0.0


def map_panels(results: Results) -> tuple[Panel, ...]:
    """Lay out the repetition map."""
    songs = results.songs if looked_for_songs(results) else ()
    return tuple(
        Panel(
            title=song.title,
            colour=index % N_COLOURS,
            duration_s=song.duration_s,
            ticks=_ticks(song.duration_s, 3),
            strokes=tuple(
                _stroke(song, one) for one in results.occurrences_of(song.id) if one.is_timed
            ),
            joins=tuple(_joins(results, song)),
            sections=tuple(_sections(song)),
        )
        for index, song in enumerate(songs)
    )


def _sections(song: Song) -> Iterator[Section]:
    for one in sorted(song.sections, key=lambda section: (section.start_s, section.end_s)):
        end_s = min(one.end_s, song.duration_s)
        if one.start_s < end_s:
            yield Section(
                name=one.name,
                bottom_percent=_percent(one.start_s, song.duration_s),
                height_percent=_percent(end_s - one.start_s, song.duration_s),
            )


def _stroke(song: Song, one: Occurrence) -> Stroke:
    knots = one.knots or (
        (one.film_start_s, one.song.start_s),
        (one.film_end_s, one.song.end_s),
    )
    return Stroke(
        id=one.id,
        points=_points(song, knots),
        text=_heard(song, one),
        is_lower_grade=one.likeness != "waveform",
    )


def _joins(results: Results, song: Song) -> Iterator[str]:
    by_id = {one.id: one for one in results.occurrences_of(song.id)}
    for move in results.transitions:
        if move.song_id == song.id and move.continues:
            stops, goes_on = by_id[move.from_id], by_id[move.to_id]
            yield _points(
                song,
                (
                    (stops.film_end_s, stops.song.end_s),
                    (goes_on.film_start_s, goes_on.song.start_s),
                ),
            )


def _points(song: Song, knots: Iterable[tuple[float, float]]) -> str:
    # song time runs up, and y of SVG down
    return " ".join(f"{film_s:.2f},{song.duration_s - song_s:.2f}" for film_s, song_s in knots)


def _heard(song: Song, one: Occurrence) -> str:
    part = f"{song_time(one.song_start_s)}–{song_time(one.song_end_s)}"
    return f"{one.id}, {song.title}: film {span(one.film_start_s, one.film_end_s)}, song {part}"


def timeline_lanes(results: Results) -> tuple[Lane, ...]:
    """Lay out the timeline: stories, days, scenes, songs, singing and each kind of speech."""
    lanes = [*_scene_lanes(results.scenes)]
    if looked_for_songs(results):
        lanes += [_song_lane(results, index, song) for index, song in enumerate(results.songs)]
    if listened_for_speech(results):
        lanes += _voice_lanes(results)
    return tuple(lanes)


def _scene_lanes(scenes: Sequence[Scene]) -> Iterator[Lane]:
    ordered = sorted(scenes, key=lambda scene: scene.start_s)
    for name, of in (("stories", "story"), ("days", "day")):
        bars = [
            _bar(Interval(run[0].start_s, max(one.end_s for one in run)), str(said), label=said)
            for said, run in _runs(ordered, of)
        ]
        if bars:
            yield Lane(name=name, look="parts", bars=tuple(bars))
    if ordered:
        yield Lane(
            name="scenes",
            look="parts",
            bars=tuple(_bar(one.interval, one.name, label=one.name) for one in ordered),
        )


def _runs(scenes: Iterable[Scene], of: str) -> Iterator[tuple[str, list[Scene]]]:
    for said, run in groupby(scenes, key=lambda scene: getattr(scene, of)):
        if said is not None:
            yield said, list(run)


def _song_lane(results: Results, index: int, song: Song) -> Lane:
    covered = results.coverage_of(song.id)
    return Lane(
        name=song.title,
        look=f"song-{index % N_COLOURS}",
        bars=tuple(
            _bar(one.film, _heard(song, one), row=one.id) for one in results.occurrences_of(song.id)
        ),
        total=None if covered is None else lasting(covered.heard_s),
        is_named_by_a_person=True,
    )


def _voice_lanes(results: Results) -> Iterator[Lane]:
    singing = tuple(_bar(one.interval, "singing") for one in results.songs_voice)
    if singing:
        yield Lane(name="singing", look="singing", bars=singing)
    totals_s = seconds_of_kinds(results)
    for kind in _KINDS:
        bars = tuple(
            _bar(one.interval, f"{one.id}, {kind}", row=one.id) for one in results.speech_of(kind)
        )
        if bars or kind in totals_s:
            total = lasting(totals_s[kind]) if kind in totals_s else None
            yield Lane(name=kind, look=kind, bars=bars, total=total)


def _bar(interval: Interval, said: str, *, row: str | None = None, label: str | None = None) -> Bar:
    return Bar(
        start_s=round(interval.start_s, 2),
        length_s=round(interval.duration_s, 2),
        text=said if row is not None else f"{said}, {span(interval.start_s, interval.end_s)}",
        row=row,
        label=label,
    )

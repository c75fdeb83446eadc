"""Whole figures: panels under each other, laid out in inches, as wide as a printed page's text."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ostinato.report.figures.before_after import draw_before_after
from ostinato.report.figures.glyphs import drawable, families, text_width
from ostinato.report.figures.lanes import draw_timeline, lane_rows
from ostinato.report.figures.page import (
    TOP,
    WIDTH,
    X_AXIS,
    Page,
    draw_legend,
    height_of_legend,
    lanes_page,
    name_film_axis,
)
from ostinato.report.figures.repetition import (
    ALIKE,
    GOES_ON,
    MASKED,
    RIVAL,
    STARTS,
    STOPS,
    STROKE,
    draw_repetition_map,
)
from ostinato.report.figures.scenes import draw_scenes, scene_rows
from ostinato.report.figures.style import INK, POINTS_PER_INCH, SOFT_INK, TEXT_SIZE, TITLE_SIZE
from ostinato.report.figures.ticks import set_film_axis
from ostinato.report.fitting import shorten
from ostinato.report.reading import held_against_itself, looked_for_songs, n_playings, song_axis
from ostinato.report.wording import count
from ostinato.results import Results, Song
from ostinato.timeline import timecode

_MAP_LEFT, _RIGHT = 0.64, 0.28
_LEVELS, _MOST_TICKS = 2.4, 6
_TITLE, _EMPTY_TITLE = 0.43, 0.3  # the title of a panel, and the identifiers below it if any
_SCENE_ROW = 0.17
_EDGE = 0.03  # of a row of scenes, for the line around it
_EMPTY_PANEL = 0.08
_TITLE_LIFT, _EMPTY_TITLE_LIFT = 14.0, 5.0  # points from a panel up to its title
_TITLE_SHARE = 0.68  # of the width; the rest is for what was found


def repetition_map_figure(results: Results) -> Figure:
    """Lay out the repetition maps of all songs of a film, one panel a song.

    Parameters
    ----------
    results : Results
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its panels need; a song that was not detected has a flat one.
    """
    songs = results.songs if looked_for_songs(results) else ()
    if not songs:
        return _note_figure(results, _no_songs(results))
    legend = _legend_handles(results)
    n_rows = len(scene_rows(results.scenes))
    scenes_height = n_rows * _SCENE_ROW
    slots = _panel_slots(results, songs)
    legend_height = height_of_legend(len(legend))
    whole = TOP + scenes_height + sum(map(sum, slots)) + X_AXIS + legend_height
    page = Page(Figure(figsize=(WIDTH, whole)), _MAP_LEFT, _RIGHT)
    if n_rows:
        _draw_scene_strip(page.axes(top=TOP, height=scenes_height), results, n_rows=n_rows)
    top = TOP + scenes_height
    panels = []
    for song, (above, height) in zip(songs, slots, strict=True):
        panels.append(page.axes(top=top + above, height=height))
        _draw_panel(panels[-1], results, song)
        top += above + height
    for panel in panels[:-1]:
        panel.tick_params(labelbottom=False)
    name_film_axis(panels[-1], results)
    _name_song_axes(page.figure, panels, name=song_axis(results))
    draw_legend(page, legend)
    return page.figure


def timeline_figure(results: Results) -> Figure:
    """Lay out the timeline of a film.

    Parameters
    ----------
    results : Results
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its lanes need.
    """
    n_lanes = lane_rows(results)
    if not n_lanes:
        if held_against_itself(results):
            return _note_figure(results, _no_songs(results))
        return _note_figure(results, "neither songs nor speech were looked for")
    page, ax = lanes_page(results, n_lanes)
    draw_timeline(ax, results)
    return page.figure


def before_after_figure(results: Results) -> Figure:
    """Lay out the levels of the longest cue that was cancelled, before and after."""
    cue = results.longest_cancelled()
    if cue is None:
        return _note_figure(results, "no song was cancelled")
    whole = TOP + _LEVELS + X_AXIS + height_of_legend(1)
    page = Page(Figure(figsize=(WIDTH, whole)), _MAP_LEFT, _RIGHT)
    ax = draw_before_after(page.axes(top=TOP, height=_LEVELS), cue[1])
    ax.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS, steps=[1, 2, 3, 6, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda time_s, _: timecode(time_s)))
    ax.set_xlabel("film time (h:mm:ss)", fontsize=TEXT_SIZE, color=INK, labelpad=3)
    handles, labels = ax.get_legend_handles_labels()
    draw_legend(page, list(zip(handles, labels, strict=True)))
    return page.figure


def _no_songs(results: Results) -> str:
    repeats = held_against_itself(results)
    return "no sound was found that the film repeats" if repeats else "no song was looked for"


def _panel_slots(results: Results, songs: Sequence[Song]) -> list[tuple[float, float]]:
    """Return, for each song, the height above its panel and that of the panel."""
    heard = {o.song_id for o in results.occurrences}
    n_heard = sum(song.id in heard for song in songs)
    # few songs get room to read positions from; many must still compare on one page
    height = {1: 2.4, 2: 1.8, 3: 1.5, 4: 1.3, 5: 1.1, 6: 1.0}.get(n_heard, 0.8)
    slots = {True: (_TITLE, height), False: (_EMPTY_TITLE, _EMPTY_PANEL)}
    return [slots[song.id in heard] for song in songs]


def _draw_scene_strip(ax: Axes, results: Results, *, n_rows: int) -> None:
    duration_s = results.film.duration_s
    ax.set(xlim=(0, duration_s), ylim=(n_rows + _EDGE, -_EDGE))
    draw_scenes(ax, results.scenes, top=0, row_height=1, film_duration_s=duration_s)
    ax.set_xticks([])
    ax.set_yticks([n_rows / 2], ["scenes"])
    ax.tick_params(labelsize=TEXT_SIZE, length=0)
    ax.spines[:].set_visible(False)


def _draw_panel(ax: Axes, results: Results, song: Song) -> None:
    draw_repetition_map(
        ax,
        results.occurrences,
        song=song,
        film_duration_s=results.film.duration_s,
        transitions=results.transitions,
        scenes=results.scenes,
    )
    own = results.occurrences_of(song.id)
    if not own:
        ax.set_yticks([])
        ax.spines[["left", "top"]].set_visible(False)
    found = f"{count(len(own), 'occurrence')} in {count(n_playings(own), 'playing')}"
    room = _TITLE_SHARE * (WIDTH - _MAP_LEFT - _RIGHT) * POINTS_PER_INCH
    title = shorten(song.title, room, measure=partial(text_width, size=TITLE_SIZE))
    write = partial(
        ax.annotate,
        xycoords="axes fraction",
        xytext=(0, _TITLE_LIFT if own else _EMPTY_TITLE_LIFT),
        textcoords="offset points",
        va="baseline",
        family=families(),
        parse_math=False,
    )
    write(drawable(title), (0, 1), ha="left", fontsize=TITLE_SIZE, color=INK)
    text = found if own else "not detected"
    write(text, (1, 1), ha="right", fontsize=TEXT_SIZE, color=SOFT_INK)


def _name_song_axes(figure: Figure, panels: Sequence[Axes], *, name: str) -> None:
    """Name the axis once for all panels: in a low one the name would not fit."""
    with_ticks = [ax.get_position() for ax in panels if len(ax.get_yticks())]
    if with_ticks:
        middle = (with_ticks[0].y1 + with_ticks[-1].y0) / 2
        x = 0.13 / WIDTH
        text = f"{name} (m:ss)"
        figure.text(x, middle, text, rotation=90, ha="center", va="center", fontsize=TEXT_SIZE)


def _legend_handles(results: Results) -> list[tuple[Any, str]]:
    """Return a handle and a label for each mark that the maps bear."""
    n_of_playing: dict[str, int] = {}
    for one in results.occurrences:
        n_of_playing[one.playing_id] = n_of_playing.get(one.playing_id, 0) + 1
    goes_on = (_mark(STOPS), _line(GOES_ON), _mark(STARTS))
    rival = _mark(RIVAL)
    marks = [
        (bool(results.occurrences), _line(STROKE), "heard"),
        (any(o.likeness != "waveform" for o in results.occurrences), _line(ALIKE), _lower(results)),
        (max(n_of_playing.values(), default=0) > 1, _line(MASKED), "masked, same playing"),
        (any(t.continues for t in results.transitions), goes_on, "goes on where it had stopped"),
        (any(o.rivals_song_s for o in results.occurrences), rival, "its start fits here too"),
    ]
    return [(handle, label) for is_there, handle, label in marks if is_there]


def _lower(results: Results) -> str:
    """Name the lower grade by what there is of it."""
    names = {"spectrum": "by spectrum", "shared material?": "shared material?"}
    there = {one.likeness for one in results.occurrences}
    return ", ".join(name for likeness, name in names.items() if likeness in there)


def _line(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], **look)


def _mark(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], linestyle="none", markeredgewidth=0.7, **look)


def _note_figure(results: Results, note: str) -> Figure:
    """Return a figure that says why there is nothing to see."""
    page = Page(Figure(figsize=(WIDTH, 1.2)), _MAP_LEFT, _RIGHT)
    ax = page.axes(top=TOP, height=1.2 - TOP - X_AXIS)
    duration_s = results.film.duration_s
    set_film_axis(ax, duration_s=duration_s, max_ticks=8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.text(0.5, 0.5, note, transform=ax.transAxes, ha="center", va="center", fontsize=TEXT_SIZE)
    name_film_axis(ax, results)
    return page.figure

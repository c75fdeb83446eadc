"""Whole figures: panels under each other, laid out in inches, as wide as a printed page's text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerBase, HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Transform

from ostinato.report.answers import held_against_itself, looked_for_songs, n_playings, song_axis
from ostinato.report.figures.film_axis import draw_scenes, scene_rows, set_film_axis, time_form
from ostinato.report.figures.lanes import HAIR, Look, draw_before_after, draw_timeline, lane_rows
from ostinato.report.figures.repetition_map import (
    ALIKE,
    GOES_ON,
    MASKED,
    RIVAL,
    STARTS,
    STOPS,
    STROKE,
    draw_repetition_map,
)
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    SOFT_INK,
    TEXT_SIZE,
    TITLE_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import count, shorten
from ostinato.results import Results, Song
from ostinato.timeline import timecode

WIDTH = 7.0
TOP = 0.08
X_AXIS = 0.41  # tick labels and the axis's name
_LANES_LEFT, _LANES_RIGHT = 1.62, 0.80
_LANE = 0.28
_LEGEND_ROW = 0.2
_LEGEND_COLUMNS = 4
_MAP_LEFT, _RIGHT = 0.64, 0.28
_LEVELS, _MOST_TICKS = 2.4, 6
_TITLE, _EMPTY_TITLE = 0.43, 0.3  # the title of a panel, and the identifiers below it if any
_SCENE_ROW = 0.17
_EDGE = 0.03  # of a row of scenes, for the line around it
_EMPTY_PANEL = 0.08
_TITLE_LIFT, _EMPTY_TITLE_LIFT = 14.0, 5.0  # points from a panel up to its title
_TITLE_SHARE = 0.68  # of the width; the rest is for what was found


@dataclass(frozen=True, slots=True)
class Page:
    """A figure of known size, on which axes are placed from the top."""

    figure: Figure
    left: float
    right: float

    def axes(self, *, top: float, height: float) -> Axes:
        """Add an axes between the margins; all in inches."""
        width, whole = (float(side) for side in self.figure.get_size_inches())
        bottom = whole - top - height
        across = (width - self.left - self.right) / width
        return self.figure.add_axes((self.left / width, bottom / whole, across, height / whole))


class _Swatch(HandlerBase):
    """Draws a look in a legend as it is drawn in a lane."""

    def create_artists(  # noqa: PLR0917  as Matplotlib calls it
        self,
        legend: Legend,  # noqa: ARG002
        orig_handle: Look,  # type: ignore[override]
        xdescent: float,
        ydescent: float,
        width: float,
        height: float,
        fontsize: float,  # noqa: ARG002
        trans: Transform,
    ) -> Sequence[Artist]:
        return [
            Rectangle(
                (-xdescent, -ydescent + low * height),
                width,
                (high - low) * height,
                facecolor=orig_handle.face,
                edgecolor=orig_handle.edge,
                linewidth=HAIR,
                transform=trans,
            )
            for low, high in orig_handle.stripes
        ]


def lanes_page(results: Results, n_lanes: float, *, foot: float = 0.0) -> tuple[Page, Axes]:
    """Lay out a page of lanes over film time.

    `n_lanes`: how many are as high as what is drawn; `foot`: inches below the axis for a legend.
    """
    height = n_lanes * _LANE
    whole = TOP + height + X_AXIS + foot
    page = Page(Figure(figsize=(WIDTH, whole)), _LANES_LEFT, _LANES_RIGHT)
    ax = page.axes(top=TOP, height=height)
    name_film_axis(ax, results)
    return page, ax


def name_film_axis(ax: Axes, results: Results) -> None:
    """Say under an axes that film time runs across, and how it is written."""
    form = time_form(results.film.duration_s)
    ax.set_xlabel(f"film time ({form})", fontsize=TEXT_SIZE, color=INK, labelpad=3)


def height_of_legend(n_entries: int) -> float:
    """Return how high a legend is.

    `n_entries`: how many marks it explains.
    """
    return _LEGEND_ROW * -(-n_entries // _LEGEND_COLUMNS)


def draw_legend(page: Page, entries: Sequence[tuple[Any, str]]) -> None:
    """Explain marks at the foot of a page.

    `entries`: A mark, or several drawn over each other, and what it says; none leaves the page as
    it is.
    """
    if not entries:
        return
    width, height = page.figure.get_size_inches()
    handles, labels = zip(*entries, strict=True)
    page.figure.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(page.left / width, 0.03 / height),
        ncols=_LEGEND_COLUMNS,
        frameon=False,
        fontsize=TEXT_SIZE,
        borderaxespad=0,
        borderpad=0,
        handlelength=2.2,
        columnspacing=1.8,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0), Look: _Swatch()},
    )


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

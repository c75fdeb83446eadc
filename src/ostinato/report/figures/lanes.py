"""The timeline: what is heard when, each kind in a lane of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from ostinato.report.figures.glyphs import drawable, families, text_width
from ostinato.report.figures.scenes import draw_scenes, scene_rows, shade_scenes
from ostinato.report.figures.style import INK, RULE, RULE_WIDTH, SMALL_SIZE, SOFT_INK, TEXT_SIZE
from ostinato.report.figures.ticks import set_film_axis
from ostinato.report.fitting import fold
from ostinato.report.reading import listened_for_speech, looked_for_songs, seconds_of_kinds
from ostinato.report.wording import lasting
from ostinato.results import Kind, Results
from ostinato.timeline import Interval

NAME_WIDTH = 106.0
"""Points at the left of a timeline's axes for the names of its lanes."""

HAIR = 0.35
"""Points of a bar's edge: the shortest bar is still seen."""

_KINDS: tuple[Kind, ...] = ("narration", "dialogue", "soliloquy", "undetermined")
_BAR_HEIGHT = 0.62
_SCENE_HEIGHT = 0.65  # of a row of scenes, in lanes
_SCENES_TO_LANES = 0.25
_HEADER_HEIGHT = 0.45  # where there are no scenes


@dataclass(frozen=True, slots=True)
class Look:
    """How bars are drawn: greys, and the stripes that they consist of, in shares of their height.

    Stripes and not hatches, since word processors fill a hatched bar of an SVG with black.
    """

    face: str
    edge: str
    stripes: tuple[tuple[float, float], ...] = ((0.0, 1.0),)


LOOKS = {
    "song": Look(INK, INK),
    "singing": Look(INK, INK, ((0.0, 0.22), (0.78, 1.0))),
    "narration": Look("0.2", "0.2"),
    "dialogue": Look("0.6", "0.6"),
    "soliloquy": Look("0.6", "0.6", ((0.0, 0.22), (0.39, 0.61), (0.78, 1.0))),
    "undetermined": Look("1.0", "0.45"),
}


@dataclass(frozen=True, slots=True)
class Bars:
    """What a lane holds of one kind, and how that is drawn."""

    look: Look
    stretches: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a timeline: how it is named, what is in it, and the total if known."""

    name: str
    bars: tuple[Bars, ...]
    total_s: float | None


def lanes_of(results: Results) -> tuple[Lane, ...]:
    """Return the lanes of a timeline, from the top."""
    songs = (
        [_song_lane(results, song.id, song.title) for song in results.songs]
        if looked_for_songs(results)
        else []
    )
    return (*songs, *(_voice_lanes(results) if listened_for_speech(results) else ()))


def draw_timeline(ax: Axes, results: Results) -> Axes:
    """Draw scenes, songs, singing and each kind of speech in lanes over film time.

    At the right stand the totals that the results hold for the film.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, lanes count downwards from 0.
    results : Results
        What to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    return draw_lanes(ax, results, lanes_of(results))


def draw_lanes(ax: Axes, results: Results, lanes: Sequence[Lane]) -> Axes:
    """Draw lanes over film time, the scenes above them and their totals at the right."""
    duration_s, n_rows = results.film.duration_s, len(scene_rows(results.scenes))
    top = -0.5 - _header_height(n_rows)
    _set_axes(ax, lanes, top=top, duration_s=duration_s, has_scenes=bool(n_rows))
    shade_scenes(ax, results.scenes)
    draw_scenes(ax, results.scenes, top=top, row_height=_SCENE_HEIGHT, film_duration_s=duration_s)
    for index, lane in enumerate(lanes):
        for bars in lane.bars:
            _draw_bars(ax, bars, index=index)
    _write_totals(ax, lanes, top=top)
    return ax


def lane_rows(results: Results) -> float:
    """Return the height of a timeline in lanes, header included; 0 if it has none."""
    return rows_of(results, lanes_of(results))


def rows_of(results: Results, lanes: Sequence[Lane]) -> float:
    """Return how high lanes and the scenes above them are, in lanes; 0 if there are none."""
    return len(lanes) + _header_height(len(scene_rows(results.scenes))) if lanes else 0


def _header_height(n_rows: int) -> float:
    return n_rows * _SCENE_HEIGHT + _SCENES_TO_LANES if n_rows else _HEADER_HEIGHT


def _draw_bars(ax: Axes, bars: Bars, *, index: int) -> None:
    for low, high in bars.look.stripes:
        ax.broken_barh(
            [(s.start_s, s.duration_s) for s in bars.stretches],
            (index + (low - 0.5) * _BAR_HEIGHT, (high - low) * _BAR_HEIGHT),
            facecolor=bars.look.face,
            edgecolor=bars.look.edge,
            linewidth=HAIR,
            gid=f"lane-{index}",
        )


def _set_axes(
    ax: Axes, lanes: Sequence[Lane], *, top: float, duration_s: float, has_scenes: bool
) -> None:
    set_film_axis(ax, duration_s=duration_s, max_ticks=7)
    ax.set_ylim(max(len(lanes), 1) - 0.5, top)
    measure = partial(text_width, size=TEXT_SIZE)
    names = [drawable(fold(lane.name, NAME_WIDTH, max_lines=2, measure=measure)) for lane in lanes]
    places = [float(index) for index in range(len(lanes))]
    if has_scenes:
        names, places = [*names, "scenes"], [*places, _header_middle(top)]
    ax.set_yticks(places, names, parse_math=False, linespacing=1.0)
    ax.tick_params(axis="y", length=0, labelfontfamily=families())
    for border in range(1, len(lanes)):
        ax.axhline(border - 0.5, color=RULE, linewidth=RULE_WIDTH, zorder=0.2)
    ax.spines["left"].set_visible(False)


def _write_totals(ax: Axes, lanes: Sequence[Lane], *, top: float) -> None:
    texts = [
        (float(index), lasting(lane.total_s))
        for index, lane in enumerate(lanes)
        if lane.total_s is not None
    ]
    if texts:
        texts.insert(0, (_header_middle(top), "in all"))
    for place, text in texts:
        ax.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            ha="left",
            va="center_baseline",
            fontsize=SMALL_SIZE,
            color=SOFT_INK,
            gid="total",
        )


def _header_middle(top: float) -> float:
    return (top - 0.5 - _SCENES_TO_LANES) / 2


def _song_lane(results: Results, song_id: str, title: str) -> Lane:
    covered = results.coverage_of(song_id)
    stretches = tuple(o.film for o in results.occurrences_of(song_id))
    return Lane(
        title, (Bars(LOOKS["song"], stretches),), None if covered is None else covered.heard_s
    )


def _voice_lanes(results: Results) -> Iterable[Lane]:
    singing = tuple(v.interval for v in results.songs_voice)
    yield Lane("singing", (Bars(LOOKS["singing"], singing),), None)
    totals_s = seconds_of_kinds(results)
    for kind in _KINDS:
        stretches = tuple(segment.interval for segment in results.speech_of(kind))
        if stretches or kind != "soliloquy":
            yield Lane(kind, (Bars(LOOKS[kind], stretches),), totals_s.get(kind))

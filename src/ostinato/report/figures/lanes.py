"""The timeline: what is heard when, each kind in a lane of its own; and levels before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ostinato.report.answers import listened_for_speech, looked_for_songs, seconds_of_kinds
from ostinato.report.figures.film_axis import draw_scenes, scene_rows, set_film_axis, shade_scenes
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    THIN_WIDTH,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import fold, lasting
from ostinato.results import Kind, MomentaryLevel, Results
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
_HALF_S = 0.2  # of what a level is of
_LOUD_WIDTH = 1.6
_BAND = "0.8"
_DEPTH_LU = 50.0  # below the film's loudest: under it lies the noise of the recording


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


def draw_before_after(ax: Axes, rows: Sequence[MomentaryLevel]) -> Axes:
    """Draw three levels over film time: a thin line, a thick one with its error, and dots."""
    times_s = np.array([row.start_s + _HALF_S for row in rows])
    film, song, rest = (
        _column([getattr(row, name) for row in rows])
        for name in ("film_lufs", "level_lufs", "remainder_lufs")
    )
    error = np.nan_to_num(_column([row.error_lu for row in rows]))
    ax.fill_between(
        times_s, song - 2 * error, song + 2 * error, color=_BAND, linewidth=0, gid="error"
    )
    ax.plot(times_s, film, color=SOFT_INK, linewidth=THIN_WIDTH, label="film", gid="film")
    ax.plot(times_s, song, color=INK, linewidth=_LOUD_WIDTH, label="song", gid="song")
    ax.plot(
        times_s,
        rest,
        color=INK,
        linestyle="none",
        marker=".",
        markersize=3,
        label="film without the song",
        gid="remainder",
    )
    heard = np.concatenate([film, song, rest])
    highest = float(np.nanmax(heard)) if np.isfinite(heard).any() else 0.0
    ax.set_ylim(highest - _DEPTH_LU, highest + 3)
    ax.set_xlim(rows[0].start_s, rows[-1].start_s + 2 * _HALF_S)
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    ax.tick_params(labelsize=TEXT_SIZE, color=SOFT_INK, length=2.5, width=RULE_WIDTH)
    ax.set_ylabel("momentary loudness, LUFS", fontsize=TEXT_SIZE)
    ax.spines[:].set(linewidth=RULE_WIDTH, color=SOFT_INK)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], float)

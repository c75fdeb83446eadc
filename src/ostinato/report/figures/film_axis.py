"""The axis of film time: ticks as a player shows them, and the scenes along it."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter

from ostinato.report.figures.style import (
    BAND,
    INK,
    POINTS_PER_INCH,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import shorten, song_time
from ostinato.results import Scene
from ostinato.timeline import timecode

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_HOUR_S = 3600
_ROOM = 0.7  # of a step, between the last multiple and the end: labels stand side by side
_FEWEST_CHARACTERS = 4  # what is left of a name that is cut further tells nothing
_PADDING = 4.0  # points, both sides of a name together


def set_time_ticks(axis: Axis, *, duration_s: float, max_ticks: int, room: float) -> None:
    """Mark an axis of seconds at its end, and at multiples of a round step that leaves room.

    `duration_s`: where the axis ends; it begins at 0; `max_ticks`: at most so many steps; `room`:
    between the last multiple and the end, in steps.
    """
    places = time_places(duration_s, max_ticks=max_ticks, room=room)
    axis.set_major_locator(FixedLocator(places))
    write = timecode if duration_s >= _HOUR_S else song_time
    # a reader who pans to before the film finds no time there
    axis.set_major_formatter(FuncFormatter(lambda time_s, _: write(time_s) if time_s >= 0 else ""))


def time_places(duration_s: float, *, max_ticks: int, room: float) -> list[float]:
    """Return round times of an axis, and its end.

    `duration_s`: where the axis ends; it begins at 0; `max_ticks`: at most so many steps; `room`:
    between the last multiple and the end, in steps.
    """
    longest_s = _STEPS_S[-1] * max(1, round(duration_s / _STEPS_S[-1] / max_ticks + 0.5))
    step_s = next((s for s in _STEPS_S if duration_s / s <= max_ticks), longest_s)
    places = range(0, int(duration_s - room * step_s) + 1, step_s)
    return [0.0, *places[1:], duration_s]


def set_film_axis(ax: Axes, *, duration_s: float, max_ticks: int) -> None:
    """Make x the axis of film time, and the frame of an axes as light as its ticks.

    `max_ticks`: at most so many steps.
    """
    ax.set_xlim(0, duration_s)
    set_time_ticks(ax.xaxis, duration_s=duration_s, max_ticks=max_ticks, room=_ROOM)
    ax.tick_params(labelsize=TEXT_SIZE, color=SOFT_INK, length=2.5, width=RULE_WIDTH)
    ax.set_axisbelow(True)
    ax.spines[:].set(linewidth=RULE_WIDTH, color=SOFT_INK)
    ax.spines[["top", "right"]].set_visible(False)


def time_form(duration_s: float) -> str:
    """Return how `set_time_ticks` writes the times of an axis that long.

    `duration_s`: where the axis ends.
    """
    return "h:mm:ss" if duration_s >= _HOUR_S else "m:ss"


def shade_scenes(ax: Axes, scenes: Sequence[Scene]) -> None:
    """Shade every other scene over the whole height; of scenes that overlap, the first row."""
    for scene in _shaded(scenes):
        ax.axvspan(scene.start_s, scene.end_s, color=BAND, linewidth=0, zorder=0.1, gid="scene")


def scene_rows(scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Lay scenes into as few rows as keep overlapping ones apart."""
    rows: list[list[Scene]] = []
    for scene in sorted(scenes, key=lambda one: (one.start_s, one.end_s, one.name)):
        row = next((row for row in rows if row[-1].end_s <= scene.start_s), None)
        if row is None:
            rows.append([scene])
        else:
            row.append(scene)
    return rows


def draw_scenes(
    ax: Axes,
    scenes: Sequence[Scene],
    *,
    top: float,
    row_height: float,
    film_duration_s: float,
) -> None:
    """Draw scenes as boxes that bear their names, as far as these fit.

    `top`: where the first row begins.
    """
    measure = partial(text_width, size=SMALL_SIZE)
    shaded = _shaded(scenes)
    for index, row in enumerate(scene_rows(scenes)):
        for scene in (one for one in row if one.start_s < film_duration_s):
            width_s = min(scene.end_s, film_duration_s) - scene.start_s
            ax.broken_barh(
                [(scene.start_s, width_s)],
                (top + index * row_height, row_height),
                facecolor=BAND if scene in shaded else "1.0",
                edgecolor=SOFT_INK,
                linewidth=RULE_WIDTH,
                gid="scene",
            )
            room = ax.bbox.width / ax.figure.dpi * POINTS_PER_INCH * width_s / film_duration_s
            name = shorten(scene.name, room - _PADDING, measure=measure)
            if len(name) >= min(_FEWEST_CHARACTERS, len(scene.name)):
                ax.text(
                    scene.start_s + width_s / 2,
                    top + (index + 0.5) * row_height,
                    drawable(name),
                    ha="center",
                    va="center_baseline",
                    fontsize=SMALL_SIZE,
                    color=INK,
                    family=families(),
                    parse_math=False,
                    gid="scene-name",
                )


def _shaded(scenes: Sequence[Scene]) -> list[Scene]:
    return scene_rows(scenes)[0][1::2] if scenes else []

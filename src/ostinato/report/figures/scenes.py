"""Scenes, as bands behind a map and as boxes that bear their names."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes

from ostinato.report.figures.glyphs import drawable, families, text_width
from ostinato.report.figures.style import (
    BAND,
    INK,
    POINTS_PER_INCH,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
)
from ostinato.report.fitting import shorten
from ostinato.results import Scene

_FEWEST_CHARACTERS = 4  # what is left of a name that is cut further tells nothing
_PADDING = 4.0  # points, both sides of a name together


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

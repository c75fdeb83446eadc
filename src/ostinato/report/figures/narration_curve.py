"""The share of narration as the film goes on, with what undetermined speech leaves open."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ostinato.report.figures.film_axis import (
    bands_of,
    set_film_axis,
    shade_scenes,
)
from ostinato.report.figures.layout import (
    PAGE,
    TOP,
    X_AXIS,
    Look,
    Sheet,
    Slot,
    draw_legend,
    draw_strip,
    height_of_legend,
    name_film_axis,
    name_upwards,
    points_across,
    stacked,
)
from ostinato.report.figures.style import INK, RULE, RULE_WIDTH, SOFT_INK, TEXT_SIZE, THIN_WIDTH
from ostinato.results import RatioCurve, Results, Scene

_MARGINS = {False: (0.64, 0.28), True: (0.6, 0.2)}
_PANEL = 1.6
_WIDE = 1.8
_BAND = "0.84"
_DASHES = (0, (4, 2))


def has_narration_curve(results: Results) -> bool:
    """Tell whether narration and dialogue are told apart anywhere."""
    return any(row.rolling_share is not None for row in results.ratio_curve)


def draw_narration_curve(
    ax: Axes,
    rows: Sequence[RatioCurve],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene] = (),
) -> Axes:
    """Draw the share of narration in a window that moves along the film, and so far.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, y a share from 0 to 1.
    rows : sequence of RatioCurve
        By film time.
    film_duration_s : float
        Right end of the film's axis.
    scenes : sequence of Scene, optional
        Every other one is shaded.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    set_film_axis(ax, duration_s=film_duration_s)
    shade_scenes(ax, scenes)
    x = np.array([row.film_s for row in rows])
    low, high = (
        _column([getattr(row, name) for row in rows]) for name in ("rolling_low", "rolling_high")
    )
    ax.fill_between(x, low, high, color=_BAND, linewidth=0, gid="range")
    rolling, so_far = (
        _column([getattr(row, name) for row in rows]) for name in ("rolling_share", "share")
    )
    ax.plot(x, so_far, color=SOFT_INK, linewidth=THIN_WIDTH, linestyle=_DASHES, gid="so-far")
    ax.plot(x, rolling, color=INK, linewidth=_WIDE, gid="rolling")
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    ax.tick_params(labelsize=TEXT_SIZE)
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    return ax


def narration_curve_figure(results: Results, *, sheet: Sheet = PAGE) -> Figure:
    """Lay out the share of narration over the film.

    Parameters
    ----------
    results : Results
        In which some narration or dialogue is told.
    sheet : Sheet, optional
        How wide.

    Returns
    -------
    matplotlib.figure.Figure
        With the scenes above, if there are any.
    """
    margins = _MARGINS[sheet.is_narrow]
    bands = bands_of(
        results.scenes,
        film_duration_s=results.film.duration_s,
        width=points_across(sheet, left=margins[0], right=margins[1]),
    )
    legend = _legend(results)
    foot = X_AXIS + height_of_legend(sheet, [name for _, name in legend], left=margins[0])
    height = sum(band.height for band in bands)
    slot = Slot(0.06, _PANEL)
    page, (ax,) = stacked(sheet, [slot], margins=margins, head=TOP + height, foot=foot)
    if bands:
        draw_strip(page.axes(top=TOP, height=height), results, bands)
    draw_narration_curve(
        ax,
        results.ratio_curve,
        film_duration_s=results.film.duration_s,
        scenes=results.scenes,
    )
    name_film_axis(ax, results)
    name_upwards(page, [ax], "share of narration")
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def _legend(results: Results) -> list[tuple[object, str]]:
    entries: list[tuple[object, str]] = [
        (Line2D([], [], color=INK, linewidth=_WIDE), "around this time"),
        (
            Line2D([], [], color=SOFT_INK, linewidth=THIN_WIDTH, linestyle=_DASHES),
            "up to this time",
        ),
    ]
    if any(row.rolling_low is not None for row in results.ratio_curve):
        entries.append((Look(_BAND, _BAND), "left open by undetermined speech"))
    return entries


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], float)

"""Continuation against chance: how many transitions go on, the nearer that has to be."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ostinato.report.figures.film_axis import points_high, set_frame
from ostinato.report.figures.layout import (
    PAGE,
    X_AXIS,
    Look,
    Sheet,
    Slot,
    draw_legend,
    height_of_legend,
    in_pages,
    name_axis,
    name_upwards,
    stacked,
)
from ostinato.report.figures.map_panels import write_title
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    SOFT_INK,
    STROKE_WIDTH,
    THIN_WIDTH,
)
from ostinato.results import Continuation, Results

_MARGINS = (0.5, 0.28)
_TITLE, _PANEL, _TALL = 0.24, 0.95, 1.9
_SONGS_ON = {"page": 6, "column": 6, "slide": 2}
_LIFT = 4.0
_BAND = "0.86"
_TICK_ROOM = 14.0
_DASHES = (0, (4, 2))
_MARKED = (0, (1, 1.6))


def curves_to_draw(results: Results) -> tuple[Continuation, ...]:
    """Return what is known of songs that have transitions."""
    known = {song.id for song in results.songs}
    rows = (row for row in results.continuation if row.song_id in known)
    return tuple(row for row in rows if row.n_transitions and row.curve_n_go_on)


def draw_continuation(ax: Axes, row: Continuation, *, colour: str = INK) -> Axes:
    """Draw how many transitions go on within a distance, and how many would by chance.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is how near a start has to be, in seconds, y counts transitions.
    row : Continuation
        Of one song; where it holds no chance, none is drawn.
    colour : str, optional
        Of the song.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    x = list(row.curve_within_s)
    if row.curve_chance_high:
        low, high = list(row.curve_chance_low), list(row.curve_chance_high)
        ax.fill_between(x, low, high, color=_BAND, linewidth=0, step="post", gid="chance-range")
        ax.plot(
            x, list(row.curve_chance_mean), color=SOFT_INK, linewidth=THIN_WIDTH,
            linestyle=_DASHES, gid="chance",
        )  # fmt: skip
    ax.plot(
        x,
        list(row.curve_n_go_on),
        color=colour,
        linewidth=STROKE_WIDTH,
        drawstyle="steps-post",
        gid="observed",
    )
    ax.axvline(row.within_s, color=INK, linewidth=THIN_WIDTH, linestyle=_MARKED, gid="within")
    set_frame(ax)
    ax.set_xlim(0, max(x))
    ax.set_ylim(0, row.n_transitions * 1.05)
    n_ticks = max(1, int(points_high(ax) / _TICK_ROOM))
    ax.yaxis.set_major_locator(MaxNLocator(min(n_ticks, 6), integer=True, steps=[1, 2, 5, 10]))
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    return ax


def continuation_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the continuation of each song that has transitions.

    Parameters
    ----------
    results : Results
        With such songs.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    tuple of matplotlib.figure.Figure
        One or more.
    """
    pages = in_pages(curves_to_draw(results), _SONGS_ON[sheet.name])
    return tuple(_page(results, tuple(rows), sheet) for rows in pages)


def _page(results: Results, rows: tuple[Continuation, ...], sheet: Sheet) -> Figure:
    titles, colours = {s.id: s.title for s in results.songs}, sheet.colours_of(results)
    legend = _legend(rows, colours[rows[0].song_id] if len(rows) == 1 else INK)
    foot = X_AXIS + height_of_legend(sheet, [name for _, name in legend], left=_MARGINS[0])
    height = _TALL if len(rows) == 1 else _PANEL
    page, panels = stacked(sheet, [Slot(_TITLE, height) for _ in rows], margins=_MARGINS, foot=foot)
    for ax, row in zip(panels, rows, strict=True):
        draw_continuation(ax, row, colour=colours[row.song_id])
        write_title(ax, titles[row.song_id], _found(row), lift=_LIFT)
    for ax in panels[:-1]:
        ax.tick_params(labelbottom=False)
    name_axis(panels[-1], "how near a start has to be (s)")
    name_upwards(page, panels, "transitions")
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def _found(row: Continuation) -> str:
    of_all = f"of {row.n_transitions} within {row.within_s:g} s"
    most = row.n_go_on + row.n_cannot_be_told
    return f"{row.n_go_on} {of_all}" if most == row.n_go_on else f"{row.n_go_on} to {most} {of_all}"


def _legend(rows: tuple[Continuation, ...], colour: str) -> list[tuple[object, str]]:
    entries: list[tuple[object, str]] = [
        (Line2D([], [], color=colour, linewidth=STROKE_WIDTH), "go on where it had stopped")
    ]
    if any(row.curve_chance_high for row in rows):
        mean = Line2D([], [], color=SOFT_INK, linewidth=THIN_WIDTH, linestyle=_DASHES)
        entries += [(mean, "by chance, on average"), (Look(_BAND, _BAND), "95% of chance")]
    within = Line2D([], [], color=INK, linewidth=THIN_WIDTH, linestyle=_MARKED)
    return [*entries, (within, "near enough here")]

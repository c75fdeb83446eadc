"""The figure of the benchmark: seconds-F1 of each tool, and events found by level."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from repertoire import SETS
from tables import ALL, Row
from tools import OSTINATO

from ostinato.report.figures.write import house_style

_NAME = "cues-benchmark"
_SIZE_IN = (7.2, 4.6)
_SMALL, _TEXT, _TITLE = 6.5, 7.5, 9.0  # points
_INK, _GREY, _RULE = "0.0", "0.55", "0.88"
_MARKS = ("s", "^", "v", "D", "P", "X", "*")
_FORMATS = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}


def write_figure(rows: Sequence[Row], folder: Path) -> tuple[Path, ...]:
    """Draw the figure and write it as PNG and SVG.

    Parameters
    ----------
    rows : sequence of Row
        Of every tool and set.
    folder : pathlib.Path
        Where to.

    Returns
    -------
    tuple of pathlib.Path
        What was written.
    """
    paths = []
    with house_style():
        figure = _figure(rows)
        for form, metadata in _FORMATS.items():
            path = folder / f"{_NAME}.{form}"
            figure.savefig(path, format=form, dpi=200, metadata=metadata)
            paths.append(path)
    return tuple(paths)


def _figure(rows: Sequence[Row]) -> Figure:
    figure = Figure(figsize=_SIZE_IN, layout="constrained")
    panels = figure.subplots(2, len(SETS), sharey="row")
    peers = sorted({row.tool for row in rows} - {OSTINATO}, key=str.casefold)
    tools = [OSTINATO, *peers]
    for column, of_set in enumerate(SETS):
        own = [row for row in rows if row.of_set == of_set]
        draw_f1(panels[0, column], own, tools)
        draw_levels(panels[1, column], own, tools)
        panels[0, column].set_title(of_set, fontsize=_TITLE)
    panels[1, 0].set_ylabel("share of events found", fontsize=_TEXT)
    handles, labels = panels[1, -1].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=4, fontsize=_SMALL, frameon=False
    )
    return figure


def draw_f1(ax: Axes, rows: Sequence[Row], tools: Sequence[str]) -> Axes:
    """Draw a bar for each tool: F1 in seconds over a whole set."""
    f1 = {
        row.tool: row.f1 or 0.0 for row in rows if row.precision is not None or row.f1 is not None
    }
    places = range(len(tools), 0, -1)
    values = [f1.get(tool, 0.0) for tool in tools]
    colours = [_INK if tool == OSTINATO else _GREY for tool in tools]
    ax.barh(places, values, color=colours, height=0.62)
    for place, value in zip(places, values, strict=True):
        ax.text(value + 0.02, place, f"{value:.2f}", va="center", fontsize=_SMALL)
    ax.set_yticks(places, tools)
    ax.set_xlim(0, 1.18)
    ax.set_xticks((0, 0.5, 1))
    ax.set_xlabel("F1 of seconds", fontsize=_TEXT)
    return _tidy(ax)


def draw_levels(ax: Axes, rows: Sequence[Row], tools: Sequence[str]) -> Axes:
    """Draw a line for each tool: share of events found at each level."""
    for tool, mark in zip(tools, ("o", *_MARKS), strict=False):
        own = [
            row
            for row in rows
            if row.tool == tool and row.level_lu != ALL and (row.chain, row.length_s) == (ALL, ALL)
        ]
        is_ostinato = tool == OSTINATO
        ax.plot(
            [float(row.level_lu) for row in own],
            [row.found / row.n_events for row in own],
            marker=mark,
            markersize=4.5 if is_ostinato else 3.5,
            color=_INK if is_ostinato else _GREY,
            linewidth=1.8 if is_ostinato else 0.8,
            label=tool,
            zorder=3 if is_ostinato else 2,
        )
    ax.set_xlim(*reversed(ax.get_xlim()))
    ax.set_xticks(sorted({float(row.level_lu) for row in rows if row.level_lu != ALL}))
    ax.set_ylim(-0.04, 1.04)
    ax.set_xlabel("level re speech, LU", fontsize=_TEXT)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.grid(axis="y", color=_RULE, linewidth=0.5)
    return _tidy(ax)


def _tidy(ax: Axes) -> Axes:
    ax.tick_params(labelsize=_SMALL, length=2)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax

"""A page: as wide as a printed page's text, laid out in inches from the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerBase, HandlerTuple
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from ostinato.report.figures.lanes import HAIR, Look
from ostinato.report.figures.style import INK, TEXT_SIZE
from ostinato.report.figures.ticks import time_form
from ostinato.results import Results

WIDTH = 7.0
TOP = 0.08
X_AXIS = 0.41  # tick labels and the axis's name
_LANES_LEFT, _LANES_RIGHT = 1.62, 0.80
_LANE = 0.28
_LEGEND_ROW = 0.2
_LEGEND_COLUMNS = 4


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

"""Sheets of any size, and panels under each other on them, laid out in inches.

A song has one colour wherever it is drawn. The colours are after Okabe and Ito, with lightnesses
that differ by seven units or more of CIE L*: a photocopy and each kind of colour blindness keep
them apart. Nothing is told by colour alone: a song has a panel or a lane of its own as well.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
.. [2] G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A physiologically-based model for
       simulation of color vision deficiency", *IEEE Transactions on Visualization and Computer
       Graphics* 15 (2009): what the colours were chosen under.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, TypeVar

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerBase, HandlerTuple
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from ostinato.choices import PALETTES, WIDTHS
from ostinato.errors import ParameterError
from ostinato.report.figures.film_axis import Band, draw_bands, set_film_axis, time_form
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    TEXT_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import listed
from ostinato.results import Results

Palette = Literal["colour", "grey"]
SONG_COLOURS = (
    "#00659f",  # blue, L* 41
    "#c88a00",  # amber, 62
    "#71415b",  # plum, 34
    "#00966d",  # green, 55
    "#bc5200",  # vermilion, 48
    "#143345",  # petrol, 20
    "#45410c",  # olive, 27
    "#0d0d0d",  # black, 4
)
"""Of songs in the order of the results; the ninth has the first one's again."""
_NARROW = 5.0
_MM_PER_INCH = 25.4
TOP = 0.08
X_AXIS = 0.41  # tick labels and the axis's name
HAIR = 0.35
"""Points of a bar's edge: the shortest bar is still seen."""
_EDGE = 0.1  # inches between a legend on a narrow sheet and the sheet's edge
_LEGEND_ROW, _LEGEND_PAD = 0.162, 0.04
_LEGEND_COLUMNS = 4
_HANDLE, _HANDLE_GAP, _COLUMN_GAP = 2.2, 0.8, 1.8  # of a legend, in sizes of its text
_LEAST_STRETCH = 0.5
_STRIP_EDGE = 0.01  # inches, for the line around scenes
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How large a figure is laid out and printed, in inches, and how it looks.

    `most_height` is what a page holds; `height` is that of every figure, None where a figure is as
    high as it needs. `printed` is how many times as large as laid out it is printed. With
    `has_equal_slopes` a second is as long on every map of a film.
    """

    name: str
    width: float
    most_height: float
    height: float | None = None
    printed: float = 1.0
    palette: Palette = "colour"
    has_equal_slopes: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether two columns of text would not fit side by side."""
        return self.width < _NARROW

    def figure(self, height: float) -> Figure:
        """Return an empty figure that needs so many inches of height."""
        return Figure(figsize=(self.width, height if self.height is None else self.height))

    def colour(self, index: int) -> str:
        """Return the colour of a song by its place among the songs."""
        return INK if self.palette == "grey" else SONG_COLOURS[index % len(SONG_COLOURS)]

    def colours_of(self, results: Results) -> dict[str, str]:
        """Return the colour of each song, by its identifier."""
        return {song.id: self.colour(index) for index, song in enumerate(results.songs)}


PAGE = Sheet(name="page", width=7.0, most_height=9.4)
"""As wide as the text of a printed page."""
COLUMN = Sheet(name="column", width=85 / _MM_PER_INCH, most_height=9.4)
"""As wide as one of two columns of a journal, 85 mm."""
SLIDE = Sheet(
    name="slide", width=7.0, most_height=7.0 * 9 / 16, height=7.0 * 9 / 16, printed=40 / 21
)
"""A slide of 16:9, printed 13.33 inches wide: its text is then of 13 points or more."""
SHEETS = {sheet.name: sheet for sheet in (COLUMN, PAGE, SLIDE)}


def sheet_of(width: str, *, palette: Palette = "colour", has_equal_slopes: bool = False) -> Sheet:
    """Return a sheet by its name.

    Parameters
    ----------
    width : str
        *column*, *page* or *slide*.
    palette : str, optional
        *colour* or *grey*.
    has_equal_slopes : bool, optional
        Whether a second of song is as long on every map.

    Returns
    -------
    Sheet
        What figures are laid out on.

    Raises
    ------
    ParameterError
        If there is no such width or palette.
    """
    for name, value, known in (("width", width, WIDTHS), ("palette", palette, PALETTES)):
        if value not in known:
            raise ParameterError(
                f"{name} {value!r}", "figures are not drawn so", f"Choose from {listed(known)}"
            )
    return replace(SHEETS[width], palette=palette, has_equal_slopes=has_equal_slopes)


def points_across(sheet: Sheet, *, left: float, right: float) -> float:
    """Return how wide what lies between two margins is, in points; margins in inches."""
    return (sheet.width - left - right) * POINTS_PER_INCH


@dataclass(frozen=True, slots=True)
class Look:
    """How bars are drawn: colours, and the stripes that they consist of, in shares of their height.

    Stripes and not hatches, since word processors fill a hatched bar of an SVG with black.
    """

    face: str
    edge: str
    stripes: tuple[tuple[float, float], ...] = ((0.0, 1.0),)


@dataclass(frozen=True, slots=True)
class Slot:
    """A panel's place: the inches above it and its height, which may fit itself to the sheet."""

    above: float
    height: float
    is_elastic: bool = True


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


def stacked(
    sheet: Sheet,
    slots: Sequence[Slot],
    *,
    margins: tuple[float, float],
    head: float = TOP,
    foot: float = X_AXIS,
) -> tuple[Page, list[Axes]]:
    """Lay out panels under each other; where a sheet's height is given, they fill it.

    `margins`: left and right; `head`, `foot`: what is kept free above and below; all in inches.
    """
    rigid = head + foot + sum(s.above + (0.0 if s.is_elastic else s.height) for s in slots)
    elastic = sum(slot.height for slot in slots if slot.is_elastic)
    stretch = 1.0
    room = (sheet.most_height if sheet.height is None else sheet.height) - rigid
    if elastic and (sheet.height is not None or elastic > room):
        stretch = max(_LEAST_STRETCH if sheet.height is None else 0.05, room / elastic)
    page = Page(sheet.figure(rigid + stretch * elastic), *margins)
    panels, top = [], head
    for slot in slots:
        height = slot.height * (stretch if slot.is_elastic else 1.0)
        panels.append(page.axes(top=top + slot.above, height=height))
        top += slot.above + height
    return page, panels


def draw_strip(ax: Axes, results: Results, bands: Sequence[Band]) -> None:
    """Draw stories, days and scenes in an axes of their own, as high as they are in inches."""
    duration_s = results.film.duration_s
    height = sum(band.height for band in bands)
    ax.set(xlim=(0, duration_s), ylim=(height + _STRIP_EDGE, -_STRIP_EDGE))
    places = draw_bands(ax, bands, top=0, inch=1.0, film_duration_s=duration_s)
    ax.set_xticks([])
    ax.set_yticks([place for place, _ in places], [name for _, name in places])
    ax.tick_params(labelsize=TEXT_SIZE, length=0)
    ax.spines[:].set_visible(False)


def name_film_axis(ax: Axes, results: Results) -> None:
    """Say under an axes that film time runs across, and how it is written."""
    name_axis(ax, f"film time ({time_form(results.film.duration_s)})")


def name_axis(ax: Axes, name: str) -> None:
    """Say under an axes what runs across."""
    ax.set_xlabel(name, fontsize=TEXT_SIZE, color=INK, labelpad=3)


def name_upwards(page: Page, panels: Sequence[Axes], name: str) -> None:
    """Name the y axis once for all panels: beside a low one the name would not fit."""
    if panels:
        places = [ax.get_position() for ax in panels]
        middle = (places[0].y1 + places[-1].y0) / 2
        x = 0.1 / page.figure.get_figwidth()
        page.figure.text(x, middle, name, rotation=90, ha="center", va="center", fontsize=TEXT_SIZE)


def height_of_legend(sheet: Sheet, labels: Sequence[str], *, left: float) -> float:
    """Return how high a legend is, in inches.

    `labels`: what it says of each mark; `left`: margin of the page, in inches.
    """
    n_rows = -(-len(labels) // _n_columns(sheet, labels, left=left))
    return _LEGEND_ROW * n_rows + _LEGEND_PAD if labels else 0.0


def _n_columns(sheet: Sheet, labels: Sequence[str], *, left: float) -> int:
    """Return in how many columns a legend fits; it is filled column by column."""
    width = (sheet.width - _legend_left(sheet, left) - _EDGE) * POINTS_PER_INCH
    entries = [text_width(label, size=TEXT_SIZE) for label in labels]
    beside = (_HANDLE + _HANDLE_GAP) * TEXT_SIZE
    for n in range(min(_LEGEND_COLUMNS, len(entries)), 1, -1):
        n_rows = -(-len(entries) // n)
        columns = [entries[i : i + n_rows] for i in range(0, len(entries), n_rows)]
        taken = sum(max(column) + beside for column in columns)
        if taken + (len(columns) - 1) * _COLUMN_GAP * TEXT_SIZE <= width:
            return n
    return 1


def _legend_left(sheet: Sheet, left: float) -> float:
    return min(left, _EDGE) if sheet.is_narrow else left


def draw_legend(page: Page, entries: Sequence[tuple[Any, str]], *, sheet: Sheet) -> None:
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
        [drawable(label) for label in labels],
        loc="lower left",
        bbox_to_anchor=(_legend_left(sheet, page.left) / width, 0.03 / height),
        ncols=_n_columns(sheet, labels, left=page.left),
        frameon=False,
        prop={"family": families("".join(labels)), "size": TEXT_SIZE},
        borderaxespad=0,
        borderpad=0,
        handlelength=_HANDLE,
        columnspacing=_COLUMN_GAP,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0), Look: _Swatch()},
    )


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


def note_figure(results: Results, note: str, *, sheet: Sheet) -> Figure:
    """Return a figure that says why there is nothing to see."""
    page, (ax,) = stacked(sheet, [Slot(0.0, 0.7)], margins=(0.3, 0.28))
    set_film_axis(ax, duration_s=results.film.duration_s)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.text(0.5, 0.5, note, transform=ax.transAxes, ha="center", va="center", fontsize=TEXT_SIZE)
    name_film_axis(ax, results)
    return page.figure


def in_pages(items: Sequence[_Item], most: int) -> list[Sequence[_Item]]:
    """Part items into as few pages as hold them, of about the same number each."""
    n_pages = max(1, -(-len(items) // most))
    edges = [round(page * len(items) / n_pages) for page in range(n_pages + 1)]
    return [items[low:high] for low, high in pairwise(edges)]

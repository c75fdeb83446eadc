"""What a caller may choose of a figure's looks: how wide it is printed, and in which colours.

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

from dataclasses import dataclass, replace
from typing import Literal

from matplotlib.figure import Figure

from ostinato.choices import PALETTES, WIDTHS
from ostinato.errors import ParameterError
from ostinato.report.figures.style import INK, POINTS_PER_INCH
from ostinato.report.wording import listed
from ostinato.results import Results

Palette = Literal["colour", "grey"]
SONG_COLOURS = (
    "#00659f",  # blue, L* 41
    "#c88a00",  # amber, 62
    "#71415b",  # plum, 34
    "#00966d",  # green, 55
    "#bc5200",  # vermillion, 48
    "#143345",  # petrol, 20
    "#45410c",  # olive, 27
    "#0d0d0d",  # black, 4
)
"""Of songs in the order of the results; the ninth has the first one's again."""


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


_NARROW = 5.0
_MM_PER_INCH = 25.4
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

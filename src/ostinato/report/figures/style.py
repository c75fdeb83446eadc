"""The greys, widths, sizes and faces that the figures share; sizes in points.

Nothing is told apart by these greys alone: each kind has a place, a width, stripes or a mark of
its own, so that a photocopy and every kind of eye keep it.

A song or a film may be named in Chinese, Japanese or Korean on a machine that has no font for it.
Text falls back, glyph by glyph, on Matplotlib's own DejaVu Sans and on the font in
`ostinato/report/fonts`. What none of these can draw becomes a box, and not a warning.
"""

from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path

INK = "0.0"
SOFT_INK = "0.35"
RULE = "0.88"
BAND = "0.95"
STROKE_WIDTH = 2.2
THIN_WIDTH = 0.7
RULE_WIDTH = 0.5
TITLE_SIZE = 9.0
TEXT_SIZE = 7.5
SMALL_SIZE = 6.5
POINTS_PER_INCH = 72.0
FALLBACK_FAMILY = "Ostinato Fallback"
_FALLBACK_PATH = Path(__file__).parents[1] / "fonts" / "DroidSansFallback.ttf"
_LATIN_FAMILY = "DejaVu Sans"
_LATIN_PATH = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
_BOX = "\N{WHITE SQUARE}"


def families() -> list[str]:
    """Return the caller's families and the two that complete them, for a text's `family`."""
    _register()
    own = mpl.rcParams["font.family"]
    return [*dict.fromkeys([*own, _LATIN_FAMILY, FALLBACK_FAMILY])]


def drawable(text: str) -> str:
    r"""Return a text with a box for each character that no face can draw.

    `text`: one or more lines.

    Examples
    --------
    >>> drawable("夢中人 \U0001d11e")
    '夢中人 □'
    """
    # a control character would stand, raw, in a comment of the SVG, which is then no XML
    known = _characters()
    return "".join(c if c == "\n" or (c.isprintable() and ord(c) in known) else _BOX for c in text)


def text_width(text: str, *, size: float) -> float:
    """Measure a line of text as it will be drawn, without drawing it.

    `size`: of its face, in points.
    """
    face = FontProperties(family=families(), size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(drawable(text), face, ismath=False)
    return float(width)


@cache
def _register() -> None:
    """Make the fallback known under a name of our own, which no installed font can take."""
    entry = FontEntry(fname=str(_FALLBACK_PATH), name=FALLBACK_FAMILY)
    fontManager.ttflist.append(entry)


@cache
def _characters() -> frozenset[int]:
    paths = (_LATIN_PATH, _FALLBACK_PATH)
    return frozenset(code for path in paths for code in FT2Font(str(path)).get_charmap())

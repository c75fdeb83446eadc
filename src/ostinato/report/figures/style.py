"""The greys, widths, sizes and faces that the figures share; sizes in points.

Nothing is told apart by these greys alone: each kind has a place, a width, stripes or a mark of
its own, so that a photocopy and every kind of eye keep it.

A song or a film may be named in any script. Text falls back, glyph by glyph, on Matplotlib's own
DejaVu Sans, on the font in `ostinato/report/fonts` (Chinese, Japanese, Korean), and then on fonts
that this system has. What none of these can draw becomes a box, and `undrawable` names it.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, FontProperties, findSystemFonts, fontManager
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
SMALL_SIZE = 7.0
"""The least that is legible on paper."""
POINTS_PER_INCH = 72.0
FALLBACK_FAMILY = "Ostinato Fallback"
_FALLBACK_PATH = Path(__file__).parents[1] / "fonts" / "DroidSansFallback.ttf"
_LATIN_FAMILY = "DejaVu Sans"
_LATIN_PATH = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
_BOX = "\N{WHITE SQUARE}"
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""What shapes its neighbours and has no shape of its own."""
_REGULAR = 400


def families(text: str = "") -> list[str]:
    """Return the faces for a text: the caller's, two that complete them, and the system's.

    `text`: what is to be drawn; of the system's faces, only those that it needs are returned.
    """
    _register()
    own = mpl.rcParams["font.family"]
    known = _characters()
    unknown = [c for c in dict.fromkeys(text) if c.isprintable() and ord(c) not in known]
    foreign = map(system_family, unknown)
    named = (name for name in foreign if name is not None)
    return [*dict.fromkeys([*own, _LATIN_FAMILY, FALLBACK_FAMILY, *named])]


def drawable(text: str) -> str:
    r"""Return a text with a box for each character that no face can draw.

    `text`: one or more lines.

    Examples
    --------
    >>> drawable("夢中人 \U000f0000")
    '夢中人 □'
    """
    return "".join(_drawn(c) for c in text)


def undrawable(texts: Iterable[str]) -> str:
    """Return the characters for which no face is found, each once, in their order.

    `texts`: as they are to be drawn.
    """
    characters = dict.fromkeys(c for text in texts for c in text)
    return "".join(c for c in characters if not c.isspace() and c != _BOX and _drawn(c) == _BOX)


def _drawn(c: str) -> str:
    """Return a character, a box in its place, or nothing for a joiner without a face."""
    if c == "\n":
        return c
    if c in _JOINERS:
        return c if ord(c) in _characters() else ""
    # a control character would stand, raw, in a comment of the SVG, which is then no XML
    if not c.isprintable():
        return _BOX
    return c if ord(c) in _characters() or system_family(c) is not None else _BOX


def text_width(text: str, *, size: float) -> float:
    """Measure a line of text as it will be drawn, without drawing it.

    `size`: of its face, in points.
    """
    return _width(drawable(text), size, tuple(families(text)))


@lru_cache(maxsize=20_000)
def _width(text: str, size: float, names: tuple[str, ...]) -> float:
    face = FontProperties(family=list(names), size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, face, ismath=False)
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


@cache
def system_family(character: str) -> str | None:
    """Return the family of an installed font that draws a character, None if there is none."""
    for entry in system_faces():
        if ord(character) in _charmap(entry.fname):
            return entry.name
    return None


@cache
def system_faces() -> tuple[FontEntry, ...]:
    """Return the installed fonts, those for the screen first; also those that came lately."""
    listed = {entry.fname for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - listed):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError, ValueError):  # no font that can be read draws nothing
            continue
    return tuple(sorted(_upright(), key=_by_likeness))


def _upright() -> Iterator[FontEntry]:
    """Keep faces that are of one colour, upright and of regular weight, and draw what they name."""
    for entry in fontManager.ttflist:
        is_plain = entry.style == "normal" and entry.weight == _REGULAR
        name = entry.name.lower()
        # Last Resort has a box of its own for whatever no font draws
        is_letters = "color" not in name and not name.startswith("last resort")
        if is_plain and is_letters and entry.name != FALLBACK_FAMILY:
            yield entry


def _by_likeness(entry: FontEntry) -> tuple[bool, bool, str, str]:
    """Order fonts: outlines that a PDF can hold as they are, sans serif, then by name."""
    is_outline = entry.fname.lower().endswith((".ttf", ".ttc"))
    return not is_outline, "sans" not in entry.name.lower(), entry.name, entry.fname


@cache
def _charmap(path: str) -> frozenset[int]:
    try:
        font = FT2Font(path)
    except (OSError, RuntimeError):
        return frozenset()
    return frozenset(font.get_charmap()) if font.scalable else frozenset()

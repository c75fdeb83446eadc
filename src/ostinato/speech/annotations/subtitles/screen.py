"""What a subtitle file puts on screen: when, in which letters, and under whose name.

Markup is read in one pass, and no pattern may run on: a cue of a million brackets takes as long as
any other text of its length.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"<[^<>\n]{1,300}>|\{[^{}\n]{1,300}\}")
_ESCAPED_TAG = re.compile(r"&lt;(/?[iIbBuU])&gt;")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_DIRECTIONS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"))
_DIRECTIONS |= dict.fromkeys(range(0x2066, 0x206A))
_BREAK = re.compile(r"<br\s{0,9}/?>|\[br\]|\\[Nn]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Some text in one face; `speaker` is who the file names beside the text, if anybody."""

    text: str
    is_italic: bool
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCue:
    """What is shown from `start_s` to `end_s`; `style` is the name that an ASS file gives it."""

    start_s: float
    end_s: float
    fragments: tuple[Fragment, ...]
    style: str = ""

    @property
    def words(self) -> str:
        """The text without markup."""
        return "".join(fragment.text for fragment in self.fragments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All cues of a file; `n_skipped` could not be read, the first of them at `skipped_line`."""

    format: str
    cues: tuple[ScreenCue, ...]
    n_skipped: int = 0
    skipped_line: int | None = None


def without_directions(text: str) -> str:
    """Remove marks that only say in which direction letters run.

    `text`: of a subtitle file.
    """
    return text.translate(_DIRECTIONS)


def fragments_of(
    text: str,
    *,
    speaker: str = "",
    is_italic: bool = False,
    italic_styles: frozenset[str] = frozenset(),
) -> tuple[Fragment, ...]:
    r"""Part a text at its markup: HTML's, WebVTT's, ASS's and MicroDVD's.

    `speaker`: whom the file names beside it; `is_italic`: whether the cue's style is;
    `italic_styles`: names of the styles that are, for ``{\r}`` that changes to one.
    """
    text = _BREAK.sub("\n", _ESCAPED_TAG.sub(r"<\1>", without_directions(text)))
    face = _Face(is_italic, speaker, italic_styles)
    out, position = [], 0
    for token in _TOKEN.finditer(text):
        start = token.start()
        if start > position:  # markup without end may follow markup
            out.append(face.fragment(text[position:start]))
        position = token.end()
        if token[0][0] == "<":
            face.turn_html(token[0])
        elif not face.turn_braces(token[0][1:-1]):
            out.append(face.fragment(token[0]))
    out.append(face.fragment(text[position:]))
    return tuple(fragment for fragment in out if fragment.text)


@lru_cache(maxsize=1000)  # a file has few tags, and each often
def _tag(token: str) -> tuple[str, str]:
    """Return the name of a tag, and what stands behind it."""
    tag = token[1:-1].strip()
    name = re.split(r"[\s.]", tag, maxsplit=1)[0].lower()
    return name, tag.partition(" ")[2].strip()


class _Face:
    """The face of the letters while a cue is read."""

    def __init__(self, is_italic: bool, speaker: str, italic_styles: frozenset[str]) -> None:  # noqa: FBT001
        self._style_italic = self._is_italic = is_italic
        self._speaker, self._italic_styles = speaker, italic_styles
        self._n_open, self._is_drawing = 0, False

    def fragment(self, text: str) -> Fragment:
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), text.replace(r"\h", " "))
        return Fragment(
            text="" if self._is_drawing else plain,
            is_italic=self._is_italic or self._n_open > 0,
            speaker=self._speaker,
        )

    def turn_html(self, token: str) -> None:
        name, said = _tag(token)
        if name in {"i", "em"}:
            self._n_open += 1
        elif name in {"/i", "/em"}:
            self._n_open = max(0, self._n_open - 1)
        elif name == "v":
            self._speaker = said
        elif name == "/v":
            self._speaker = ""

    def turn_braces(self, tag: str) -> bool:
        """Follow an override; False if the braces are text."""
        if re.fullmatch(r"[YyCcFfSsPpHhoO]:[^{}]*", tag):
            self._is_italic |= tag[0] in "Yy" and "i" in tag.lower()[2:]
            return True
        if not tag.startswith("\\"):
            return False
        for override in tag.split("\\"):
            self._override(override.strip())
        return True

    def _override(self, override: str) -> None:
        if re.fullmatch(r"i\d*", override):
            self._is_italic = self._style_italic if override == "i" else override != "i0"
        elif override.startswith("r"):
            named = override[1:]
            self._is_italic = named in self._italic_styles if named else self._style_italic
        elif re.fullmatch(r"p\d+", override):
            self._is_drawing = int(override[1:4]) > 0

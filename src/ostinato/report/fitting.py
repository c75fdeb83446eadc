"""Texts that must fit into so much room: how wide they are, cut short, or broken into lines.

A wide character (Chinese, Japanese, Korean) takes two columns of text.
"""

import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
Measure = Callable[[str], float]
"""How wide a text is."""


def n_columns(text: str) -> int:
    """Return how many columns a text takes in a fixed-width face.

    Examples
    --------
    >>> n_columns("Dreams"), n_columns("夢中人")
    (6, 6)
    """
    return sum(_width(character) for character in text)


def shorten(text: str, limit: float, *, measure: Measure = n_columns) -> str:
    """Cut a text that is too long, with an ellipsis for what is missing.

    `text`: anything; its white space is made single; `limit`: how wide it may be; `measure`: the
    width of a text; in columns by default.

    Examples
    --------
    >>> shorten("What a Diff'rence a Day Makes", 12)
    'What a Diff…'
    """
    text = " ".join(text.split())
    if measure(text) <= limit:
        return text
    while text and measure(text.rstrip() + ELLIPSIS) > limit:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def fold(text: str, limit: float, *, max_lines: int, measure: Measure = n_columns) -> str:
    r"""Break a text into lines, the last of which is shortened if need be.

    `text`: anything; its white space is made single; `limit`: how wide each line may be;
    `max_lines`: how many there may be; `measure`: the width of a text; in columns by default.

    Examples
    --------
    >>> fold("What a Diff'rence a Day Makes", 16, max_lines=2)
    "What a\nDiff'rence a Da…"
    """
    text = " ".join(text.split())
    lines: list[str] = []
    while len(lines) < max_lines - 1 and measure(text) > limit:
        line = text
        while measure(line) > limit and len(line) > 1:
            cut = line.rfind(" ")
            line = line[:cut] if cut > 0 else line[:-1]
        lines.append(line)
        text = text[len(line) :].lstrip()
    return "\n".join([*lines, shorten(text, limit, measure=measure)])


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

"""Praat's annotation files (TextGrid), written at length or in short.

Of either form Praat reads nothing but texts in quotes, flags in angle brackets and numbers that
stand free; all else is there for the eye [1]_. What is left is the same in both.

References
----------
.. [1] P. Boersma and D. Weenink, *Praat: doing phonetics by computer*, manual, "TextGrid file
       formats".
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.encoding import read_text
from ostinato.speech.annotations.tiers import Tier, TierRow

_TOKEN = re.compile(
    r'!.*|"(?P<text>(?:[^"]|"")*)"|(?P<flag><\w+>)'
    r"|(?<!\S)(?P<number>-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?!\S)|[^\s\"]+|\""
)
_MOST = 1_000_000
_MEND = "Save it again in Praat as a text file, or as a short text file"


def read_praat(path: Path) -> list[Tier]:
    """Read the interval tiers of a TextGrid.

    Parameters
    ----------
    path : pathlib.Path
        Text, long or short, in any usual encoding.

    Returns
    -------
    list of Tier
        Intervals without a text are gaps and left out, and so are tiers of points.

    Raises
    ------
    StudyError
        If the file cannot be read, or is no TextGrid or one that breaks off.
    """
    tokens = _Tokens(path, read_text(path))
    if not (tokens.text().startswith("ooTextFile") and tokens.text() == "TextGrid"):
        raise StudyError(str(path), "it is no TextGrid", _MEND)
    tokens.number()
    tokens.number()
    if tokens.flag() != "<exists>":
        return []
    return [tier for _ in range(tokens.count()) for tier in _tier(tokens)]


class _Tokens:
    """What counts in a file of Praat, one after another."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._found = (found for found in _TOKEN.finditer(text) if found.lastgroup)

    def text(self) -> str:
        return self._next("text").replace('""', '"')

    def number(self) -> float:
        return float(self._next("number"))

    def count(self) -> int:
        value = self.number()
        if not 0 <= value < _MOST:
            raise StudyError(str(self._path), f"it counts {value:g} tiers or intervals", _MEND)
        return int(value)

    def flag(self) -> str:
        return self._next("flag")

    def _next(self, group: str) -> str:
        found = next(self._found, None)
        if found is None:
            raise StudyError(str(self._path), "it breaks off", _MEND)
        if found.lastgroup != group:
            n = self._text.count("\n", 0, found.start()) + 1
            raise StudyError(
                f"{self._path}, line {n}", f"a {group} is missing before {found[0][:40]}", _MEND
            )
        return found[group]


def _tier(tokens: _Tokens) -> Iterator[Tier]:
    is_intervals, name = tokens.text() == "IntervalTier", tokens.text()
    tokens.number()
    tokens.number()
    n = tokens.count()
    if not is_intervals:
        for _ in range(n):
            tokens.number()
            tokens.text()
        return
    rows = [
        TierRow(
            f"tier {name}, interval {number}",
            (tokens.number(), tokens.number()),
            tokens.text(),
        )
        for number in range(1, n + 1)
    ]
    yield Tier(name, tuple(row for row in rows if row.word.strip()))

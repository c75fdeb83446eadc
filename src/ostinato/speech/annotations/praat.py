"""Praat's annotation files (TextGrid), written at length, in short or in order of time.

Of any form Praat reads nothing but texts in quotes, flags in angle brackets and numbers that stand
free; all else is there for the eye [1]_. What is left of the long and the short form is the same.

References
----------
.. [1] P. Boersma and D. Weenink, *Praat: doing phonetics by computer*, manual, "TextGrid file
       formats".
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.encoding import read_bytes, read_written
from ostinato.speech.annotations.tiers import Tier, TierRow, Tiers

# possessive: a quote that is never closed is given up at once
_TOKEN = re.compile(
    r'!.*|"(?P<text>(?:[^"]|"")*+)"|(?P<quote>")|(?P<flag><\w+>)'
    r"|(?<!\S)(?P<number>-?\d{1,400}(?:\.\d*)?(?:[eE][-+]?\d{1,4})?)(?!\S)|[^\s\"]+"
)
_MOST = 1_000_000
_MEND = "Save it again in Praat as a text file, or as a short text file"
_CHRONOLOGICAL = "Praat chronological TextGrid"


def read_praat(path: Path, *, film_name: str | None = None) -> Tiers:  # noqa: ARG001 - names none
    """Read the tiers of a TextGrid.

    `film_name`: of no use here: a TextGrid names no film. Raises StudyError if the file cannot be
    read, or is no TextGrid or one that breaks off.
    """
    if read_bytes(path).startswith(b"ooBinaryFile"):
        raise StudyError(str(path), "it is a binary file", _MEND)
    written = read_written(path)
    tokens = _Tokens(path, written.text)
    notes = (written.note,) if written.note else ()
    kind_of_file = tokens.text()
    if kind_of_file.startswith(_CHRONOLOGICAL):
        return Tiers(tiers=tuple(_tiers_by_time(tokens)), notes=notes)
    if not (kind_of_file.startswith("ooTextFile") and tokens.text() == "TextGrid"):
        raise StudyError(str(path), "it is no TextGrid", _MEND)
    tokens.number()
    tokens.number()
    if tokens.flag() != "<exists>":
        return Tiers(tiers=(), notes=notes)
    return Tiers(tiers=tuple(_tier(tokens) for _ in range(tokens.count())), notes=notes)


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

    def rest(self, n_tiers: int) -> Iterator[int]:
        """Numbers of tiers that begin what follows, until the file ends; from 0."""
        for found in self._found:
            number = float(self._checked(found, "number"))
            if number not in range(1, n_tiers + 1):
                raise StudyError(
                    str(self._path), f"a row is of tier {number:g} of {n_tiers}", _MEND
                )
            yield int(number) - 1

    def _next(self, group: str) -> str:
        found = next(self._found, None)
        if found is None:
            raise StudyError(str(self._path), "it breaks off", _MEND)
        return self._checked(found, group)

    def _checked(self, found: re.Match[str], group: str) -> str:
        if found.lastgroup == group:
            return found[group]
        n = self._text.count("\n", 0, found.start()) + 1
        reason = (
            "a quote is not closed"
            if found.lastgroup == "quote"
            else f"a {group} is missing before {found[0][:40]}"
        )
        raise StudyError(f"{self._path}, line {n}", reason, _MEND)


def _tier(tokens: _Tokens) -> Tier:
    is_intervals, name = tokens.text() == "IntervalTier", tokens.text()
    tokens.number()
    tokens.number()
    rows = (_row(tokens, name, number, is_intervals) for number in range(1, tokens.count() + 1))
    return Tier(name, tuple(row for row in rows if row.word.strip()))


def _tiers_by_time(tokens: _Tokens) -> Iterator[Tier]:
    """Read the chronological form, in which each row says of which tier it is."""
    tokens.number()
    tokens.number()
    heads = []
    for _ in range(tokens.count()):
        heads.append((tokens.text() == "IntervalTier", tokens.text()))
        tokens.number()
        tokens.number()
    rows: list[list[TierRow]] = [[] for _ in heads]
    for tier in tokens.rest(len(heads)):
        is_intervals, name = heads[tier]
        own = rows[tier]
        own.append(_row(tokens, name, len(own) + 1, is_intervals))
    for (_, name), own in zip(heads, rows, strict=True):
        yield Tier(name, tuple(row for row in own if row.word.strip()))


def _row(tokens: _Tokens, tier: str, number: int, is_interval: bool) -> TierRow:  # noqa: FBT001
    start_s = tokens.number()
    end_s = tokens.number() if is_interval else start_s
    what = "interval" if is_interval else "point"
    return TierRow(f"tier {tier}, {what} {number}", (start_s, end_s), tokens.text())

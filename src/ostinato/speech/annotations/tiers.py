"""Rows of a label file, and which tiers of an annotation file hold any.

ELAN and Praat keep annotations in tiers, of which labels may be a few among transcripts and
glosses. A tier holds labels if it is called by a kind, whatever its annotations say; if it is
called *kind*; or if most of what it says are kinds. The rest is nobody's label and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from ostinato.errors import ParameterError, StudyError
from ostinato.results import OPEN, LabelKind
from ostinato.speech.annotations.annotation import LABEL_KINDS
from ostinato.timeline import Interval

KIND_TIER = "kind"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What a label file says of a stretch of film, in its own word; `place` is where it says so."""

    path: Path
    place: str
    interval: Interval
    word: str

    @property
    def is_open(self) -> bool:
        """Whether the stretch still waits for its kind."""
        return is_open(self.word)

    @property
    def kind(self) -> LabelKind:
        """The kind that the word names; StudyError if it names none."""
        return kind_named(f"{self.path}, {self.place}", self.word)


@dataclass(frozen=True, slots=True)
class TierRow:
    """An annotation; `times_s` is None where it has no time of its own."""

    place: str
    times_s: tuple[float, float] | None
    word: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of an annotation file."""

    name: str
    rows: tuple[TierRow, ...]


def is_open(word: str) -> bool:
    """Tell whether a cell still waits for its kind.

    Parameters
    ----------
    word : str
        What stands in the column of kinds.

    Returns
    -------
    bool
        True for nothing and for a question mark, whatever follows it.
    """
    return not word.strip() or word.strip().startswith(OPEN)


def kind_named(where: str, word: str) -> LabelKind:
    """Find the kind that a word names.

    Parameters
    ----------
    where : str
        File and place, for the error.
    word : str
        In any case; underscores are blanks.

    Returns
    -------
    str
        The kind.

    Raises
    ------
    StudyError
        If it is none.
    """
    known = _kind(word)
    if known is None:
        raise StudyError(where, f"{word!r} is no kind", f"Write one of {', '.join(LABEL_KINDS)}")
    return known


def label_row(path: Path, place: str, times_s: tuple[float, float], word: str) -> LabelRow:
    """Make a row of its times.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    place : str
        Where in it.
    times_s : tuple of float
        Start and end.
    word : str
        What stands there.

    Returns
    -------
    LabelRow
        The row.

    Raises
    ------
    StudyError
        If it ends at or before its start, or begins before the film.
    """
    if times_s[0] < 0:
        raise StudyError(
            f"{path}, {place}", f"it begins {-times_s[0]:g} s before the film", "Move its start"
        )
    try:
        return LabelRow(path, place, Interval(*times_s), word.strip())
    except ParameterError as error:
        raise StudyError(f"{path}, {place}, {error.thing}", error.reason, error.mend) from error


def rows_of_kinds(path: Path, tiers: Sequence[Tier]) -> list[LabelRow]:
    """Take the labels out of tiers.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    tiers : sequence of Tier
        All that it has.

    Returns
    -------
    list of LabelRow
        Tier by tier; a row of a tier that is called by a kind has that kind.

    Raises
    ------
    StudyError
        If no tier holds labels, an annotation contradicts the name of its tier, has no time, or
        ends at or before its start.
    """
    rows = [
        _with_time(path, tier, row, _word(path, tier, row)) for tier in tiers for row in _own(tier)
    ]
    if not rows:
        names = shorten(", ".join(tier.name for tier in tiers), 80) or "none"
        raise StudyError(
            str(path),
            f"no tier of it holds labels (tiers: {names})",
            f"Call a tier {KIND_TIER} and write kinds in it, or call tiers by kinds: "
            + ", ".join(LABEL_KINDS),
        )
    return rows


def _own(tier: Tier) -> tuple[TierRow, ...]:
    words = [row.word for row in tier.rows if row.word.strip()]
    n_kinds = sum(_kind(word) is not None or is_open(word) for word in words)
    named = _called(tier) == KIND_TIER or _kind(_called(tier)) is not None
    return tier.rows if named or 2 * n_kinds > len(words) else ()


def _called(tier: Tier) -> str:
    # by custom the name of a tier is followed by whose it is: kind@Brigitte
    return tier.name.partition("@")[0].strip().lower()


def _word(path: Path, tier: Tier, row: TierRow) -> str:
    called, said = _kind(_called(tier)), _kind(row.word)
    if called is None:
        return row.word
    if said not in {None, called}:
        raise StudyError(
            f"{path}, {row.place}",
            f"it says {said} in a tier that is called {tier.name}",
            "Keep one of them",
        )
    return called


def _with_time(path: Path, tier: Tier, row: TierRow, word: str) -> LabelRow:
    if row.times_s is None:
        raise StudyError(
            f"{path}, {row.place}",
            f"it has no time of its own in tier {tier.name}",
            "Align its start and its end with the film",
        )
    return label_row(path, row.place, row.times_s, word)


def _kind(word: str) -> LabelKind | None:
    return LABEL_KINDS.get(" ".join(word.lower().replace("_", " ").split()))

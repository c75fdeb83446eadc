"""What people say of a film, as values: annotations, rows of label files, and tiers that hold any.

ELAN and Praat keep annotations in tiers, of which labels may be a few among transcripts and
glosses. A tier holds labels if it is called by a kind or as narration is called, whatever its
annotations say; if it is called *kind*; or if most of what it says are kinds. The rest is nobody's
label and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten
from typing import Literal

from ostinato.errors import ParameterError, StudyError
from ostinato.results import OPEN, LabelKind
from ostinato.timeline import Interval

Mark = Literal["narration", "soliloquy", "dialogue", "italic", "plain", "nothing"]
LABEL_KINDS: dict[str, LabelKind] = {
    "narration": "narration",
    "dialogue": "dialogue",
    "soliloquy": "soliloquy",
    "undetermined": "undetermined",
    "none": "none",
    "silence": "none",
    "singing": "none",
    "not speech": "none",
}
KIND_TIER = "kind"
NARRATION_TIERS = frozenset(
    (
        *("vo", "v.o.", "v.o", "v. o.", "v/o", "voice-over", "voice over", "voiceover"),
        *("narrator", "narrating", "voix off", "voix-off", "voz en off", "voz off"),
        *("voce narrante", "off-stimme", "erzähler", "erzählerin", "narrateur", "narratrice"),
        *("旁白", "画外音", "畫外音", "ナレーション", "내레이션", "за кадром"),
    )
)
"""What a tier of narration is called besides *narration*, in lower case."""
SLIVER_S = 0.0095
"""Shorter than any sound of speech: what editors leave of a stretch, or round a bound by. Less than
a hundredth of a second, which rounding may make a little shorter."""
_OWN = "ostinato"
LATEST_LABEL_S = 1e6  # eleven days


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A stretch of film and what is said of it.

    Parameters
    ----------
    interval : Interval
        Film time.
    kind : str or None
        "none" says that nobody speaks here. None says nothing: a cue whose marks decide nothing.
    source : str
        "label" for a person's own words, "subtitles" for a cue. A cue's text is not kept: it is
        somebody's work, and results must be free to publish.
    mark : str or None
        What a cue's tags and typography show, whether or not they decide; None for a label.
    is_named : bool
        Whether a cue begins with a name, in capitals before a colon or in brackets.
    """

    interval: Interval
    kind: LabelKind | None
    source: Literal["label", "subtitles"]
    mark: Mark | None = None
    is_named: bool = False

    def at(self, start_s: float, end_s: float) -> "Annotation":
        """Return the same statement about another stretch of film."""
        return replace(self, interval=Interval(start_s, end_s))


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
    """A tier of an annotation file, or a column of a table that stands for one."""

    name: str
    rows: tuple[TierRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """All tiers of a file, and what a person should know of how they were read."""

    tiers: tuple[Tier, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReading:
    """What was read of a label file, and what of it was not.

    Parameters
    ----------
    rows : tuple of LabelRow
        In the order of the file.
    tiers_read, tiers_left : tuple of str
        Names of the tiers that hold labels and of those that were left alone; none of a table that
        has no tiers.
    n_skipped : int
        Labels of a point of time and of less than a hundredth of a second.
    notes : tuple of str
        What else a person should know: a guessed encoding, a time origin.
    """

    rows: tuple[LabelRow, ...]
    tiers_read: tuple[str, ...] = ()
    tiers_left: tuple[str, ...] = ()
    n_skipped: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        n_kinds = sum(not row.is_open for row in self.rows)
        parts = [f"{n_kinds:,} labels" if n_kinds != 1 else "1 label"]
        if n_kinds < len(self.rows):
            parts.append(
                f"{len(self.rows) - n_kinds:,} of {len(self.rows):,} rows have no kind yet"
            )
        if self.tiers_read or self.tiers_left:
            parts.append(f"tiers read: {', '.join(self.tiers_read) or 'none'}")
        if self.tiers_left:
            parts.append(f"tiers left alone: {', '.join(self.tiers_left)}")
        if self.n_skipped:
            parts.append(f"point labels and slivers skipped: {self.n_skipped:,}")
        return "; ".join([*parts, *self.notes])


def is_open(word: str) -> bool:
    """Tell whether a cell still waits for its kind.

    `word`: what stands in the column of kinds.
    """
    return not word.strip() or word.strip().startswith(OPEN)


def kind_named(where: str, word: str) -> LabelKind:
    """Find the kind that a word names.

    `where`: file and place, for the error; `word`: in any case; underscores are blanks. Raises
    StudyError if it is none.
    """
    known = known_kind(word)
    if known is None:
        raise StudyError(
            where, f"{word[:60]!r} is no kind", f"Write one of {', '.join(LABEL_KINDS)}"
        )
    return known


def known_kind(word: str) -> LabelKind | None:
    """Find the kind that a word names, if any.

    Parameters
    ----------
    word : str
        In any case; underscores are blanks, and ``#`` begins a remark.

    Returns
    -------
    str or None
        None if it names none.
    """
    bare = word.partition(" #")[0]
    return LABEL_KINDS.get(" ".join(bare.lower().replace("_", " ").split()))


def label_row(path: Path, place: str, times_s: tuple[float, float], word: str) -> LabelRow | None:
    """Make a row of its times.

    Raises StudyError if it ends before its start, begins before the film, or ends later than any
    film does.
    """
    start_s, end_s = times_s
    where = f"{path}, {place}"
    if start_s < 0:
        raise StudyError(where, f"it begins {-start_s:g} s before the film", "Move its start")
    if abs(end_s - start_s) < SLIVER_S:
        return None
    if end_s > LATEST_LABEL_S:
        raise StudyError(
            where, f"it ends after {end_s:g} s, later than any film", "Give seconds or h:mm:ss"
        )
    try:
        return LabelRow(path, place, Interval(start_s, end_s), word.strip())
    except ParameterError as error:
        raise StudyError(f"{where}, {error.thing}", error.reason, error.mend) from error


def labels_of_tiers(path: Path, found: Tiers) -> LabelReading:
    """Take the labels out of tiers.

    Raises StudyError if no tier holds labels, an annotation contradicts the name of its tier, has
    no time, or ends before its start.
    """
    own: list[Tier] = []
    rest: list[Tier] = []
    for tier in found.tiers:
        (own if _holds_labels(tier) else rest).append(tier)
    for tier in own:
        _check_times(path, tier)
    rows = [
        label_row(path, row.place, row.times_s, _word(path, tier, row))
        for tier in own
        for row in tier.rows
        if row.times_s is not None
    ]
    reading = LabelReading(
        rows=tuple(row for row in rows if row is not None),
        tiers_read=tuple(tier.name for tier in own),
        tiers_left=tuple(tier.name for tier in rest),
        n_skipped=rows.count(None),
        notes=found.notes,
    )
    if not reading.rows:
        names = shorten(", ".join(tier.name for tier in found.tiers[:99]), 80) or "none"
        skipped = f"; points and slivers: {reading.n_skipped}" if reading.n_skipped else ""
        raise StudyError(
            str(path),
            f"no tier of it holds labels (tiers: {names}{skipped})",
            f"Call a tier {KIND_TIER} and write kinds in it, or call tiers by kinds: "
            + ", ".join(LABEL_KINDS),
        )
    return reading


def is_own_tier(name: str) -> bool:
    """Tell whether a tier holds what the program has said, and so is nobody's label.

    `name`: of a tier of `ostinato export`, with a number where it took what overlaps.
    """
    return name.partition("@")[2].partition(" (")[0].strip().lower() == _OWN


def holds_kinds(words: Sequence[str]) -> bool:
    """Tell whether most of what is written somewhere are kinds, or wait for one.

    Parameters
    ----------
    words : sequence of str
        Of a tier or a column; those without a letter do not count.

    Returns
    -------
    bool
        False if nothing is written there.
    """
    written = [word for word in words if word.strip()]
    n_kinds = sum(known_kind(word) is not None or is_open(word) for word in written)
    return 2 * n_kinds > len(written)


def _holds_labels(tier: Tier) -> bool:
    if is_own_tier(tier.name):
        return False
    is_named = _called(tier) == KIND_TIER or _kind_of_tier(tier) is not None
    return bool(tier.rows) and (is_named or holds_kinds([row.word for row in tier.rows]))


def _called(tier: Tier) -> str:
    # by custom the name of a tier is followed by whose it is: kind@Brigitte
    return tier.name.partition("@")[0].strip().lower()


def _kind_of_tier(tier: Tier) -> LabelKind | None:
    called = _called(tier)
    return "narration" if called in NARRATION_TIERS else known_kind(called)


def _word(path: Path, tier: Tier, row: TierRow) -> str:
    called, said = _kind_of_tier(tier), known_kind(row.word)
    if called is None:
        return row.word
    if said not in {None, called}:
        raise StudyError(
            f"{path}, {row.place}",
            f"it says {said} in a tier that is called {tier.name}",
            "Keep one of them",
        )
    return called


def _check_times(path: Path, tier: Tier) -> None:
    """Refuse a tier of labels in which some lie nowhere, and say how many."""
    lost = [row.place for row in tier.rows if row.times_s is None]
    if lost:
        others = f"; nor have {len(lost) - 1:,} more" if len(lost) > 1 else ""
        raise StudyError(
            f"{path}, {lost[0]}",
            f"it has no time of its own in tier {tier.name}{others}",
            "Align its start and its end with the film",
        )

"""What is stated before anybody looks: parameters, claims, and rules that lead to verdicts.

A draft is a claim before the p-values of all are corrected together: `decide` is told how its test
came out of that, and the opposite one if it has any. Thresholds are the essay's words taken at
their least: *constantly* is three occasions, a twentieth of the film, and never away for two thirds
of it; *takes the place* is more of one than of the other.

The rules themselves are in `song_drafts` and `speech_drafts`; docs/claims.md has these words in its
table, and each claim has its own in `results.json`: a reader and a plan are told the same. A rule
that decides otherwise than before has a new edition; one that is only worded better keeps its own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

from ostinato.errors import ParameterError
from ostinato.ranges import Range, Seconds, SomeSeconds, check_ranges
from ostinato.results import Bounds, Song, Verdict

SUPPORTED: Verdict = "supported"
NOT_SUPPORTED: Verdict = "not supported"
UNDECIDED: Verdict = "cannot be decided from this"
HALF = 0.5
_NOTHING = 1e-9
"""Times are sums of seconds, whose last binary digits decide nothing."""
Test = Literal["beyond chance", "lost to correction", "within chance", "none"]
"""How a test came out: beyond chance after the correction, or before it only, or not at all."""
ClaimId = Literal["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]
STATEMENTS: dict[ClaimId, str] = {
    "C1": "The same song, {song}, is played constantly.",
    "C2": "{song} is heard from different parts.",
    "C3": "{song} goes on from where it had stopped.",
    "C4": "{song} is played louder than the speech.",
    "C5": "Narration takes the place of dialogue.",
    "C6": "Narration is used most at the beginning.",
    "C7": "The characters talk to themselves: nobody answers.",
    "C8": "{song} returns in an even rhythm.",
}
ABOUT_A_SONG = frozenset({"C1", "C2", "C3", "C4", "C8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureParameters:
    """What the measures take for what; recorded verbatim under ``run.parameters``.

    Parameters
    ----------
    continuation_s : float
        A song goes on where it stopped if its gap is at most this long, either way; >= 0.
    merge_gap_s : float
        Playings less than this far apart in film time are one hearing to a spectator; 0 to 60.
    answer_s : float
        A voice that another one follows or precedes within this long is in conversation; > 0.
    rolling_s : float
        Window in which the share of narration is followed through the film; > 0.
    n_draws : int
        Draws under a null model for one p-value; at least 999.
    n_resamples : int
        Bootstrap resamples of an interval; at least 200.
    level : float
        Coverage of the intervals; in (0.5, 1).
    alpha : float
        A p-value counts as beyond chance if it is at most this, after the correction for having
        asked several times; in (0, 0.5).
    seed : int
        Of all random draws; the same seed gives the same numbers.

    Raises
    ------
    ParameterError
        If one is out of its range.
    """

    continuation_s: Seconds = 5.0  # about two bars; who lifts a needle finds the place no closer
    # the pauses of one scene's talk are shorter, a change of scene is not
    merge_gap_s: Annotated[float, Range(0, 60)] = 10.0
    answer_s: SomeSeconds = 10.0  # far beyond the pauses of a conversation
    rolling_s: SomeSeconds = 600.0  # a tenth of a feature film; never more than a third
    n_draws: Annotated[int, Range(999, 1_000_000)] = 9999
    n_resamples: Annotated[int, Range(200, 1_000_000)] = 2000
    level: Annotated[float, Range(0.5, 1, is_open=True)] = 0.95
    alpha: Annotated[float, Range(0, 0.5, is_open=True)] = 0.05
    seed: Annotated[int, Range(0, 2**63 - 1)] = 1994

    def __post_init__(self) -> None:
        check_ranges(self)


class Decide(Protocol):
    """The rule of a verdict: all that it asks for stands in the claim, or is told to it."""

    def __call__(self, test: Test, opposite: Test = "none", /) -> Verdict:
        """Decide, by how the test and the opposite one came out."""


def _undecided(_test: Test, _opposite: Test = "none", /) -> Verdict:
    return UNDECIDED


def is_above(value: float, turn: float) -> bool:
    """Tell whether a number lies above what decides, and not on it but for the last digits."""
    return value > turn + _NOTHING


def is_below(value: float, turn: float) -> bool:
    """Tell whether a number lies below what decides, and not on it but for the last digits."""
    return value < turn - _NOTHING


def between(low: float, high: float) -> str:
    """Write a range for a sentence, with true minus signs and decimals that its width shows."""
    n_decimals = 2 if high <= low else max(2, -math.floor(math.log10((high - low) / 2)))
    written = [f"{one:.{n_decimals}f}" for one in (low, high)]
    nothing = f"{-0.0:.{n_decimals}f}"
    low_text, high_text = (one.replace(nothing, nothing[1:]) for one in written)
    return f"between {low_text} and {high_text}".replace("-", "−")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim's figures, and the rule for its verdict."""

    measure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bounds: Bounds = "interval"
    n: int | None = None
    unit: str | None = None
    p_value: float | None = None
    p_opposite: float | None = None
    null_model: str | None = None
    p_floor: float | None = None
    power: float | None = None
    limits: Sequence[str] = ()
    figures: dict[str, float | None] = field(default_factory=dict)
    decide: Decide = _undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One claim of the essay.

    Parameters
    ----------
    id : str
        Which measure it is held against, C1 to C8.
    statement : str or None
        The essay's own words; those of `STATEMENTS` by default.
    song : str or None
        Title of the song that it is about; by default the one that is heard longest.

    Raises
    ------
    ParameterError
        If there is no such claim.
    """

    id: str
    statement: str | None = None
    song: str | None = None

    def __post_init__(self) -> None:
        if self.id not in STATEMENTS:
            raise ParameterError(
                f"claim {self.id!r}", "there is no such claim", f"Use {', '.join(STATEMENTS)}"
            )

    def wording(self, song: Song | None) -> str:
        """Return the statement, with the title of the song."""
        text = self.statement or STATEMENTS[self.id]  # type: ignore[index]
        if self.statement is None and song is None:
            text = text.replace("The same song, {song},", "The same song")
        if self.statement is None:
            text = text.format(song="the song" if song is None else f"“{song.title}”")
        return text[0].upper() + text[1:]


ALL_QUESTIONS = tuple(Question(id=claim) for claim in STATEMENTS)
"""Every claim that there is a measure for. A study states its own: none is tested by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a claim is supported, when it is not, and against which null model it is tested."""

    supported: str
    not_supported: str
    null_model: str | None = None
    edition: int = 1

    @property
    def in_words(self) -> str:
        """The rule as two sentences."""
        return f"Supported if {self.supported}. Not supported if {self.not_supported}."


RULES: dict[ClaimId, Rule] = {
    "C1": Rule(
        supported=(
            "there are 3 such moments or more, the song fills a twentieth of the film or more, and "
            "it is never away for more than two thirds of it"
        ),
        not_supported=(
            "there are fewer than 3, or it fills less than a hundredth of the film, or it is away "
            "for more than nine tenths of it"
        ),
    ),
    "C2": Rule(
        supported=(
            "the mean is less than half, and less than starts anywhere in the song would give, "
            "beyond chance"
        ),
        not_supported=(
            "it is half or more, and its interval lies above half, or all pairs are alike, or the "
            "opposite test is beyond chance"
        ),
        null_model="starts anywhere in the song, lengths kept (Monte Carlo)",
        edition=2,
    ),
    "C3": Rule(
        supported=(
            "at least half go on, the test is beyond chance, and of four models the likeliest is "
            "that the song goes on"
        ),
        not_supported=(
            "the interval lies below half, or fewer than half go on, within chance, although the "
            "power is .8"
        ),
        null_model=(
            "the larger p-value of two: uniform starts, order and lengths kept; "
            "the same playings in any other order"
        ),
    ),
    "C4": Rule(
        supported=(
            "the difference, and all of its interval where there is one, is above 0, beyond chance"
        ),
        not_supported=(
            "they are below 0, and the opposite test is beyond chance, or all of the interval lies "
            "below 1 LU, the least difference that is easily heard"
        ),
        null_model="the speech is as often the louder (exact sign test over playings)",
        edition=3,
    ),
    "C5": Rule(
        supported="all of the interval or range lies above 1, or all is narration",
        not_supported="all of the interval or range lies below 1",
    ),
    "C6": Rule(
        supported="all of the interval or range lies above 0, beyond chance",
        not_supported=(
            "all of it lies at −0.2 or below, or none above 0 and the opposite test is beyond "
            "chance, or all below 0.2 and the test within chance whatever undetermined speech is, "
            "although the power is .8"
        ),
        null_model=(
            "the film's speech begins anywhere (1,999 shifts in a circle; 10, 20 and 33% together)"
        ),
        edition=2,
    ),
    "C7": Rule(
        supported="all of the interval or range lies above half",
        not_supported="all of it lies below half",
    ),
    "C8": Rule(
        supported="the test for even gaps is beyond chance",
        not_supported="it is within chance although the power is .8",
        null_model="playings placed at random between the first and the last",
    ),
}
"""By claim."""

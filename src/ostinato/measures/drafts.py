"""What is held against a claim, and the rule that leads to its verdict.

A draft is a claim before the p-values of all are corrected together: `decide` is told how its test
came out of that, and the opposite one if it has any. Thresholds are the essay's words taken at
their least: *constantly* is three occasions, a twentieth of the film, and never away for two thirds
of it; *takes the place* is more of one than of the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ostinato.results import Bounds, Verdict

SUPPORTED: Verdict = "supported"
NOT_SUPPORTED: Verdict = "not supported"
UNDECIDED: Verdict = "cannot be decided from this"
ENOUGH_POWER = 0.8
"""A test that finds nothing speaks against a claim only if it would have found it so often."""
HALF = 0.5
_NOTHING = 1e-9
"""Times are sums of seconds, whose last binary digits decide nothing."""

Test = Literal["beyond chance", "lost to correction", "within chance", "none"]
"""How a test came out: beyond chance after the correction, or before it only, or not at all."""


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

"""Claims as a table with notes: figure, interval, denominator, test, verdict and limits."""

import math
import re
from collections.abc import Sequence

from ostinato.report.wording import UNKNOWN, count, number, probability, rounded
from ostinato.results import Claim

DECIMALS_OF_RANGES = 2
"""At least; what bounds a range is counted, and no estimate."""
_CHANCE = ("chance_low", "chance_overlap", "chance_high")
_THRESHOLDS = {
    "C2": (0.5,),
    "C3": (0.5,),
    "C4": (0.0,),
    "C5": (0.0, 1.0),
    "C7": (0.5,),
    "C6": (-0.2, 0.0, 0.2),
}
"""Where the verdict of a claim turns: no rounding may cross it."""
_ENOUGH_POWER = 0.8
_STOP = re.compile(r"\. (?![^“]*”)")  # but within a title, which may hold one
_COLUMNS = (
    *("claim", "measure", "value", "interval or range", "n"),
    *("p", "p after Holm", "opposite p", "opposite p after Holm"),
    *("power", "verdict"),
)


def decimals(low: float | None, high: float | None) -> int:
    """Return how many decimals an interval supports: those that half its width still shows.

    `low`, `high`: the interval; None where there is none.

    Examples
    --------
    >>> decimals(0.21, 0.58), decimals(0.301, 0.305), decimals(-4.0, 9.0)
    (1, 3, 0)
    """
    if low is None or high is None or high <= low:
        return DECIMALS_OF_RANGES
    return min(4, max(0, -math.floor(math.log10((high - low) / 2))))


def figures_of(claim: Claim) -> str:
    """Write a claim's value with its interval, rounded to what that supports."""
    if _is_all_narration(claim):
        return "all narration"
    if claim.low is None and claim.high is None:
        return _rounded(claim, claim.value)
    if claim.value is None:
        return _interval(claim)
    if claim.value == claim.low == claim.high:  # all is known, and nothing is estimated
        return _rounded(claim, claim.value)
    return f"{_rounded(claim, claim.value)} ({_interval(claim)})"


def claim_rows(claims: Sequence[Claim]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Set claims out as the rows of a table."""
    return _COLUMNS, tuple(map(_row, claims))


def claim_notes(claims: Sequence[Claim]) -> list[str]:
    """Say under the table of claims by what each is decided, its limits, and what chance is."""
    said: dict[str, list[str]] = {}
    for claim in claims:
        if claim.rule is not None:
            said.setdefault(claim.rule.rstrip("."), []).append(claim.id)
    for claim in claims:
        for limit in _STOP.split(claim.limits.rstrip(".")):
            said.setdefault(limit, []).append(claim.id)
    for claim in claims:
        if claim.null_model is not None:
            said.setdefault(f"Null model: {claim.null_model}", []).append(claim.id)
    return [f"{', '.join(ids)}: {limit}." for limit, ids in said.items() if limit]


def _row(claim: Claim) -> tuple[str, ...]:
    is_known = claim.low == claim.high and claim.value == claim.low
    has_interval = (claim.low is not None or claim.high is not None) and not is_known
    found = {
        "value": "" if claim.value is None else _rounded(claim, claim.value),
        "interval": _interval(claim) if has_interval else "",
        "n": _observations(claim),
        "p": p_in_words(claim),
        "p_holm": p_in_words(claim, after_holm=True),
        "opposite": _p(claim, claim.p_opposite),
        "opposite_holm": opposite_p_in_words(claim),
        "power": _power(claim.power),
    }
    if _is_all_narration(claim):
        found["value"] = "all narration"
    return (f"{claim.id}: {claim.statement}", claim.measure, *found.values(), claim.verdict)


def _power(power: float | None) -> str:
    """Write a power; by simulation, none is 0 or 1."""
    if power is None:
        return ""
    if round(power, 2) in {0, 1}:
        return "below 0.01" if power < _ENOUGH_POWER else "above 0.99"
    return rounded(power, 2, turns=(_ENOUGH_POWER,))


def _is_all_narration(claim: Claim) -> bool:
    """Tell whether all speech is known to be narration; an estimate of 1 does not show that."""
    share = claim.figures.get("share")
    return claim.id == "C5" and share == 1 and claim.figures.get("share_low", share) == 1


def p_in_words(claim: Claim, *, after_holm: bool = False) -> str:
    """Write a claim's p-value, with a sign before it where it is the least that there can be.

    `after_holm`: whether it is the corrected one.
    """
    value = claim.p_value_holm if after_holm else claim.p_value
    return _p(claim, claim.p_value, written=value)


def opposite_p_in_words(claim: Claim) -> str:
    """Write the corrected p-value of the test of the opposite of what a claim says."""
    return _p(claim, claim.p_opposite, written=claim.p_opposite_holm)


def _p(claim: Claim, value: float | None, *, written: float | None = None) -> str:
    """Write a p-value, or what a correction made of it, with ≤ where the test can give no less."""
    if value is None:
        return ""
    is_least = claim.p_floor is not None and value <= claim.p_floor * (1 + 1e-9)
    return f"{'≤ ' if is_least else ''}{probability(value if written is None else written)}"


def _observations(claim: Claim) -> str:
    if claim.n is None:
        return ""
    return f"{claim.n:,}" if claim.unit is None else count(claim.n, claim.unit)


def _rounded(claim: Claim, value: float | None) -> str:
    """Write a number of a claim, with decimals enough to stay on its side of what decides."""
    if value is None:
        return UNKNOWN
    if claim.id == "C1":
        return number(value, ".0f")
    chance = [claim.figures.get(name) for name in _CHANCE] if claim.id in {"C2", "C8"} else []
    turns = [*_THRESHOLDS.get(claim.id, ()), *(one for one in chance if one is not None)]
    n_decimals = decimals(claim.low, claim.high)
    if claim.bounds == "range":
        n_decimals = max(DECIMALS_OF_RANGES, n_decimals)
    return rounded(value, n_decimals, turns=tuple(turns))


def _interval(claim: Claim) -> str:
    """Write low and high, and say of a range that it is one."""
    named = "range " if claim.bounds == "range" else ""
    if claim.low is None:
        return f"{named}up to {_rounded(claim, claim.high)}"
    low = f"{named}{_rounded(claim, claim.low)}"
    return f"{low} or more" if claim.high is None else f"{low} to {_rounded(claim, claim.high)}"

"""Claims as sentences and as a table: figure, interval, denominator, test, verdict and limits."""

import math
from collections.abc import Sequence

from ostinato.report.markdown import plain
from ostinato.report.wording import UNKNOWN, bounds, number, probability
from ostinato.results import Claim

_DEFAULT_DECIMALS = 2
_VERDICTS = {
    "supported": "Supported",
    "not supported": "Not supported",
    "cannot be decided from this": "Cannot be decided from this",
}
_COLUMNS = ("claim", "measure", "value", "interval", "n", "p", "p (Holm)", "power", "verdict")


def decimals(low: float | None, high: float | None) -> int:
    """Return how many decimals an interval supports: those that half its width still shows.

    Parameters
    ----------
    low, high : float or None
        The interval; None where there is none.

    Returns
    -------
    int
        0 to 4; 2 without an interval or with one of no width.

    Examples
    --------
    >>> decimals(0.21, 0.58), decimals(0.301, 0.305), decimals(-4.0, 9.0)
    (1, 3, 0)
    """
    if low is None or high is None or high <= low:
        return _DEFAULT_DECIMALS
    return min(4, max(0, -math.floor(math.log10((high - low) / 2))))


def figures_of(claim: Claim) -> str:
    """Write a claim's value with its interval, rounded to what that supports.

    Parameters
    ----------
    claim : Claim
        From `results.json`.

    Returns
    -------
    str
        For example ``0.8 (0.4 to 1.0)``, the interval alone where no single number is known, and a
        dash where nothing is.
    """
    if claim.low is None and claim.high is None:
        return number(claim.value, _form(claim))
    if claim.value is None:
        return _interval(claim)
    return f"{number(claim.value, _form(claim))} ({_interval(claim)})"


def claim_sentence(claim: Claim) -> str:
    """Write one sentence that holds a claim against its measure.

    Parameters
    ----------
    claim : Claim
        From `results.json`.

    Returns
    -------
    str
        The verdict comes first, whatever it is.
    """
    found = [f"detected: {claim.measure}, {figures_of(claim)}"]
    if claim.n is not None:
        hits = claim.figures.get("n_hits")
        found.append(f"n = {claim.n:,}" if hits is None else f"{hits:,.0f} of {claim.n:,}")
    if claim.p_value is not None:
        found.append(
            f"p = {probability(claim.p_value)}, after Holm's correction "
            f"{probability(claim.p_value_holm)}; null model: {claim.null_model}"
        )
    if claim.power is not None:
        found.append(f"power {number(claim.power, '.2f')}")
    said = f"{_VERDICTS[claim.verdict]}: {claim.statement.strip().rstrip('.')}"
    return f"{said}." if claim.measure == "none" else f"{said} ({'; '.join(found)})."


def limits_of(claims: Sequence[Claim]) -> str:
    """Write the limits of claims, each of them once.

    Parameters
    ----------
    claims : sequence of Claim
        From `results.json`.

    Returns
    -------
    str
        Each with the claims that it limits; empty without claims.
    """
    limited: dict[str, list[str]] = {}
    for claim in claims:
        for limit in claim.limits.rstrip(".").split(". "):
            limited.setdefault(limit, []).append(claim.id)
    said = [f"{limit} ({', '.join(ids)})" for limit, ids in limited.items()]
    return f"Limits: {'; '.join(said)}." if said else ""


def claims_table(claims: Sequence[Claim]) -> str:
    """Set claims out as a table in Markdown, which word processors take.

    Parameters
    ----------
    claims : sequence of Claim
        From `results.json`.

    Returns
    -------
    str
        One line a claim below two lines of header.
    """
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS), *(map(plain, _row(one)) for one in claims)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(claim: Claim) -> tuple[str, ...]:
    has_interval = claim.low is not None or claim.high is not None
    return (
        f"{claim.id}: {claim.statement}",
        claim.measure,
        number(claim.value, _form(claim)),
        _interval(claim) if has_interval else UNKNOWN,
        UNKNOWN if claim.n is None else f"{claim.n:,}",
        probability(claim.p_value),
        probability(claim.p_value_holm),
        number(claim.power, ".2f"),
        claim.verdict,
    )


def _form(claim: Claim) -> str:
    is_count = claim.value is not None and claim.id == "C1"
    return ".0f" if is_count else f".{decimals(claim.low, claim.high)}f"


def _interval(claim: Claim) -> str:
    if claim.low is None:
        return f"up to {number(claim.high, _form(claim))}"
    return bounds(claim.low, claim.high, _form(claim))

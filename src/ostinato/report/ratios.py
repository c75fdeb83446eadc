"""Narration against dialogue as numbers: rounded alike in sentences and in tables."""

from ostinato.report.claims import DECIMALS_OF_RANGES, decimals
from ostinato.report.wording import UNKNOWN, bounds_in_words, percent, rounded
from ostinato.results import Ratio

EVEN = (0.0, 1.0)
"""The ratio at which the verdict on narration against dialogue turns; and none is written as 0 that
is more."""
_HALF = (0.5,)
_RANGES = frozenset({"all decided", "range"})


def ratio_value(row: Ratio) -> str:
    """Write the ratio, rounded to what its bounds support."""
    return UNKNOWN if row.ratio is None else rounded(row.ratio, _n_decimals(row), turns=EVEN)


def ratio_bounds(row: Ratio) -> str:
    """Write what bounds the ratio, for a sentence."""
    return bounds_in_words(row.ratio_low, row.ratio_high, _n_decimals(row), turns=EVEN)


def ratio_span(row: Ratio) -> str:
    """Write what bounds the ratio, for brackets and tables."""
    return _span(
        *(
            None if x is None else rounded(x, _n_decimals(row), turns=EVEN)
            for x in (row.ratio_low, row.ratio_high)
        )
    )


def ratio_cell(row: Ratio) -> str:
    """Write the ratio with its interval or range, for a table."""
    if row.share == row.low == 1:
        return "all narration"
    is_known = row.ratio is not None and row.ratio == row.ratio_low == row.ratio_high
    value = "" if row.ratio is None else ratio_value(row)
    return _cell(value, "" if is_known else ratio_span(row), row)


def share_cell(row: Ratio) -> str:
    """Write narration's share with its interval or range, for a table."""
    value, low, high = (
        None if x is None else percent(x, turns=_HALF) for x in (row.share, row.low, row.high)
    )
    is_known = row.share is not None and row.share == row.low == row.high
    return _cell(value or "", "" if is_known else _span(low, high), row)


def _span(low: str | None, high: str | None) -> str:
    if low is None:
        return "" if high is None else f"up to {high}"
    return f"{low} or more" if high is None else f"{low} to {high}"


def _cell(value: str, span: str, row: Ratio) -> str:
    span = f"range {span}" if span and row.estimator in _RANGES else span
    if not value:
        return span or UNKNOWN
    return f"{value} ({span})" if span else value


def _n_decimals(row: Ratio) -> int:
    n = decimals(row.ratio_low, row.ratio_high)
    return max(DECIMALS_OF_RANGES, n) if row.estimator in _RANGES else n

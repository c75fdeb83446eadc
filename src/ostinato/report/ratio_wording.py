"""Narration against dialogue as numbers: rounded alike in sentences and in tables."""

from collections.abc import Iterator

from ostinato.report.claim_notes import DECIMALS_OF_RANGES, decimals
from ostinato.report.wording import UNKNOWN, bounds_in_words, percent, rounded
from ostinato.results import Ratio, odds

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


def if_labels_were_wrong(row: Ratio) -> Iterator[str]:
    """Say how far share and ratio would move if some labels were wrong."""
    at_2 = _moved(
        row.share_if_2_percent_wrong, row.low_if_2_percent_wrong, row.high_if_2_percent_wrong
    )
    at_5 = _moved(
        row.share_if_5_percent_wrong, row.low_if_5_percent_wrong, row.high_if_5_percent_wrong
    )
    if at_2 and at_5:
        yield (
            f"If 2% of the labels were wrong, narration's share would be {at_2}; "
            f"if 5% were, {at_5}."
        )


def _moved(share: float | None, low: float | None, high: float | None) -> str:
    if share is None or low is None or high is None:
        return ""
    all_odds = [odds(one) for one in (share, low, high)]
    n_decimals = decimals(all_odds[1], all_odds[2])
    ratio, least, most = (
        None if one is None else rounded(one, n_decimals, turns=EVEN) for one in all_odds
    )
    within = "" if least is None else f"{least} {'or more' if most is None else f'to {most}'}"
    shares = [percent(one, turns=(0.5,)) for one in (share, low, high)]
    if share in {0, 1}:  # if some labels are wrong, not all speech is of one kind
        return f"{shares[1]} to {shares[2]}{within and f', a ratio of {within}'}"
    return f"{shares[0]} ({shares[1]} to {shares[2]}), a ratio of {ratio} ({within})"

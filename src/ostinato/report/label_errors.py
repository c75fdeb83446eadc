"""What wrong labels would do, in one sentence."""

from collections.abc import Iterator

from ostinato.report.claims import decimals
from ostinato.report.ratios import EVEN
from ostinato.report.wording import percent, rounded
from ostinato.results import Ratio


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
    odds = [_odds(one) for one in (share, low, high)]
    n_decimals = decimals(odds[1], odds[2])
    ratio, least, most = (
        None if one is None else rounded(one, n_decimals, turns=EVEN) for one in odds
    )
    within = "" if least is None else f"{least} {'or more' if most is None else f'to {most}'}"
    shares = [percent(one, turns=(0.5,)) for one in (share, low, high)]
    if share in {0, 1}:  # if some labels are wrong, not all speech is of one kind
        return f"{shares[1]} to {shares[2]}{within and f', a ratio of {within}'}"
    return f"{shares[0]} ({shares[1]} to {shares[2]}), a ratio of {ratio} ({within})"


def _odds(share: float) -> float | None:
    return None if share >= 1 else share / (1 - share)

"""What wrong labels would do, in one sentence."""

from collections.abc import Iterator

from ostinato.report.wording import bounds, number
from ostinato.results import Ratio


def if_labels_were_wrong(row: Ratio) -> Iterator[str]:
    """Say how far share and ratio would move if some labels were wrong.

    Parameters
    ----------
    row : Ratio
        From results.

    Yields
    ------
    str
        One sentence, or none where the share does not rest on labels.
    """
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
    ratio = "all narration" if share >= 1 else f"a ratio of {number(_odds(share), '.2f')}"
    within = bounds(_odds(low), _odds(high), ".2f")
    return f"{share:.1%} ({low:.1%} to {high:.1%}), {ratio} ({within})"


def _odds(share: float) -> float | None:
    return None if share >= 1 else share / (1 - share)

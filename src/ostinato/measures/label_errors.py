"""What wrong labels would do to a share of narration that rests on labels.

If a share of labels is wrong, of either kind alike, a share *s* is seen as ``s + wrong (1 - 2 s)``
[1]_. How many are wrong is not known from one person's labels, so that this is no correction: it
says how far the answer would move. Where fewer are seen of one kind than would be wrong, the model
does not fit: there the bounds reach as far as the wrong labels do.

References
----------
.. [1] I. Bross, "Misclassification in 2 x 2 tables", *Biometrics* 10 (1954), 478-486.
"""

from dataclasses import replace

from ostinato.results import Ratio

_FEW, _MORE = 0.02, 0.05
_BY_LABELS = frozenset({"labels", "prediction-powered"})


def with_label_errors(row: Ratio) -> Ratio:
    """Add what 2 and 5 % of wrong labels would do."""
    few, more = (share_if_wrong(row, wrong) for wrong in (_FEW, _MORE))
    if few is None or more is None:
        return row
    (share_2, low_2, high_2), (share_5, low_5, high_5) = few, more
    return replace(
        row,
        share_if_2_percent_wrong=share_2,
        low_if_2_percent_wrong=low_2,
        high_if_2_percent_wrong=high_2,
        share_if_5_percent_wrong=share_5,
        low_if_5_percent_wrong=low_5,
        high_if_5_percent_wrong=high_5,
    )


def share_if_wrong(row: Ratio, wrong: float) -> tuple[float, float, float] | None:
    """Share of narration and its bounds if a share of the labels were wrong, of either kind alike.

    Parameters
    ----------
    row : Ratio
        With its estimate.
    wrong : float
        Share of wrong labels, from 0 to less than 0.5.

    Returns
    -------
    tuple of float, or None
        Share, low and high; bounds also hold for labels without error. None where the share does
        not rest on labels.
    """
    rests_on_labels = row.estimator in _BY_LABELS or (
        row.estimator == "all decided" and row.n_labels > 0
    )
    if not rests_on_labels or row.share is None or row.low is None or row.high is None:
        return None
    return (
        _true(row.share, wrong),
        min(row.low, _true(row.low, wrong), row.low - wrong if row.low > 1 - wrong else row.low),
        max(row.high, _true(row.high, wrong), row.high + wrong if row.high < wrong else row.high),
    )


def _true(seen: float, wrong: float) -> float:
    """Return the share that is seen as this one."""
    return min(1.0, max(0.0, (seen - wrong) / (1 - 2 * wrong)))

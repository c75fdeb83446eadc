"""Intervals by resampling and p-values by chance; what every measure asks of statistics.

An interval is two-sided at its `level`. A p-value by Monte Carlo is ``(1 + k) / (1 + B)``, k being
how many of B draws are at least as extreme: never 0, and valid for any B.

References
----------
.. [1] A. C. Davison and D. V. Hinkley, *Bootstrap Methods and their Application*, 1997, ch. 4.
.. [2] B. Phipson and G. K. Smyth, "Permutation p-values should never be zero", *Statistical
       Applications in Genetics and Molecular Biology* 9 (2010), 39.
.. [3] S. Holm, "A simple sequentially rejective multiple test procedure", *Scandinavian Journal
       of Statistics* 6 (1979), 65-70.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.errors import ParameterError

_TIE = 1e-9  # statistics that differ by less are one: sums in another order


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measured number with its uncertainty; None where it cannot be measured.

    Parameters
    ----------
    value, low, high : float or None
        The number and its interval, ``low <= value <= high``.
    n : int
        How many observations carry it.
    level : float
        Coverage that the interval is meant to have; 1.0 for bounds that hold for certain.
    method : str
        How it came about, in words.

    Raises
    ------
    ParameterError
        If the bounds are not in order.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    level: float
    method: str

    def __post_init__(self) -> None:
        known = [x for x in (self.low, self.value, self.high) if x is not None]
        if known != sorted(known):
            raise ParameterError("estimate", f"{known} are not in order", "Give low, value, high")


def proportion(n_hits: int, n: int, *, level: float) -> Estimate:
    """Share of hits with the exact interval of Clopper and Pearson.

    `n_hits`, `n`: ``0 <= n_hits <= n``; `level`: coverage in (0, 1).

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated
           in the case of the binomial", *Biometrika* 26 (1934), 404-413.
    """
    method = "share, exact interval of Clopper and Pearson"
    if n == 0:
        return Estimate(value=None, low=None, high=None, n=0, level=level, method=method)
    interval = stats.binomtest(n_hits, n).proportion_ci(level, method="exact")
    return Estimate(
        value=n_hits / n,
        low=float(min(interval.low, n_hits / n)),
        high=float(max(interval.high, n_hits / n)),
        n=n,
        level=level,
        method=method,
    )


def sign_p(n_hits: int, n: int, *, side: Literal["greater", "less"]) -> float | None:
    """Probability of as many hits, or as few, were each as likely as a miss.

    `n_hits`, `n`: ``0 <= n_hits <= n``; `side`: whether many hits or few are extreme.
    """
    return float(stats.binomtest(n_hits, n, 0.5, side).pvalue) if n else None


def chance_p(observed: float, draws: NDArray[np.float64]) -> float:
    """Probability of a statistic at least as large, by draws under the null model.

    `observed`: the statistic of what was measured; `draws` (n_draws,): the same statistic under the
    null model.
    """
    return (1 + int(np.count_nonzero(draws >= observed - _TIE))) / (1 + draws.size)


def power(
    alternatives: NDArray[np.float64], nulls: NDArray[np.float64], *, significance: float
) -> float:
    """Share of draws under an alternative that the test would have called significant.

    `alternatives` (n_alternatives,): the statistic under the alternative; large is extreme; `nulls`
    (n_draws,): the statistic under the null model; `significance`: the p-value at which the test
    rejects, in (0, 1).
    """
    ordered = np.sort(nulls)
    n_extreme = ordered.size - np.searchsorted(ordered, alternatives - _TIE, side="left")
    return float(np.mean((1 + n_extreme) / (1 + ordered.size) <= significance))


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Correct p-values for having asked several times.

    `p_values`: one a test; None where no test was possible, which does not count.
    """
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, i) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * p))
        corrected[i] = highest
    return tuple(corrected)

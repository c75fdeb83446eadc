"""Intervals by resampling, p-values by chance, and a centre that no outlier moves.

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

TIE = 1e-9  # statistics that differ by less are one: sums in another order
MOST_AT_ONCE = 1_000_000  # values that draws hold in memory together
LEAST_FOR_BOOTSTRAP = 6
"""Of fewer values no resample shows how far they scatter."""


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


def hits_of_all(n_hits: int, n: int, n_all: int, *, level: float) -> tuple[int, int]:
    """Bound how many of all are hits, by some that were drawn without replacement.

    `n_hits` of the `n` that were drawn of `n_all`; each of the two bounds is missed with
    probability (1 - `level`) / 2 at most, by the hypergeometric distribution [1]_. They are known
    where all were drawn, and open where none was.

    References
    ----------
    .. [1] T. Wright, *Exact Confidence Bounds when Sampling from Small Finite Universes*, 1991.
    """
    tail = (1 - level) / 2
    possible = np.arange(n_hits, n_all - n + n_hits + 1)
    as_many = stats.hypergeom.sf(n_hits - 1, n_all, possible, n)
    as_few = stats.hypergeom.cdf(n_hits, n_all, possible, n)
    low, high = possible[as_many > tail], possible[as_few > tail]
    return int(low[0]), int(high[-1])


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
    return (1 + int(np.count_nonzero(draws >= observed - TIE))) / (1 + draws.size)


def power(
    alternatives: NDArray[np.float64], nulls: NDArray[np.float64], *, significance: float
) -> float:
    """Share of draws under an alternative that the test would have called significant.

    `alternatives` (n_alternatives,): the statistic under the alternative; large is extreme; `nulls`
    (n_draws,): the statistic under the null model; `significance`: the p-value at which the test
    rejects, in (0, 1).
    """
    ordered = np.sort(nulls)
    n_extreme = ordered.size - np.searchsorted(ordered, alternatives - TIE, side="left")
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


def hodges_lehmann(
    values: NDArray[np.float64], *, rng: np.random.Generator, n_resamples: int, level: float
) -> Estimate:
    """Centre of a few values that one outlier does not move, with a bootstrap interval.

    `values` (n_values,): independent observations of one quantity; `level`: coverage in (0, 1).

    References
    ----------
    .. [1] J. L. Hodges and E. L. Lehmann, "Estimates of location based on rank tests", *Annals of
           Mathematical Statistics* 34 (1963), 598-611.
    """
    method = f"Hodges-Lehmann estimate, percentile bootstrap of {n_resamples} resamples"
    n = values.size
    if n == 0:
        return Estimate(value=None, low=None, high=None, n=0, level=level, method=method)
    value = _median_of_pairs(values[None])[0]
    if n < LEAST_FOR_BOOTSTRAP:
        return Estimate(
            value=float(value),
            low=None,
            high=None,
            n=n,
            level=level,
            method="Hodges-Lehmann estimate",
        )
    resamples = values[rng.integers(n, size=(n_resamples, n))]
    centres = np.concatenate([_median_of_pairs(some) for some in np.array_split(resamples, 20)])
    low, high = np.quantile(centres, [(1 - level) / 2, (1 + level) / 2])
    # the percentile interval of few values is too narrow by what a standard error of n - 1 is
    widening = np.sqrt(n / (n - 1)) * stats.t.ppf((1 + level) / 2, n - 1)
    widening /= stats.norm.ppf((1 + level) / 2)
    return Estimate(
        value=float(value),
        low=float(min(value, value + (low - value) * widening)),
        high=float(max(value, value + (high - value) * widening)),
        n=n,
        level=level,
        method=method,
    )


def _median_of_pairs(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hodges-Lehmann of each row."""
    first, second = np.triu_indices(samples.shape[1])
    return np.median((samples[:, first] + samples[:, second]) / 2, axis=1)

"""The centre of a few values, whatever an outlier among them does."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.resampling import Estimate

LEAST_FOR_BOOTSTRAP = 6
"""Of fewer values no resample shows how far they scatter."""


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
    method = f"Hodges-Lehmann median, percentile bootstrap of {n_resamples} resamples"
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
            method="Hodges-Lehmann median",
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

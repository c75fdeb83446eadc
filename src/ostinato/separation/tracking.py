"""A gain that wanders: a random walk through uncertain readings, as slow as the likelihood asks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST_NATS = 4.0  # more than this must be gained before a gain may wander


@dataclass(frozen=True, slots=True)
class Walk:
    """A tracked quantity and its variance, shape (n_series, n_steps) each."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def track(
    reading: NDArray[np.float64],
    variance: NDArray[np.float64],
    *,
    start: float,
    start_variance: float,
    step_variances: tuple[float, ...],
) -> Walk:
    """Smooth readings of quantities that walk at random, each at the rate that suits it best.

    Parameters
    ----------
    reading, variance : ndarray, shape (n_series, n_steps)
        Each reading and its variance, > 0; infinite where nothing was read.
    start, start_variance : float
        What is known before the first reading.
    step_variances : tuple of float
        Rates to choose from, the least first.

    Returns
    -------
    Walk
        The smoothed means and their variances.

    References
    ----------
    .. [1] H. Rauch et al., "Maximum likelihood estimates of linear dynamic
       systems", AIAA Journal 3(8), 1965.
    """
    rates = np.asarray(step_variances)
    n_series, n_steps = reading.shape
    shape = (rates.size, n_series)
    mean, spread = np.full(shape, start), np.full(shape, start_variance)
    nats = np.zeros(shape)
    means, spreads = (np.empty((n_steps, *shape)) for _ in range(2))
    precision = 1 / variance
    for k in range(n_steps):
        spread = spread + rates[:, np.newaxis]
        surprise = reading[:, k] - mean
        # written with the precision, so that an infinite variance is no reading
        relative = 1 + spread * precision[:, k]
        nats -= 0.5 * (np.log(relative) + surprise**2 * precision[:, k] / relative)
        mean = mean + spread * precision[:, k] / relative * surprise
        spread = spread / relative
        means[k], spreads[k] = mean, spread
    nats[1:] -= _LEAST_NATS
    best = np.argmax(nats, axis=0)
    series = np.arange(n_series)
    return _smoothed(means[:, best, series], spreads[:, best, series], rates[best])


def _smoothed(
    means: NDArray[np.float64], spreads: NDArray[np.float64], rate: NDArray[np.float64]
) -> Walk:
    for k in range(means.shape[0] - 2, -1, -1):
        share = spreads[k] / np.maximum(spreads[k] + rate, 1e-300)
        means[k] += share * (means[k + 1] - means[k])
        spreads[k] += share**2 * (spreads[k + 1] - spreads[k] - rate)
    return Walk(means.T, spreads.T)

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
    start: tuple[float, ...],
    start_variance: tuple[float, ...],
    step_variances: tuple[float, ...],
) -> Walk:
    """Smooth readings of quantities that walk at random, each at the rate that suits it best.

    Parameters
    ----------
    reading, variance : ndarray, shape (n_series, n_steps)
        Each reading and its variance, > 0; infinite where nothing was read.
    start, start_variance : tuple of float
        What is known before the first reading: of all series, or of each.
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
    mean, spread = (np.broadcast_to(one, shape) for one in (start, start_variance))
    means, spreads, relatives, surprises = (np.empty((n_steps, *shape)) for _ in range(4))
    readings, precisions = (np.ascontiguousarray(one.T) for one in (reading, 1 / variance))
    column = rates[:, np.newaxis]
    for k in range(n_steps):
        spread = spread + column
        surprise = np.subtract(readings[k], mean, out=surprises[k])
        # written with the precision, so that an infinite variance is no reading
        trust = spread * precisions[k]
        relative = np.add(trust, 1, out=relatives[k])
        trust /= relative
        trust *= surprise
        mean = np.add(mean, trust, out=means[k])
        spread = np.divide(spread, relative, out=spreads[k])
    surprises *= surprises
    surprises *= precisions[:, np.newaxis]
    surprises /= relatives
    nats = -0.5 * (np.log(relatives) + surprises).sum(axis=0)
    nats[1:] -= _LEAST_NATS
    best = np.argmax(nats, axis=0)
    series = np.arange(n_series)
    return _smoothed(means[:, best, series], spreads[:, best, series], rates[best])


def _smoothed(
    means: NDArray[np.float64], spreads: NDArray[np.float64], rate: NDArray[np.float64]
) -> Walk:
    shares = spreads / np.maximum(spreads + rate, 1e-300)
    for k in range(means.shape[0] - 2, -1, -1):
        share = shares[k]
        means[k] += share * (means[k + 1] - means[k])
        spreads[k] += share**2 * (spreads[k + 1] - spreads[k] - rate)
    return Walk(means.T, spreads.T)

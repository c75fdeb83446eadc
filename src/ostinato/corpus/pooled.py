"""Shares of many films together: a mean with its interval, and each film drawn towards it.

A share is taken on the scale of log odds, with the standard error that its interval implies. Films
differ by more than their errors: how much more is the variance that makes the weighted squares sum
to their degrees of freedom (Paule and Mandel, 1982). The interval of the mean is that of Hartung
and Knapp (2001), which holds its level with few films. A film's own share, drawn towards the mean
by how little is known of it, is the better guess where it has few labels; its bounds are those of
Morris (1983), which allow for the spread of the films being a guess too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import t as student

_Z = 1.959964
_LEAST, _MOST = 1e-4, 1 - 1e-4  # a share of none or all has no log odds
_LEAST_SE = 0.01
_FEWEST = 2
_FEWEST_DRAWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledShares:
    """The share of a corpus, and of each of its films as drawn towards it.

    `mean` lies between `low` and `high` at 95 %; `spread` is the standard deviation of films, in
    log odds, beyond their errors. `drawn` holds share, low and high of each film, in the order in
    which they were given; of fewer than four films each stays as it was.
    """

    mean: float
    low: float
    high: float
    spread: float
    drawn: tuple[tuple[float, float, float], ...]


def pooled_shares(intervals: Sequence[tuple[float, float, float]]) -> PooledShares | None:
    """Return the share of all films together.

    Parameters
    ----------
    intervals : sequence of tuple of float
        Share, low and high of each film, from 0 to 1, at 95 %.

    Returns
    -------
    PooledShares or None
        None for fewer than two films.

    References
    ----------
    Paule and Mandel (1982), Journal of Research of the NBS 87; Hartung and Knapp (2001), Statistics
    in Medicine 20; Morris (1983), Journal of the American Statistical Association 78.
    """
    if len(intervals) < _FEWEST:
        return None
    odds = logit(np.clip(np.array(intervals, np.float64), _LEAST, _MOST))
    y = odds[:, 0]
    variance = np.maximum((odds[:, 2] - odds[:, 1]) / (2 * _Z), _LEAST_SE) ** 2
    between = _between(y, variance)
    weights = 1 / (variance + between)
    mean = float(np.sum(weights * y) / np.sum(weights))
    n = y.size
    scale = float(np.sum(weights * (y - mean) ** 2) / (n - 1))
    half = float(student.ppf(0.975, n - 1) * np.sqrt(max(scale, 1.0) / np.sum(weights)))
    drawn = _drawn(y, variance, mean, between) if n >= _FEWEST_DRAWN else expit(odds)
    return PooledShares(
        mean=float(expit(mean)),
        low=float(expit(mean - half)),
        high=float(expit(mean + half)),
        spread=float(np.sqrt(between)),
        drawn=tuple((float(a), float(b), float(c)) for a, b, c in drawn),
    )


def _drawn(
    y: NDArray[np.float64], variance: NDArray[np.float64], mean: float, between: float
) -> NDArray[np.float64]:
    """Draw each film towards the mean, with bounds that allow for the spread being a guess."""
    n = y.size
    towards = (n - 3) / (n - 1) * variance / (variance + between)
    centre = (1 - towards) * y + towards * mean
    own = variance * (1 - (n - 1) / n * towards)
    error = np.sqrt(own + 2 / (n - 3) * towards**2 * (y - mean) ** 2)
    return expit(np.stack([centre, centre - _Z * error, centre + _Z * error], axis=1))


def _between(y: NDArray[np.float64], variance: NDArray[np.float64]) -> float:
    """Return the variance of films beyond their errors."""

    def excess(between: float) -> float:
        weights = 1 / (variance + between)
        mean = np.sum(weights * y) / np.sum(weights)
        return float(np.sum(weights * (y - mean) ** 2)) - (y.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    high = 1.0
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high))


def rank_percent(value: float, others: Sequence[float]) -> float:
    """Return how a value ranks among others: the percentage of them that lie below it.

    Parameters
    ----------
    value : float
        Of one film.
    others : sequence of float
        Of all films, this one too; ties count half.

    Returns
    -------
    float
        From 0 to 100.
    """
    y = np.array(others, np.float64)
    return float(100 * (np.mean(y < value) + np.mean(y == value) / 2))

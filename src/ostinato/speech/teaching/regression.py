"""Logistic regression that is held back, and probabilities made honest by what was held out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ostinato.errors import ParameterError

_MAX_STEPS = 50
_ENOUGH = 1e-8
_LEAST_SCALE = 0.1
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """Log odds of narration as a weighted sum of columns, plus a constant."""

    weights: _Array
    constant: float

    def log_odds(self, x: _Array) -> _Array:
        """Log odds for each row of `x`, shape (n, n_columns)."""
        return np.asarray(x @ self.weights + self.constant)


def fit_logistic(
    x: _Array, y: NDArray[np.bool_], *, penalty: float, centre: float = 0.0
) -> Logistic:
    """Fit by penalised maximum likelihood, by Newton's method.

    `x` (n, n_columns): about unit scale; `y` (n,): true for narration; `penalty`: half of it times
    the square of each weight's distance from `centre` is taken from the log likelihood, > 0. The
    constant is free; `centre`: what a weight is drawn to. Raises ParameterError if the penalty is
    not positive, or one of the two is missing from `y`.

    References
    ----------
    .. [1] T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd
           ed., 2009, sec. 4.4.1 and 18.3.
    """
    if not penalty > 0:
        raise ParameterError("penalty", f"it is {penalty}", "Give a number > 0")
    if y.all() or not y.any():
        raise ParameterError("labels", "all are of one kind", "Give narration and dialogue")
    columns = np.column_stack([x, np.ones(len(x))])
    pull = np.full(columns.shape[1], penalty)
    pull[-1] = 1e-6  # keeps the constant finite, and nothing else
    middle = np.full(columns.shape[1], centre)
    middle[-1] = 0.0
    w = middle.copy()
    for _ in range(_MAX_STEPS):
        p = expit(columns @ w)
        gradient = columns.T @ (y - p) - pull * (w - middle)
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(pull)
        step = np.linalg.solve(curvature, gradient)
        # a long step overshoots where the likelihood is flat
        w = w + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < _ENOUGH:
            break
    return Logistic(w[:-1], float(w[-1]))


def calibrated(log_odds: _Array, y: NDArray[np.bool_], *, penalty: float) -> Logistic:
    """Fit the line that turns held-out log odds into those that come true.

    `log_odds` (n,): of labels that the model had not seen; `y` (n,): true for narration; `penalty`:
    how hard the line is held to the one that changes nothing.

    References
    ----------
    .. [1] J. C. Platt, "Probabilistic outputs for support vector machines and comparisons to
           regularized likelihood methods", *Advances in Large Margin Classifiers*, 1999, 61-74.
    """
    line = fit_logistic(log_odds[:, None], y, penalty=penalty, centre=1.0)
    return Logistic(np.maximum(line.weights, _LEAST_SCALE), line.constant)


def log_loss(log_odds: _Array, y: NDArray[np.bool_]) -> float:
    """Mean of minus the log of the probability that was given to what is true.

    `log_odds` (n,): of narration; `y` (n,): true for narration.
    """
    return float(np.logaddexp(0, np.where(y, -log_odds, log_odds)).mean())

"""The share of narration in speech of which one thing was predicted, with bounds.

Labels count twice: as segments, of which some are narration, and as seconds, since narration may be
longer or shorter than the rest. The bounds of the count are those of Jeffreys [1]_ for as many
segments as would tell as much as the stratified sample does [2]_; that lengths scatter is added on
the logit scale. A sum of squares over seconds alone sees too little scatter where a kind is rare:
three labels do not show how long such segments are, while all labels together show how far lengths
scatter.

References
----------
.. [1] L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
       *Statistical Science* 16 (2001), 101-133.
.. [2] E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected
       number of positive counts estimated from survey data", *Survey Methodology* 24 (1998),
       193-201.
.. [3] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 5.4 and 5.9.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

_SEVERAL = -1
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Labels of speech of which one thing was predicted, or of all speech.

    Parameters
    ----------
    speech_s : float
        All such speech, labelled or not.
    lengths_s, weights : ndarray, shape (n,)
        A weight is one over the probability of being drawn.
    predicted : ndarray of int, shape (n,)
        What of it has a scatter of its own.
    truth : ndarray, shape (n, 2)
        Narration and dialogue, 0 or 1; both 0 where a label says neither.
    strata : ndarray of int, shape (n,)
        Within what each was drawn.
    """

    speech_s: float
    lengths_s: _Array
    weights: _Array
    predicted: NDArray[np.int64]
    truth: _Array
    strata: NDArray[np.int64]

    @property
    def left(self) -> float:
        """Share of the speech that has no label."""
        return max(0.0, 1 - float(self.lengths_s.sum()) / self.speech_s) if self.speech_s else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Share of narration in seconds; of the speech, `clear` is narration or dialogue.

    `clear_error` is the standard error of `clear`.
    """

    value: float
    low: float
    high: float
    clear: float
    clear_error: float


def share_within(sampled: Sampled, *, level: float) -> Share | None:
    """Estimate the share of narration in narration and dialogue, of one predicted kind.

    `level`: coverage in (0, 1).
    """
    masses = sampled.weights * sampled.lengths_s
    masses = masses / masses.sum()
    is_clear = np.asarray(sampled.truth.any(axis=1))
    clear = min(1.0, float(masses[is_clear].sum()))
    if not clear > 0:
        return None
    is_narration = sampled.truth[:, 0] > 0
    value = min(1.0, float(masses[is_narration].sum()) / clear)
    n, n_narration = int(is_clear.sum()), int(is_narration.sum())
    if n_narration in {0, n}:
        value = float(n_narration > 0)
        reach = sampled.left * (1 - ((1 - level) / 2) ** (1 / n))
        low, high = max(0.0, value - reach), min(1.0, value + reach)
    else:
        low, high = _bounds(sampled, value, is_clear, is_narration, level=level)
    scatter = clear * (1 - clear) * float(np.square(masses).sum()) * sampled.left
    return Share(value=value, low=low, high=high, clear=clear, clear_error=math.sqrt(scatter))


def _bounds(
    sampled: Sampled,
    value: float,
    is_clear: NDArray[np.bool_],
    is_narration: NDArray[np.bool_],
    *,
    level: float,
) -> tuple[float, float]:
    shares = np.where(is_clear, sampled.weights, 0.0)
    shares /= shares.sum()
    count = float(shares[is_narration].sum())
    variance, freedom = _scatter(sampled, shares * (is_narration - count))
    if variance == 0:
        # nothing differs within a stratum, or all has a label
        variance = count * (1 - count) * float(np.square(shares).sum()) * sampled.left
    if variance == 0:
        return value, value
    tail = (1 - level) / 2
    few = float(ndtri(tail) / stdtrit(freedom, tail))
    n_telling = max(1.0, count * (1 - count) / variance * few**2)
    successes, failures = count * n_telling + 0.5, (1 - count) * n_telling + 0.5
    low, high = (float(betaincinv(successes, failures, q)) for q in (tail, 1 - tail))
    down, up = logit(count) - logit(low), logit(high) - logit(count)
    by_length = _length_error(sampled, shares, is_clear, is_narration, tail=tail)
    return (
        float(expit(logit(value) - math.hypot(max(0.0, down), by_length))),
        float(expit(logit(value) + math.hypot(max(0.0, up), by_length))),
    )


def _scatter(sampled: Sampled, pulls: _Array) -> tuple[float, float]:
    """Variance of a sum of pulls in a stratified sample, and its degrees of freedom [3]_.

    Strata of one predicted kind share their scatter: two labels show it badly.
    """
    strata = _of_two_or_more(sampled.strata)
    kinds = _kinds_of(strata, sampled.predicted)
    each = pulls / sampled.weights
    left = np.clip(1 - 1 / sampled.weights, 0.0, 1.0) * sampled.weights**2
    found, freedoms = [], []
    for kind in np.unique(kinds):
        members = kinds == kind
        squares, freedom = 0.0, 0
        for stratum in np.unique(strata[members]):
            own = members & (strata == stratum)
            squares += float(np.square(each[own] - each[own].mean()).sum())
            freedom += int(own.sum()) - 1
        if freedom > 0 and squares > 0:
            found.append(squares / freedom * float(left[members].sum()))
            freedoms.append(freedom)
    parts = np.array(found)
    total = float(parts.sum())
    if not total > 0:
        return 0.0, max(1.0, float(pulls.size - 1))
    return total, float(total**2 / (parts**2 / np.array(freedoms)).sum())


def _of_two_or_more(strata: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join strata with a single label, which shows no scatter, with the next one."""
    names, own, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    joined = np.arange(names.size)
    for i in np.flatnonzero(sizes == 1):
        joined[joined == joined[i]] = joined[i - 1 if i else min(1, names.size - 1)]
    return joined[own]


def _kinds_of(strata: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each label what was predicted in its whole stratum, or that several things were."""
    out = predicted.copy()
    for stratum in np.unique(strata):
        own = strata == stratum
        if np.unique(predicted[own]).size > 1:
            out[own] = _SEVERAL
    return out


def _length_error(
    sampled: Sampled,
    shares: _Array,
    is_clear: NDArray[np.bool_],
    is_narration: NDArray[np.bool_],
    *,
    tail: float,
) -> float:
    """How far the mean lengths of both kinds may lead the share astray, on the logit scale."""
    kinds = (is_narration, is_clear & ~is_narration)
    relative = np.concatenate(
        [sampled.lengths_s[kind] / sampled.lengths_s[kind].mean() - 1 for kind in kinds]
    )
    freedom = max(1, relative.size - 2)
    spread = float(np.square(relative).sum()) / freedom
    per_label = sum(
        float(np.square(shares[kind]).sum() / shares[kind].sum() ** 2) for kind in kinds
    )
    error = math.sqrt(spread * per_label * sampled.left)
    return error * abs(float(stdtrit(freedom, tail)))

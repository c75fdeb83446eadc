"""The share of narration, from what was predicted of all speech and a random sample of labels.

What was predicted of all is corrected by how it errs in the sample [1]_: in the speech of each
predicted kind, labels say how much of it is narration, and each kind counts for the seconds that it
has in the film. That is the regression estimator of survey sampling with a group for each
prediction [2]_, whatever the predictions are worth: one that is always wrong tells as much as one
that is always right. Seconds are counted, each label standing for as much speech as one over the
probability with which it was drawn.

Each kind's share has bounds of its own (`ostinato.measures.survey`), and those of the film are
joined from them [3]_ [4]_. A single standard error for all kinds is not enough: where a prediction
is mostly right, a few long segments hold all of its errors, and bounds are not alike on both sides.
That speech of one scene is alike does not widen the interval: segments are drawn one by one, and
what is estimated is the share of this film.

References
----------
.. [1] A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan and T. Zrnic, "Prediction-powered
       inference", *Science* 382 (2023), 669-674.
.. [2] C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey Sampling*, 1992, ch. 7.
.. [3] X. Yan and X. G. Su, "Stratified Wilson and Newcombe confidence intervals for multiple
       binomial proportions", *Statistics in Biopharmaceutical Research* 2 (2010), 329-335.
.. [4] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
       approach", *Statistics in Medicine* 27 (2008), 1693-1702.

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

from ostinato.measures.statistics import Estimate

LEAST_LABELS = 5
"""With fewer labels nothing is estimated."""
_LEAST_OF_KIND = 2
_SEVERAL = -1
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """The speech from which a sample was drawn, and the sample.

    Columns of two are narration and dialogue; what is neither has 0 in both.

    Parameters
    ----------
    speech_s : float
        All speech that could have been drawn.
    predicted_s : ndarray, shape (2,)
        What was predicted of it.
    known_s : ndarray, shape (2,)
        Speech beside it of which the kind is known for certain.
    lengths_s, weights : ndarray, shape (n_labels,)
        Of the sample; a weight is one over the probability of being drawn.
    predicted, truth : ndarray, shape (n_labels, 2)
        0 or 1.
    is_unclear : ndarray of bool, shape (n_labels,)
        Speech of which the person could not say.
    strata : ndarray of int, shape (n_labels,)
        Within what each was drawn.
    n_open : int
        How many of the sample nobody has labelled yet: as unclear as speech can be, and no labels.
    """

    speech_s: float
    predicted_s: NDArray[np.float64]
    known_s: NDArray[np.float64]
    lengths_s: NDArray[np.float64]
    weights: NDArray[np.float64]
    predicted: NDArray[np.float64]
    truth: NDArray[np.float64]
    is_unclear: NDArray[np.bool_]
    strata: NDArray[np.int64]
    n_open: int = 0

    @property
    def n_labels(self) -> int:
        """How many of the sample have a label."""
        return int(self.weights.size) - self.n_open

    @property
    def is_enough(self) -> bool:
        """Whether the sample carries an estimate."""
        return self.n_labels >= LEAST_LABELS and bool(self.truth.any())


def prediction_powered(frame: Frame, *, level: float) -> Estimate:
    """Estimate the share of narration in narration and dialogue.

    `level`: coverage in (0, 1).
    """
    return _estimated(frame, level, uses_prediction=True)


def labels_only(frame: Frame, *, level: float) -> Estimate:
    """Estimate the same share from the sample, as if nothing had been predicted.

    `level`: coverage in (0, 1).
    """
    return _estimated(frame, level, uses_prediction=False)


def _estimated(frame: Frame, level: float, *, uses_prediction: bool) -> Estimate:
    masses = frame.weights * frame.lengths_s
    masses /= masses.sum()
    parts = [
        (part.speech_s, found)
        for part in _parts(frame, uses_prediction=uses_prediction)
        if (found := share_within(part, level=level)) is not None
    ]
    known_s = frame.known_s if uses_prediction else np.zeros(2)
    share, down, up = _together(parts, known_s, level=level)
    least = _least_reach(frame, masses, level=level)
    low, high = max(0.0, share - max(down, least)), min(1.0, share + max(up, least))
    unclear = _unclear(frame, masses)
    name = "a prediction-powered estimate" if uses_prediction else "estimated by labels alone,"
    return Estimate(
        value=share,
        low=float(low * (1 - unclear)),
        high=float(high * (1 - unclear) + unclear),
        n=frame.n_labels,
        level=level,
        method=f"the share is {name} from a stratified sample of {frame.n_labels} random labels",
    )


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


def _parts(frame: Frame, *, uses_prediction: bool) -> list[Sampled]:
    """Part the speech by what was predicted of it; parts with too few labels join the largest."""
    codes = (frame.predicted @ np.array([1, 2])).astype(np.int64)
    if not uses_prediction:
        return [_sampled(frame, codes, [0, 1, 2], frame.speech_s)]
    narration_s, dialogue_s = map(float, frame.predicted_s)
    seconds = np.array(
        [max(0.0, frame.speech_s - narration_s - dialogue_s), narration_s, dialogue_s]
    )
    n_clear = np.bincount(codes, frame.truth.any(axis=1), minlength=3)
    is_alone = n_clear >= _LEAST_OF_KIND
    largest = int(np.argmax(n_clear))
    is_alone[largest] = True
    out = []
    for code in np.flatnonzero(is_alone):
        of = [int(code), *(np.flatnonzero(~is_alone).tolist() if code == largest else [])]
        out.append(_sampled(frame, codes, of, float(seconds[of].sum())))
    return out


def _sampled(frame: Frame, codes: NDArray[np.int64], of: list[int], speech_s: float) -> Sampled:
    own = np.isin(codes, of)
    return Sampled(
        speech_s=speech_s,
        lengths_s=frame.lengths_s[own],
        weights=frame.weights[own],
        predicted=codes[own],
        truth=frame.truth[own],
        strata=frame.strata[own],
    )


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


def _together(
    parts: list[tuple[float, Share]], known_s: NDArray[np.float64], *, level: float
) -> tuple[float, float, float]:
    """Join the shares of all parts, and how far theirs reach down and up [4]_."""
    seconds = np.array([speech_s * part.clear for speech_s, part in parts])
    values, lows, highs = (
        np.array([getattr(part, name) for _, part in parts]) for name in ("value", "low", "high")
    )
    total_s = float(seconds.sum() + known_s.sum())
    share = float((seconds @ values + known_s[0]) / total_s)
    # how much of a part is speech at all is an estimate as well
    errors_s = np.array([speech_s * part.clear_error for speech_s, part in parts])
    by_clear = errors_s * (values - share) * ndtri((1 + level) / 2)
    down, up = (
        float(np.sqrt(np.square(seconds * reach).sum() + np.square(by_clear).sum())) / total_s
        for reach in (values - lows, highs - values)
    )
    return share, down, up


def _least_reach(frame: Frame, masses: NDArray[np.float64], *, level: float) -> float:
    """None of n labels of a predicted kind may err, and still some of the rest does."""
    alike = np.zeros(masses.size, dtype=bool)
    for kind in np.unique(frame.predicted, axis=0):
        members = (frame.predicted == kind).all(axis=1)
        if (frame.truth[members] == frame.truth[members][0]).all():
            alike |= members
    if not alike.any():
        return 0.0
    left = max(0.0, 1 - frame.lengths_s.sum() / frame.speech_s)
    unknown = left * frame.speech_s / (frame.speech_s + frame.known_s.sum())
    mass = float(masses[alike].sum())
    return float(unknown * mass * (1 - ((1 - level) / 2) ** (1 / int(alike.sum()))))


def _unclear(frame: Frame, masses: NDArray[np.float64]) -> float:
    """How much of the speech people could not tell, or have not labelled."""
    unclear_s = frame.speech_s * float(masses @ frame.is_unclear)
    return unclear_s / (unclear_s + (frame.speech_s + frame.known_s.sum()) or 1.0)


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

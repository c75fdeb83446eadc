"""The share of narration, from what was predicted of all speech and a random sample of labels.

What was predicted of all is corrected by how it errs in the sample [1]_; how much of it is used is
set so that the result scatters least [2]_, which is the regression estimator of survey sampling
[3]_. Seconds are counted, each label standing for as much speech as one over the probability with
which it was drawn.

The interval is the textbook's for a stratified random sample [3]_: the variance of the residuals
within each stratum, less what was labelled already, with Satterthwaite's degrees of freedom [5]_
and on the logit scale. That speech of one scene is alike does not widen it: segments are drawn one
by one, and what is estimated is the share of this film.

References
----------
.. [1] A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan and T. Zrnic, "Prediction-powered
       inference", *Science* 382 (2023), 669-674.
.. [2] A. N. Angelopoulos, J. C. Duchi and T. Zrnic, "PPI++: efficient prediction-powered
       inference", arXiv:2311.01453, 2023, sec. 6.
.. [3] C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey Sampling*, 1992, ch. 6.
.. [4] E. L. Korn and B. I. Graubard, *Analysis of Health Surveys*, 1999, sec. 3.2 (intervals of
       design-based proportions, with t for the degrees of freedom of the design).
.. [5] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 5.4 and 5.9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit

from ostinato.measures.resampling import Estimate

LEAST_LABELS = 5
"""With fewer labels nothing is estimated."""


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

    Parameters
    ----------
    frame : Frame
        With enough labels.
    level : float
        Coverage in (0, 1).

    Returns
    -------
    Estimate
        In [0, 1]. Where none of n labels of a predicted kind errs, up to
        ``1 - ((1 - level) / 2)**(1 / n)`` of the rest may, and the interval is no narrower.
    """
    return _estimated(frame, level, uses_prediction=True)


def labels_only(frame: Frame, *, level: float) -> Estimate:
    """Estimate the same share from the sample, as if nothing had been predicted.

    Parameters
    ----------
    frame : Frame
        With enough labels.
    level : float
        Coverage in (0, 1).

    Returns
    -------
    Estimate
        In [0, 1].
    """
    return _estimated(frame, level, uses_prediction=False)


def _estimated(frame: Frame, level: float, *, uses_prediction: bool) -> Estimate:
    masses = frame.weights * frame.lengths_s
    masses /= masses.sum()
    used = _use_of_prediction(frame, masses) if uses_prediction else 0.0
    share, pulls = _share(frame, masses, used, uses_prediction=uses_prediction)
    scatter = _scatter(frame, masses, pulls)
    low, high = _interval(
        share, float(np.sqrt(scatter.variance)), freedom=scatter.freedom, level=level
    )
    # none of n labels may err, and still some of the rest does
    left = max(0.0, 1 - frame.lengths_s.sum() / frame.speech_s)
    unknown = left * frame.speech_s / (frame.speech_s + frame.known_s.sum())
    least = (
        unknown * scatter.alike_mass * (1 - ((1 - level) / 2) ** (1 / scatter.n_alike))
        if scatter.n_alike
        else 0.0
    )
    low, high = max(0.0, min(low, share - least)), min(1.0, max(high, share + least))
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


def _interval(value: float, error: float, *, freedom: float, level: float) -> tuple[float, float]:
    """Interval on the logit scale, where shares near 0 or 1 scatter to both sides alike [4]_."""
    if not (0 < value < 1 and error > 0):
        return value, value
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error / (value * (1 - value))
    return float(expit(logit(value) - half)), float(expit(logit(value) + half))


def _share(
    frame: Frame, masses: NDArray[np.float64], used: float, *, uses_prediction: bool
) -> tuple[float, NDArray[np.float64]]:
    """Share of narration, and how far each label pulls it: the residuals of the estimate."""
    residuals = frame.truth - used * frame.predicted
    means = masses @ residuals
    beside_s = frame.known_s + used * frame.predicted_s if uses_prediction else np.zeros(2)
    seconds = beside_s + frame.speech_s * means
    # a prediction may take more away than there is
    seconds = np.maximum(seconds, 0.0)
    total_s = float(seconds.sum())
    if not total_s > 0:
        return 0.0, np.zeros(masses.size)
    share = float(np.clip(seconds[0] / total_s, 0.0, 1.0))
    pulls = residuals[:, 0] - share * residuals.sum(axis=1)
    return share, frame.speech_s / total_s * masses * (pulls - masses @ pulls)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scatter:
    """Variance of a sum of pulls, its degrees of freedom, and the labels that show no scatter."""

    variance: float
    freedom: float
    alike_mass: float
    n_alike: int


def _scatter(frame: Frame, masses: NDArray[np.float64], pulls: NDArray[np.float64]) -> _Scatter:
    """Take the scatter of a stratified sample [5]_.

    Strata of one predicted kind share their scatter: two labels show it badly.
    """
    strata = _of_two_or_more(frame.strata)
    each = pulls / frame.weights
    left = np.clip(1 - 1 / frame.weights, 0.0, 1.0) * frame.weights**2
    found, freedoms = [], []
    alike = np.zeros(masses.size, dtype=bool)
    for kind in np.unique(frame.predicted, axis=0):
        members = (frame.predicted == kind).all(axis=1)
        if (frame.truth[members] == frame.truth[members][0]).all():
            alike |= members
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
    return _Scatter(
        variance=total,
        freedom=float(total**2 / (parts**2 / np.array(freedoms)).sum()) if total > 0 else 1.0,
        alike_mass=float(masses[alike].sum()),
        n_alike=int(alike.sum()),
    )


def _of_two_or_more(strata: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join strata with a single label, which shows no scatter, with the next one."""
    names, own, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    joined = np.arange(names.size)
    for i in np.flatnonzero(sizes == 1):
        joined[joined == joined[i]] = joined[i - 1 if i else min(1, names.size - 1)]
    return joined[own]


def _unclear(frame: Frame, masses: NDArray[np.float64]) -> float:
    """How much of the speech people could not tell, or have not labelled."""
    unclear_s = frame.speech_s * float(masses @ frame.is_unclear)
    return unclear_s / (unclear_s + (frame.speech_s + frame.known_s.sum()) or 1.0)


def _use_of_prediction(frame: Frame, masses: NDArray[np.float64]) -> float:
    """How much of the prediction is used: the slope of the truth on it, from 0 to 1 [2]_."""
    means = masses @ frame.truth
    share = means[0] / max(float(means.sum()), 1e-12)
    # each label's pull on the share; seconds weigh as they do in the estimate
    pulls = [kind[:, 0] - share * kind.sum(axis=1) for kind in (frame.truth, frame.predicted)]
    centred = [pull - masses @ pull for pull in pulls]
    spread = float((masses**2 * centred[1] ** 2).sum())
    common = float((masses**2 * centred[0] * centred[1]).sum())
    return float(np.clip(common / spread, 0.0, 1.0)) if spread > 0 else 0.0

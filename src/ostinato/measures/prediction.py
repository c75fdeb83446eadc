"""The share of narration, from what was predicted of all speech and a random sample of labels.

What was predicted of all is corrected by how it errs in the sample [1]_; how much of it is used is
set so that the result scatters least [2]_, which is the regression estimator of survey sampling
[3]_. Seconds are counted, each label standing for as much speech as one over the probability with
which it was drawn.

The interval comes from resampling whole blocks of labels within strata, with Student's t for the
blocks that there are. Blocks are a source of doubt as far as they were not reached: the variance is
that of two stages of sampling [5]_, of blocks and of segments in them, and vanishes as the labels
come to cover all speech.

References
----------
.. [1] A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan and T. Zrnic, "Prediction-powered
       inference", *Science* 382 (2023), 669-674.
.. [2] A. N. Angelopoulos, J. C. Duchi and T. Zrnic, "PPI++: efficient prediction-powered
       inference", arXiv:2311.01453, 2023, sec. 6.
.. [3] C.-E. Särndal, B. Swensson and J. Wretman, *Model Assisted Survey Sampling*, 1992, ch. 6.
.. [4] E. L. Korn and B. I. Graubard, *Analysis of Health Surveys*, 1999, sec. 3.2 (intervals of
       design-based proportions, with t for the degrees of freedom of the design).
.. [5] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 10.3 and 11.7.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit

from ostinato.measures.resampling import (
    Estimate,
    block_multiplicities,
    n_effective,
    usable_strata,
)

LEAST_LABELS = 5
LEAST_BLOCKS = 3
"""With fewer labels or blocks of them nothing is estimated."""
LEAST_BLOCKS_OF_STRATUM = 4
"""Strata with fewer blocks do not show how these scatter: all are then one stratum."""


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
    blocks, strata : ndarray of int, shape (n_labels,)
        What is resampled together, and within what.
    n_blocks : int
        How many blocks of speech there are, reached by a label or not.
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
    blocks: NDArray[np.int64]
    strata: NDArray[np.int64]
    n_blocks: int
    n_open: int = 0

    @property
    def n_labels(self) -> int:
        """How many of the sample have a label."""
        return int(self.weights.size) - self.n_open

    @property
    def is_enough(self) -> bool:
        """Whether the sample carries an estimate."""
        n_blocks = np.unique(self.blocks).size
        return self.n_labels >= LEAST_LABELS and n_blocks >= LEAST_BLOCKS and bool(self.truth.any())


def prediction_powered(
    frame: Frame, *, rng: np.random.Generator, n_resamples: int, level: float
) -> Estimate:
    """Estimate the share of narration in narration and dialogue.

    Parameters
    ----------
    frame : Frame
        With enough labels.
    rng : numpy.random.Generator
        Source of the resamples.
    n_resamples : int
        How many.
    level : float
        Coverage in (0, 1).

    Returns
    -------
    Estimate
        In [0, 1]. The interval is never narrower than what the labels exclude by their number
        alone: where none of n errs, up to ``1 - ((1 - level) / 2)**(1 / n)`` of the rest may.
    """
    return _estimated(frame, rng, n_resamples, level, uses_prediction=True)


def labels_only(
    frame: Frame, *, rng: np.random.Generator, n_resamples: int, level: float
) -> Estimate:
    """Estimate the same share from the sample, as if nothing had been predicted.

    Parameters
    ----------
    frame : Frame
        With enough labels.
    rng : numpy.random.Generator
        Source of the resamples.
    n_resamples : int
        How many.
    level : float
        Coverage in (0, 1).

    Returns
    -------
    Estimate
        In [0, 1].
    """
    return _estimated(frame, rng, n_resamples, level, uses_prediction=False)


def _estimated(
    frame: Frame,
    rng: np.random.Generator,
    n_resamples: int,
    level: float,
    *,
    uses_prediction: bool,
) -> Estimate:
    n = frame.weights.size
    masses = (frame.weights * frame.lengths_s)[None]
    shares, unclear = _shares(frame, masses, uses_prediction=uses_prediction)
    value = float(np.clip(shares[0], 0, 1))
    strata = usable_strata(frame.blocks, frame.strata, least_blocks=LEAST_BLOCKS_OF_STRATUM)
    n_blocks = n_effective(frame.blocks, masses[0])
    freedom = max(1.0, n_blocks - np.unique(strata).size)
    together, apart = (
        float(
            np.nanvar(
                _shares(
                    frame,
                    masses * block_multiplicities(blocks, within, rng=rng, n_resamples=n_resamples),
                    uses_prediction=uses_prediction,
                )[0]
            )
        )
        for blocks, within in ((frame.blocks, strata), (np.arange(n), np.zeros_like(strata)))
    )
    # what is labelled needs no estimate, and blocks that all were reached are no source of doubt
    left = max(0.0, 1 - frame.lengths_s.sum() / frame.speech_s)
    reached = min(1.0, np.unique(frame.blocks).size / frame.n_blocks)
    variance = (1 - reached) * together * n_blocks / freedom + reached * left * apart * n / (n - 1)
    low, high = _interval(value, float(np.sqrt(variance)), freedom=freedom, level=level)
    unknown = left * frame.speech_s / (frame.speech_s + frame.known_s.sum())
    least = unknown * (1 - ((1 - level) / 2) ** (1 / frame.n_labels))
    low, high = max(0.0, min(low, value - least)), min(1.0, max(high, value + least))
    name = "prediction-powered estimate" if uses_prediction else "estimate from labels alone"
    return Estimate(
        value=value,
        low=float(low * (1 - unclear)),
        high=float(high * (1 - unclear) + unclear),
        n=frame.n_labels,
        level=level,
        method=(
            f"{name} from {frame.n_labels} random labels, "
            f"resampled in {np.unique(frame.blocks).size} blocks"
        ),
    )


def _interval(value: float, error: float, *, freedom: float, level: float) -> tuple[float, float]:
    """Interval on the logit scale, where shares near 0 or 1 scatter to both sides alike [4]_."""
    if not (0 < value < 1 and error > 0):
        return value, value
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error / (value * (1 - value))
    return float(expit(logit(value) - half)), float(expit(logit(value) + half))


def _shares(
    frame: Frame, masses: NDArray[np.float64], *, uses_prediction: bool
) -> tuple[NDArray[np.float64], float]:
    """Share of narration for each row of masses, and how much of the speech remains unclear."""
    masses = masses / masses.sum(axis=1, keepdims=True)
    truth = masses @ frame.truth
    if uses_prediction:
        used = _use_of_prediction(frame, masses, truth)[:, None]
        residual = truth - used * (masses @ frame.predicted)
        seconds = frame.known_s + used * frame.predicted_s + frame.speech_s * residual
    else:
        seconds = truth
    seconds = np.maximum(seconds, 0.0)
    total = seconds.sum(axis=1)
    shares = np.divide(seconds[:, 0], total, out=np.full(total.size, np.nan), where=total > 0)
    unclear_s = frame.speech_s * float(masses[0] @ frame.is_unclear)
    return shares, unclear_s / (unclear_s + (frame.speech_s + frame.known_s.sum()) or 1.0)


def _use_of_prediction(
    frame: Frame, masses: NDArray[np.float64], truth: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much of the prediction is used: the slope of the truth on it, from 0 to 1 [2]_."""
    share = truth[:, :1] / np.maximum(truth.sum(axis=1, keepdims=True), 1e-12)
    # each label's pull on the share; seconds weigh as they do in the estimate
    pulls = [kind[:, 0] - share * kind.sum(axis=1) for kind in (frame.truth, frame.predicted)]
    centred = [pull - (masses * pull).sum(axis=1, keepdims=True) for pull in pulls]
    spread = (masses**2 * centred[1] ** 2).sum(axis=1)
    common = (masses**2 * centred[0] * centred[1]).sum(axis=1)
    slope: NDArray[np.float64] = np.zeros_like(spread)
    np.divide(common, spread, out=slope, where=spread > 0)
    return np.clip(slope, 0.0, 1.0)

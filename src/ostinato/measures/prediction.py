"""The share of narration, from what was predicted of all speech and a random sample of labels.

What was predicted of all is corrected by how it errs in the sample [1]_: in the speech of each
predicted kind, labels say how much of it is narration, and each kind counts for the seconds that it
has in the film. That is the regression estimator of survey sampling with a group for each
prediction [2]_, whatever the predictions are worth: one that is always wrong tells as much as one
that is always right. Seconds are counted, each label standing for as much speech as one over the
probability with which it was drawn.

Each kind's share has bounds of its own (`ostinato.measures.within_kind`), and those of the film are
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
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ostinato.measures.resampling import Estimate
from ostinato.measures.within_kind import Sampled, Share, share_within

LEAST_LABELS = 5
"""With fewer labels nothing is estimated."""
_LEAST_OF_KIND = 2


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

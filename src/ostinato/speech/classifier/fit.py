"""A model is fitted to labels, made honest by what was held out, and given its bounds.

The promise is about decisions: of what is called narration, no more than a share is wrong, and the
same of what is called dialogue. Bounds are chosen on a third of the held-out blocks and the promise
is tested on the others: bounds that are chosen and tested on the same labels promise too much, most
of all where the evidence is weak. Each third chooses in turn, and two of the three must pass: where
the evidence is weak one of them passes by luck. Errors of one block come together, so that its
labels count for fewer.

References
----------
.. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
       case of the binomial", *Biometrika* 26 (1934), 404-413.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit

from ostinato.dsp.blocks import LIKENESS_IN_BLOCK
from ostinato.errors import ParameterError
from ostinato.speech.speech_parameters import ClassifierParameters

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_MAX_STEPS = 50
_ENOUGH = 1e-8
_LEAST_SCALE = 0.1
_CHOOSING = 3  # every third block chooses, the others test
_LEAST_PASSED = 2  # of the three thirds that choose in turn
_MARGIN = 0.5  # a bound is chosen with room for what the test may find


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingSet:
    """All segments of a film as the classifier sees them.

    Parameters
    ----------
    x : ndarray, shape (n, n_columns)
        From `features`.
    is_narration : ndarray of bool, shape (n,)
        What labels or subtitles say; of no meaning elsewhere.
    is_labelled : ndarray of bool, shape (n,)
        Where they say anything.
    blocks : ndarray of int, shape (n,)
        What resembles itself.
    voices : ndarray of int, shape (n,)
        Number of the voice; -1 where it is not known.
    """

    x: _Array
    is_narration: _Flags
    is_labelled: _Flags
    blocks: NDArray[np.int64]
    voices: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted model: probabilities of narration, and when they decide.

    `bounds` are the greatest probability of dialogue's side and the least of narration's, None
    where the labels do not show that the evidence separates the kinds.
    """

    p_narration: _Array
    voice_share: _Array
    bounds: tuple[float, float] | None

    def kinds(self) -> NDArray[np.int64]:
        """Return 1 for narration, -1 for dialogue and 0 for what is not decided."""
        out = np.zeros(self.p_narration.size, np.int64)
        if self.bounds is not None:
            low, high = self.bounds
            out[self.p_narration >= high] = 1
            out[self.p_narration <= low] = -1
        return out


def is_enough(training: TrainingSet, labelled: _Flags, parameters: ClassifierParameters) -> bool:
    """Tell whether labels suffice to fit a model: enough of either kind, from enough blocks.

    `labelled` (n,): which labels are used.
    """
    return all(
        some.sum() >= parameters.least_of_kind
        and np.unique(training.blocks[some]).size >= parameters.least_blocks
        for some in (labelled & training.is_narration, labelled & ~training.is_narration)
    )


def fit(training: TrainingSet, labelled: _Flags, parameters: ClassifierParameters) -> Model | None:
    """Fit a model to some labels, and give a probability to every segment.

    `labelled` (n,): which labels are used.
    """
    if not is_enough(training, labelled, parameters):
        return None
    y = training.is_narration
    held_out: dict[float, _Array] = {
        penalty: np.full(labelled.size, np.nan) for penalty in parameters.penalties
    }
    for inside, outside in _folds(training, labelled, parameters.n_inner_folds):
        if not inside[y].any() or not inside[~y].any():
            continue
        columns = _columns(training, inside, parameters)
        model = None
        for penalty in sorted(held_out, reverse=True):  # each from where a greater one leads to
            model = fit_logistic(columns[inside], y[inside], penalty=penalty, start=model)
            held_out[penalty][outside] = model.log_odds(columns[outside])
    seen = labelled & ~np.isnan(held_out[parameters.penalties[0]])
    if not (seen & y).any() or not (seen & ~y).any():
        return None
    penalty = min(held_out, key=lambda one: (log_loss(held_out[one][seen], y[seen]), -one))
    line = calibrated(held_out[penalty][seen], y[seen], penalty=parameters.calibration_penalty)
    columns = _columns(training, labelled, parameters)
    model = fit_logistic(columns[labelled], y[labelled], penalty=penalty)
    tried = expit(line.log_odds(held_out[penalty][seen][:, None]))
    return Model(
        p_narration=_probabilities(model, line, columns),
        voice_share=_voice_share(training, labelled, parameters),
        bounds=kept_bounds(tried, y[seen], training.blocks[seen], parameters=parameters),
    )


def folds(blocks: NDArray[np.int64], n_folds: int) -> NDArray[np.int64]:
    """Deal whole blocks out to folds, in turn, so that each fold has some of every part.

    `blocks` (n,): in film order or not. Returns (n,).
    """
    _, number = np.unique(blocks, return_inverse=True)
    return np.asarray(number % n_folds, dtype=np.int64)


def _folds(
    training: TrainingSet, labelled: _Flags, n_folds: int
) -> Iterator[tuple[_Flags, _Flags]]:
    # labelled blocks alone are dealt out, or folds would have unequal numbers of labels
    fold_of = np.full(labelled.size, -1)
    fold_of[labelled] = folds(training.blocks[labelled], n_folds)
    for fold in range(n_folds):
        outside = labelled & (fold_of == fold)
        if outside.any():
            yield labelled & ~outside, outside


def _columns(training: TrainingSet, labelled: _Flags, parameters: ClassifierParameters) -> _Array:
    """Add what labels of other blocks say of each voice; those of its own block must not leak."""
    if not (training.voices >= 0).any():
        return training.x
    share = _voice_share(training, labelled, parameters)
    film = float(training.is_narration[labelled].mean())
    return np.column_stack([training.x, (logit(share) - logit(film)) * parameters.voice_scale])


def _elsewhere(
    voice: NDArray[np.int64], block: NDArray[np.int64], counted: _Flags
) -> NDArray[np.int64]:
    """Count for each segment what is counted of its voice in other blocks than its own.

    `voice`, `block` (n,): numbers from 0. Returns (n,).
    """
    table = np.zeros((voice.max(initial=0) + 1, block.max(initial=0) + 1), np.int64)
    np.add.at(table, (voice[counted], block[counted]), 1)
    return np.asarray(table.sum(axis=1)[voice] - table[voice, block])


def _voice_share(
    training: TrainingSet, labelled: _Flags, parameters: ClassifierParameters
) -> _Array:
    """Share of narration of each segment's voice in labels of other blocks, drawn to the film's."""
    film = np.clip(training.is_narration[labelled].mean(), 0.01, 0.99)
    share = np.full(labelled.size, film)
    known = np.flatnonzero(training.voices >= 0)
    _, voice = np.unique(training.voices, return_inverse=True)
    _, block = np.unique(training.blocks, return_inverse=True)
    n_others, n_narration = (
        _elsewhere(voice, block, counted)[known]
        for counted in (labelled, labelled & training.is_narration)
    )
    prior = parameters.voice_prior
    share[known] = (n_narration + prior * film) / (n_others + prior)
    return share


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """Log odds of narration as a weighted sum of columns, plus a constant."""

    weights: _Array
    constant: float

    def log_odds(self, x: _Array) -> _Array:
        """Log odds for each row of `x`, shape (n, n_columns)."""
        return np.asarray(x @ self.weights + self.constant)


def _probabilities(model: Logistic, line: Logistic, columns: _Array) -> _Array:
    return np.asarray(expit(line.log_odds(model.log_odds(columns)[:, None])))


def fit_logistic(
    x: _Array,
    y: NDArray[np.bool_],
    *,
    penalty: float,
    centre: float = 0.0,
    start: Logistic | None = None,
) -> Logistic:
    """Fit by penalised maximum likelihood, by Newton's method.

    `x` (n, n_columns): about unit scale; `y` (n,): true for narration; `penalty`: half of it times
    the square of each weight's distance from `centre` is taken from the log likelihood, > 0. The
    constant is free; `centre`: what a weight is drawn to; `start`: the model of another penalty to
    begin with, which saves steps and changes nothing. Raises ParameterError if the penalty is not
    positive, or one of the two is missing from `y`.

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
    w = middle.copy() if start is None else np.append(start.weights, start.constant)
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


def kept_bounds(
    p: _Array, is_narration: _Flags, blocks: NDArray[np.int64], *, parameters: ClassifierParameters
) -> tuple[float, float] | None:
    """Choose bounds on some held-out labels, and keep them if the others bear out the promise.

    `p` (n,): probability of narration of labels that were held out; `is_narration` (n,): what the
    labels say; `blocks` (n,): what resembles itself.
    """
    _, number = np.unique(blocks, return_inverse=True)
    passed = [
        bounds
        for third in range(_CHOOSING)
        if (bounds := _tested(p, is_narration, number, number % _CHOOSING == third, parameters))
    ]
    if len(passed) < _LEAST_PASSED:
        return None
    of_dialogue, of_narration = (max(kind) for kind in zip(*passed, strict=True))
    return 1 - of_dialogue, of_narration


def _tested(
    p: _Array,
    is_narration: _Flags,
    number: NDArray[np.int64],
    chooses: _Flags,
    parameters: ClassifierParameters,
) -> tuple[float, float] | None:
    """Choose a bound of either kind on some blocks; None unless the others bear out both."""
    bounds = []
    for p_kind, is_kind in ((1 - p, ~is_narration), (p, is_narration)):
        bound = _chosen(p_kind[chooses], is_kind[chooses], parameters)
        decided = ~chooses & (p_kind >= bound)
        most = _most_wrong(is_kind[decided], number[decided], parameters.confidence)
        if most > parameters.max_error:
            return None
        bounds.append(bound)
    return bounds[0], bounds[1]


def _chosen(p: _Array, is_right: _Flags, parameters: ClassifierParameters) -> float:
    """Return the laxest bound beyond which few are wrong, or the strictest."""
    for bound in parameters.bounds:
        decided = p >= bound
        if decided.any() and (~is_right[decided]).mean() <= _MARGIN * parameters.max_error:
            return bound
    return parameters.bounds[-1]


def _most_wrong(is_right: _Flags, blocks: NDArray[np.int64], confidence: float) -> float:
    """Return the upper limit [1]_ of the share that is wrong."""
    if is_right.size == 0:
        return 1.0
    sizes = np.unique(blocks, return_counts=True)[1]
    alike = 1 + (float(np.square(sizes).sum()) / is_right.size - 1) * LIKENESS_IN_BLOCK
    n = is_right.size / alike
    k = float((~is_right).mean()) * n
    return 1.0 if k >= n else float(betaincinv(k + 1, n - k, confidence))

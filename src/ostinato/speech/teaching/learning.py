"""One lesson: from labels to a model, its calibration and the bounds beyond which it decides."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from ostinato.speech.parameters import TeachingParameters
from ostinato.speech.teaching.promise import kept_bounds
from ostinato.speech.teaching.regression import Logistic, calibrated, fit_logistic, log_loss

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pupils:
    """All segments of a film as a lesson sees them.

    Parameters
    ----------
    x : ndarray, shape (n, n_columns)
        From `features`.
    is_narration : ndarray of bool, shape (n,)
        What labels or subtitles say; of no meaning elsewhere.
    is_taught : ndarray of bool, shape (n,)
        Where they say anything.
    blocks : ndarray of int, shape (n,)
        What resembles itself.
    voices : ndarray of int, shape (n,)
        Number of the voice; -1 where it is not known.
    """

    x: _Array
    is_narration: _Flags
    is_taught: _Flags
    blocks: NDArray[np.int64]
    voices: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learnt: probabilities of narration, and when they decide.

    `bounds` are the greatest probability of dialogue's side and the least of narration's, None
    where the labels do not show that the kinds can be told apart.
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


def is_enough(pupils: Pupils, taught: _Flags, parameters: TeachingParameters) -> bool:
    """Tell whether labels carry a lesson: enough of either kind, from enough blocks.

    `taught` (n,): which labels are used.
    """
    return all(
        some.sum() >= parameters.least_of_kind
        and np.unique(pupils.blocks[some]).size >= parameters.least_blocks
        for some in (taught & pupils.is_narration, taught & ~pupils.is_narration)
    )


def learn(pupils: Pupils, taught: _Flags, parameters: TeachingParameters) -> Lesson | None:
    """Learn from some labels and give a probability to every segment.

    `taught` (n,): which labels are used.
    """
    if not is_enough(pupils, taught, parameters):
        return None
    y = pupils.is_narration
    held_out: dict[float, _Array] = {
        penalty: np.full(taught.size, np.nan) for penalty in parameters.penalties
    }
    for inside, outside in _folds(pupils, taught, parameters.n_inner_folds):
        if not inside[y].any() or not inside[~y].any():
            continue
        columns = _columns(pupils, inside, parameters)
        for penalty, log_odds in held_out.items():
            model = fit_logistic(columns[inside], y[inside], penalty=penalty)
            log_odds[outside] = model.log_odds(columns[outside])
    seen = taught & ~np.isnan(held_out[parameters.penalties[0]])
    if not (seen & y).any() or not (seen & ~y).any():
        return None
    penalty = min(held_out, key=lambda one: (log_loss(held_out[one][seen], y[seen]), -one))
    line = calibrated(held_out[penalty][seen], y[seen], penalty=parameters.calibration_penalty)
    columns = _columns(pupils, taught, parameters)
    model = fit_logistic(columns[taught], y[taught], penalty=penalty)
    tried = expit(line.log_odds(held_out[penalty][seen][:, None]))
    return Lesson(
        p_narration=_probabilities(model, line, columns),
        voice_share=_voice_share(pupils, taught, parameters),
        bounds=kept_bounds(tried, y[seen], pupils.blocks[seen], parameters=parameters),
    )


def folds(blocks: NDArray[np.int64], n_folds: int) -> NDArray[np.int64]:
    """Deal whole blocks out to folds, in turn, so that each fold has some of every part.

    `blocks` (n,): in film order or not. Returns (n,).
    """
    _, number = np.unique(blocks, return_inverse=True)
    return np.asarray(number % n_folds, dtype=np.int64)


def _folds(pupils: Pupils, taught: _Flags, n_folds: int) -> Iterator[tuple[_Flags, _Flags]]:
    # labelled blocks alone are dealt out, or folds would have unequal numbers of labels
    fold_of = np.full(taught.size, -1)
    fold_of[taught] = folds(pupils.blocks[taught], n_folds)
    for fold in range(n_folds):
        outside = taught & (fold_of == fold)
        if outside.any():
            yield taught & ~outside, outside


def _columns(pupils: Pupils, taught: _Flags, parameters: TeachingParameters) -> _Array:
    """Add what labels of other blocks say of each voice; of its own a pupil must not know."""
    if not (pupils.voices >= 0).any():
        return pupils.x
    share = _voice_share(pupils, taught, parameters)
    film = float(pupils.is_narration[taught].mean())
    return np.column_stack([pupils.x, (logit(share) - logit(film)) * parameters.voice_scale])


def _voice_share(pupils: Pupils, taught: _Flags, parameters: TeachingParameters) -> _Array:
    """Share of narration of each segment's voice in labels of other blocks, drawn to the film's."""
    film = np.clip(pupils.is_narration[taught].mean(), 0.01, 0.99)
    share = np.full(taught.size, film)
    for i in np.flatnonzero(pupils.voices >= 0):
        others = taught & (pupils.voices == pupils.voices[i]) & (pupils.blocks != pupils.blocks[i])
        n_narration = pupils.is_narration[others].sum() + parameters.voice_prior * film
        share[i] = n_narration / (others.sum() + parameters.voice_prior)
    return share


def _probabilities(model: Logistic, line: Logistic, columns: _Array) -> _Array:
    return np.asarray(expit(line.log_odds(model.log_odds(columns)[:, None])))

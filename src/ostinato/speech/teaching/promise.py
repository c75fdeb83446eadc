"""Bounds beyond which the program decides, and the promise that goes with them.

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

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from ostinato.speech.parameters import TeachingParameters

_CHOOSING = 3  # every third block chooses, the others test
_LEAST_PASSED = 2  # of the three thirds that choose in turn
_MARGIN = 0.5  # a bound is chosen with room for what the test may find
_LIKENESS = 0.2  # correlation of errors within a block

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]


def kept_bounds(
    p: _Array, is_narration: _Flags, blocks: NDArray[np.int64], *, parameters: TeachingParameters
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
    parameters: TeachingParameters,
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


def _chosen(p: _Array, is_right: _Flags, parameters: TeachingParameters) -> float:
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
    alike = 1 + (float(np.square(sizes).sum()) / is_right.size - 1) * _LIKENESS
    n = is_right.size / alike
    k = float((~is_right).mean()) * n
    return 1.0 if k >= n else float(betaincinv(k + 1, n - k, confidence))

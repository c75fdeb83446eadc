"""A predicted share, corrected by the errors that were made in another film.

The corrected share has no interval. Errors come together in scenes, in either film, and four counts
do not show how much; an interval that takes each label to stand for itself covers .77 to .86 of the
time where it says .95.

References
----------
.. [1] W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test",
       *American Journal of Epidemiology* 107 (1978), 71-76.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ostinato.errors import ParameterError
from ostinato.measures.resampling import Estimate
from ostinato.ranges import Amount, check_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often kinds were called right in another film, by seconds or segments labelled there.

    Parameters
    ----------
    n_narration, n_narration_found : float
        Labelled narration, and how much of it was predicted to be narration.
    n_dialogue, n_dialogue_found : float
        The same for dialogue.

    Raises
    ------
    ParameterError
        If one is no count, or more is found than there is.
    """

    n_narration: Amount
    n_narration_found: Amount
    n_dialogue: Amount
    n_dialogue_found: Amount

    def __post_init__(self) -> None:
        check_ranges(self)
        for name in ("n_narration", "n_dialogue"):
            found, n = getattr(self, f"{name}_found"), getattr(self, name)
            if found > n:
                raise ParameterError(
                    f"{name}_found", f"it is {found:g} of {n:g}", f"Give no more than {name}"
                )


def rogan_gladen(naive_share: float, *, calibration: Calibration, level: float) -> Estimate:
    """Correct a predicted share by the errors that were made in another film [1]_ of the module.

    `naive_share`: narration in narration and dialogue as predicted, in [0, 1]; `level`: confidence
    with which its predictions must be better than chance, in (0, 1).
    """
    found = (calibration.n_narration_found, calibration.n_dialogue_found)
    n = (calibration.n_narration, calibration.n_dialogue)
    method = (
        f"corrected after Rogan and Gladen by errors in another film "
        f"({found[0]:g} of {n[0]:g} narration and {found[1]:g} of {n[1]:g} dialogue found); "
        "without an interval, since how far errors come together in scenes is not known"
    )
    rates = [k / total if total else 0.0 for k, total in zip(found, n, strict=True)]
    gain = sum(rates) - 1
    value = low = high = None
    if gain > stats.norm.ppf((1 + level) / 2) * _error(found, n):
        value = float(np.clip((naive_share + rates[1] - 1) / gain, 0, 1))
    else:
        low, high = 0.0, 1.0
    return Estimate(value=value, low=low, high=high, n=round(sum(n)), level=level, method=method)


def _error(found: tuple[float, float], n: tuple[float, float]) -> float:
    """Return the standard error of both rates' sum, a success and a failure added to each."""
    shares = [(k + 1) / (total + 2) for k, total in zip(found, n, strict=True)]
    return math.sqrt(sum(p * (1 - p) / (total + 2) for p, total in zip(shares, n, strict=True)))

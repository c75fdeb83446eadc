"""A predicted share, corrected by the errors that were made in another film.

References
----------
.. [1] W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test",
       *American Journal of Epidemiology* 107 (1978), 71-76.
.. [2] Z. Lang and J. Reiczigel, "Confidence limits for prevalence of disease adjusted for estimated
       sensitivity and specificity", *Preventive Veterinary Medicine* 113 (2014), 13-22.
"""

from dataclasses import dataclass

import numpy as np

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


def rogan_gladen(
    naive_share: float,
    *,
    n_segments: int,
    calibration: Calibration,
    rng: np.random.Generator,
    n_resamples: int,
    level: float,
) -> Estimate:
    """Correct a predicted share by the errors that were made in another film [1]_ of the module.

    Parameters
    ----------
    naive_share : float
        Narration in narration and dialogue as predicted, in [0, 1].
    n_segments : int
        How many predictions it is made of.
    calibration : Calibration
        Of the other film.
    rng : numpy.random.Generator
        Source of the draws.
    n_resamples : int
        How many.
    level : float
        Coverage in (0, 1).

    Returns
    -------
    Estimate
        In [0, 1]. The interval holds for the uncertainty of the count and of both error rates, by
        draws from their posteriors, one success and one failure added to each rate as in [2]_ of
        the module. Without value and from 0 to 1 where predictions were no better than chance.
    """
    counts = {
        "sensitivity": (calibration.n_narration_found, calibration.n_narration),
        "specificity": (calibration.n_dialogue_found, calibration.n_dialogue),
    }
    found, n = zip(*counts.values(), strict=True)
    sensitivity, specificity = (
        rng.beta(k + 1, total - k + 1, n_resamples) for k, total in zip(found, n, strict=True)
    )
    share = rng.beta(naive_share * n_segments + 1, (1 - naive_share) * n_segments + 1, n_resamples)
    method = (
        f"corrected after Rogan and Gladen by errors in another film "
        f"({found[0]:g} of {n[0]:g} narration and {found[1]:g} of {n[1]:g} dialogue found)"
    )
    n_labels = round(sum(n))
    gain = sensitivity + specificity - 1
    rates = [k / total if total else 0.0 for k, total in zip(found, n, strict=True)]
    if sum(rates) <= 1 or np.quantile(gain, (1 - level) / 2) <= 0:
        return Estimate(value=None, low=0.0, high=1.0, n=n_labels, level=level, method=method)
    value = float(np.clip((naive_share + rates[1] - 1) / (sum(rates) - 1), 0, 1))
    corrected = np.clip((share + specificity - 1) / gain, 0, 1)
    low, high = np.quantile(corrected, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(
        value=value,
        low=float(min(low, value)),
        high=float(max(high, value)),
        n=n_labels,
        level=level,
        method=method,
    )

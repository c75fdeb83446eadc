"""How far the film has a song up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Fader:
    """How far the film has a song up in the course of an occurrence, shape (n_points,) each.

    Parameters
    ----------
    times_s : ndarray
        Film times.
    gain_db, error_db : ndarray
        The gain re its mean within about twenty seconds, and its standard error.
    """

    times_s: NDArray[np.float64]
    gain_db: NDArray[np.float64]
    error_db: NDArray[np.float64]

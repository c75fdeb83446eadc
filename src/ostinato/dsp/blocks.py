"""Parts of a film that resemble themselves, and so must be held out or drawn again together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.timeline import Interval

_BLOCK_S = 60.0
"""Without enough scenes, stretches of this length are what resembles itself."""
_LEAST_SCENES = 5
LIKENESS_IN_BLOCK = 0.2
"""Correlation of errors within a block, as far as few blocks do not show it."""


def blocks_of(
    times_s: NDArray[np.float64], other_s: NDArray[np.float64], scenes: Sequence[Interval]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of the scene of each moment, and of other moments alike.

    Parameters
    ----------
    times_s, other_s : ndarray, shape (n,) and (m,)
        Film times; there must be enough scenes among the first.
    scenes : sequence of Interval
        In any order; the last of those that overlap counts.

    Returns
    -------
    ndarray of int, shape (n,), ndarray of int, shape (m,)
        Minutes stand in where no scene is marked, and everywhere if the first moments are of too
        few scenes.
    """
    minutes = [np.floor(some_s / _BLOCK_S).astype(np.int64) for some_s in (times_s, other_s)]
    numbers = [some + len(scenes) for some in minutes]
    for number, scene in enumerate(scenes):
        for some, some_s in zip(numbers, (times_s, other_s), strict=True):
            some[(scene.start_s <= some_s) & (some_s < scene.end_s)] = number
    own, others = numbers if np.unique(numbers[0]).size >= _LEAST_SCENES else minutes
    return own, others

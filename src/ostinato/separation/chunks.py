"""A long cue in overlapping chunks: each is fitted by itself, and faded into the next."""

import math

import numpy as np
from numpy.typing import NDArray

from ostinato.separation.stems import Stem


def chunk_bounds(
    start: int, stop: int, *, length: int, overlap: int
) -> tuple[tuple[int, int], ...]:
    """Cut samples [start, stop) into chunks of one length that overlap.

    Parameters
    ----------
    start, stop : int
        Samples of the film.
    length, overlap : int
        The most that a chunk may have, and what it shares with the next, in samples.

    Returns
    -------
    tuple of (int, int)
        First sample and end of each.

    Examples
    --------
    >>> chunk_bounds(0, 100, length=60, overlap=10)
    ((0, 55), (45, 100))
    """
    n_samples = stop - start
    n_chunks = max(1, math.ceil((n_samples - overlap) / (length - overlap)))
    step = (n_samples - overlap) / n_chunks
    firsts = [start + round(k * step) for k in range(n_chunks)]
    lasts = [*(first + overlap for first in firsts[1:]), stop]
    return tuple(zip(firsts, lasts, strict=True))


def fade_into(stem: Stem, start: int, y: NDArray[np.float32], *, n_shared: int) -> None:
    """Write a chunk from sample `start` on, faded into what the stem holds of it already."""
    before = stem.read(start, start + n_shared)
    rise = (np.arange(n_shared, dtype=np.float32) + np.float32(0.5)) / np.float32(max(1, n_shared))
    head = y[:, :n_shared] * rise + before * (1 - rise)
    stem.write(start, np.concatenate([head, y[:, n_shared:]], axis=1))

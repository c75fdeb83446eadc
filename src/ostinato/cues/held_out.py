"""Evidence that a response of the playback chain did not make up.

A response is fitted to what is heard, and makes the most of tones that meet by chance: its taps are
those lags that happen to agree. A chain stays what it is from one second to the next, so that a
response that is read off some parts of a stretch must serve for the others as well.
"""

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.parameters import DECOY_SHIFTS_S, TraceParameters
from ostinato.cues.response import heard_through, playback_response
from ostinato.cues.track import RATE_HZ, Views


def held_out_evidence(
    x: NDArray[np.float32],
    song: Views,
    which: tuple[tuple[int, str], ...],
    inside: slice,
    *,
    parameters: TraceParameters,
) -> float:
    """Nats of a stretch, each part by the response of the others.

    Parameters
    ----------
    x : ndarray of float32, shape (n_film_views, n_samples)
        The whitened film.
    song : dict of str to ndarray of float32, shape (n_samples,)
        The whitened song's views, aligned.
    which : tuple of (int, str)
        From `ostinato.cues.views.pairs`.
    inside : slice
        The stretch, in samples.
    parameters : TraceParameters
        Length of the parts, and reach of the response.

    Returns
    -------
    float
        Parts that disagree in polarity count against it.

    References
    ----------
    .. [1] M. Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of
       the Royal Statistical Society B 36(2), 1974.
    """
    n_samples = inside.stop - inside.start
    n_parts = round(n_samples / RATE_HZ / parameters.held_out_part_s)
    n_parts = min(max(2, n_parts), _MOST_PARTS)
    cuts = np.linspace(inside.start, inside.stop, n_parts + 1).astype(np.int64)
    nats = 0.0
    for start, stop in itertools.pairwise(cuts):
        rest = np.r_[inside.start : start, stop : inside.stop]
        response = playback_response(
            x[:, rest],
            {name: y[rest] for name, y in song.items()},
            which,
            reach_s=parameters.max_lag_s,
            parameters=parameters,
        )
        z = _z(x, heard_through(response, song), slice(int(start), int(stop)))
        nats += float(np.sign(z)) * z**2 / 2
    return nats


def _z(x: NDArray[np.float32], heard: NDArray[np.float32], part: slice) -> float:
    """Return the correlation of a part over what chance gives, tones included."""
    energy = float(np.sum(heard[:, part] ** 2))
    if energy <= 0:
        return 0.0
    excess = []
    for shift_s in DECOY_SHIFTS_S:
        decoy = np.roll(heard, round(shift_s * RATE_HZ), axis=1)[:, part]
        product = np.sum(x[:, part] * decoy, axis=0)
        n_sums = max(1, round(product.size / RATE_HZ / _COHERENT_S))
        sums = [float(np.sum(one)) for one in np.array_split(product, n_sums)]
        excess.append(float(np.sum(np.square(sums))) / max(float(np.sum(decoy**2)), 1e-9))
    product = float(np.sum(x[:, part] * heard[:, part]))
    return product / math.sqrt(energy * max(1.0, float(np.median(excess))))


_MOST_PARTS = 8
_COHERENT_S = 0.5

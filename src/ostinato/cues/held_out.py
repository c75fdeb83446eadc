"""Evidence that a response of the playback chain did not make up.

A response is fitted to what is heard, and makes the most of tones that meet by chance: its taps are
those lags that happen to agree. A chain stays what it is from one second to the next, so that a
response that is read off some parts of a stretch must serve for the others as well.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.parameters import DECOY_SHIFTS_S, TraceParameters
from ostinato.cues.response import agreement, heard_through
from ostinato.cues.track import Views
from ostinato.cues.views import RATE_HZ

_MOST_PARTS = 8
_COHERENT_S = 0.5
_AROUND = round(1.4 * RATE_HZ)  # samples beside a part: as far as decoys are shifted, and a lag


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
    each = max(1, round(n_samples / n_parts / RATE_HZ / parameters.lag_block_s))
    hop = n_samples // (n_parts * each)
    # blocks keep off each other's film, so that no lag of one reaches into a part that is held out
    reach = round(parameters.max_lag_s * RATE_HZ)
    if hop <= 2 * reach:
        return 0.0  # too short to hold anything out
    within = slice(inside.start + reach, inside.stop)
    known = agreement(
        x[:, within],
        {name: y[within] for name, y in song.items()},
        which,
        reach_s=parameters.max_lag_s,
        block_length=hop - 2 * reach,
        hop_length=hop,
    )
    nats = 0.0
    for first in range(0, n_parts * each, each):
        response = known.response(without=slice(first, first + each))
        start, stop = (inside.start + block * hop for block in (first, first + each))
        around = slice(max(0, start - _AROUND), min(x.shape[1], stop + _AROUND))
        heard = heard_through(response, {name: y[around] for name, y in song.items()})
        part = slice(start - around.start, stop - around.start)
        z = _z(x[:, around], heard, part)
        nats += float(np.sign(z)) * z**2 / 2
    return nats


def _z(x: NDArray[np.float32], heard: NDArray[np.float32], part: slice) -> float:
    """Return the correlation of a part over what chance gives, tones included."""
    energy = float(np.sum(heard[:, part] ** 2))
    if energy <= 0:
        return 0.0
    excess = []
    for shift_s in DECOY_SHIFTS_S:
        earlier = round(shift_s * RATE_HZ)
        at = np.arange(part.start - earlier, part.stop - earlier)
        decoy = heard.take(at, axis=1, mode="wrap")
        product = np.sum(x[:, part] * decoy, axis=0)
        n_sums = max(1, round(product.size / RATE_HZ / _COHERENT_S))
        sums = [float(np.sum(one)) for one in np.array_split(product, n_sums)]
        excess.append(float(np.sum(np.square(sums))) / max(float(np.sum(decoy**2)), 1e-9))
    product = float(np.sum(x[:, part] * heard[:, part]))
    return product / math.sqrt(energy * max(1.0, float(np.median(excess))))

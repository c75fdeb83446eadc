"""How much two playings of a song have in common, against playings that start anywhere.

The statistic is the mean, over all pairs of playings, of the share that the shorter one has in
common with the longer one. The null model keeps how long each lasts and starts each anywhere in
the song from which it can last so long: short playings of a long song hardly ever meet, whatever
was meant. The interval is the jackknife's for a mean over pairs [1]_.

References
----------
.. [1] J. N. Arvesen, "Jackknifing U-statistics", *Annals of Mathematical Statistics* 40 (1969),
       2076-2100.
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.nulls import draw_starts
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.playings import Positions
from ostinato.measures.resampling import chance_p

LEAST_PLAYINGS = 3
"""Two playings make one pair, which shows no rule."""
_MOST_AT_ONCE = 1_000_000
_MOST_IN_ALL = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanOverlap:
    """Mean share that two playings have in common, from 0 to 1, and what chance would give.

    `low` and `high` are None where all pairs are alike: nothing shows the scatter then. `p_apart`
    is the probability by chance of so little in common, `p_alike` of so much; neither can be less
    than `p_floor`.
    """

    value: float
    low: float | None
    high: float | None
    chance: float
    chance_low: float
    chance_high: float
    p_apart: float
    p_alike: float
    p_floor: float


def mean_overlap(places: Positions, *, parameters: MeasureParameters) -> MeanOverlap | None:
    """Measure what playings have in common, and hold it against starts anywhere."""
    n = places.starts_s.size
    if n < LEAST_PLAYINGS:
        return None
    pairs = np.array(list(combinations(range(n), 2)))
    shares = _shares(places, pairs)
    value = float(shares.mean())
    low, high = _jackknife(shares, pairs, n, level=parameters.level)
    chance = _by_chance(places, pairs, parameters)
    tail = (1 - parameters.level) / 2
    chance_low, chance_high = np.quantile(chance, [tail, 1 - tail])
    return MeanOverlap(
        value=value,
        low=low,
        high=high,
        chance=float(chance.mean()),
        chance_low=float(chance_low),
        chance_high=float(chance_high),
        p_apart=chance_p(-value, -chance),
        p_alike=chance_p(value, chance),
        p_floor=1 / (1 + chance.size),
    )


def _shares(places: Positions, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share in common of each pair, of the shorter one; shape (..., n_pairs)."""
    one, other = pairs.T
    starts_s, ends_s = places.starts_s, places.ends_s
    common_s = np.minimum(ends_s[..., one], ends_s[..., other]) - np.maximum(
        starts_s[..., one], starts_s[..., other]
    )
    shorter_s = np.minimum(places.lengths_s[one], places.lengths_s[other])
    shares = np.zeros(np.broadcast_shapes(common_s.shape, shorter_s.shape))
    has_length = np.broadcast_to(shorter_s > 0, shares.shape)
    np.divide(common_s, shorter_s, out=shares, where=has_length)
    return np.asarray(np.clip(shares, 0.0, 1.0))


def _by_chance(
    places: Positions, pairs: NDArray[np.int64], parameters: MeasureParameters
) -> NDArray[np.float64]:
    rng = np.random.default_rng(parameters.seed)
    n_draws = min(parameters.n_draws, max(999, _MOST_IN_ALL // len(pairs)))
    n_at_once = max(1, _MOST_AT_ONCE // len(pairs))
    sizes = [min(n_at_once, n_draws - first) for first in range(0, n_draws, n_at_once)]
    return np.concatenate(
        [
            _shares(
                places.started_at(draw_starts(places, (size, places.starts_s.size), rng)), pairs
            ).mean(axis=-1)
            for size in sizes
        ]
    )


def _jackknife(
    shares: NDArray[np.float64], pairs: NDArray[np.int64], n: int, *, level: float
) -> tuple[float, float] | tuple[None, None]:
    """Interval of the mean over pairs, each playing left out in turn, with Student's t."""
    if np.ptp(shares) == 0:
        return None, None
    sums = np.bincount(pairs.ravel(), weights=np.repeat(shares, 2), minlength=n)
    n_left = len(pairs) - (n - 1)
    without = (shares.sum() - sums) / n_left
    error = math.sqrt((n - 1) / n * float(np.square(without - without.mean()).sum()))
    reach = error * float(stats.t.ppf((1 + level) / 2, n - 1))
    mean = float(shares.mean())
    return max(0.0, mean - reach), min(1.0, mean + reach)

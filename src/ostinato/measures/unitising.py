"""How far two people agree on where units begin and end as well as on their kinds: gamma [1]_.

Two units differ by place, the square of how far their ends lie apart over their lengths together,
and by kind, 0 or 1; a unit that the other has not costs 1. Units are paired as cheaply as can be.
Gamma is 1 less that cost over its mean where one of both is moved in a circle by chance.

References
----------
.. [1] Y. Mathet, A. Widlöcher and J.-P. Métivier, "The unified and holistic method gamma for
       inter-annotator agreement measure and alignment", *Computational Linguistics* 41 (2015),
       437-479.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ostinato.results import LabelKind
from ostinato.timeline import Interval

_N_CHANCE = 30
Units = Sequence[tuple[Interval, LabelKind]]
_Array = NDArray[np.float64]


def gamma_of_pair(one: Units, other: Units, *, rng: np.random.Generator) -> float | None:
    """Agreement of two people on units, places and kinds together."""
    if not one or not other:
        return None
    names = sorted({kind for _, kind in (*one, *other)})
    first, second = (
        np.array([(part.start_s, part.end_s, names.index(kind)) for part, kind in units])
        for units in (one, other)
    )
    start_s = float(min(first[:, 0].min(), second[:, 0].min()))
    span_s = float(max(first[:, 1].max(), second[:, 1].max())) - start_s
    people = (first, second)
    by_chance = []
    for _ in range(_N_CHANCE):
        drawn = [people[int(i)] for i in rng.integers(2, size=2)]
        moves_s = rng.uniform(0, span_s, 2)
        moved = [
            _moved(units, by_s, start_s, span_s) for units, by_s in zip(drawn, moves_s, strict=True)
        ]
        by_chance.append(disorder(*moved))
    return 1 - disorder(first, second) / float(np.mean(by_chance))


def disorder(one: _Array, other: _Array) -> float:
    """Cost of the cheapest alignment, over the mean number of units.

    `one`, `other` (n_units, 3): start, end and number of the kind.
    """
    ends = np.abs(one[:, None, :2] - other[None, :, :2]).sum(axis=2)
    lengths = (one[:, 1] - one[:, 0])[:, None] + (other[:, 1] - other[:, 0])[None]
    costs = (ends / lengths) ** 2 + (one[:, None, 2] != other[None, :, 2])
    # a pair that costs more than both left alone is never made
    saved = np.minimum(costs - 2.0, 0.0)
    rows, columns = linear_sum_assignment(saved)
    total = float(saved[rows, columns].sum()) + len(one) + len(other)
    return 2 * total / (len(one) + len(other))


def _moved(units: _Array, by_s: float, start_s: float, span_s: float) -> _Array:
    starts_s = start_s + (units[:, 0] - start_s + by_s) % span_s
    return np.column_stack([starts_s, starts_s + units[:, 1] - units[:, 0], units[:, 2]])

"""How far any number of coders agree beyond chance: Krippendorff's alpha for kinds.

References
----------
.. [1] K. Krippendorff, *Content Analysis*, 4th ed., 2019, ch. 12.
"""

import numpy as np
from numpy.typing import NDArray


def krippendorffs_alpha(codes: NDArray[np.int64]) -> float | None:
    """Agreement of several coders beyond chance.

    `codes` (n_coders, n_items): what each says of each item; negative where it says nothing.
    """
    kinds = np.unique(codes[codes >= 0])
    counts = (codes[None] == kinds[:, None, None]).sum(axis=1).astype(float)
    n_codes = counts.sum(axis=0)
    counts, n_codes = counts[:, n_codes > 1], n_codes[n_codes > 1]
    of_kind = counts.sum(axis=1)
    n = float(n_codes.sum())
    by_chance = (n**2 - float(np.square(of_kind).sum())) / (n - 1) if n > 1 else 0.0
    if by_chance <= 0:
        return None
    # pairs within an item that differ, each item weighed by its number of codes
    differing = (np.square(n_codes) - np.square(counts).sum(axis=0)) / (n_codes - 1)
    return 1 - float(differing.sum()) / by_chance

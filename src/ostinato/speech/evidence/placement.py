"""Where a voice stands between the loudspeakers, and how wide the sound around it is."""

import numpy as np
from numpy.typing import NDArray

_LEAST_FRAMES = 10
_WIDEST_DB = 60.0  # a codec's rounding lies about there; more says no more


def power_ratio_db(one_db: NDArray[np.floating], other_db: NDArray[np.floating]) -> float | None:
    """Compare the power of two signals over the same frames.

    `one_db`, `other_db` (n_frames,): levels: of side and mid, or of the centre and the front
    without it.
    """
    if one_db.size < _LEAST_FRAMES:
        return None
    one, other = (np.mean(10 ** (x.astype(np.float64) / 10)) for x in (one_db, other_db))
    return float(np.clip(10 * np.log10(one / other), -_WIDEST_DB, _WIDEST_DB))

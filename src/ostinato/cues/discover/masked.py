"""Whether a sound may go on unheard between two stretches in which it is met.

Of two copies of one sound, one may be drowned for a moment, and a recording may pause. Where the
film is as loud on both sides of the pair as it is around, a sound that went on would be met: two
jingles with talk between them, twice at the same distance, are two sounds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.path import Joins, Stretch
from ostinato.cues.tiles import HOP_LENGTH
from ostinato.cues.track import Track
from ostinato.cues.views import RATE_HZ

_CONTEXT_S = 3.0
_LEAST_GAP_S = 0.3  # within one, so few frames tell too little
_DROWNED_DB = 15.0  # over the softest fifth around: less, and the sound would be met
_PAUSED_DB = -20.0  # under the middle of what is around
_SOFT = 0.2


def may_go_on(film: Track, shifts: Sequence[int]) -> Joins:
    """Return what tells whether a sound may go on between two stretches.

    Parameters
    ----------
    film : Track
        With its band powers beside it.
    shifts : sequence of int
        Samples from the stretches to each place of the film that holds the sound: 0 among them.

    Returns
    -------
    callable
        Of two stretches, the earlier one first.
    """

    def joins(before: Stretch, after: Stretch) -> bool:
        if after.start - before.stop < _LEAST_GAP_S * RATE_HZ:
            return True
        return any(_is_unheard(film, before, after, shift) for shift in shifts)

    return joins


def _is_unheard(film: Track, before: Stretch, after: Stretch, shift: int) -> bool:
    reach = round(_CONTEXT_S * RATE_HZ)
    around = np.concatenate(
        [
            _levels_db(film, max(before.start, before.stop - reach), before.stop, shift),
            _levels_db(film, after.start, min(after.stop, after.start + reach), shift),
        ]
    )
    between = _levels_db(film, before.stop, after.start, shift)
    if not around.size or not between.size:
        return True
    level_db = float(np.median(between))
    is_drowned = level_db >= float(np.quantile(around, _SOFT)) + _DROWNED_DB
    return is_drowned or level_db <= float(np.median(around)) + _PAUSED_DB


def _levels_db(film: Track, start: int, stop: int, shift: int) -> NDArray[np.float64]:
    """Return the level of each frame that begins in a stretch, all views and bands summed."""
    first = max(0, -(-(start + shift) // HOP_LENGTH))
    n_frames = max(0, (stop + shift) // HOP_LENGTH - 1 - first)
    powers = film.bands.read(first, first + n_frames).T
    level_db: NDArray[np.float64] = 10 * np.log10(powers.sum(axis=1, dtype=np.float64) + 1e-12)
    return level_db

"""Steps, doors and things in the hand: sounds of the scene that stand out while nobody speaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST_FRAMES = 30
_RISE_FRAMES = 2
_RISE_DB = 8.0  # in the median band; a wave on the shore rises by less in 20 ms
_APART_FRAMES = 10


@dataclass(frozen=True, slots=True)
class Foreground:
    """How much happens: sudden sounds a minute, and how far loud moments stand above the median."""

    events_per_min: float | None
    spread_db: float | None


def foreground(around_db: NDArray[np.floating], *, frame_rate_hz: float) -> Foreground:
    """Count what happens around a voice.

    `around_db` (n_frames, n_bands): levels nearby while nobody speaks; NaN in frames that are left
    out, so that no event is found where two stretches meet.

    References
    ----------
    .. [1] J. P. Bello et al., "A tutorial on onset detection in music signals", *IEEE Trans.
           Speech and Audio Processing* 13 (2005), 1035-1047, sec. III (a rise of spectral energy).
    """
    is_heard = ~np.isnan(around_db).any(axis=1)
    n_heard = int(is_heard.sum())
    if n_heard < _LEAST_FRAMES:
        return Foreground(None, None)
    rise = np.full(around_db.shape[0], -np.inf)
    steps = around_db[_RISE_FRAMES:] - around_db[:-_RISE_FRAMES]
    both = is_heard[_RISE_FRAMES:] & is_heard[:-_RISE_FRAMES]
    rise[_RISE_FRAMES:][both] = np.median(steps[both], axis=1)
    events = np.flatnonzero(rise >= _RISE_DB)
    n_events = 0 if events.size == 0 else 1 + int((np.diff(events) > _APART_FRAMES).sum())
    level_db = 10 * np.log10(np.sum(10 ** (around_db[is_heard] / 10), axis=1))
    low, high = np.percentile(level_db, [50, 95])
    return Foreground(
        events_per_min=60 * n_events * frame_rate_hz / n_heard, spread_db=float(high - low)
    )

"""How fast sound dies away after each burst of a voice: slow in a room, fast without one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

_SMOOTH_FRAMES = 3
_LEAST_FRAMES = 7  # 70 ms: shorter falls are a consonant's own
_LEAST_FALL_DB = 12.0
_EARLY_DB = 5.0  # the first fall is the voice's, what follows the room's
_HEADROOM_DB = 4.0  # above the floor, under which nothing is seen to fall
_LAG_FRAMES = 8  # longer than a consonant, shorter than a syllable
_LOUD_DB = 30.0  # below the loudest; ambience rises and falls as well


@dataclass(frozen=True, slots=True)
class Decay:
    """Fall of level after bursts of speech.

    `rate_db_s` is the median and `slow_rate_db_s` the lower quartile of the later part of falls,
    None where fewer than three were found. `spread_db_s` is the standard deviation of all falls of
    level over 80 ms, None in less speech than that.
    """

    rate_db_s: float | None
    slow_rate_db_s: float | None
    spread_db_s: float | None


def late_decay(bands_db: NDArray[np.floating], *, frame_rate_hz: float) -> Decay:
    """Measure how fast levels fall after they have begun to, in each band.

    `bands_db` (n_frames, n_bands): levels of one stretch of speech and what rings on after it.

    References
    ----------
    .. [1] J. Y. C. Wen, E. A. P. Habets and P. A. Naylor, "Blind estimation of reverberation time
           based on the distribution of signal decay rates", *ICASSP* 2008, 329-332.
    """
    if bands_db.shape[0] < _LEAST_FRAMES:
        return Decay(None, None, None)
    smooth = uniform_filter1d(bands_db.astype(np.float64), _SMOOTH_FRAMES, axis=0, mode="nearest")
    floors = np.percentile(smooth, 5, axis=0) + _HEADROOM_DB
    rates = [
        rate * frame_rate_hz
        for band, floor in zip(smooth.T, floors, strict=True)
        for rate in _falls(band, floor)
    ]
    is_enough = len(rates) >= 3  # noqa: PLR2004 - a quartile of fewer is one of them
    return Decay(
        rate_db_s=float(np.median(rates)) if is_enough else None,
        slow_rate_db_s=float(np.percentile(rates, 25)) if is_enough else None,
        spread_db_s=_spread_db_s(bands_db.astype(np.float64), frame_rate_hz),
    )


def _spread_db_s(bands_db: NDArray[np.float64], frame_rate_hz: float) -> float | None:
    """Spread of the negative slopes, which rooms even out [1]_ of `late_decay`."""
    change = bands_db[_LAG_FRAMES:] - bands_db[:-_LAG_FRAMES]
    least_db = np.percentile(bands_db, 95, axis=0) - _LOUD_DB
    falls = change[(change < 0) & (bands_db[:-_LAG_FRAMES] > least_db)]
    if falls.size < _LEAST_FRAMES:
        return None
    return float(falls.std() * frame_rate_hz / _LAG_FRAMES)


def _falls(level_db: NDArray[np.float64], floor_db: float) -> list[float]:
    """Slope of each fall's later part, in dB per frame, as a positive number."""
    is_falling = np.concatenate([[False], np.diff(level_db) < 0, [False]])
    edges = np.flatnonzero(np.diff(is_falling))
    slopes = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        fall = level_db[first : last + 1]
        if fall.size < _LEAST_FRAMES or fall[0] - fall[-1] < _LEAST_FALL_DB:
            continue
        late = fall[(fall <= fall[0] - _EARLY_DB) & (fall >= floor_db)]
        if late.size >= _LEAST_FRAMES // 2 + 1:
            slopes.append(-_slope(late))
    return slopes


def _slope(values: NDArray[np.float64]) -> float:
    t = np.arange(values.size) - (values.size - 1) / 2
    return float(t @ values / (t @ t))

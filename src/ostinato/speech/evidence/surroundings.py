"""What surrounds a voice: the room's decay, the scene's ambience, steps and doors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

_SMOOTH_FRAMES = 3
_LEAST_FRAMES_OF_DECAY = 7  # 70 ms: shorter falls are a consonant's own
_LEAST_FALL_DB = 12.0
_EARLY_DB = 5.0  # the first fall is the voice's, what follows the room's
_HEADROOM_DB = 4.0  # above the floor, under which nothing is seen to fall
_LAG_FRAMES = 8  # longer than a consonant, shorter than a syllable
_LOUD_DB = 30.0  # below the loudest; ambience rises and falls as well
_FLOOR_PERCENTILE = 10
_AROUND_PERCENTILE = 30  # without a voice the floor is most of what is heard
_STEP_PERCENTILE = 15  # of the bands: in those that a voice leaves alone ambience is heard under it
_LEAST_FRAMES_OF_FLOOR = 30  # 0.3 s: a floor of less is that of one breath
_LEAST_FRAMES_AROUND = 30
_RISE_FRAMES = 2
_RISE_DB = 8.0  # in the median band; a wave on the shore rises by less in 20 ms
_APART_FRAMES = 10


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
    if bands_db.shape[0] < _LEAST_FRAMES_OF_DECAY:
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
    if falls.size < _LEAST_FRAMES_OF_DECAY:
        return None
    return float(falls.std() * frame_rate_hz / _LAG_FRAMES)


def _falls(level_db: NDArray[np.float64], floor_db: float) -> list[float]:
    """Slope of each fall's later part, in dB per frame, as a positive number."""
    is_falling = np.concatenate([[False], np.diff(level_db) < 0, [False]])
    edges = np.flatnonzero(np.diff(is_falling))
    slopes = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        fall = level_db[first : last + 1]
        if fall.size < _LEAST_FRAMES_OF_DECAY or fall[0] - fall[-1] < _LEAST_FALL_DB:
            continue
        late = fall[(fall <= fall[0] - _EARLY_DB) & (fall >= floor_db)]
        if late.size >= _LEAST_FRAMES_OF_DECAY // 2 + 1:
            slopes.append(-_slope(late))
    return slopes


def _slope(values: NDArray[np.float64]) -> float:
    t = np.arange(values.size) - (values.size - 1) / 2
    return float(t @ values / (t @ t))


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """The floor under speech and that around it; None where there is too little to tell.

    `under_re_speech_db` and `around_re_speech_db` are against the level of the speech,
    `step_db` is the floor under it less that around it, in the bands in which that is least, where
    a voice hides nothing; below 0 where ambience makes way. `likeness` is the correlation of their
    spectra from -1 to 1: near 1 where the same ambience goes on.
    """

    under_re_speech_db: float | None
    around_re_speech_db: float | None
    step_db: float | None
    likeness: float | None


def noise_floor(
    speech_db: NDArray[np.floating], around_db: NDArray[np.floating], *, speech_level_db: float
) -> NoiseFloor:
    """Compare the floor in the pauses of a voice with that before and after it.

    `speech_db` (n_frames, n_bands): levels while the voice speaks, its short pauses among them;
    `around_db` (n_other_frames, n_bands): levels nearby while nobody speaks; `speech_level_db`:
    level of the voice in the sum of the bands.

    References
    ----------
    .. [1] R. Martin, "Noise power spectral density estimation based on optimal smoothing and
           minimum statistics", *IEEE Trans. Speech and Audio Processing* 9 (2001), 504-512.
    """
    under = _percentiles(speech_db, _FLOOR_PERCENTILE)
    around = _percentiles(around_db, _AROUND_PERCENTILE)
    return NoiseFloor(
        under_re_speech_db=None if under is None else total_db(under) - speech_level_db,
        around_re_speech_db=None if around is None else total_db(around) - speech_level_db,
        step_db=(
            None
            if under is None or around is None
            else float(np.percentile(under - around, _STEP_PERCENTILE))
        ),
        likeness=_correlation(under, around),
    )


def total_db(bands_db: NDArray[np.floating]) -> float:
    """Level of the sum of some bands.

    `bands_db` (n_bands,): levels.
    """
    return float(10 * np.log10(np.sum(10 ** (bands_db.astype(np.float64) / 10))))


def _percentiles(bands_db: NDArray[np.floating], rank: int) -> NDArray[np.float64] | None:
    if bands_db.shape[0] < _LEAST_FRAMES_OF_FLOOR:
        return None
    return np.asarray(np.percentile(bands_db.astype(np.float64), rank, axis=0))


def _correlation(
    one: NDArray[np.float64] | None, other: NDArray[np.float64] | None
) -> float | None:
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


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
    if n_heard < _LEAST_FRAMES_AROUND:
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

"""A curve of probabilities becomes stretches of time, and stretches become a mask of frames.

A frame stands for the hop around its centre, so that successive frames tile time without seams and
a mask that becomes a timeline comes back as the same mask.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from ostinato.dsp.frames import FrameClock
from ostinato.errors import ParameterError
from ostinato.ranges import Seconds, Threshold, Trim, check_ranges
from ostinato.timeline import Interval, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationParameters:
    """How a curve is cut into stretches, in the order in which the steps are taken.

    Parameters
    ----------
    smoothing_s : float
        Length of the moving average, >= 0; 0 leaves the curve as it is.
    onset, offset : float
        A stretch holds a value >= `onset` and lasts while values are >= `offset`;
        ``offset <= onset``.
    pad_start_s, pad_end_s : float
        What is added before and after each stretch; less than 0 trims, so that bounds which a
        low offset puts too far out fall where they belong. What is trimmed away is dropped.
    min_gap_s : float
        Shorter gaps between stretches are filled, >= 0; stretches that touch are one anyhow.
    min_duration_s : float
        Shorter stretches are then dropped, >= 0.

    Raises
    ------
    ParameterError
        If a value is outside its range.
    """

    smoothing_s: Seconds
    onset: Threshold
    offset: Threshold
    pad_start_s: Trim
    pad_end_s: Trim
    min_gap_s: Seconds
    min_duration_s: Seconds

    def __post_init__(self) -> None:
        check_ranges(self)
        if not self.offset <= self.onset:
            raise ParameterError(
                f"offset {self.offset}",
                f"it is above the onset, {self.onset}, so that no stretch could begin",
                "Give offset <= onset",
            )


def active_stretches(
    curve: NDArray[np.floating],
    clock: FrameClock,
    *,
    duration_s: float,
    parameters: ActivationParameters,
) -> Timeline:
    """Stretches of time in which a curve is high.

    Parameters
    ----------
    curve : ndarray, shape (n_frames,)
        Finite; usually a probability in [0, 1].
    clock : FrameClock
        When each frame is.
    duration_s : float
        Length of the signal; no stretch reaches beyond it or before 0.
    parameters : ActivationParameters
        Thresholds and minimal lengths.

    Returns
    -------
    Timeline
        Bounds fall between frames, half a hop from a centre, before they are padded.

    Raises
    ------
    ParameterError
        If the curve is not one-dimensional or holds a value that is not finite.

    Examples
    --------
    >>> clock = FrameClock(sample_rate_hz=100, frame_length=1, hop_length=1)
    >>> at_once = ActivationParameters(smoothing_s=0, onset=0.6, offset=0.3, pad_start_s=0,
    ...                                pad_end_s=0, min_gap_s=0, min_duration_s=0)
    >>> curve = np.array([0.0, 0.4, 0.7, 0.4, 0.0, 0.4])
    >>> active_stretches(curve, clock, duration_s=0.06, parameters=at_once).intervals
    (Interval(start_s=0.01, end_s=0.04),)
    """
    if curve.ndim != 1 or not np.isfinite(curve).all():
        raise ParameterError(
            "curve",
            f"its shape is {curve.shape} or a value is not finite",
            "Give one finite value a frame",
        )
    smooth = _smoothed(curve, clock, length_s=parameters.smoothing_s)
    starts, stops = _runs(smooth >= parameters.offset)
    n_onsets = np.concatenate(([0], np.cumsum(smooth >= parameters.onset)))
    begins = n_onsets[stops] > n_onsets[starts]
    starts, stops = starts[begins], stops[begins]
    starts_s = np.maximum(_edges_s(starts, clock) - parameters.pad_start_s, 0.0)
    ends_s = np.minimum(_edges_s(stops, clock) + parameters.pad_end_s, duration_s)
    stretches = _filled(
        [(a, b) for a, b in zip(starts_s.tolist(), ends_s.tolist(), strict=True) if a < b],
        min_gap_s=parameters.min_gap_s,
    )
    return Timeline.of(
        Interval(start_s, end_s)
        for start_s, end_s in stretches
        if end_s - start_s >= parameters.min_duration_s
    )


def frame_mask(timeline: Timeline, clock: FrameClock, *, n_frames: int) -> NDArray[np.bool_]:
    """Tell which frames have their centre inside a timeline.

    Parameters
    ----------
    timeline : Timeline
        Stretches of time; what lies beyond the last frame is left out.
    clock : FrameClock
        When each frame is.
    n_frames : int
        How many frames there are, >= 0.

    Returns
    -------
    is_inside : ndarray of bool, shape (n_frames,)
        True where ``start_s <= centre < end_s`` for some interval.
    """
    bounds_s = [bound_s for i in timeline for bound_s in (i.start_s, i.end_s)]
    # an odd number of bounds passed means that one interval has begun and not ended
    n_passed = np.searchsorted(np.array(bounds_s), clock.centres_s(n_frames), side="right")
    is_inside: NDArray[np.bool_] = n_passed % 2 == 1
    return is_inside


def frame_slice(interval: Interval, clock: FrameClock, *, n_frames: int) -> slice:
    """Frames whose centre is inside an interval, at once and without a mask.

    Parameters
    ----------
    interval : Interval
        A stretch of time.
    clock : FrameClock
        When each frame is.
    n_frames : int
        How many frames there are, >= 0.

    Returns
    -------
    slice
        Into an array of `n_frames`; empty if no centre is inside.
    """
    first, stop = (
        # a centre that rounding puts a hair before the bound is on it
        math.ceil(
            (2 * time_s * clock.sample_rate_hz - clock.frame_length) / (2 * clock.hop_length) - 1e-9
        )
        for time_s in (interval.start_s, interval.end_s)
    )
    return slice(min(max(first, 0), n_frames), min(max(stop, 0), n_frames))


def _smoothed(
    curve: NDArray[np.floating], clock: FrameClock, *, length_s: float
) -> NDArray[np.float64]:
    n_half = round(length_s * clock.sample_rate_hz / clock.hop_length / 2 - 0.5)
    if n_half <= 0 or curve.size == 0:
        return curve.astype(np.float64)
    # an odd length keeps the average centred, so that smoothing moves no boundary
    smooth: NDArray[np.float64] = uniform_filter1d(
        curve.astype(np.float64), 2 * n_half + 1, mode="nearest"
    )
    return smooth


def _runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _edges_s(frames: NDArray[np.int64], clock: FrameClock) -> NDArray[np.float64]:
    """Time of the edge before each frame, half a hop ahead of its centre."""
    doubled = 2 * frames * clock.hop_length + clock.frame_length - clock.hop_length
    edges_s: NDArray[np.float64] = doubled / (2 * clock.sample_rate_hz)
    return edges_s


def _filled(stretches: list[tuple[float, float]], *, min_gap_s: float) -> list[tuple[float, float]]:
    filled: list[tuple[float, float]] = []
    for start_s, end_s in stretches:
        if filled and start_s - filled[-1][1] < min_gap_s:
            filled[-1] = (filled[-1][0], max(filled[-1][1], end_s))
        else:
            filled.append((start_s, end_s))
    return filled

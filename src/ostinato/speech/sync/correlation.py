"""How well cues fit detected speech, at every shift, for a few speeds.

Two things are compared, in bins of a tenth of a second: the probability of talk with the presence
of cues, each less its mean over some seconds around, so that a scene full of talk draws no cue by
itself; and the rise of talk with the starts of cues, which says as much again. Either correlation
at a shift is divided by what chance makes of it [1]_: the root of the energy that overlaps there,
and the spread over all shifts. Their sum is about normal, of unit spread, at wrong shifts.

References
----------
.. [1] J. P. Lewis, "Fast normalized cross-correlation", *Vision Interface* 1995, 120-123.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_S = 0.1
_AROUND_S = 12.0  # of 6 to 60 s, at 10 to 15 right files stand out most
_LEAST_OVERLAP = 0.6  # of what could overlap; less says little, and chance is wilder there
_NORMAL = 1.4826  # standard deviation of a normal distribution in median absolute deviations

_RISE_BINS = 6  # either side of a bin; as cues begin about when talk does
_SPREAD_BINS = 5
_LINGER_S = 0.3  # by which talk draws cues early, since they stay on screen behind it

Array = NDArray[np.float64]
Pair = tuple[Array, Array]
"""Talk and its rise, or presence and starts of cues."""


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """Scores at shifts that rise by `BIN_S`; `scales` are about what sums were divided by."""

    shifts_s: Array
    scores: Array
    scales: tuple[float, float] = (1.0, 1.0)

    def near(self, shift_s: float, within_s: float) -> float:
        """Return the best score within some seconds of a shift; -inf if none was tried."""
        close = np.abs(self.shifts_s - shift_s) <= within_s + BIN_S / 2
        return float(self.scores[close].max()) if close.any() else -np.inf

    def best(self) -> tuple[float, float]:
        """Return the best score and its shift; of equals, the one nearest 0."""
        if self.scores.size == 0:
            return -np.inf, 0.0
        top = self.scores.max()
        at = self.shifts_s[self.scores == top]
        return float(top), float(at[np.abs(at).argmin()])


def heard(probability: NDArray[np.float32], frames_per_bin: int) -> Pair:
    """Take talk and its rise in bins.

    Parameters
    ----------
    probability : ndarray of float32, shape (n_frames,)
        Of talk.
    frames_per_bin : int
        Frames in `BIN_S`.

    Returns
    -------
    tuple of ndarray of float64, shape (n_frames // frames_per_bin,)
        Both about zero in the mean.
    """
    n = probability.size // frames_per_bin
    means = probability[: n * frames_per_bin].reshape(n, frames_per_bin).mean(axis=1)
    sums = np.concatenate(([0.0], np.cumsum(means, dtype=np.float64)))
    at = np.arange(n)
    first, last = np.maximum(0, at - _RISE_BINS), np.minimum(n, at + _RISE_BINS)
    rise = (sums[last] - 2 * sums[at] + sums[first]) / _RISE_BINS
    return without_trend(means.astype(np.float64)), rise


def without_trend(y: Array) -> Array:
    """Subtract from each bin the mean around it.

    Parameters
    ----------
    y : ndarray of float64, shape (n_bins,)
        Anything.

    Returns
    -------
    ndarray of float64, shape (n_bins,)
        The rest.
    """
    half = round(_AROUND_S / BIN_S / 2)
    sums = np.concatenate(([0.0], np.cumsum(y)))
    first = np.maximum(0, np.arange(y.size) - half)
    last = np.minimum(y.size, np.arange(y.size) + half)
    return np.asarray(y - (sums[last] - sums[first]) / np.maximum(1, last - first))


def shown(cues_s: Array) -> Array:
    """Put cues into bins: 1 where one is shown, else 0.

    Parameters
    ----------
    cues_s : ndarray of float64, shape (n_cues, 2)
        Starts and ends, in seconds; what lies before 0 is left out.

    Returns
    -------
    ndarray of float64, shape (n_bins,)
        From 0 to the last end.
    """
    bounds = np.round(np.maximum(cues_s, 0) / BIN_S).astype(np.int64)
    y = np.zeros(int(bounds.max(initial=0)) + 1)
    np.add.at(y, bounds[:, 0], 1)
    np.add.at(y, bounds[:, 1], -1)
    return np.asarray(np.cumsum(y) > 0, dtype=np.float64)


def on_screen(cues_s: Array) -> Pair:
    """Put presence of cues, and their starts, into bins.

    Parameters
    ----------
    cues_s : ndarray of float64, shape (n_cues, 2)
        Starts and ends, in seconds.

    Returns
    -------
    tuple of ndarray of float64, shape (n_bins,)
        From 0 to the last end.
    """
    present = shown(cues_s)
    starts = np.zeros(present.size)
    at = np.round((cues_s[:, 0] + _LINGER_S) / BIN_S).astype(np.int64)
    np.add.at(starts, at[(at >= 0) & (at < starts.size)], 1.0)
    kernel = np.hanning(_SPREAD_BINS + 2)
    starts = np.convolve(starts, kernel / kernel.sum(), mode="full")
    half = (kernel.size - 1) // 2
    return without_trend(present), starts[half : half + present.size]


def correlate(talk: Pair, cues_s: Array) -> Correlation:
    """Score cues against talk at every shift that leaves enough of both.

    Parameters
    ----------
    talk : tuple of ndarray
        From `heard`.
    cues_s : ndarray of float64, shape (n_cues, 2)
        Starts and ends, in seconds.

    Returns
    -------
    Correlation
        At shifts that are added to the cues; without any if nothing overlaps.
    """
    present = shown(cues_s)
    n, m = talk[0].size, present.size
    if n == 0 or not present.any():
        return _NOTHING
    lags = np.arange(-(m - 1), n)
    held = np.concatenate(([0.0], np.cumsum(present)))
    overlap = held[np.clip(n - lags, 0, m)] - held[np.clip(-lags, 0, m)]
    allowed = overlap >= _LEAST_OVERLAP * overlap.max()
    found = [_scored(y, x, allowed) for y, x in zip(talk, on_screen(cues_s), strict=True)]
    if any(scale == 0 for _, scale in found):
        return _NOTHING
    both = found[0][0] + found[1][0]
    middle, spread = _normal(both)
    return Correlation(
        lags[allowed] * BIN_S,
        (both - middle) / spread,
        (found[0][1] * spread, found[1][1] * spread),
    )


_NOTHING = Correlation(np.zeros(0), np.zeros(0))


def _scored(talk: Array, cues: Array, allowed: NDArray[np.bool_]) -> tuple[Array, float]:
    """Return scores of unit spread at shifts, and about what sums were divided by; 0 for none."""
    sums = sums_of_products(talk, cues)[allowed]
    energy = np.maximum(sums_of_products(talk**2, cues**2)[allowed], 0)
    floor = 1e-3 * energy.max(initial=0)
    if floor == 0:
        return sums, 0.0
    ratio = sums / np.sqrt(np.maximum(energy, floor))
    middle, spread = _normal(ratio)
    if spread == 0:
        return sums, 0.0
    return (ratio - middle) / spread, float(np.sqrt(np.median(energy)) * spread)


def _normal(y: Array) -> tuple[float, float]:
    middle = float(np.median(y))
    return middle, float(_NORMAL * np.median(np.abs(y - middle)))


def sums_of_products(talk: Array, cues: Array) -> Array:
    """Sum products of talk and cues at every lag.

    Parameters
    ----------
    talk : ndarray of float64, shape (n,)
        What stays in place.
    cues : ndarray of float64, shape (m,)
        What is moved later by the lag.

    Returns
    -------
    ndarray of float64, shape (n + m - 1,)
        At lags ``-(m - 1)`` to ``n - 1``.
    """
    n, m = talk.size, cues.size
    size = 1 << (n + m - 1).bit_length()
    spectrum = np.fft.rfft(talk, size) * np.conj(np.fft.rfft(cues, size))
    sums = np.fft.irfft(spectrum, size)
    return np.concatenate((sums[size - (m - 1) :], sums[:n]))

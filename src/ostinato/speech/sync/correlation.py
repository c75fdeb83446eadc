"""How well cues fit detected speech, at every shift, for a few speeds.

Probability of talk and presence of cues are taken in bins of a tenth of a second, each less its
mean over some seconds around, so that a scene full of talk draws no cue by itself. Their
correlation at a shift is divided by what chance makes of it [1]_: the root of the energy that
overlaps there, and the spread over all shifts. What comes back is about normal, of unit spread, at
wrong shifts.

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

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """Scores at shifts that rise by `BIN_S`; `scale` is about what a sum was divided by."""

    shifts_s: Array
    scores: Array
    scale: float = 1.0

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


def binned(probability: NDArray[np.float32], frames_per_bin: int) -> Array:
    """Take means over bins and subtract what holds around.

    Parameters
    ----------
    probability : ndarray of float32, shape (n_frames,)
        Of talk.
    frames_per_bin : int
        Frames in `BIN_S`.

    Returns
    -------
    ndarray of float64, shape (n_frames // frames_per_bin,)
        About zero in the mean.
    """
    n = probability.size // frames_per_bin
    means = probability[: n * frames_per_bin].reshape(n, frames_per_bin).mean(axis=1)
    return without_trend(means.astype(np.float64))


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


def correlate(talk: Array, cues_s: Array) -> Correlation:
    """Score cues against talk at every shift that leaves enough of both.

    Parameters
    ----------
    talk : ndarray of float64, shape (n_bins,)
        From `binned`.
    cues_s : ndarray of float64, shape (n_cues, 2)
        Starts and ends, in seconds.

    Returns
    -------
    Correlation
        At shifts that are added to the cues; without any if nothing overlaps.
    """
    on_screen = shown(cues_s)
    n, m = talk.size, on_screen.size
    if n == 0 or not on_screen.any():
        return Correlation(np.zeros(0), np.zeros(0))
    lags = np.arange(-(m - 1), n)
    held = np.concatenate(([0.0], np.cumsum(on_screen)))
    overlap = held[np.clip(n - lags, 0, m)] - held[np.clip(-lags, 0, m)]
    allowed = overlap >= _LEAST_OVERLAP * overlap.max()
    cues = without_trend(on_screen)
    sums = sums_of_products(talk, cues)[allowed]
    energy = np.maximum(sums_of_products(talk**2, cues**2)[allowed], 0)
    floor = 1e-3 * energy.max(initial=0)
    if floor == 0:
        return Correlation(np.zeros(0), np.zeros(0))
    ratio = sums / np.sqrt(np.maximum(energy, floor))
    middle = np.median(ratio)
    spread = _NORMAL * np.median(np.abs(ratio - middle))
    if spread == 0:
        return Correlation(np.zeros(0), np.zeros(0))
    scale = float(np.sqrt(np.median(energy)) * spread)
    return Correlation(lags[allowed] * BIN_S, (ratio - middle) / spread, scale)


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

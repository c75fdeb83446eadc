"""How well cues fit detected speech, at every shift, for a few speeds.

In bins of a tenth of a second, the talk that cues promise is laid over the probability of talk: a
matched filter. Talk is whitened first, since its slow changes, scene by scene, are most of its
energy and would bring cues onto any scene full of talk. Sums at a shift are divided by the root of
the cues that overlap there and by their spread over all shifts [1]_; they are about normal, of
unit spread, at wrong shifts.

References
----------
.. [1] C. H. Knapp & G. C. Carter, "The generalized correlation method for estimation of time
   delay", *IEEE Transactions on Acoustics, Speech, and Signal Processing* 24(4), 1976, 320-327.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_S = 0.1
_WHITENED = 0.75  # a power of the spectrum; 1 lets noise between lines say as much as lines
_SMOOTHED_HZ = 0.05  # the spectrum, so that it holds no line of its own
_LEAST_OVERLAP = 0.6  # of what could overlap; less says little, and chance is wilder there
_NORMAL = 1.4826  # standard deviation of a normal distribution in median absolute deviations

_BEGINS_S = 0.2  # talk after a cue, which is drawn early
_LINGER_S = 1.0  # and the cue stays on screen behind it
_SHORTEST_S = 0.3
_BLUR_S = 0.3  # a cue begins and ends as exactly as a hand places it

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """Scores at shifts that rise by `BIN_S`; `scale` is about what sums were divided by."""

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


def heard(probability: NDArray[np.float32], frames_per_bin: int) -> Array:
    """Take talk in bins and whiten it.

    `probability` (n_frames,): of talk. Returns (n_frames // frames_per_bin,).
    """
    n = probability.size // frames_per_bin
    if n == 0:
        return np.zeros(0)
    talk = probability[: n * frames_per_bin].reshape(n, frames_per_bin).mean(axis=1)
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(talk.astype(np.float64) - talk.mean(), size)
    power = _smoothed(np.abs(spectrum) ** 2, max(1, round(_SMOOTHED_HZ * size * BIN_S / 2)))
    if not power.max() > 0:
        return np.zeros(n)
    white = spectrum / np.maximum(power, _FLOOR * power.max()) ** _WHITENED
    return np.asarray(np.fft.irfft(white, size)[:n])


_FLOOR = 1e-9


def _smoothed(y: Array, half: int) -> Array:
    """Mean over so many neighbours either side."""
    sums = np.concatenate(([0.0], np.cumsum(y)))
    at = np.arange(y.size)
    first, last = np.maximum(0, at - half), np.minimum(y.size, at + half + 1)
    return np.asarray((sums[last] - sums[first]) / (last - first))


def shown(cues_s: Array) -> Array:
    """Put cues into bins: 1 where one is shown, else 0.

    `cues_s` (n_cues, 2): starts and ends, in seconds; what lies before 0 is left out. Returns
    (n_bins,).
    """
    bounds = np.round(np.maximum(cues_s, 0) / BIN_S).astype(np.int64)
    y = np.zeros(int(bounds.max(initial=0)) + 1)
    np.add.at(y, bounds[:, 0], 1)
    np.add.at(y, bounds[:, 1], -1)
    return np.asarray(np.cumsum(y) > 0, dtype=np.float64)


def promised(cues_s: Array) -> Array:
    """Put the talk that cues promise into bins, as surely as they are placed.

    `cues_s` (n_cues, 2): starts and ends, in seconds. Returns (n_bins,).
    """
    talk = shown(_talk_s(cues_s))
    n = shown(cues_s).size
    talk = np.convolve(np.pad(talk, (0, max(0, n - talk.size)))[:n], _KERNEL, mode="full")
    half = (_KERNEL.size - 1) // 2
    talk = talk[half : half + n]
    return np.asarray(talk - talk.mean())


def under(talk: Array, cues_s: Array) -> Array:
    """Sum the talk that each cue promises.

    `talk` (n_bins,): from `heard`; `cues_s` (n_cues, 2): starts and ends, in seconds. Returns
    (n_cues,).
    """
    half = (_KERNEL.size - 1) // 2
    blurred = np.convolve(talk, _KERNEL, mode="full")[half : half + talk.size]
    sums = np.concatenate(([0.0], np.cumsum(blurred)))
    bounds = np.clip(np.round(_talk_s(cues_s) / BIN_S).astype(np.int64), 0, talk.size)
    return np.asarray(sums[bounds[:, 1]] - sums[bounds[:, 0]])


def _talk_s(cues_s: Array) -> Array:
    """When there is talk under cues, which begin with it and linger."""
    starts_s = cues_s[:, 0] + _BEGINS_S
    return np.column_stack([starts_s, np.maximum(cues_s[:, 1] - _LINGER_S, starts_s + _SHORTEST_S)])


_KERNEL_AT_S = np.arange(-round(3 * _BLUR_S / BIN_S), round(3 * _BLUR_S / BIN_S) + 1) * BIN_S
_KERNEL = np.exp(-((_KERNEL_AT_S / _BLUR_S) ** 2) / 2)
_KERNEL /= _KERNEL.sum()


def correlate(talk: Array, cues_s: Array) -> Correlation:
    """Score cues against talk at every shift that leaves enough of both.

    `talk` (n_bins,): from `heard`; `cues_s` (n_cues, 2): starts and ends, in seconds.
    """
    present = shown(cues_s)
    n, m = talk.size, present.size
    if n == 0 or not present.any():
        return _NOTHING
    lags = np.arange(-(m - 1), n)
    held = np.concatenate(([0.0], np.cumsum(present)))
    overlap = held[np.clip(n - lags, 0, m)] - held[np.clip(-lags, 0, m)]
    allowed = overlap >= _LEAST_OVERLAP * overlap.max()
    overlap = overlap[allowed]
    ratio = sums_of_products(talk, promised(cues_s))[allowed] / np.sqrt(overlap)
    middle, spread = _normal(ratio)
    if not spread > 0:
        return _NOTHING
    scale = float(np.sqrt(np.median(overlap)) * spread)
    return Correlation(lags[allowed] * BIN_S, (ratio - middle) / spread, scale)


_NOTHING = Correlation(np.zeros(0), np.zeros(0))


def _normal(y: Array) -> tuple[float, float]:
    middle = float(np.median(y))
    return middle, float(_NORMAL * np.median(np.abs(y - middle)))


def sums_of_products(talk: Array, cues: Array) -> Array:
    """Sum products of talk and cues at every lag.

    `talk` (n,): what stays in place; `cues` (m,): what is moved later by the lag. Returns (n + m -
    1,).
    """
    n, m = talk.size, cues.size
    size = 1 << (n + m - 1).bit_length()
    spectrum = np.fft.rfft(talk, size) * np.conj(np.fft.rfft(cues, size))
    sums = np.fft.irfft(spectrum, size)
    return np.concatenate((sums[size - (m - 1) :], sums[:n]))

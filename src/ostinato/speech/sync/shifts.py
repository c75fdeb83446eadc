"""Which shift, which speed and which breaks bring cues onto detected speech.

In bins of a tenth of a second, the talk that cues promise is laid over the probability of talk: a
matched filter. Talk is whitened first, since its slow changes, scene by scene, are most of its
energy and would bring cues onto any scene full of talk. Sums at a shift are divided by the root of
the cues that overlap there and by their spread over all shifts [1]_; they are about normal, of
unit spread, at wrong shifts.

References
----------
.. [1] C. H. Knapp & G. C. Carter, "The generalized correlation method for estimation of time
   delay", *IEEE Transactions on Acoustics, Speech, and Signal Processing* 24(4), 1976, 320-327.

Film time is cue time times `speed` plus a shift; at a break, where another cut or an advertisement
begins, the shift changes. Blocks of cues are each scored at every shift, and the best path through
them is found, a change of shift costing as much as chance could bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
_FLOOR = 1e-9
_KERNEL_AT_S = np.arange(-round(3 * _BLUR_S / BIN_S), round(3 * _BLUR_S / BIN_S) + 1) * BIN_S
_KERNEL = np.exp(-((_KERNEL_AT_S / _BLUR_S) ** 2) / 2)
_KERNEL /= _KERNEL.sum()
SUBTITLE_SPEEDS = (1.0, 25 / 24, 24 / 25, 25 / 23.976, 23.976 / 25, 24 / 23.976, 23.976 / 24)
_BLOCK_S = 20.0
_MOST_JUMP_S = 300.0  # an advertisement, or scenes that another cut leaves out
_MOST_SCALE = 1.2  # more comes of cues most of which lie outside the film
_COST_OF_BREAK = 2.0
_LEAST_OF_PIECE = 3.5  # of a piece's own score: one that chance brings at one shift in 4,000
_LEAST_JUMP_S = 0.5
_SEARCH_S = 25.0  # blocks place a break to within their length
_NEAR_S = 1.0
_STEP_S = 0.01
_RISE_S = 0.4
_LEAST_SHARE = 0.2
_FITS_BY_ITSELF = 2.0
_SMOOTH = 15  # hundredths of a second either side
_KERNEL_OF_RISES = np.hanning(2 * _SMOOTH + 3)[1:-1] / np.hanning(2 * _SMOOTH + 3).sum()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A map from cue time to film time.

    `starts_s` are cue times from which each of `shifts_s` holds; the first is -inf.
    """

    speed: float = 1.0
    starts_s: tuple[float, ...] = (-np.inf,)
    shifts_s: tuple[float, ...] = (0.0,)

    def film_s(self, cues_s: Array) -> Array:
        """Film time of cues, each moved as a whole, shape (n, 2)."""
        at = np.searchsorted(self.starts_s, cues_s[:, 0], side="right") - 1
        return np.asarray(cues_s * self.speed + np.asarray(self.shifts_s)[at][:, None])


def in_pieces(
    talk: Array, cues_s: Array, correlation: Correlation, speed: float, around_s: float
) -> tuple[Alignment, float]:
    """Find the best shifts of consecutive cues, and what they score together.

    `cues_s` (n_cues, 2): starts and ends, in order; `speed`: by which cue times are multiplied;
    `around_s`: shifts are tried around this one.
    """
    moved_s = cues_s * speed
    allowed = correlation.shifts_s[np.abs(correlation.shifts_s - around_s) <= _MOST_JUMP_S]
    blocks = _blocks(moved_s)
    if allowed.size == 0 or len(blocks) < 2:  # noqa: PLR2004 - a break parts two
        return Alignment(speed=speed, shifts_s=(around_s,)), correlation.near(around_s, 0)
    first = round(allowed[0] / BIN_S)
    scores = _block_scores(
        talk, moved_s, blocks, correlation.scale, first=first, n_shifts=allowed.size
    )
    # so that one piece scores here what it scores in the correlation
    whole = float(scores[:, int(np.abs(allowed - around_s).argmin())].sum())
    scores *= min(_MOST_SCALE, correlation.near(around_s, 0) / whole) if whole > 0 else 1.0
    path = _best_path(scores)
    pieces = _pieces(path)
    masses = np.array([np.diff(moved_s[block]).sum() for block in blocks])
    starts, shifts, score = [-np.inf], [float(allowed[path[0]])], 0.0
    for a, b in pieces:
        own = float(scores[a:b, path[a]].sum())
        if own < _LEAST_OF_PIECE * np.sqrt(masses[a:b].sum() / masses.sum()):
            return _whole(scores, allowed, speed)
        score += own
        if a > 0:
            shift_s = float(allowed[path[a]])
            cut = _cut(talk, moved_s, blocks[a].start, shifts[-1], shift_s)
            starts.append(float(cues_s[cut, 0]))
            shifts.append(shift_s)
    return Alignment(speed=speed, starts_s=tuple(starts), shifts_s=tuple(shifts)), score


def _whole(scores: Array, allowed: Array, speed: float) -> tuple[Alignment, float]:
    sums = scores.sum(axis=0)
    best = int(sums.argmax())
    return Alignment(speed=speed, shifts_s=(float(allowed[best]),)), float(sums[best])


def unevenness(talk: Array, cues_s: Array, correlation: Correlation, alignment: Alignment) -> float:
    """Tell how far one part of the cues fits worse than the rest, in standard deviations.

    `cues_s` (n_cues, 2): starts and ends, in order.
    """
    moved_s = alignment.film_s(cues_s)
    blocks = _blocks(moved_s)
    scores = _block_scores(talk, moved_s, blocks, correlation.scale, first=0, n_shifts=1)[:, 0]
    masses = np.array([np.diff(moved_s[block]).sum() for block in blocks])
    masses /= masses.sum()
    worst = 0.0
    for n in range(1, len(blocks)):
        shares = masses[:n].sum(), masses[n:].sum()
        sums = scores[:n].sum(), scores[n:].sum()
        if min(shares) < _LEAST_SHARE:
            continue
        weak = int(sums[0] / shares[0] > sums[1] / shares[1])
        if sums[weak] / np.sqrt(shares[weak]) > _FITS_BY_ITSELF:
            continue
        gap = abs(sums[0] / shares[0] - sums[1] / shares[1])
        worst = max(worst, gap / np.sqrt(1 / shares[0] + 1 / shares[1]))
    return float(worst)


def refined(
    probability: NDArray[np.float32], frame_s: float, cues_s: Array, alignment: Alignment
) -> Alignment:
    """Let cues begin where talk does: they end late, so that their whole is drawn early.

    `probability` (n_frames,): of talk; `frame_s`: length of a frame; `cues_s` (n_cues, 2): starts
    and ends, in order.
    """
    rise = _rise(np.asarray(probability, dtype=np.float64), round(_RISE_S / frame_s))
    moved_s = alignment.film_s(cues_s)
    piece = np.searchsorted(alignment.starts_s, cues_s[:, 0], side="right") - 1
    deltas_s = np.arange(-round(_NEAR_S / _STEP_S), round(_NEAR_S / _STEP_S) + 1) * _STEP_S
    shifts_s = []
    for number, shift_s in enumerate(alignment.shifts_s):
        starts_s = moved_s[piece == number, 0]
        at = np.round((starts_s[:, None] + deltas_s[None]) / frame_s).astype(np.int64)
        inside = (at >= 0) & (at < rise.size)
        gains = np.where(inside, rise[np.clip(at, 0, rise.size - 1)], 0.0).sum(axis=0)
        gains = np.convolve(np.pad(gains, _SMOOTH, mode="edge"), _KERNEL_OF_RISES, mode="valid")
        shifts_s.append(round(shift_s + float(deltas_s[gains.argmax()]), 2))
    return Alignment(speed=alignment.speed, starts_s=alignment.starts_s, shifts_s=tuple(shifts_s))


def _rise(p: Array, n: int) -> Array:
    """Mean of the frames that follow less that of those before."""
    sums = np.concatenate(([0.0], np.cumsum(p)))
    at = np.arange(p.size)
    after = sums[np.minimum(p.size, at + n)] - sums[at]
    before = sums[at] - sums[np.maximum(0, at - n)]
    return np.asarray((after - before) / n)


def _blocks(moved_s: Array) -> list[slice]:
    """Part cues into runs of about equal length."""
    number = ((moved_s[:, 0] - moved_s[0, 0]) // _BLOCK_S).astype(np.int64)
    cuts = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(moved_s)]
    return [slice(a, b) for a, b in pairwise(cuts)]


def _block_scores(
    talk: Array,
    moved_s: Array,
    blocks: Sequence[slice],
    scale: float,
    *,
    first: int,
    n_shifts: int,
) -> Array:
    """Score each block at shifts from `first` on, in bins."""
    out = np.zeros((len(blocks), n_shifts))
    x = promised(np.maximum(moved_s, 0))
    bounds = [int(max(0, moved_s[block.start, 0]) / BIN_S) for block in blocks[1:]]
    for number, (a, b) in enumerate(pairwise([0, *bounds, x.size])):
        if b > a:
            out[number] = _sums(talk, x[a:b], a + first, n_shifts) / scale
    return out


def _sums(y: Array, block: Array, low: int, n_shifts: int) -> Array:
    """Sum products of a block with what lies from bin `low` on, at so many shifts."""
    high = low + block.size + n_shifts - 1
    around = np.zeros(high - low)
    inside = slice(max(0, low), max(0, min(y.size, high)))
    around[inside.start - low : inside.start - low + len(y[inside])] = y[inside]
    sums = sums_of_products(around, block)
    return sums[block.size - 1 : block.size - 1 + n_shifts]


def _best_path(scores: Array) -> list[int]:
    """Viterbi: stay at a shift for nothing, or go to the best for the cost of a break."""
    came, total = [], scores[0].copy()
    for row in scores[1:]:
        best = int(total.argmax())
        jumps = total[best] - _COST_OF_BREAK > total
        came.append(np.where(jumps, best, np.arange(total.size)))
        total = np.where(jumps, total[best] - _COST_OF_BREAK, total) + row
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _pieces(path: Sequence[int]) -> list[tuple[int, int]]:
    """Part blocks into runs at one shift; neighbours that hardly differ are one."""
    starts = [0]
    for n in range(1, len(path)):
        if abs(path[n] - path[starts[-1]]) * BIN_S > _LEAST_JUMP_S:
            starts.append(n)
    return list(zip(starts, [*starts[1:], len(path)], strict=True))


def _cut(talk: Array, moved_s: Array, near: int, before_s: float, after_s: float) -> int:
    """Return the first cue behind a break, as the talk under each cue says."""
    at_s = moved_s[near, 0]
    close = np.flatnonzero(np.abs(moved_s[:, 0] - at_s) <= _SEARCH_S)
    first, last = int(close[0]), int(close[-1]) + 1
    cues_s = moved_s[first:last]
    gains = under(talk, cues_s + before_s) - under(talk, cues_s + after_s)
    sums = np.concatenate(([0.0], np.cumsum(gains)))
    return max(1, first + int(sums.argmax()))

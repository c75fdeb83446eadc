"""Where in the song the film is, to a fraction of a sample, and where the film was cut.

The lags of blocks of some seconds are read off the generalised cross-correlation with phase
transform [1]_; those of one unbroken playing lie on a line.

References
----------
.. [1] C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay",
       IEEE Trans. ASSP 24(4), 1976.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.dsp.correlate import MAD_PER_SIGMA
from ostinato.ranges import Count, Deviation, Height, Seconds, Window, check_ranges

_AUDIBLE = 1e-8  # of the strongest bin's power: above a codec's low pass there is only rounding
_BLOCKS_FOR_A_SLOPE = 3  # through two points there is always a line


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignParameters:
    """How a map is made exact; recorded verbatim under `run.parameters`."""

    block_s: Window = 4.0
    """Of which one lag is read: 38 dB of gain over unrelated sound."""
    max_lag_s: Window = 0.3
    """An edit may leave out as much within one occurrence."""
    most_blocks: Count = 64
    """Of a long cue, spread evenly."""
    least_z: Height = 7.0
    """A block tells its lag if the peak stands out as far."""
    tolerance_s: Seconds = 3e-4
    """Lags on one line agree to within this, speech and rooms notwithstanding."""
    max_slope: Deviation = 3e-4
    """By which a speed may be off."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Lag:
    """How late the film is behind the song in one block, and how sure that is.

    Parameters
    ----------
    time_s : float
        Film time of the block's centre.
    lag_s : float
        Positive where the film is late.
    z : float
        Height of the peak over the scale of chance.
    """

    time_s: float
    lag_s: float
    z: float


@dataclass(frozen=True, slots=True)
class Line:
    """Lags of one playing, ``lag_s + slope * (time_s - centre_s)``, and the blocks on it."""

    centre_s: float
    lag_s: float
    slope: float
    blocks: tuple[Lag, ...]

    def at(self, time_s: float) -> float:
        """Return the lag at a film time."""
        return self.lag_s + self.slope * (time_s - self.centre_s)


def block_lag(
    x: NDArray[np.float32], y: NDArray[np.float32], *, max_lag: int
) -> tuple[float, float]:
    """Read the lag of one block.

    Parameters
    ----------
    x, y : ndarray of float32, shape (n_samples,)
        Film and song.
    max_lag : int
        In samples, either way.

    Returns
    -------
    lag : float
        Samples by which `x` comes late.
    z : float
        Height of the peak over the scale of chance; 0 where either is silent.
    """
    window = _window(x.size)
    n_fft = scipy.fft.next_fast_len(x.size + max_lag, real=True)
    film, song = scipy.fft.rfft(x * window, n_fft), scipy.fft.rfft(y * window, n_fft)
    power = song.real**2 + song.imag**2
    cross = film * song.conj()
    cross[power <= _AUDIBLE * power.max(initial=0.0)] = 0
    cross /= np.maximum(np.abs(cross), np.float32(1e-20))
    r = scipy.fft.irfft(cross, n_fft)
    near = np.abs(np.concatenate([r[-max_lag:], r[: max_lag + 1]]))
    scale = float(np.median(near)) / MAD_PER_SIGMA
    if scale <= 0:
        return 0.0, 0.0
    k = int(np.clip(near.argmax(), 1, near.size - 2))
    before, height, after = (float(value) for value in near[k - 1 : k + 2])
    bend = min(before - 2 * height + after, -1e-12)
    return k - max_lag + 0.5 * (before - after) / bend, height / scale


@lru_cache(maxsize=1)  # blocks of a film are of one length
def _window(n_samples: int) -> NDArray[np.float32]:
    return np.hanning(n_samples).astype(np.float32)


def lines(lags: Sequence[Lag], *, parameters: AlignParameters) -> tuple[Line, ...]:
    """Put lags on lines.

    Parameters
    ----------
    lags : sequence of Lag
        In order of time.
    parameters : AlignParameters
        What is on a line.

    Returns
    -------
    tuple of Line
        The one with the most blocks first; a block is on one line at most.
    """
    free = [lag for lag in lags if lag.z >= parameters.least_z]
    found = []
    while free:
        line = _best_line(free, parameters)
        found.append(line)
        free = [lag for lag in free if lag not in line.blocks]
    return tuple(found)


def _best_line(free: Sequence[Lag], parameters: AlignParameters) -> Line:
    """Return the line through two lags, or level through one, that has the most on it."""
    best = max(_candidates(free, parameters), key=lambda blocks: blocks[0])[1]
    time_s, lag_s = (np.array([getattr(lag, name) for lag in best]) for name in ("time_s", "lag_s"))
    centre_s = float(time_s.mean())
    spread = float(np.sum((time_s - centre_s) ** 2))
    slope = 0.0
    if len(best) >= _BLOCKS_FOR_A_SLOPE and spread > 0:
        slope = float(np.sum((time_s - centre_s) * lag_s)) / spread
    return Line(centre_s, float(np.mean(lag_s)), slope, best)


def _candidates(
    free: Sequence[Lag], parameters: AlignParameters
) -> Iterator[tuple[float, tuple[Lag, ...]]]:
    """Give how well each candidate does, the nearer the better among equals, and its blocks."""
    time_s, lag_s = (np.array([getattr(lag, name) for lag in free]) for name in ("time_s", "lag_s"))
    for i in range(len(free)):
        later = time_s > time_s[i]
        slopes = (lag_s[later] - lag_s[i]) / (time_s[later] - time_s[i])
        for slope in (0.0, *slopes[np.abs(slopes) <= parameters.max_slope]):
            off_s = np.abs(lag_s - lag_s[i] - slope * (time_s - time_s[i]))
            inside = off_s <= parameters.tolerance_s
            nearness = 1 - float(off_s[inside].mean()) / parameters.tolerance_s
            score = np.count_nonzero(inside) + 0.9 * nearness
            yield score, tuple(lag for lag, is_on in zip(free, inside, strict=True) if is_on)

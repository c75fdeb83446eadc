"""Where in the song the film is, to a fraction of a sample, and where it was cut.

The lags of blocks of some seconds are read off the generalised cross-correlation with phase
transform [1]_; those of one unbroken playing lie on a line.

References
----------
.. [1] C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay",
       IEEE Trans. ASSP 24(4), 1976.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.dsp.correlate import MAD_PER_SIGMA
from ostinato.dsp.playback import song_as_played
from ostinato.dsp.short_time import OVERLAP, Spectrum, frame_centres, spectrum
from ostinato.media import Signal, mean_of_channels
from ostinato.ranges import Count, Deviation, Height, Seconds, Window, check_ranges
from ostinato.results import TimeMap
from ostinato.timeline import Interval

_AUDIBLE = 1e-8  # of the strongest bin's power: above a codec's low pass there is only rounding
_BLOCKS_FOR_A_SLOPE = 3  # through two points there is always a line
_LEAST_BLOCKS = 2  # one may be chance
_WINDOW_S = 0.04
_REACH_S = 0.1  # of the resampler, with room to spare


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of film in which the song runs on without a cut."""

    film: Interval
    time_map: TimeMap


@dataclass(frozen=True, slots=True)
class ExactMap:
    """The pieces of an occurrence, in order, and the share of blocks whose lag lies on them."""

    pieces: tuple[Piece, ...]
    share_on_line: float


def exact_map(
    film: Signal,
    song: Signal,
    stretch: Interval,
    time_map: TimeMap,
    *,
    parameters: AlignParameters,
) -> ExactMap:
    """Make the map of an occurrence exact.

    Parameters
    ----------
    film, song : Signal
        Mono or stereo; the song is the reference.
    stretch : Interval
        Film time in which the song is heard.
    time_map : TimeMap
        Where in the song it is then, to some milliseconds.
    parameters : AlignParameters
        Blocks and tolerances.

    Returns
    -------
    ExactMap
        One piece as given where no block tells its lag.
    """
    lags = _lags(film, song, stretch, time_map, parameters=parameters)
    kept = _unbroken(lines(lags, parameters=parameters))
    if not kept:
        return ExactMap((Piece(stretch, time_map),), 0.0)
    maps = [_on_line(time_map, line) for line in kept]
    half_s = parameters.block_s / 2
    edits_s = [
        _edit_s(film, song, maps[k : k + 2], kept[k : k + 2], half_s=half_s)
        for k in range(len(kept) - 1)
    ]
    bounds_s = [stretch.start_s, *edits_s, stretch.end_s]
    pieces = tuple(
        Piece(Interval(start_s, end_s), one)
        for (start_s, end_s), one in zip(pairwise(bounds_s), maps, strict=True)
    )
    return ExactMap(pieces, sum(len(line.blocks) for line in kept) / len(lags))


def _lags(
    film: Signal,
    song: Signal,
    stretch: Interval,
    time_map: TimeMap,
    *,
    parameters: AlignParameters,
) -> list[Lag]:
    """Read lags of blocks that are spread over the stretch."""
    rate_hz = film.rate_hz
    length = round(min(parameters.block_s, stretch.duration_s) * rate_hz)
    n_blocks = min(parameters.most_blocks, max(1, round(stretch.duration_s * rate_hz / length)))
    firsts = np.linspace(
        stretch.start_s * rate_hz, max(stretch.start_s, stretch.end_s) * rate_hz - length, n_blocks
    )
    max_lag = round(min(parameters.max_lag_s * rate_hz, length / 2))
    mono, out = mean_of_channels(song), []
    for first in np.round(firsts).astype(int).clip(0).tolist():
        x = film.read(first, first + length).mean(axis=0)
        y = reference_in_step(mono, time_map, first, x.size, rate_hz=rate_hz)[0]
        lag, z = block_lag(x, y, max_lag=max_lag)
        out.append(Lag((first + length / 2) / rate_hz, lag / rate_hz, z))
    return out


def _unbroken(found: Sequence[Line]) -> list[Line]:
    """Return the lines that follow each other in time; the best one alone if they mingle."""
    sure = [line for line in found[1:] if len(line.blocks) >= _LEAST_BLOCKS]
    kept = sorted([*found[:1], *sure], key=lambda line: line.centre_s)
    mingled = any(
        one.blocks[-1].time_s >= following.blocks[0].time_s for one, following in pairwise(kept)
    )
    return list(found[:1]) if mingled else kept


def _on_line(time_map: TimeMap, line: Line) -> TimeMap:
    """Return the map that the lags lie on."""
    speed = time_map.speed * (1 - line.slope)
    song_s = time_map.song_s(line.centre_s - line.lag_s)
    return TimeMap(offset_s=line.centre_s - song_s / speed, speed=speed)


def _edit_s(
    film: Signal,
    song: Signal,
    maps: Sequence[TimeMap],
    neighbours: Sequence[Line],
    *,
    half_s: float,
) -> float:
    """Return the film time from which on the second of two maps agrees better than the first."""
    rate_hz = film.rate_hz
    last_s, next_s = neighbours[0].blocks[-1].time_s, neighbours[1].blocks[0].time_s
    first = max(0, round((last_s - half_s) * rate_hz))
    n_fft = OVERLAP * round(_WINDOW_S * rate_hz / OVERLAP)
    y = film.read(first, round((next_s + half_s) * rate_hz))
    x = spectrum(y, n_fft=n_fft)
    times_s = (first + frame_centres(y.shape[1], n_fft=n_fft)) / rate_hz
    agreement = [
        _agreement(
            x,
            spectrum(reference_in_step(song, one, first, y.shape[1], rate_hz=rate_hz), n_fft=n_fft),
            np.abs(times_s - sure_s) < half_s,
        )
        for one, sure_s in zip(maps, (last_s, next_s), strict=True)
    ]
    evidence = np.cumsum(agreement[0] - agreement[1])
    between = (times_s > last_s) & (times_s < next_s)
    best = int(np.argmax(np.where(between, evidence, -np.inf)))
    return float(times_s[best]) + n_fft / OVERLAP / rate_hz / 2


def _agreement(film: Spectrum, song: Spectrum, is_sure: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far the phases of each frame agree with those of frames that are sure."""
    product = film.mean(axis=1) * song.mean(axis=1).conj()
    phase = product / np.maximum(np.abs(product), np.float32(1e-20))
    usual = phase[:, is_sure].mean(axis=1, keepdims=True)
    agreement: NDArray[np.float64] = np.sum((phase * usual.conj()).real, axis=0, dtype=np.float64)
    return agreement


def reference_in_step(
    song: Signal, time_map: TimeMap, first: int, n_samples: int, *, rate_hz: int
) -> NDArray[np.float32]:
    """Return the song in step with a film, from the film's sample `first` on.

    Parameters
    ----------
    song : Signal
        Mono or stereo.
    time_map : TimeMap
        Where in the song the film is.
    first, n_samples : int
        The film's samples; silence beyond the ends of the song.
    rate_hz : int
        Of the film.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        At the film's rate.
    """
    song_start_s = time_map.song_s(first / rate_hz)
    return reference_from(song, song_start_s, n_samples, speed=time_map.speed, rate_hz=rate_hz)


def reference_from(
    song: Signal, song_start_s: float, n_samples: int, *, speed: float, rate_hz: int
) -> NDArray[np.float32]:
    """Return the song from a song time on, played at a speed; silence beyond its ends.

    `rate_hz`: of what is returned, (n_channels, n_samples).
    """
    song_end_s = song_start_s + n_samples / rate_hz * speed
    start = max(0, math.floor((song_start_s - _REACH_S) * song.rate_hz))
    stop = max(start, math.ceil((song_end_s + _REACH_S) * song.rate_hz))
    return song_as_played(
        song.read(start, stop),
        song_rate_hz=song.rate_hz,
        song_start_s=song_start_s - start / song.rate_hz,
        speed=speed,
        n_samples=n_samples,
        rate_hz=rate_hz,
    )

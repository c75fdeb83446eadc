"""An occurrence's map is made exact, and parted where the song was cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import OVERLAP, Spectrum, frame_centres, spectrum
from ostinato.media import Signal, mean_of_channels
from ostinato.results import TimeMap
from ostinato.separation.alignment import AlignParameters, Lag, Line, block_lag, lines
from ostinato.separation.reference import reference_in_step
from ostinato.timeline import Interval


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


_LEAST_BLOCKS = 2  # one may be chance


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


_WINDOW_S = 0.04


def _agreement(film: Spectrum, song: Spectrum, is_sure: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far the phases of each frame agree with those of frames that are sure."""
    product = film.mean(axis=1) * song.mean(axis=1).conj()
    phase = product / np.maximum(np.abs(product), np.float32(1e-20))
    usual = phase[:, is_sure].mean(axis=1, keepdims=True)
    agreement: NDArray[np.float64] = np.sum((phase * usual.conj()).real, axis=0, dtype=np.float64)
    return agreement

"""How far the edges and the song times of a find may be off: chains ring, and blocks disagree.

Weighted least squares: each time-frequency cell of the film counts by the inverse of the film's
power there. What several parts show alike is the chain's; what one shows alone is noise.

A room comes up after its song has started and plays on after it has stopped, so that an edge, the
end above all, is found late; and a direct sound below what answers it may go unnoticed.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from ostinato.cues.song_finds import Found
from ostinato.cues.tracks import FILM_WHITENING, SONG_WHITENING
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import lag_spectra
from ostinato.dsp.short_time import frame_spectra, hann, squared
from ostinato.dsp.spectra import whiten
from ostinato.ranges import Height, Inside, Seconds, Share, Window, check_ranges

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Film and song, aligned."""
Lags = NDArray[np.float64]
"""Something at all lags, lag 0 in the middle."""
_LEAST_PARTS = 2
_SMOOTH_HZ = 60.0
_TRUST_HZ = 8.8  # over which the song's power is smoothed
_FLOOR = 0.05
_EDGE_REACH = 8**0.5  # standard errors that an edge may be off before four nats speak against it
_REACH_S = 0.02
_CHANCE_POWER = 9.0  # what the best of so many lags gives in noise
_LEAST_ERROR_S = 2.5e-4
_LEAST_BLOCKS = 8


@dataclass(frozen=True, slots=True)
class PartResponses:
    """What each part of a stretch adds to the response of the chain.

    Parameters
    ----------
    each : ndarray of float64, shape (n_parts, n_lags)
        Lag 0 in the middle; two parts or more.
    spread : ndarray of float64, shape (n_lags,)
        What the estimate makes of a single arrival at lag 0.
    """

    each: NDArray[np.float64]
    spread: Lags

    @property
    def whole(self) -> Lags:
        """The response by all parts."""
        whole: Lags = self.each.sum(axis=0)
        return whole

    def energy(self, width: int) -> Lags:
        """Return the energy of the response, averaged over some lags."""
        energy: Lags = uniform_filter1d(self.whole**2, width)
        return energy

    def shared(self, width: int) -> Lags:
        """Return the energy of what arrives, averaged over some lags, without that of noise.

        Noise of one part is none of another's, so that products of different parts hold, on
        average, what arrives and nothing else; by chance they are negative as often as positive.
        """
        n_parts = self.each.shape[0]
        others = self.whole**2 - np.sum(self.each**2, axis=0)
        shared: Lags = uniform_filter1d(others * n_parts / (n_parts - 1), width)
        return shared


def part_responses(
    pairs: Sequence[Pair],
    *,
    sample_rate_hz: int,
    window_s: float,
    part_s: float,
    ridge: float = 0.0,
) -> PartResponses | None:
    """Estimate the response of the playback chain part by part.

    Parameters
    ----------
    pairs : sequence of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches that share one time map, aligned by it.
    sample_rate_hz : int
        Of both.
    window_s : float
        Of the fit: twice the longest lag.
    part_s : float
        Least length of a part.
    ridge : float, optional
        Share of the song's power that is added to it. With some, what a comb of beats leaves open
        stays open, and shows in `spread`.

    Returns
    -------
    PartResponses or None
        None where there are fewer than two parts, or no song.

    References
    ----------
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 6 (the estimator H1).
    """
    cross, power = _weighted_spectra(pairs, sample_rate_hz, window_s=window_s, part_s=part_s)
    if cross.shape[0] < _LEAST_PARTS or not power.any():
        return None
    total, n_fft = power.sum(axis=0), 2 * (power.shape[1] - 1)
    smooth = uniform_filter1d(total, odd(_TRUST_HZ * window_s), mode="nearest")
    floor = _FLOOR * float(np.quantile(smooth, 0.9))
    # a bin in which the song is weak is trusted little
    weight = smooth / (smooth + floor) / np.maximum(total + ridge * smooth, 1e-12)
    each = np.fft.fftshift(np.fft.irfft(weight * cross, n_fft, axis=1), axes=1)
    return PartResponses(each, np.fft.fftshift(np.fft.irfft(weight * total, n_fft)))


def odd(width: float) -> int:
    """Return the nearest odd number of samples, at least 1."""
    return max(1, round(width)) | 1


def _weighted_spectra(
    pairs: Sequence[Pair], sample_rate_hz: int, *, window_s: float, part_s: float
) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return cross spectrum and the song's power, weighted, (n_parts, n_bins)."""
    n_fft = 2 * round(window_s * sample_rate_hz / 2)
    n_smooth = odd(_SMOOTH_HZ * window_s)
    cross, power, window = [], [], hann(n_fft)
    for film_part, song_part in _parts(pairs, max(n_fft, round(part_s * sample_rate_hz))):
        film, song = (
            frame_spectra(y, window=window, hop_length=n_fft // 4) for y in (film_part, song_part)
        )
        local = uniform_filter1d(squared(film), n_smooth, axis=1, mode="nearest")
        weight = 1 / np.maximum(local, 1e-9 * float(local.max(initial=1e-20)))
        cross.append(np.sum(film * song.conj() * weight, axis=0))
        power.append(np.sum(squared(song) * weight, axis=0))
    empty = np.zeros((0, n_fft // 2 + 1))
    return np.array(cross or empty, np.complex128), np.array(power or empty, np.float64)


def _parts(pairs: Sequence[Pair], length: int) -> Iterator[Pair]:
    """Yield film and song in parts of at least a length, all of what is as long as that."""
    for film_y, song_y in pairs:
        n_parts = film_y.size // length
        if n_parts == 0:
            continue
        bounds = np.linspace(0, film_y.size, n_parts + 1).astype(np.int64)
        for start, stop in itertools.pairwise(bounds):
            yield film_y[start:stop], song_y[start:stop]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingParameters:
    """How ringing is told, and its errors; recorded verbatim under `run.parameters`.

    The errors are calibrated by `benchmarks/cues/errors.py --seeds 1-5`.
    """

    window_s: Window = 2.048
    """Window of the fit, and least length of the parts that must agree."""
    reach_s: Window = 0.7
    """Looked at after the direct sound."""
    nothing_s: Window = 0.75
    """Nothing arrives so long before it."""
    smoothing_s: Window = 0.01
    """Over which the energy of a response is smoothed."""
    chance_factor: Height = 2.0
    """Energy counts where it exceeds the most of chance by this factor."""
    direct_s: Window = 0.01
    """What arrives within this of the direct sound is part of it."""
    least_share: Inside = 0.05
    """Of the energy, that arrives later in a chain that rings: dry ones have 0.01, rooms 0.15."""
    end_s: Seconds = 0.02
    """An end in a chain that rings is late by so much,"""
    end_share: Share = 0.7
    """and by this share of what its own evidence leaves open."""
    end_error_s: Seconds = 0.045
    """Of a chain that rings on,"""
    end_error_share: Share = 0.5
    """or this share of its centre time if that is more: an echo chamber answers late and loud."""
    start_error_s: Seconds = 0.035
    """Of a chain all of whose energy comes late."""
    song_error_share: Share = 0.2
    """Of the centre time: a direct sound may be too faint to be told."""
    spliced_song_error_s: Seconds = 0.032
    """Of a find by spectrum, or by pieces of a copy that was stretched."""
    shortest_s: Seconds = 1.0
    """No find is made shorter than this."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """The response of a chain after the direct sound, as far as it stands out of noise.

    `centre_time_s` is from the direct sound to the centre of all energy [1]_, and `late_share` the
    share of it that is not the direct sound.

    References
    ----------
    .. [1] ISO 3382-1:2009, A.2.3.
    """

    centre_time_s: float
    late_share: float


def ringing_of(
    pairs: Iterable[Pair], *, sample_rate_hz: int, parameters: RingingParameters
) -> Ringing | None:
    """Measure how a chain rings on.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches of one find, aligned by the direct sound.
    sample_rate_hz : int
        Of both.
    parameters : RingingParameters
        Windows and thresholds.

    Returns
    -------
    Ringing or None
        None where the stretches are too short, or nothing stands out.
    """
    found = part_responses(
        [*pairs],
        sample_rate_hz=sample_rate_hz,
        window_s=parameters.window_s,
        part_s=parameters.window_s,
    )
    if found is None:
        return None
    shared = found.shared(odd(parameters.smoothing_s * sample_rate_hz))
    middle = shared.size // 2
    nothing, direct, reach = (
        round(s * sample_rate_hz)
        for s in (parameters.nothing_s, parameters.direct_s, parameters.reach_s)
    )
    chance = float(np.abs(shared[: middle - nothing]).max())
    after = shared[middle - direct : middle + reach]
    heard = np.where(after > parameters.chance_factor * chance, after, 0.0)
    total = float(heard.sum())
    if total <= 0:
        return None
    lags_s = (np.arange(heard.size) - direct) / sample_rate_hz
    return Ringing(
        centre_time_s=max(0.0, float(np.average(lags_s, weights=heard))),
        late_share=float(heard[2 * direct + 1 :].sum()) / total,
    )


def with_ringing(one: Found, ringing: Ringing | None, *, parameters: RingingParameters) -> Found:
    """Return a find whose end and errors allow for the ringing of its chain.

    Parameters
    ----------
    one : Found
        By the waveform.
    ringing : Ringing or None
        Of its chain.
    parameters : RingingParameters
        By how much.

    Returns
    -------
    Found
        The same where the chain does not ring, or that is not known.
    """
    if ringing is None or ringing.late_share < parameters.least_share:
        return one
    late_s = parameters.end_s + parameters.end_share * _EDGE_REACH * one.end_error_s
    end_s = max(one.end_s - late_s, min(one.end_s, one.start_s + parameters.shortest_s))
    song_error_s = one.song_error_s
    if song_error_s is not None:
        further_s = parameters.song_error_share * ringing.centre_time_s
        song_error_s = float(np.hypot(song_error_s, further_s))
    return replace(
        one.until(end_s),
        start_error_s=one.start_error_s + parameters.start_error_s * ringing.late_share,
        end_error_s=one.end_error_s
        + max(parameters.end_error_s, parameters.end_error_share * ringing.centre_time_s),
        song_error_s=song_error_s,
    )


def song_error_s(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]], *, block_s: float
) -> float | None:
    """Return the standard error of a find's song time.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches of one find, aligned, at `RATE_HZ`.
    block_s : float
        Length of the blocks.

    Returns
    -------
    float or None
        Of the mean of what the blocks say, each by its evidence, and at least a quarter of a
        millisecond, two samples of what is correlated; None where no whole block is heard.
    """
    parts = [
        one
        for one in (block_lags(film_y, song_y, block_s=block_s) for film_y, song_y in pairs)
        if one.weight.size
    ]
    if not parts:
        return None
    lag_s = np.concatenate([one.lag_s for one in parts])
    weight = np.concatenate([one.weight for one in parts])
    mean_s = float(np.average(lag_s, weights=weight))
    spread_s = float(np.sqrt(np.average((lag_s - mean_s) ** 2, weights=weight)))
    n_blocks = float(weight.sum() ** 2 / np.sum(weight**2))
    return math.hypot(spread_s / math.sqrt(n_blocks), _wander_s(lag_s, weight), _LEAST_ERROR_S)


def _wander_s(lag_s: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return how far a map is off for seconds on end, beyond what single blocks scatter by.

    Of blocks that scatter alone, the products of neighbours are as often below 0 as above it.
    """
    if lag_s.size < _LEAST_BLOCKS:
        return 0.0
    off_s = lag_s - np.average(lag_s, weights=weight)
    off_s = np.clip(off_s, *(np.quantile(np.abs(off_s), 0.9) * np.array([-1.0, 1.0])))
    both = np.sqrt(weight[1:] * weight[:-1])
    shared = float(np.average(off_s[1:] * off_s[:-1], weights=both))
    return math.sqrt(max(0.0, shared))


@dataclass(frozen=True, slots=True)
class BlockLags:
    """By how much the film is later than the song, block by block.

    Parameters
    ----------
    middle_s, lag_s, weight : ndarray of float64, shape (n_blocks,)
        Of each block from the first sample on; the weight is its evidence.
    duration_s : float
        Of what was looked at.
    """

    middle_s: NDArray[np.float64]
    lag_s: NDArray[np.float64]
    weight: NDArray[np.float64]
    duration_s: float


def block_lags(
    film_y: NDArray[np.float32], song_y: NDArray[np.float32], *, block_s: float
) -> BlockLags:
    """Correlate film and song block by block.

    Parameters
    ----------
    film_y, song_y : ndarray of float32, shape (n_samples,)
        Aligned, at `RATE_HZ`.
    block_s : float
        Length of the blocks.

    Returns
    -------
    BlockLags
        Without blocks where none fits in.
    """
    block, reach = round(block_s * RATE_HZ), round(_REACH_S * RATE_HZ)
    power = np.zeros((0, 2 * reach + 1), np.float32)
    if film_y.size >= block:
        power = (
            lag_spectra(
                whiten(film_y, FILM_WHITENING),
                whiten(song_y, SONG_WHITENING),
                block_length=block,
                hop_length=block,
                max_lag=reach,
            )
            ** 2
        )
    best = power.argmax(axis=1)
    return BlockLags(
        middle_s=(np.arange(best.size) + 0.5) * block_s,
        lag_s=(best - reach) / RATE_HZ,
        weight=np.maximum(power.max(axis=1).astype(np.float64) - _CHANCE_POWER, 1e-3),
        duration_s=film_y.size / RATE_HZ,
    )

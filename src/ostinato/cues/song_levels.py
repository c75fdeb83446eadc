"""How loud the song is in the film, and in which band, by least squares on the aligned reference.

In each block and bin the film's channels are explained by the song's; what is explained is song,
the rest is everything else. The share that chance explains is taken off, so that a level
20 dB below the speech is not inflated by the speech.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import sosfilt, sosfreqz

from ostinato.dsp.loudness import k_weighting, lufs
from ostinato.dsp.playback import song_as_played
from ostinato.dsp.short_time import (
    OVERLAP,
    Spectrum,
    over_channels,
    spectrum,
    squared,
    strips,
    waveform,
)
from ostinato.media import Signal
from ostinato.ranges import Decibels, Window, check_ranges
from ostinato.results import TimeMap
from ostinato.timeline import Interval

"""Reads samples [start, stop) of all channels, shape (n_channels, stop - start)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelParameters:
    """How levels are fitted; recorded verbatim under `run.parameters`."""

    fft_s: Window = 1.0
    """Window of the fit: a room's answer must come to its end inside."""
    block_s: Window = 16.0
    """One fit for each: a drift of 5 ppm then turns the phase at 4 kHz by a sixth of a cycle."""
    slot_s: Window = 0.1
    """Levels are kept for each slot, as in the gating of BS.1770."""
    band_db: Decibels = 10.0
    """A band belongs to what is heard if its gain is within this of the best bands'."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class SongLevel:
    """Level of a song within one occurrence.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Film time of each frame's centre.
    song_power, other_power : ndarray, shape (n_frames,)
        K-weighted mean square of what the song explains and of what it does not.
    level_lufs : float or None
        Of the song alone, over the whole occurrence; None where nothing is explained.
    low_hz, high_hz : float or None
        Bounds of the band in which it is heard.
    """

    times_s: NDArray[np.float64]
    song_power: NDArray[np.float64]
    other_power: NDArray[np.float64]
    level_lufs: float | None
    low_hz: float | None
    high_hz: float | None


NOT_MEASURED = SongLevel(np.zeros(0), np.zeros(0), np.zeros(0), None, None, None)


def song_level(
    film: Signal,
    song: Signal,
    *,
    steady: Sequence[tuple[Interval, TimeMap]],
    parameters: LevelParameters,
) -> SongLevel:
    """Measure the song's level within a stretch of film.

    Parameters
    ----------
    film, song : Signal
        Mono or stereo; the song is the reference, and read whole.
    steady : sequence of (Interval, TimeMap)
        Film time in which the song is heard, one stretch after the other, and where in the song it
        is then.
    parameters : LevelParameters
        Windows and thresholds.

    Returns
    -------
    SongLevel
        With one frame each slot.

    References
    ----------
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 7 (coherent output power
       and its bias).
    .. [2] ITU-R BS.1770-4, annex 1 (K-weighting and loudness).
    """
    film_rate_hz, song_y = film.rate_hz, song.read(0, song.n_samples)
    n_fft = scipy.fft.next_fast_len(round(parameters.fft_s * film_rate_hz), real=True)
    n_fft += -n_fft % OVERLAP
    frequency = scipy.fft.rfftfreq(n_fft, 1 / film_rate_hz)
    k_filter = k_weighting(film_rate_hz)
    weight = np.abs(sosfreqz(k_filter, frequency, fs=film_rate_hz)[1]) ** 2
    explained, chance, reference = np.zeros((3, frequency.size))
    n_blocks, slots = 0, [np.zeros((3, 0))]
    for block, time_map in _blocks(steady, parameters.block_s):
        x, first = _film_block(film, block)
        if x.shape[1] < n_fft:
            continue
        y = song_as_played(
            song_y,
            song_rate_hz=song.rate_hz,
            song_start_s=time_map.song_s(first / film_rate_hz),
            speed=time_map.speed,
            n_samples=x.shape[1],
            rate_hz=film_rate_hz,
        )
        fit = _explain(x, y, n_fft)
        explained += fit.explained
        chance += fit.raw - fit.explained
        n_blocks += 1
        reference += fit.reference
        slot_length = round(parameters.slot_s * film_rate_hz)
        of_song, other = (_slot_powers(z, k_filter, slot_length) for z in (fit.song, x - fit.song))
        times_s = first / film_rate_hz + (np.arange(of_song.size) + 0.5) * parameters.slot_s
        slots.append(np.stack([times_s, of_song * fit.unbiased_share(weight), other]))
    times_s, of_song, other = np.concatenate(slots, axis=1)
    heard = _Heard(explained, chance, reference, n_blocks * song_y.shape[0])
    low_hz, high_hz = _band(heard, n_fft, film_rate_hz, parameters.band_db)
    return SongLevel(times_s, of_song, other, _mean_lufs(of_song), low_hz, high_hz)


def joined_levels(levels: Sequence[SongLevel]) -> SongLevel:
    """Level over the pieces of one occurrence; its band is not known.

    Parameters
    ----------
    levels : sequence of SongLevel
        In order of film time, at least one.

    Returns
    -------
    SongLevel
        Of all their slots.
    """
    times_s, song, other = (
        np.concatenate([getattr(level, name) for level in levels])
        for name in ("times_s", "song_power", "other_power")
    )
    return SongLevel(times_s, song, other, _mean_lufs(song), None, None)


def _mean_lufs(power: NDArray[np.float64]) -> float | None:
    mean = float(power.mean()) if power.size else 0.0
    return float(lufs(np.array([mean]))[0]) if mean > 0 else None


@dataclass(frozen=True, slots=True)
class _Fit:
    song: NDArray[np.float32]  # (n_channels, n_samples) what the song explains of the film
    raw: NDArray[np.float64]  # (n_bins,) its power
    explained: NDArray[np.float64]  # (n_bins,) the same, what chance explains taken off
    reference: NDArray[np.float64]  # (n_bins,) power of the song as recorded

    def unbiased_share(self, weight: NDArray[np.float64]) -> float:
        """Return the share of the weighted power that chance does not account for."""
        raw = float(self.raw @ weight)
        return max(0.0, float(self.explained @ weight)) / raw if raw > 0 else 0.0


def _blocks(
    steady: Sequence[tuple[Interval, TimeMap]], block_s: float
) -> Iterator[tuple[Interval, TimeMap]]:
    for stretch, time_map in steady:
        n_blocks = max(1, round(stretch.duration_s / block_s))
        bounds = np.linspace(stretch.start_s, stretch.end_s, n_blocks + 1)
        for start_s, end_s in pairwise(bounds.tolist()):
            yield Interval(start_s, end_s), time_map


def _film_block(film: Signal, block: Interval) -> tuple[NDArray[np.float32], int]:
    """Return the film's channels within a block, and the number of their first sample."""
    first = max(0, round(block.start_s * film.rate_hz))
    return film.read(first, round(block.end_s * film.rate_hz)), first


def _explain(x: NDArray[np.float32], y: NDArray[np.float32], n_fft: int) -> _Fit:
    """Regress each channel of the film on those of the song, bin by bin.

    Frames are reweighted by the inverse of what they leave over, so that the pauses of the speech
    say more of the song than the speech does.
    """
    # windows that overlap by half tell as much but for a tenth; of a short block all are needed
    overlap = OVERLAP if x.shape[1] < _MANY_WINDOWS * n_fft else OVERLAP // 2
    film, song = (spectrum(z, n_fft=n_fft, overlap=overlap) for z in (x, y))
    n_smooth = max(1, round(_SMOOTH_SHARE * film.shape[0]))
    left_over = _powers(film)
    frame_gain = np.ones(film.shape[2], np.float32)
    predicted = np.empty_like(film)
    chance = np.zeros(film.shape[0], np.float64)
    for n_left in reversed(range(_N_REWEIGHTINGS)):
        frame_weight = _inverse_power(left_over, n_bins=n_smooth)
        sums = np.zeros((2, film.shape[2]), np.float32)
        for rows in strips(film.shape):
            inputs = song[rows] * frame_gain
            response, inverse = _regress(film[rows], inputs, frame_weight[rows])
            predicted[rows] = response @ inputs
            sums += _weighted(film[rows], predicted[rows], frame_weight[rows])
            if not n_left:
                chance[rows] = _FRAMES_PER_FREE_ONE[overlap] * _by_chance(inputs, inverse)
        # how much louder or softer than predicted the song is in each frame: it may duck
        again = np.clip(sums[0] / np.maximum(sums[1], 1e-9), 0, _MOST_GAIN)
        frame_gain *= again
        for rows in strips(film.shape):
            predicted[rows] *= again
            if n_left:
                left_over[rows] = _powers(film[rows] - predicted[rows])
    raw, reference = (_powers(one).sum(axis=1, dtype=np.float64) for one in (predicted, song))
    heard = waveform(predicted, n_fft=n_fft, n_samples=x.shape[1], overlap=overlap)
    return _Fit(heard, raw, raw - chance, reference)


def _powers(cells: Spectrum) -> NDArray[np.float32]:
    """Return the power of each cell, channels summed."""
    return over_channels(squared(cells))


def _weighted(
    film: Spectrum, predicted: Spectrum, frame_weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return for each frame the product of film and prediction, and the power of the latter."""
    product = over_channels(film * predicted.conj()).real
    return np.stack(
        [
            np.einsum("bt,bt->t", one, frame_weight)
            for one in (np.ascontiguousarray(product), _powers(predicted))
        ]
    )


_MOST_GAIN = np.float32(4)  # where the song pauses, a ratio of two noises must not run away
_N_REWEIGHTINGS = 3
_SMOOTH_SHARE = 0.0025  # of the bins: 60 Hz at 48 kHz
_MANY_WINDOWS = 10
_FRAMES_PER_FREE_ONE = {2: 1.06, 4: 1.92}  # of Hann windows, by how many overlap: they correlate


def _inverse_power(power: NDArray[np.float32], *, n_bins: int) -> NDArray[np.float32]:
    smooth = uniform_filter1d(power, n_bins, axis=0)
    floor = _LEAST_POWER * float(smooth.max(initial=0.0)) + float(np.finfo(np.float32).tiny)
    return np.asarray(1 / np.maximum(smooth, floor), np.float32)


_LEAST_POWER = 1e-10


def _regress(
    film: Spectrum, inputs: Spectrum, frame_weight: NDArray[np.float32]
) -> tuple[NDArray[np.complex64], NDArray[np.complex128]]:
    """Return the response, (n_bins, n_channels, n_inputs), and the inverse Gram matrix."""
    weighted = (inputs.conj() * frame_weight[:, np.newaxis]).swapaxes(1, 2)
    gram = (inputs @ weighted).astype(np.complex128)
    cross = (film @ weighted).astype(np.complex128)
    # a mono recording in two channels has a singular Gram matrix
    ridge = 1e-5 * np.trace(gram, axis1=1, axis2=2).real + 1e-20
    inverse = _inverse(gram + ridge[:, np.newaxis, np.newaxis] * np.eye(inputs.shape[1]))
    return (cross @ inverse).astype(np.complex64), inverse


def _inverse(gram: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Invert matrices of one or two rows, at a tenth of what it costs to invert any."""
    if gram.shape[1] == 1:
        return 1 / gram
    (a, b), (c, d) = np.moveaxis(gram, 0, 2)
    inverse = np.stack([d, -b, -c, a], axis=1).reshape(-1, 2, 2)
    inverse /= (a * d - b * c)[:, np.newaxis, np.newaxis]
    return inverse


def _by_chance(inputs: Spectrum, inverse: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Return the power that a song explains of each bin by chance, if all frames are free."""
    plain = (inputs.conj() @ inputs.swapaxes(1, 2)).astype(np.complex128)
    # weights are one over the noise, so that the inverse Gram matrix is the gain's variance
    return np.asarray(np.sum(inverse * plain, axis=(1, 2)).real, np.float64)


def _slot_powers(
    y: NDArray[np.float32], k_filter: NDArray[np.float64], slot_length: int
) -> NDArray[np.float64]:
    """Return the K-weighted mean square of each whole slot, channels summed."""
    weighted = sosfilt(k_filter, y, axis=1)
    n_slots = y.shape[1] // slot_length
    whole = weighted[:, : n_slots * slot_length].reshape(y.shape[0], n_slots, slot_length)
    powers: NDArray[np.float64] = np.mean(whole**2, axis=2).sum(axis=0)
    return powers


@dataclass(frozen=True, slots=True)
class _Heard:
    explained: NDArray[np.float64]  # (n_bins,) power of the song in the film
    chance: NDArray[np.float64]  # (n_bins,) what chance explains, on average
    reference: NDArray[np.float64]  # (n_bins,) power of the song as recorded
    n_fits: int  # in each bin


def _band(
    heard: _Heard, n_fft: int, rate_hz: int, band_db: float
) -> tuple[float | None, float | None]:
    """Return the edges of the third-octave bands whose gain is near that of the best ones.

    A band counts if the song explains more of it than chance may: where a faint song says nothing,
    the film's own sound over a recording that is all but silent there looks like a large gain.
    """
    centres = 1000.0 * 2.0 ** (np.arange(-15, 14) / 3)
    centres = centres[centres * 2 ** (1 / 6) < rate_hz / 2]
    frequency = scipy.fft.rfftfreq(n_fft, 1 / rate_hz)
    edges = np.append(centres[0] * 2 ** (-1 / 6), centres * 2 ** (1 / 6))
    band = np.digitize(frequency, edges) - 1
    inside = (band >= 0) & (band < centres.size)
    explained, chance, played = (
        np.bincount(band[inside], of_bin[inside], centres.size)
        for of_bin in (heard.explained, heard.chance, heard.reference)
    )
    n_free = np.maximum(np.bincount(band[inside], minlength=centres.size) * heard.n_fits, 1)
    by_chance = chance * np.maximum(_LEAST_EXCESS, _BAND_SIGMAS * np.sqrt(_NEAR_BINS / n_free))
    # bands in which the recording itself is all but silent say nothing of the chain
    told = (played > 1e-6 * played.max(initial=0.0)) & (explained > by_chance)
    gain = np.where(told, explained / np.maximum(played, 1e-30), 0.0)
    if not np.any(gain > 0):
        return None, None
    # the middle of the best quarter: a hum of the film's own over a silent bass gains 30 dB
    best = float(np.median(np.sort(gain)[-max(1, gain.size // 4) :]))
    near = np.flatnonzero(gain >= min(best, float(gain.max())) * 10 ** (-band_db / 10))
    return float(edges[near[0]]), float(edges[near[-1] + 1])


_BAND_SIGMAS = 5.0
_LEAST_EXCESS = 0.5  # over chance, whose mean is known to some tens of percent
_NEAR_BINS = 1.5  # bins of a Hann window that tell the same

"""How loud the song is in the film, and in which band, by least squares on the aligned reference.

In each block and bin the film's channels are explained by the song's; what is explained is song,
the rest is everything else. The share that chance explains is taken off, so that a level
20 dB below the speech is not inflated by the speech.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.fft
import soxr
from numpy.typing import NDArray
from scipy.signal import sosfreqz

from ostinato.dsp.loudness import k_weighting, lufs
from ostinato.results import TimeMap
from ostinato.timeline import Interval

Reader = Callable[[int, int], NDArray[np.float32]]
"""Reads samples [start, stop) of all channels, shape (n_channels, stop - start)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelParameters:
    """How levels are fitted; recorded verbatim under `run.parameters`."""

    fft_s: float = 0.34
    """Window of the fit. A room rings longer: of one of 1 s, this misses 2.5 dB, 85 ms miss 5."""
    block_s: float = 8.0
    """One fit for each: a drift of 5 ppm then turns the phase at 4 kHz by a sixth of a cycle."""
    band_db: float = 10.0
    """A band belongs to what is heard if its gain is within this of the best bands'."""


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


def song_level(
    film: Reader,
    song_y: NDArray[np.float32],
    *,
    film_rate_hz: int,
    song_rate_hz: int,
    stretch: Interval,
    time_map: TimeMap,
    parameters: LevelParameters,
) -> SongLevel:
    """Measure the song's level within a stretch of film.

    Parameters
    ----------
    film : callable
        Reads the film's channels.
    song_y : ndarray of float32, shape (n_song_channels, n_samples)
        The reference, mono or stereo.
    film_rate_hz, song_rate_hz : int
        Their rates.
    stretch : Interval
        Film time in which the song is heard.
    time_map : TimeMap
        Where in the song it is then.
    parameters : LevelParameters
        Windows and thresholds.

    Returns
    -------
    SongLevel
        With one frame each half window.

    References
    ----------
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 7 (coherent output power
       and its bias).
    .. [2] ITU-R BS.1770-4, annex 1 (K-weighting and loudness).
    """
    n_fft = scipy.fft.next_fast_len(round(parameters.fft_s * film_rate_hz), real=True)
    frequency = scipy.fft.rfftfreq(n_fft, 1 / film_rate_hz)
    weight = np.abs(sosfreqz(k_weighting(film_rate_hz), frequency, fs=film_rate_hz)[1]) ** 2
    frames: list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]] = []
    explained = np.zeros(n_fft // 2 + 1)
    reference = np.zeros(n_fft // 2 + 1)
    for block in _blocks(stretch, parameters.block_s):
        x, first = _film_block(film, film_rate_hz, block)
        y = _song_block(
            song_y,
            rate_hz=song_rate_hz,
            film_rate_hz=film_rate_hz,
            song_s=time_map.song_s(first / film_rate_hz),
            speed=time_map.speed,
            n_samples=x.shape[1],
        )
        if x.shape[1] < 2 * n_fft:
            continue
        fit = _explain(x, y, n_fft)
        explained += fit.explained
        reference += fit.reference
        hop = n_fft // 2
        centres = block.start_s + (np.arange(fit.song.shape[0]) * hop + n_fft / 2) / film_rate_hz
        share = _unbiased(fit, weight)
        frames.append((centres, fit.song @ weight * share, fit.other @ weight))
    if not frames:
        empty = np.zeros(0)
        return SongLevel(empty, empty, empty, None, None, None)
    times_s, song, other = (np.concatenate(parts) for parts in zip(*frames, strict=True))
    mean = float(song.mean())
    low_hz, high_hz = _band(explained, reference, n_fft, film_rate_hz, parameters.band_db)
    return SongLevel(
        times_s,
        song,
        other,
        float(lufs(np.array([mean]))[0]) if mean > 0 else None,
        low_hz,
        high_hz,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    song: NDArray[np.float64]  # (n_frames, n_bins) power explained, all channels
    other: NDArray[np.float64]
    explained: NDArray[np.float64]  # (n_bins,) over the block, bias taken off; may be negative
    reference: NDArray[np.float64]  # (n_bins,) power of the song as recorded


def _blocks(stretch: Interval, block_s: float) -> list[Interval]:
    n_blocks = max(1, round(stretch.duration_s / block_s))
    bounds = np.linspace(stretch.start_s, stretch.end_s, n_blocks + 1)
    return [Interval(float(a), float(b)) for a, b in pairwise(bounds)]


def _film_block(film: Reader, rate_hz: int, block: Interval) -> tuple[NDArray[np.float32], int]:
    """Return the film's channels within a block, and the number of their first sample."""
    first = max(0, round(block.start_s * rate_hz))
    return film(first, round(block.end_s * rate_hz)), first


def _song_block(
    song_y: NDArray[np.float32],
    *,
    rate_hz: int,
    film_rate_hz: int,
    song_s: float,
    speed: float,
    n_samples: int,
) -> NDArray[np.float32]:
    """Return the song from `song_s` on as the film plays it, at the film's rate."""
    pad = round(_RESAMPLER_REACH_S * rate_hz)
    start = round(song_s * rate_hz) - pad
    stop = start + round(n_samples / film_rate_hz * speed * rate_hz) + 2 * pad
    inside = song_y[:, max(0, start) : max(0, stop)]
    before = max(0, -start)
    after = max(0, stop - start - before - inside.shape[1])
    padded = np.pad(inside, ((0, 0), (before, after)))
    resampled = soxr.resample(padded.T, rate_hz * speed, film_rate_hz).T
    skip = round(pad / rate_hz / speed * film_rate_hz)
    block = np.zeros((song_y.shape[0], n_samples), np.float32)
    played = resampled[:, skip : skip + n_samples]
    block[:, : played.shape[1]] = played
    return block


_RESAMPLER_REACH_S = 0.05


def _explain(x: NDArray[np.float32], y: NDArray[np.float32], n_fft: int) -> _Fit:
    """Regress each channel of the film on those of the song, bin by bin."""
    film, song = _stft(x, n_fft), _stft(y, n_fft)  # (n_channels, n_frames, n_bins)
    n_frames, n_inputs = film.shape[1], song.shape[0]
    gram = np.einsum("atf,btf->fab", song.conj(), song)
    cross = np.einsum("atf,ctf->fac", song.conj(), film)
    # a mono recording in two channels has a singular Gram matrix
    ridge = 1e-6 * np.trace(gram, axis1=1, axis2=2).real + 1e-20
    gain = np.linalg.solve(gram + ridge[:, np.newaxis, np.newaxis] * np.eye(n_inputs), cross)
    predicted = np.einsum("atf,fac->ctf", song, gain)
    scale = 2.0 / (n_fft * np.sum(np.hanning(n_fft) ** 2))
    song_power = np.sum(np.abs(predicted) ** 2, axis=0) * scale
    other_power = np.sum(np.abs(film - predicted) ** 2, axis=0) * scale
    # half-overlapping Hann frames are worth about 0.95 of as many independent ones
    spare = max(0.95 * n_frames - n_inputs, 1.0)
    bias = n_inputs * other_power.sum(axis=0) / spare
    return _Fit(
        song_power,
        other_power,
        song_power.sum(axis=0) - bias,
        np.sum(np.abs(song) ** 2, axis=(0, 1)) * scale,
    )


def _unbiased(fit: _Fit, weight: NDArray[np.float64]) -> float:
    """Return the share of the explained, weighted power that chance does not account for."""
    raw = float(fit.song.sum(axis=0) @ weight)
    return max(0.0, float(fit.explained @ weight)) / raw if raw > 0 else 0.0


def _stft(y: NDArray[np.float32], n_fft: int) -> NDArray[np.complex128]:
    frames = np.lib.stride_tricks.sliding_window_view(y, n_fft, axis=1)[:, :: n_fft // 2]
    spectrum: NDArray[np.complex128] = scipy.fft.rfft(frames * np.hanning(n_fft), axis=2)
    return spectrum


def _band(
    explained: NDArray[np.float64],
    reference: NDArray[np.float64],
    n_fft: int,
    rate_hz: int,
    band_db: float,
) -> tuple[float | None, float | None]:
    """Return the edges of the third-octave bands whose gain is near that of the best ones."""
    centres = 1000.0 * 2.0 ** (np.arange(-15, 14) / 3)
    centres = centres[centres * 2 ** (1 / 6) < rate_hz / 2]
    frequency = scipy.fft.rfftfreq(n_fft, 1 / rate_hz)
    edges = np.append(centres[0] * 2 ** (-1 / 6), centres * 2 ** (1 / 6))
    band = np.digitize(frequency, edges) - 1
    inside = (band >= 0) & (band < centres.size)
    heard = np.bincount(band[inside], explained[inside], centres.size)
    played = np.bincount(band[inside], reference[inside], centres.size)
    # bands in which the recording itself is all but silent say nothing of the chain
    told = played > 1e-6 * played.max() if played.size else np.zeros(0, np.bool_)
    gain = np.where(told, np.maximum(heard, 0) / np.maximum(played, 1e-30), 0.0)
    if not np.any(gain > 0):
        return None, None
    best = float(np.sort(gain)[-max(1, gain.size // 4) :].mean())
    near = np.flatnonzero(gain >= best * 10 ** (-band_db / 10))
    return float(edges[near[0]]), float(edges[near[-1] + 1])

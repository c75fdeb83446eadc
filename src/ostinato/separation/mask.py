"""Where a song cannot be cancelled, its magnitudes still say which cells of the film are its own.

The reference is brought to the film's tempo and pitch, its power is fitted to the film's, and each
cell of the film is parted by the power that is expected of the song. Phase is the film's.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import spectrum, squared, waveform

Power = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """What a mask gives to the song in a chunk.

    Parameters
    ----------
    song : ndarray of float32, shape (n_channels, n_samples)
        The film's cells, by the song's share in each.
    likeness : float
        Correlation of what is local in both log spectra, in [-1, 1]; 0 for unrelated sound.
    """

    song: NDArray[np.float32]
    likeness: float


def mask(film: NDArray[np.float32], song_power: Power, *, n_fft: int) -> Masked:
    """Part a chunk of film by the power that is expected of the song.

    Parameters
    ----------
    film : ndarray of float32, shape (n_channels, n_samples)
        The chunk.
    song_power : ndarray of float32, shape (n_bins, n_frames)
        The song's, in frames that lie where those of the film do; from `power_at`.
    n_fft : int
        Window in samples.

    Returns
    -------
    Masked
        The film less its `song` is the remainder.

    References
    ----------
    .. [1] N. Wiener, *Extrapolation, Interpolation, and Smoothing of Stationary Time Series*,
       1949, here cell by cell.
    """
    x = spectrum(film, n_fft=n_fft)
    power = squared(x).sum(axis=1)
    expected = _expected(power, song_power)
    # twice: where the song alone fluctuates about what is expected, nothing else is heard
    other = moving_mean(np.maximum(power - 2 * expected, 0), _CELL)
    share = expected / np.maximum(expected + other, _TINY)
    song = waveform(x * share[:, np.newaxis], n_fft=n_fft, n_samples=film.shape[1])
    return Masked(song, _likeness(power, song_power))


def power_at(
    y: NDArray[np.float32], centres: NDArray[np.int64], *, n_fft: int
) -> NDArray[np.float32]:
    """Return power spectra around some samples, channels summed.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        The song.
    centres : ndarray of int64, shape (n_frames,)
        Samples, perhaps beyond its ends, where there is silence.
    n_fft : int
        Window in samples.

    Returns
    -------
    ndarray of float32, shape (n_bins, n_frames)
        Scaled as by `spectrum`.
    """
    window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
    padded = np.pad(y, ((0, 0), (n_fft, n_fft)))
    firsts = np.clip(centres + n_fft // 2, 0, y.shape[1] + n_fft)
    power = np.empty((n_fft // 2 + 1, centres.size), np.float32)
    for k, first in enumerate(firsts.tolist()):
        frame = scipy.fft.rfft(padded[:, first : first + n_fft] * window, axis=1)
        power[:, k] = np.sum(frame.real**2 + frame.imag**2, axis=0)
    return power


_CELL = (3, 3)  # bins and frames: less than a syllable or a partial
_TINY = np.float32(1e-20)
_STRONG = 0.1  # of a bin's mean power: there it tells of the response
_LOUD_SHARE = 0.3  # of a frame's bins tell its gain
_N_FITS = 3
_RESPONSE_BINS = 9  # 100 Hz: loudspeakers and mixers are no finer
_GAIN_FRAMES = 31  # 0.7 s
_MOST_GAIN = 1e3


def _expected(film_power: Power, song_power: Power) -> Power:
    """Fit the song's power to the film's by medians: a response of each bin, a gain of each frame.

    What is heard besides the song only adds, and to less than half of the cells.
    """
    song = moving_mean(song_power, (1, 3)) + _TINY
    ratio = film_power / song
    is_strong = song > _STRONG * song.mean(axis=1, keepdims=True)
    gain = np.ones(song.shape[1], np.float32)
    response = np.ones((song.shape[0], 1), np.float32)
    for _ in range(_N_FITS):
        log_response = np.log(_median(ratio / gain, is_strong, axis=1) + _TINY)
        response = np.exp(uniform_filter1d(log_response, _RESPONSE_BINS))[:, np.newaxis]
        expected = song * response
        is_loud = expected >= np.quantile(expected, 1 - _LOUD_SHARE, axis=0, keepdims=True)
        gain = median_filter(_median(film_power / expected, is_loud, axis=0), _GAIN_FRAMES)
        gain = np.clip(gain, 1 / _MOST_GAIN, _MOST_GAIN).astype(np.float32)
    return np.asarray(song * response * gain, np.float32)


def _median(values: NDArray[np.floating], is_told: NDArray[np.bool_], *, axis: int) -> Power:
    """Return the lower median of what is told along an axis; 0 where nothing is."""
    ordered = np.sort(np.where(is_told, values, np.float32(np.inf)), axis=axis)
    n_told = is_told.sum(axis=axis, keepdims=True)
    middle = np.take_along_axis(ordered, np.maximum(n_told - 1, 0) // 2, axis=axis)
    return np.asarray(np.where(n_told > 0, middle, 0).squeeze(axis), np.float32)


def _likeness(film_power: Power, song_power: Power) -> float:
    film, song = (_local(power[_LIKENESS_BINS]) for power in (film_power, song_power))
    energy = float(np.sum(film**2)) * float(np.sum(song**2))
    return float(np.sum(film * song)) / energy**0.5 if energy > 0 else 0.0


_LIKENESS_BINS = slice(8, 800)  # 90 Hz to 9 kHz: where most of any song is
_LEAST_POWER = 1e-9


def _local(power: Power) -> Power:
    """Return the log spectrum without its course in time and its shape in frequency."""
    log_power = np.log(power + np.float32(_LEAST_POWER))
    log_power -= uniform_filter1d(log_power, 94, axis=1, mode="nearest")  # two seconds
    return np.asarray(
        log_power - uniform_filter1d(log_power, 25, axis=0, mode="nearest"), np.float32
    )

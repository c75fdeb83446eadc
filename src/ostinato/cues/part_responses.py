"""The response of a playback chain at all lags, as each part of a stretch shows it.

Weighted least squares: each time-frequency cell of the film counts by the inverse of the film's
power there. What several parts show alike is the chain's; what one shows alone is noise.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Film and song, aligned."""
Lags = NDArray[np.float64]
"""Something at all lags, lag 0 in the middle."""
_LEAST_PARTS = 2
_SMOOTH_HZ = 60.0
_TRUST_HZ = 8.8  # over which the song's power is smoothed
_FLOOR = 0.05


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
    cross, power = [], []
    for film_part, song_part in _parts(pairs, max(n_fft, round(part_s * sample_rate_hz))):
        film, song = (
            librosa.stft(y, n_fft=n_fft, hop_length=n_fft // 4, center=False)
            for y in (film_part, song_part)
        )
        local = uniform_filter(np.abs(film) ** 2, size=(n_smooth, 1), mode="nearest")
        weight = 1 / np.maximum(local, 1e-9 * float(local.max(initial=1e-20)))
        cross.append(np.sum(film * song.conj() * weight, axis=1))
        power.append(np.sum(np.abs(song) ** 2 * weight, axis=1))
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

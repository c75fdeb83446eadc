"""A recording as another plays it: resampled to the other's speed and cut to a stretch of it."""

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import oaconvolve


def song_as_played(
    song_y: NDArray[np.float32],
    *,
    song_rate_hz: int,
    song_start_s: float,
    speed: float,
    n_samples: int,
    rate_hz: int,
) -> NDArray[np.float32]:
    """Return the song from a song time on, sample by sample with the film.

    Parameters
    ----------
    song_y : ndarray of float32, shape (n_channels, n_song_samples)
        The reference.
    song_rate_hz : int
        Its rate.
    song_start_s : float
        Song time of the first sample to return, exact to a fraction of a sample; it may lie before
        the song.
    speed : float
        Seconds of song per second of film.
    n_samples, rate_hz : int
        How many, and at which rate.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Silence before the song's beginning and after its end.
    """
    pad = round(_REACH_S * song_rate_hz)
    exact = song_start_s * song_rate_hz
    start = round(exact) - pad
    stop = start + round(n_samples / rate_hz * speed * song_rate_hz) + 2 * pad
    inside = song_y[:, max(0, start) : max(0, stop)]
    before = max(0, -start) if stop > 0 else stop - start
    after = max(0, stop - start - before - inside.shape[1])
    padded = np.pad(inside, ((0, 0), (before, after)))
    resampled = soxr.resample(padded.T, song_rate_hz * speed, rate_hz).T
    skip_exact = (exact - start) / song_rate_hz / speed * rate_hz
    skip = round(skip_exact)
    advanced = _advanced(resampled[:, : skip + n_samples + skip // 2], skip_exact - skip)
    played = advanced[:, skip : skip + n_samples]
    return np.pad(played, ((0, 0), (0, n_samples - played.shape[1])))


_REACH_S = 0.05
_LEAST_ADVANCE = 1e-4  # of a sample: 80 dB below the signal at half the Nyquist rate


def _advanced(y: NDArray[np.float32], n_samples: float) -> NDArray[np.float32]:
    """Move a signal ahead by a fraction of a sample; its ends are lost."""
    if abs(n_samples) < _LEAST_ADVANCE or y.shape[1] == 0:
        return y
    taps = np.arange(-_N_SIDE_TAPS, _N_SIDE_TAPS + 1)
    kernel = np.sinc(taps + n_samples) * np.kaiser(taps.size, _KAISER_BETA)
    moved: NDArray[np.float32] = oaconvolve(
        y, kernel[np.newaxis].astype(np.float32), mode="same", axes=1
    )
    return moved


_N_SIDE_TAPS = 32
_KAISER_BETA = 8.0

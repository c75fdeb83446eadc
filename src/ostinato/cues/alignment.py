"""The song as the film plays it: resampled to the film's speed and cut to a stretch of film."""

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.results import TimeMap


def song_as_played(
    song_y: NDArray[np.float32],
    *,
    song_rate_hz: int,
    time_map: TimeMap,
    film_start_s: float,
    n_samples: int,
    rate_hz: int,
) -> NDArray[np.float32]:
    """Return the song from a film time on, sample by sample with the film.

    Parameters
    ----------
    song_y : ndarray of float32, shape (n_channels, n_song_samples)
        The reference.
    song_rate_hz : int
        Its rate.
    time_map : TimeMap
        Where in the song it is at a film time.
    film_start_s : float
        Film time of the first sample to return.
    n_samples, rate_hz : int
        How many, and at which rate.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Silence before the song's beginning and after its end.
    """
    pad = round(_RESAMPLER_REACH_S * song_rate_hz)
    exact = time_map.song_s(film_start_s) * song_rate_hz
    start = round(exact) - pad
    stop = start + round(n_samples / rate_hz * time_map.speed * song_rate_hz) + 2 * pad
    inside = song_y[:, max(0, start) : max(0, stop)]
    before = max(0, -start) if stop > 0 else stop - start
    after = max(0, stop - start - before - inside.shape[1])
    padded = np.pad(inside, ((0, 0), (before, after)))
    resampled = soxr.resample(padded.T, song_rate_hz * time_map.speed, rate_hz).T
    skip = round((exact - start) / song_rate_hz / time_map.speed * rate_hz)
    played = resampled[:, skip : skip + n_samples]
    return np.pad(played, ((0, 0), (0, n_samples - played.shape[1])))


_RESAMPLER_REACH_S = 0.05

"""A song as it was recorded, set against a film; never more of it is held than what is asked."""

import math

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.played import song_as_played
from ostinato.media import Signal
from ostinato.results import TimeMap

_REACH_S = 0.1  # of the resampler, with room to spare


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

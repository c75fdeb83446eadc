"""A song as it was recorded, to be set against a film."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.played import song_as_played
from ostinato.results import TimeMap
from ostinato.separation.stems import Reader


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """A song, of which never more is held in memory than what is set against the film.

    Parameters
    ----------
    read : callable
        Reads samples [start, stop) of its channels, mono or stereo; what lies past the end is left
        out.
    rate_hz : int
        Its rate.
    """

    read: Reader
    rate_hz: int

    def in_mono(self) -> "Recording":
        """Return the mean of its channels."""
        return Recording(
            read=lambda start, stop: self.read(start, stop).mean(axis=0, keepdims=True),
            rate_hz=self.rate_hz,
        )

    def played(
        self, time_map: TimeMap, first: int, n_samples: int, *, rate_hz: int
    ) -> NDArray[np.float32]:
        """Return the song in step with the film, from the film's sample `first` on."""
        song_start_s = time_map.song_s(first / rate_hz)
        return self.at(song_start_s, n_samples, speed=time_map.speed, rate_hz=rate_hz)

    def at(
        self, song_start_s: float, n_samples: int, *, speed: float, rate_hz: int
    ) -> NDArray[np.float32]:
        """Return the song from a song time on, at a speed; silence beyond its ends."""
        song_end_s = song_start_s + n_samples / rate_hz * speed
        start = max(0, math.floor((song_start_s - _REACH_S) * self.rate_hz))
        stop = max(start, math.ceil((song_end_s + _REACH_S) * self.rate_hz))
        return song_as_played(
            self.read(start, stop),
            song_rate_hz=self.rate_hz,
            song_start_s=song_start_s - start / self.rate_hz,
            speed=speed,
            n_samples=n_samples,
            rate_hz=rate_hz,
        )


_REACH_S = 0.1  # of the resampler, with room to spare

"""A song as it was recorded, to be set against a film."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.played import song_as_played
from ostinato.results import TimeMap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """A song as it was recorded.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Mono or stereo.
    rate_hz : int
        Its rate.
    """

    y: NDArray[np.float32]
    rate_hz: int

    def played(
        self, time_map: TimeMap, first: int, n_samples: int, *, rate_hz: int
    ) -> NDArray[np.float32]:
        """Return the song in step with the film, from the film's sample `first` on."""
        return song_as_played(
            self.y,
            song_rate_hz=self.rate_hz,
            song_start_s=time_map.song_s(first / rate_hz),
            speed=time_map.speed,
            n_samples=n_samples,
            rate_hz=rate_hz,
        )

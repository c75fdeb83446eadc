"""Film and song side by side, along a map, as mono at the rate of correlation."""

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.cues.views import RATE_HZ
from ostinato.dsp.played import song_as_played
from ostinato.media import WorkingCopy
from ostinato.results import TimeMap
from ostinato.timeline import Interval


class Aligned:
    """A film, and a song that is read once.

    Parameters
    ----------
    film, song : WorkingCopy
        The song is minutes long, not hours.
    """

    def __init__(self, film: WorkingCopy, song: WorkingCopy) -> None:
        self._film = film
        self._song_y = song.mono(0, song.n_samples)[np.newaxis]
        self._song_rate_hz = song.rate_hz

    def __call__(
        self, stretch: Interval, time_map: TimeMap
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Yield film and song over a stretch, a minute at a time."""
        rate_hz = self._film.rate_hz
        last = round(stretch.end_s * rate_hz)
        for first in range(round(stretch.start_s * rate_hz), last, 60 * rate_hz):
            heard = self._film.mono(first, min(first + 60 * rate_hz, last))
            film_y = soxr.resample(heard, rate_hz, RATE_HZ)
            (played,) = song_as_played(
                self._song_y,
                song_rate_hz=self._song_rate_hz,
                song_start_s=time_map.song_s(first / rate_hz),
                speed=time_map.speed,
                n_samples=film_y.size,
                rate_hz=RATE_HZ,
            )
            yield film_y, played

"""The views of a recording in which a song is looked for, and film and song side by side.

Talk is centred, and most songs are not: what two loudspeakers play differently (the side) holds
the song and little of the talk, and a 5.1 film without its centre holds none of it. Evidence of
the views adds up, since the film's are made independent of each other (`ostinato.cues.tracks`).
"""

from collections.abc import Iterator, Mapping
from threading import Lock

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.dsp.playback import song_as_played
from ostinato.dsp.spectra import mid_side
from ostinato.media import Derived, Signal, WorkingCopy
from ostinato.results import TimeMap
from ostinato.timeline import Interval

RATE_HZ = 8000
"""Rate at which they are looked at: 4 kHz holds what a radio passes and codecs keep phase of."""
PAIRS = {
    "mid": ("mid",),
    "front": ("front", "mid"),
    "centre": ("centre", "mid"),
    "side": ("side", "mid"),
}
"""Views of a film, and those of a song that may be heard in each, the likeliest first; a film that
is held against itself has *front* and *centre* on both sides."""
_LEAST_SIDE = 1e-4  # -40 dB


def film_views(film: WorkingCopy) -> tuple[tuple[str, ...], Signal]:
    """Return a film's views: their names, and a signal with a channel for each.

    Parameters
    ----------
    film : WorkingCopy
        Of any layout.

    Returns
    -------
    names : tuple of str
        ``("mid",)`` of a mono film, ``("mid", "side")``, or ``("front", "centre", "side")`` where
        there is a centre: then *front* is the middle of what the other loudspeakers play.
    views : Signal
        All of them.
    """
    names = film.channel_names
    if names == ("mono",):
        return ("mid",), film

    def in_two(start: int, stop: int) -> NDArray[np.float32]:
        return mid_side(film.read(start, stop))

    def in_three(start: int, stop: int) -> NDArray[np.float32]:
        y = film.read(start, stop)
        mid, side = mid_side(y)
        centre = y[names.index("centre")] * np.float32(np.sqrt(0.5))  # as it enters the middle
        return np.stack([mid - centre, centre, side])

    views, read = (
        (("front", "centre", "side"), in_three) if "centre" in names else (("mid", "side"), in_two)
    )
    return views, Derived(
        rate_hz=film.rate_hz, n_samples=film.n_samples, n_channels=len(views), read=read
    )


def song_views(song: WorkingCopy) -> dict[str, NDArray[np.float32]]:
    """Read a song's views whole.

    Parameters
    ----------
    song : WorkingCopy
        Minutes, not hours.

    Returns
    -------
    dict of str to ndarray of float32, shape (n_samples,)
        *mid*, and *side* where the two channels differ by more than a codec's noise.
    """
    y = song.read(0, song.n_samples)
    if song.channel_names == ("mono",):
        return {"mid": y[0]}
    mid, side = mid_side(y)
    is_stereo = _energy(side) > _LEAST_SIDE * max(map(_energy, y[:2]))
    return {"mid": mid, "side": side} if is_stereo else {"mid": mid}


def _energy(y: NDArray[np.float32]) -> float:
    return float(np.einsum("n,n->", y, y, dtype=np.float64))


def pairs(
    film_views: tuple[str, ...], song: Mapping[str, NDArray[np.float32]]
) -> tuple[tuple[int, str], ...]:
    """Return which view of the film may hold which view of the song, the likeliest first.

    Parameters
    ----------
    film_views : tuple of str
        Names from `film_views`.
    song : mapping of str to ndarray
        By the names of the song's views.

    Returns
    -------
    tuple of (int, str)
        Index of the film's view, name of the song's.
    """
    return tuple(
        (index, name)
        for index, view in enumerate(film_views)
        for name in PAIRS[view]
        if name in song
    )


def likeliest(
    film_views: tuple[str, ...], song: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], ...]:
    """Return for each view of the film what of the song is most likely heard in it.

    Parameters
    ----------
    film_views : tuple of str
        Names from `film_views`.
    song : mapping of str to ndarray
        The song's views.

    Returns
    -------
    tuple of ndarray
        One of the song's views for each of the film's.
    """
    return tuple(next(song[name] for name in PAIRS[view] if name in song) for view in film_views)


class Aligned:
    """A film, and a song that is read once, when it is first asked for.

    Parameters
    ----------
    film, song : WorkingCopy
        The song is minutes long, not hours.
    """

    def __init__(self, film: WorkingCopy, song: WorkingCopy) -> None:
        self._film, self._song = film, song
        self._song_y: NDArray[np.float32] | None = None
        self._lock = Lock()

    def _whole_song(self) -> NDArray[np.float32]:
        with self._lock:
            if self._song_y is None:
                self._song_y = self._song.mono(0, self._song.n_samples)[np.newaxis]
            return self._song_y

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
                self._whole_song(),
                song_rate_hz=self._song.rate_hz,
                song_start_s=time_map.song_s(first / rate_hz),
                speed=time_map.speed,
                n_samples=film_y.size,
                rate_hz=RATE_HZ,
            )
            yield film_y, played

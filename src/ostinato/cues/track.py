"""The film as correlation sees it: one whitened channel at a low rate, on disk, read by parts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.dsp.spectra import Whitening, whiten

RATE_HZ = 8000
"""Rate of tracks and songs: 4 kHz holds what a radio passes and codecs keep phase of."""

_WINDOW_LENGTH = 256  # 32 ms
_HOPS_PER_S = RATE_HZ * 4 // _WINDOW_LENGTH
FILM_WHITENING = Whitening(
    window_length=_WINDOW_LENGTH,
    smooth_bins=3,  # 94 Hz at 31 Hz a bin: the nearest odd count to 60 Hz that still smooths
    smooth_frames=15,  # 120 ms: follows speech, so that a masker is divided by itself
)
SONG_WHITENING = Whitening(
    window_length=_WINDOW_LENGTH,
    smooth_bins=1,
    smooth_frames=2 * _HOPS_PER_S + 1,  # 2 s
    floor_db=-60.0,  # a fade to nothing must not be raised to full weight
)

Reader = Callable[[int, int], NDArray[np.float32]]
"""Reads samples [start, stop) of one channel, shape (stop - start,)."""


@dataclass(frozen=True, slots=True)
class Track:
    """A whitened signal in a raw file of float32.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    n_samples : int
        Its length at `RATE_HZ`.
    """

    path: Path
    n_samples: int

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples [start, stop); silence where that lies outside of the film."""
        first, last = max(0, start), min(self.n_samples, stop)
        if first >= last:
            return np.zeros(max(0, stop - start), np.float32)
        # a plain read, not a map: pages of a map would count as this process's memory
        inside = np.fromfile(self.path, np.float32, last - first, offset=4 * first)
        return np.pad(inside, (first - start, stop - last))


def write_track(path: Path, read: Reader, *, n_samples: int, sample_rate_hz: int) -> Track:
    """Resample and whiten a film into a track, a minute at a time.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    read : callable
        Reads one channel of the film.
    n_samples, sample_rate_hz : int
        Length and rate of that channel.

    Returns
    -------
    Track
        The same film time, at `RATE_HZ`.
    """
    resampler = soxr.ResampleStream(sample_rate_hz, RATE_HZ, 1, dtype="float32")
    context = -(-FILM_WHITENING.context_length // FILM_WHITENING.hop_length)
    context *= FILM_WHITENING.hop_length
    pending = np.zeros(0, np.float32)
    n_before = n_written = 0
    step = 60 * sample_rate_hz
    with path.open("wb") as file:
        for start in range(0, max(1, n_samples), step):
            stop = min(start + step, n_samples)
            is_last = stop == n_samples
            fresh = resampler.resample_chunk(read(start, stop), last=is_last)
            pending = np.concatenate([pending, fresh])
            ready = pending.size if is_last else pending.size - context
            ready -= 0 if is_last else (ready - n_before) % FILM_WHITENING.hop_length
            if ready <= n_before:
                continue
            file.write(whiten(pending, FILM_WHITENING)[n_before:ready].tobytes())
            n_written += ready - n_before
            keep_from = max(0, ready - context)
            pending, n_before = pending[keep_from:], ready - keep_from
    return Track(path, n_written)


def whitened_song(
    song_y: NDArray[np.float32], *, sample_rate_hz: int, speed: float
) -> NDArray[np.float32]:
    """Return the song as it would sound in a film that plays it at `speed`, whitened.

    Parameters
    ----------
    song_y : ndarray of float32, shape (n_samples,)
        One channel of the reference.
    sample_rate_hz : int
        Its rate.
    speed : float
        Seconds of song per second of film.

    Returns
    -------
    ndarray of float32, shape (n,)
        At `RATE_HZ` of film time: sample k is heard ``k / RATE_HZ`` after the song's start.
    """
    resampled = soxr.resample(song_y, sample_rate_hz * speed, RATE_HZ)
    return whiten(resampled.astype(np.float32, copy=False), SONG_WHITENING)

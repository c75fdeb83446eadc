"""BBC audio-offset-finder by cepstra: it says once per query where it fits best, so it is windowed.

Its curve of correlations is computed by FFT in place of its loop over lags, which gives the same
numbers some hundred times sooner; the first window of a run is held against the loop.
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
from audio_offset_finder.audio_offset_finder import cross_correlation, mfcc, std_mfcc
from job import Hit, Job, hit, read_mono, run, windows
from scipy.fft import irfft, next_fast_len, rfft

Array = np.ndarray[Any, Any]

RATE_HZ, HOP_LENGTH = 8000, 128
MFCC = {"win_length": 256, "nfft": 512, "fs": RATE_HZ, "hop_length": HOP_LENGTH, "numcep": 26}
MAX_FRAMES = 2000  # its own bound


class _Song:
    """The cepstra of a song, and their transforms for queries of every length that was asked."""

    def __init__(self, path: str, longest: int) -> None:
        self.cepstra = _cepstra(read_mono(path, RATE_HZ))
        self.n_fft = next_fast_len(len(self.cepstra) + longest, real=True)
        self._transform = rfft(self.cepstra.T.astype(np.float32), self.n_fft)

    def curve(self, part: Array) -> Array:
        """Correlation with a query at each lag at which it lies within the song."""
        query = rfft(part.T.astype(np.float32), self.n_fft)
        sums = irfft(self._transform * query.conj(), self.n_fft)
        return np.linalg.norm(sums[:, : len(self.cepstra) - len(part) + 1], axis=0)


def find(job: Job) -> Iterator[Hit]:
    """Yield the best place of each song in each window, with its standard score."""
    longest = round(max(job["windows_s"]) * RATE_HZ / HOP_LENGTH) + 1
    songs = {name: _Song(path, longest) for name, path in job["songs"].items()}
    y = read_mono(job["film"], RATE_HZ)
    is_checked = False
    for length_s, start_s, end_s in windows(y.size / RATE_HZ, job["windows_s"]):
        part = _cepstra(y[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)])
        if not np.isfinite(part).all():  # digital silence has no cepstra
            continue
        for name, song in songs.items():
            n_frames = min(len(song.cepstra) // 3, len(part), MAX_FRAMES)
            curve = song.curve(part[:n_frames])
            if not is_checked:
                by_loop, _, _ = cross_correlation(song.cepstra, part[:n_frames], nframes=n_frames)
                np.testing.assert_allclose(curve, by_loop, rtol=1e-3, atol=1e-2)
                is_checked = True
            best = int(np.argmax(curve))
            yield hit(
                name,
                window_s=length_s,
                start_s=start_s,
                end_s=end_s,
                song_start_s=best * HOP_LENGTH / RATE_HZ,
                standard_score=(curve[best] - curve.mean()) / curve.std(),
            )


def _cepstra(y: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return std_mfcc(mfcc(32768.0 * y, **MFCC)[0])


if __name__ == "__main__":
    run(find, version=version("audio-offset-finder"))

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
    """The cepstra of a song, and their transforms at a length that queries share."""

    def __init__(self, cepstra: Array, n_fft: int) -> None:
        self.cepstra, self._n_fft = cepstra, n_fft
        self._transform = rfft(cepstra.T.astype(np.float32), n_fft)

    def curve(self, query: Array, n_frames: int) -> Array:
        """Correlate with the transform of a query, at each lag at which it lies within the song."""
        sums = irfft(self._transform * query, self._n_fft)
        return np.linalg.norm(sums[:, : len(self.cepstra) - n_frames + 1], axis=0)


def find(job: Job) -> Iterator[Hit]:
    """Yield the best place of each song in each window, with its standard score."""
    longest = round(max(job["windows_s"]) * RATE_HZ / HOP_LENGTH) + 1
    cepstra = {name: _cepstra(read_mono(path, RATE_HZ)) for name, path in job["songs"].items()}
    n_fft = next_fast_len(max(map(len, cepstra.values())) + longest, real=True)
    songs = {name: _Song(own, n_fft) for name, own in cepstra.items()}
    # every song is longer than three queries, so that a query is used whole, as the tool would
    n_most = min(MAX_FRAMES, *(len(own) // 3 for own in cepstra.values()))
    y = read_mono(job["film"], RATE_HZ)
    is_checked = False
    for length_s, start_s, end_s in windows(y.size / RATE_HZ, job["windows_s"]):
        part = _cepstra(y[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)])
        if not np.isfinite(part).all():  # digital silence has no cepstra
            continue
        n_frames = min(n_most, len(part))
        query = rfft(part[:n_frames].T.astype(np.float32), n_fft).conj()
        for name, song in songs.items():
            curve = song.curve(query, n_frames)
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

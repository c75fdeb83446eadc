"""syncstart by plain correlation: it gives one offset for a pair of files, so it is windowed.

It asks for OpenCV and a window on the screen as soon as it is imported, for pictures that are not
used here: an empty module stands in for the one, and the other is never opened. It says nothing of
how sure it is; the peak's height over the curve's mean square serves as a score.

Its curve is computed by real transforms at 8 kHz in place of complex ones at the rate of the files;
the first window of a run is held against its own function.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from types import ModuleType
from typing import Any

import matplotlib as mpl
import numpy as np
from job import Hit, Job, hit, read_mono, run, windows
from scipy.fft import irfft, next_fast_len, rfft

sys.modules["cv2"] = ModuleType("cv2")
mpl.use = lambda *_, **__: None
mpl.rcParams["backend"] = "Agg"
import syncstart  # noqa: E402 - once what it asks for is there

Array = np.ndarray[Any, Any]

RATE_HZ = 8000
FULL_SCALE = 32767


def find(job: Job) -> Iterator[Hit]:
    """Yield the offset of each song in each window, with the height of its peak."""
    songs = {name: _read(path) for name, path in job["songs"].items()}
    y = _read(job["film"])
    longest = max(y.size for y in songs.values()) + round(max(job["windows_s"]) * RATE_HZ)
    n_fft = next_fast_len(longest + 1, real=True)
    transforms = {name: rfft(own, n_fft) for name, own in songs.items()}
    is_checked = False
    for length_s, start_s, end_s in windows(y.size / RATE_HZ, job["windows_s"]):
        part = y[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
        query = rfft(part, n_fft).conj()
        for name, song in songs.items():
            curve = np.abs(irfft(transforms[name] * query, n_fft))
            best = int(np.argmax(curve))
            if not is_checked and curve[best] > 0:
                _, _, n_padded, own_best, own = syncstart.corrabs(song, part)
                np.testing.assert_allclose(curve[best], own[own_best], rtol=1e-3)
                np.testing.assert_equal(
                    _lag(best, song, n_fft), _lag(int(own_best), song, n_padded)
                )
                is_checked = True
            lag, scale = _lag(best, song, n_fft), float(np.sqrt(np.mean(np.square(curve))))
            if lag >= 0 and scale > 0:
                yield hit(
                    name,
                    window_s=length_s,
                    start_s=start_s,
                    end_s=end_s,
                    song_start_s=lag / RATE_HZ,
                    height=curve[best] / scale,
                )


def _read(path: str) -> Array:
    return np.round(read_mono(path, RATE_HZ) * FULL_SCALE).astype(np.float32)


def _lag(index: int, song: Array, n_padded: int) -> int:
    """Return where in the song a query begins; less than 0 before it."""
    return index if index < song.size else index - n_padded


if __name__ == "__main__":
    run(find, version=version("syncstart"))

"""audalign by its fingerprints, as it comes: three peaks a hash, counted window by window.

The film is fingerprinted once, and each window counts the hashes that begin in it with the tool's
own count of offsets. soundfile and soxr read the recordings in FFmpeg's place.
"""

import contextlib
import io
from bisect import bisect_left
from collections.abc import Iterator
from importlib.metadata import version

import numpy as np
from audalign.config.fingerprint import FingerprintConfig
from audalign.recognizers.fingerprint.fingerprinter import fingerprint
from audalign.recognizers.fingerprint.recognize import align_matches
from job import Hit, Job, hit, read_mono, run, windows
from numpy.typing import NDArray

HEADROOM = 10 ** (-0.1 / 20)  # below full scale, to which it brings each recording first
FULL_SCALE = 32767

Match = tuple[str, int, int, int]
"""Song, song frame less film frame, film frame, song frame."""


def find(job: Job) -> Iterator[Hit]:
    """Yield the offset on which most hashes agree, of each song in each window."""
    config = FingerprintConfig()
    hop_s = config.fft_window_size * config.DEFAULT_OVERLAP_RATIO / config.sample_rate
    y = _read(job["film"], config)
    film = fingerprint(y, config=config)
    matches = sorted(
        (
            (name, song_at - film_at, film_at, song_at)
            for name, path in job["songs"].items()
            for code, places in fingerprint(_read(path, config), config=config).items()
            for film_at in film.get(code, ())
            for song_at in places
        ),
        key=_film_frame,
    )
    for length_s, start_s, end_s in windows(y.size / config.sample_rate, job["windows_s"]):
        first, last = (
            bisect_left(matches, at_s / hop_s, key=_film_frame) for at_s in (start_s, end_s)
        )
        for name, counts in _counted(matches[first:last]).items():
            offset, (count, _) = max(counts.items(), key=lambda one: one[1][0])
            yield hit(
                name,
                window_s=length_s,
                start_s=start_s,
                end_s=end_s,
                song_start_s=start_s + offset * hop_s,
                count=count,
            )


def _read(path: str, config: FingerprintConfig) -> NDArray[np.int16]:
    y = read_mono(path, config.sample_rate)
    loudest = max(float(np.abs(y).max(initial=0.0)), 1e-9)
    return (y * (HEADROOM * FULL_SCALE / loudest)).astype(np.int16)


def _film_frame(match: Match) -> int:
    return match[2]


def _counted(matches: list[Match]) -> dict[str, dict[int, list[int]]]:
    with contextlib.redirect_stdout(io.StringIO()):  # it says that it aligns
        return align_matches(matches)


if __name__ == "__main__":
    run(find, version=version("audalign"))

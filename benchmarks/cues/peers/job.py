"""What every adapter of a peer does: read its job, hear recordings, write hits.

A job is a file of JSON: ``film`` and ``songs`` (name to path) are WAV files in mono, ``windows_s``
lists the lengths in which a tool that answers once per query is asked, ``options`` are the peer's
own. Hits say at which film and song time something was found, with the peer's scores. An adapter
knows no truth and sets no threshold beyond the peer's lowest.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

Job = dict[str, Any]
Hit = dict[str, Any]

HOPS_PER_WINDOW = 5


def run(find: Callable[[Job], Iterable[Hit]], *, version: str) -> None:
    """Make ``find`` a command: ``adapter.py JOB OUT``, or ``--version``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="version", version=version)
    parser.add_argument("job", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    job = json.loads(arguments.job.read_text(encoding="utf-8"))
    started = time.perf_counter()
    hits = list(find(job))
    seconds = time.perf_counter() - started
    arguments.out.write_text(json.dumps({"seconds": seconds, "hits": hits}), encoding="utf-8")


def read_mono(path: str, sample_rate_hz: int) -> NDArray[np.float32]:
    """Read a recording at the rate that a peer listens at."""
    y, rate_hz = soundfile.read(path, dtype="float32")
    return np.asarray(soxr.resample(y, rate_hz, sample_rate_hz))


def windows(duration_s: float, lengths_s: Iterable[float]) -> Iterator[tuple[float, float, float]]:
    """Yield length, start and end of overlapping windows, in seconds."""
    for length_s in lengths_s:
        for start_s in np.arange(0, duration_s - length_s, length_s / HOPS_PER_WINDOW).tolist():
            yield length_s, start_s, start_s + length_s


def hit(
    song: str,
    *,
    window_s: float,
    start_s: float,
    end_s: float,
    song_start_s: float,
    **scores: float,
) -> Hit:
    """Describe a hit: the window's length, film time, song time at its start, scores by name."""
    return {
        "song": song,
        "window_s": window_s,
        "start_s": round(float(start_s), 4),
        "end_s": round(float(end_s), 4),
        "song_start_s": round(float(song_start_s), 4),
        "scores": {name: round(float(score), 4) for name, score in scores.items()},
    }

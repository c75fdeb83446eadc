"""Chromaprint's fingerprints, aligned here: each window at the lags where fewest bits differ."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from job import HOPS_PER_WINDOW, Hit, Job, hit, run

ITEM_S = 1365 / 11025  # hop of its frames: 4096 samples, two thirds shared
BITS = 32
N_BEST = 3  # lags per window
APART = 3  # items between two of them

Array = np.ndarray[Any, Any]


def find(job: Job) -> Iterator[Hit]:
    """Yield the best lags of each song in each window, with the share of bits that agree."""
    film = _fingerprint(job["film"])
    for name, path in job["songs"].items():
        song = _fingerprint(path)
        agreement = _agreement(film, song)
        for length_s in job["windows_s"]:
            yield from _best(name, agreement, n_song=len(song), length_s=length_s)


def _fingerprint(path: str) -> Array:
    command = [_fpcalc(), "-raw", "-json", "-length", "0", path]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
    if done.returncode != 0 and "(End of file)" not in done.stderr:  # 1.5.1 ends so on every WAV
        sys.exit(done.stderr)
    return np.array(json.loads(done.stdout)["fingerprint"], dtype=np.uint32)


def _agreement(film: Array, song: Array) -> Array:
    """Bits that agree, summed along each diagonal; NaN where the song is over or not begun."""
    lags = np.arange(-len(film) + 1, len(song))
    sums = np.full((lags.size, len(film) + 1), np.nan, np.float32)
    for row, lag in enumerate(lags):
        first, last = max(0, -lag), min(len(film), len(song) - lag)
        agree = BITS - np.bitwise_count(film[first:last] ^ song[first + lag : last + lag])
        sums[row, first : last + 1] = np.concatenate([[0], np.cumsum(agree, dtype=np.int64)])
    return sums


def _best(name: str, sums: Array, *, n_song: int, length_s: float) -> Iterator[Hit]:
    n_film, n_items = sums.shape[1] - 1, round(length_s / ITEM_S)
    for start in range(0, n_film - n_items, max(1, n_items // HOPS_PER_WINDOW)):
        share = (sums[:, start + n_items] - sums[:, start]) / (BITS * n_items)
        share = np.nan_to_num(share, nan=0.0)
        for _ in range(N_BEST):
            row = int(np.argmax(share))
            lag = row - n_film + 1
            if not 0 <= start + lag < n_song:
                break
            yield hit(
                name,
                window_s=length_s,
                start_s=start * ITEM_S,
                end_s=(start + n_items) * ITEM_S,
                song_start_s=(start + lag) * ITEM_S,
                agreement=share[row],
            )
            share[max(0, row - APART) : row + APART + 1] = 0.0


def _fpcalc() -> str:
    path = shutil.which("fpcalc")
    if path is None:
        sys.exit("there is no fpcalc: install Chromaprint's tools")
    return path


def _version() -> str:
    done = subprocess.run([_fpcalc(), "-version"], capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout.split()[2]


if __name__ == "__main__":
    run(find, version=_version())

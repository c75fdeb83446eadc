"""Bits that flip in the cache: whatever they hit, no run gives other results because of them."""

import dataclasses
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
from tests.small_films import Bar, make_bar

from ostinato.pipeline import analyze, verify
from ostinato.results import Results
from ostinato.study import SongFile, Study

KINDS = ("*.f32", "copy.json", "loudness.f64", "*.npz")


def study_of(bar: Bar) -> Study:
    """The bar's film and its song."""
    return Study(film=bar.film, songs=(SongFile(title="The song", path=bar.song),))


def _without_run(results: Results) -> object:
    return dataclasses.replace(results, run=None)  # type: ignore[arg-type] - to compare the rest


def flip(path: Path, rng: np.random.Generator) -> None:
    """Turn one bit of a file over."""
    data = bytearray(path.read_bytes())
    data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    path.write_bytes(data)


def attacked(*, seed: int, n: int, n_runs: int, folder: Path) -> Counter[str]:
    """Flip n bits, each of which must be found, and run the film again after some of them."""
    bar = make_bar(folder)
    study, cache = study_of(bar), folder / "cache"
    clean = _without_run(analyze(study, cache_dir=cache))
    kept = folder / "kept"
    shutil.copytree(cache, kept)
    outcomes: Counter[str] = Counter()
    for number in range(n):
        rng = np.random.default_rng([seed, number])
        files = sorted(cache.rglob(KINDS[number % len(KINDS)]))
        flip(files[int(rng.integers(len(files)))], rng)
        if number < n_runs:
            if number % 2:
                shutil.rmtree(cache / "stages")  # so that samples are read
            is_same = _without_run(analyze(study, cache_dir=cache)) == clean
            outcomes["made again" if is_same else "other results"] += 1
        else:
            outcomes["found" if verify(cache).damaged else "not found"] += 1
        shutil.rmtree(cache)
        shutil.copytree(kept, cache)
    return outcomes

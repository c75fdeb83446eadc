"""Many films on every engine, and through kills: ``python benchmarks/corpus.py [CORPUS]``.

Twelve short films are mixed of recordings: nine play a song under talk, two do not, and one is no
film at all. All are analysed one after the other in one process; then by workers beside it, and by
a Dask cluster of this machine. Results must be the same but for `run`, and the tables the same.

``--kills N`` kills a worker, ``--stops N`` the whole command, at N random moments of runs that
begin with nothing; after a stop the same command is given again. What is there in the end must be
the same as without. ``--speed`` compares two workers with one.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import librosa
import numpy as np
import psutil
import pyarrow.parquet as pq
import soundfile

RATE_HZ = 22_050
FILM_S, SONG_S = 20.0, 15.0
N_FILMS, N_SONGS = 12, 3


@dataclass
class Bench:
    """Where films are, and what the command leaves in one process."""

    folder: Path
    rng: random.Random
    wanted: dict[str, object] = field(default_factory=dict)

    def command(self, out: Path, *more: str) -> list[str]:
        """Return the command on all films, with a cache of its own in `out`."""
        return [
            *(str(Path(sys.executable).with_name("ostinato")), "corpus", "--quiet"),
            *("--films", str(self.folder / "films"), "--songs", str(self.folder / "songs")),
            *("--out", str(out / "corpus"), "--cache", str(out / "cache"), *more),
        ]

    def fresh(self) -> Path:
        """Return an empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def check(self, out: Path, name: str) -> bool:
        """Compare what a run has left with what it should be, and remove it."""
        is_same = _left(out / "corpus") == self.wanted
        shutil.rmtree(out)
        print(f"{name}: {'the same' if is_same else 'DIFFERENT'}", flush=True)
        return is_same


def main() -> int:
    """Run what is asked for; 1 if anything differs."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), random.Random(arguments.seed))  # noqa: S311 - when to kill
        _make_films(arguments.corpus, bench.folder)
        out = bench.fresh()
        _run(bench.command(out, "--workers", "1"))
        bench.wanted = _left(out / "corpus")
        shutil.rmtree(out)
        print(f"{len(bench.wanted)} files to compare")
        checks = [_whole(bench, "--workers", "2")]
        if not arguments.no_dask:
            checks.append(_whole(bench, "--workers", "2", "--scheduler", "dask"))
        checks += [_with_kills(bench, arguments.kills)] if arguments.kills else []
        checks += [_with_stops(bench, arguments.stops)] if arguments.stops else []
        if arguments.speed:
            _speed(bench, arguments.rounds)
    return 0 if all(checks) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--kills", type=int, default=0, help="of workers")
    parser.add_argument("--stops", type=int, default=0, help="of the whole command")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-dask", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _make_films(corpus: Path, folder: Path) -> None:
    (folder / "films").mkdir()
    (folder / "songs").mkdir()
    songs = sorted((corpus / "songs").glob("*.*"))[:N_SONGS]
    talk = sorted((corpus / "speech").glob("*.opus"))
    played = [_cut(path, 20.0, SONG_S) for path in songs]
    for number, y in enumerate(played):
        soundfile.write(folder / "songs" / f"song {number}.flac", 0.5 * y, RATE_HZ)
    for number in range(N_FILMS - 1):
        film = 0.3 * _cut(talk[number % len(talk)], 0.0, FILM_S)
        if number < N_FILMS - N_SONGS:
            start = round((4 + number % 3) * RATE_HZ)
            cue = played[number % N_SONGS][: round(8 * RATE_HZ)]
            film[start : start + cue.size] += 0.3 * cue
        soundfile.write(folder / "films" / f"film {number:02d}.flac", film, RATE_HZ)
    (folder / "films" / "poison.mkv").write_bytes(bytes(range(256)) * 64)


def _cut(path: Path, start_s: float, duration_s: float) -> np.ndarray:
    y, _ = librosa.load(path, sr=RATE_HZ, offset=start_s, duration=duration_s)
    return np.resize(y, round(duration_s * RATE_HZ)) / max(1e-9, float(np.abs(y).max()))


def _left(out: Path) -> dict[str, object]:
    """Return results without their run, and the tables but for what work cost."""
    left: dict[str, object] = {}
    for path in sorted(out.glob("films/*/results.json")):
        results = json.loads(path.read_text("utf-8"))
        del results["run"]
        left[path.parent.name] = results
    for path in sorted(out.glob("catalogue/**/*.parquet")):
        rows = pq.ParquetFile(path).read().to_pylist()
        cost = {"cpu_s", "peak_mb"}
        left[str(path.relative_to(out))] = [
            {name: value for name, value in row.items() if name not in cost} for row in rows
        ]
    return left


def _run(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
    return time.perf_counter() - start


def _whole(bench: Bench, *more: str) -> bool:
    out = bench.fresh()
    _run(bench.command(out, *more))
    return bench.check(out, " ".join(more))


def _with_kills(bench: Bench, n: int) -> bool:
    """Kill workers at random moments, some in each run, until there were enough."""
    n_killed, checks = 0, []
    while n_killed < n:
        out = bench.fresh()
        process = subprocess.Popen(bench.command(out, "--workers", "2"), stdout=subprocess.DEVNULL)  # noqa: S603
        while process.poll() is None:
            time.sleep(bench.rng.uniform(0.5, 8.0))
            workers = _children(process.pid)
            if workers and n_killed < n:
                bench.rng.choice(workers).kill()
                n_killed += 1
        # a task may have lost three by chance: then the command says so, and is given again
        _run(bench.command(out, "--workers", "2"))
        checks.append(bench.check(out, f"after {n_killed} kills of workers"))
    return all(checks)


def _children(pid: int) -> list[psutil.Process]:
    try:
        return [one for one in psutil.Process(pid).children() if "loky" in " ".join(one.cmdline())]
    except psutil.Error:
        return []


def _with_stops(bench: Bench, n: int) -> bool:
    """Kill the whole command at random moments; give it again until it ends by itself."""
    checks = []
    for number in range(n):
        out = bench.fresh()
        process = subprocess.Popen(  # noqa: S603 - our own
            bench.command(out, "--workers", "2"),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(bench.rng.uniform(1.0, 25.0))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _run(bench.command(out, "--workers", "2"))
        checks.append(bench.check(out, f"stop {number + 1}"))
    return all(checks)


def _speed(bench: Bench, n_rounds: int) -> None:
    for _ in range(n_rounds):
        seconds = {}
        for n_workers in (1, 2):
            out = bench.fresh()
            seconds[n_workers] = _run(bench.command(out, "--workers", str(n_workers)))
            shutil.rmtree(out)
        print(
            f"one worker {seconds[1]:.1f} s, two {seconds[2]:.1f} s: {seconds[1] / seconds[2]:.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())

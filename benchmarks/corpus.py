"""Many films on every engine, and through kills: ``python benchmarks/corpus.py [CORPUS]``.

Twelve short films are mixed of recordings: nine play one of three songs under talk, two do not, and
one is no film at all; a fourth song is in none. All are analysed one after the other in one
process; then by workers beside it, and by a Dask cluster of this machine. Results must be the same
but for `run`, and the tables the same; the CPU seconds of each are printed, with all children.

``--kills N`` kills a worker, ``--stops N`` the whole command, ``--schedulers N`` the scheduler of a
Dask cluster, at N random moments of runs that begin with nothing; then the same command is given
again. What is there in the end must be the same as without, and a command whose scheduler is gone
must have ended with one message. ``--speed`` compares two workers with one.
"""

import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import librosa
import numpy as np
import psutil
import pyarrow.parquet as pq
import soundfile

RATE_HZ = 22_050
FILM_S, SONG_S, CUE_S = 12.0, 10.0, 6.0
N_FILMS, N_HEARD, N_SONGS = 12, 3, 4
N_SILENT = 2
_LOOK_S = 0.1


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
        cost = _run(bench.command(out, "--workers", "1"))
        print(f"--workers 1: {cost}, {_work_s(out):.1f} of it in tasks")
        bench.wanted = _left(out / "corpus")
        shutil.rmtree(out)
        _check_truth(bench.wanted)
        print(f"{len(bench.wanted)} files to compare", flush=True)
        checks = []
        if not arguments.faults_only:
            checks.append(_whole(bench, "--workers", "2"))
            checks.append(_whole(bench, "--workers", "2", "--scheduler", "dask"))
        checks += [_with_kills(bench, arguments.kills)] if arguments.kills else []
        checks += [_with_stops(bench, arguments.stops)] if arguments.stops else []
        checks += [_without_scheduler(bench) for _ in range(arguments.schedulers)]
        if arguments.speed:
            _speed(bench, arguments.rounds)
    return 0 if all(checks) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--kills", type=int, default=0, help="of workers")
    parser.add_argument("--stops", type=int, default=0, help="of the whole command")
    parser.add_argument("--schedulers", type=int, default=0, help="of a Dask cluster, to be killed")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--faults-only", action="store_true", help="compare no whole runs")
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
        if number < N_FILMS - 1 - N_SILENT:
            start = round((2 + number % 3) * RATE_HZ)
            cue = played[number % N_HEARD][: round(CUE_S * RATE_HZ)]
            film[start : start + cue.size] += 0.3 * cue
        soundfile.write(folder / "films" / f"film {number:02d}.flac", film, RATE_HZ)
    (folder / "films" / "poison.mkv").write_bytes(bytes(range(256)) * 64)


def _cut(path: Path, start_s: float, duration_s: float) -> np.ndarray:
    y, _ = librosa.load(path, sr=RATE_HZ, offset=start_s, duration=duration_s)
    return np.resize(y, round(duration_s * RATE_HZ)) / max(1e-9, float(np.abs(y).max()))


def _check_truth(left: dict[str, object]) -> None:
    """See that what is compared is what was mixed: equal failures would be equal, too."""
    pairs = left["catalogue/pairs.parquet"]
    count = Counter(row["status"] for row in pairs)  # type: ignore[attr-defined]
    n_heard, n_pairs = N_FILMS - 1 - N_SILENT, (N_FILMS - 1) * N_SONGS
    wanted = {"found": n_heard, "absent": n_pairs - n_heard, "not searched": N_SONGS}
    if count != wanted:
        raise SystemExit(f"not what was mixed: {dict(count)}, not {wanted}")


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


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of processors, of a command and all its children."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s, {self.cpu_s:.1f} CPU s"


def _run(command: Sequence[str]) -> Cost:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - start, cpu_s)


def _work_s(out: Path) -> float:
    """Return the processor seconds that all tasks took: without what starts and ends a command."""
    return sum(json.loads(path.read_text())["cpu_s"] for path in out.glob("corpus/tasks/*.json"))


def _whole(bench: Bench, *more: str) -> bool:
    out = bench.fresh()
    print(f"{' '.join(more)}: {_run(bench.command(out, *more))}, {_work_s(out):.1f} of it in tasks")
    return bench.check(out, " ".join(more))


def _with_kills(bench: Bench, n: int) -> bool:
    """Kill workers at random moments, some in each run, until there were enough."""
    n_killed, checks = 0, []
    while n_killed < n:
        out = bench.fresh()
        process = subprocess.Popen(bench.command(out, "--workers", "2"), stdout=subprocess.DEVNULL)  # noqa: S603
        while process.poll() is None:
            time.sleep(bench.rng.uniform(0.5, 10.0))
            workers = [one for one in _children(process.pid) if _is_at_work(one)]
            if workers and n_killed < n:
                bench.rng.choice(workers).kill()
                n_killed += 1
        # a task may have lost three by chance: then the command says so, and is given again
        _run(bench.command(out, "--workers", "2"))
        checks.append(bench.check(out, f"after {n_killed} kills of workers"))
    return all(checks)


def _children(pid: int) -> list[psutil.Process]:
    try:
        children = psutil.Process(pid).children()
        return [one for one in children if "LokyProcess" in " ".join(one.cmdline())]
    except psutil.Error:
        return []


def _is_at_work(worker: psutil.Process) -> bool:
    """Tell whether a worker computes: to kill one that waits shows little."""
    try:
        before = worker.cpu_times()
        time.sleep(_LOOK_S)
        return worker.cpu_times() != before
    except psutil.Error:
        return False


def _with_stops(bench: Bench, n: int) -> bool:
    """Kill the command, its workers too or left alone; then give it again."""
    checks = []
    for number in range(n):
        out = bench.fresh()
        process = subprocess.Popen(  # noqa: S603 - our own
            bench.command(out, "--workers", "2"),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(bench.rng.uniform(1.0, 45.0))
        orphans = _children(process.pid)
        is_alone = number % 2 == 0
        with contextlib.suppress(ProcessLookupError):
            (os.kill if is_alone else os.killpg)(process.pid, signal.SIGKILL)
        process.wait()
        _run(bench.command(out, "--workers", "2"))
        checks += [not any(one.is_running() for one in orphans)]
        checks += [bench.check(out, f"stop {number + 1}{', workers left alone' * is_alone}")]
    return all(checks)


def _without_scheduler(bench: Bench) -> bool:
    """Kill the scheduler of a cluster under way; then give the command again, to another one."""
    out = bench.fresh()
    with _cluster() as (address, scheduler):
        process = subprocess.Popen(  # noqa: S603 - our own
            bench.command(out, "--scheduler", address),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while process.poll() is None and not list(out.glob("corpus/tasks/*.json")):
            time.sleep(0.2)
        time.sleep(bench.rng.uniform(0.0, 30.0))
        is_early = process.poll() is None
        scheduler.kill()
        said, _ = process.communicate(timeout=120)
    said = "\n".join(line for line in said.splitlines() if "workers" not in line)
    print(f"status {process.returncode}: {said.strip()}" if is_early else "it was done before")
    is_said = process.returncode == 2 and said.count("\n") == 0 and "scheduler" in said  # noqa: PLR2004
    with _cluster() as (address, _):
        _run(bench.command(out, "--scheduler", address))
    return bench.check(out, "scheduler killed") and (is_said or not is_early)


@contextlib.contextmanager
def _cluster() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers; end them, whoever is left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = str(Path(sys.executable).with_name("dask"))
    begin = [dask, "scheduler", "--port", str(port), "--host", "127.0.0.1", "--no-dashboard"]
    work = [dask, "worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    environment = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    with contextlib.ExitStack() as stack:
        started = []
        for command in (begin, work):
            log = stack.enter_context(tempfile.TemporaryFile())
            started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))  # noqa: S603
        try:
            yield address, started[0]
        finally:
            for one in reversed(started):
                one.terminate()
                one.wait(60)


def _speed(bench: Bench, n_rounds: int) -> None:
    for _ in range(n_rounds):
        seconds = {}
        for n_workers in (1, 2):
            out = bench.fresh()
            command = bench.command(out, "--workers", str(n_workers))
            seconds[n_workers] = _run(command).wall_s
            shutil.rmtree(out)
        print(
            f"one worker {seconds[1]:.1f} s, two {seconds[2]:.1f} s: {seconds[1] / seconds[2]:.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())

"""What a large corpus takes: ``python benchmarks/corpus_scale.py --films 1000 --songs 200``.

Nothing is analysed: each task writes a small file of made-up features, as large as real statuses
are, and the schedule carries all of them, then once more when all is done. Printed are the
processor milliseconds of each task without those that the made-up work took, and the most memory.

``--model`` analyses short films instead, by one worker and by two, fits what an hour of film and a
pair of film and song take to the processor seconds of their tasks, and predicts a third run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import soundfile

from ostinato.corpus import (
    CorpusPlan,
    Outcome,
    PlannedFilm,
    Serial,
    Settings,
    Task,
    schedule,
    work_on,
)
from ostinato.corpus.tasks import write_outcome
from ostinato.memory import peak_mb
from ostinato.study import SongFile, Study

RATE_HZ = 22_050
HEARD_EVERY = 50  # of the made-up songs, one in so many is heard in a film
FITTED_MIN, HELD_OUT_MIN = (1.0, 3.0), (2.0,)
N_FITTED_SONGS, N_HELD_OUT_SONGS = (2, 4), 3
CUE_S = 20.0


def main() -> int:
    """Simulate, or fit and predict; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--films", type=int, default=1000)
    parser.add_argument("--songs", type=int, default=200)
    parser.add_argument("--model", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if arguments.model:
            return _model(arguments.corpus, Path(name))
        return _simulate(arguments.films, arguments.songs, Path(name))


# --- the schedule alone


@dataclass
class MadeUp:
    """Does no work but to write a file, and counts what even that takes."""

    n_tasks: int = 0
    cpu_s: float = 0.0

    def __call__(self, task: Task) -> Outcome:
        """Leave what a task leaves."""
        start_s = time.process_time()
        self.n_tasks += 1
        place = {"rank": task.ranking_place, "finish": task.results_place}.get(task.kind)
        if task.kind == "track":
            place = task.track_place / "track.json"
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(self._features(task)))
        outcome = Outcome(
            key=task.key, kind=task.kind, subject=task.subject, part=task.part, is_done=True
        )
        write_outcome(task, outcome)
        self.cpu_s += time.process_time() - start_s
        return outcome

    def _features(self, task: Task) -> dict[str, object]:
        if task.kind == "track":
            return {"views": ["mid"], "n_samples": 0}
        nats = {
            f"sound of {song.title}": 90.0 * ((number + self.n_tasks) % HEARD_EVERY == 0)
            for number, song in enumerate(task.study.songs)
        }
        return {"looked_by": "", "nats": nats}


def _simulate(n_films: int, n_songs: int, folder: Path) -> int:
    songs = tuple(SongFile(title=f"song {n}", path=folder / f"{n}.flac") for n in range(n_songs))
    study = Study(film=Path(), songs=songs)
    films = tuple(
        PlannedFilm(id=f"film-{n:05d}", study=Study(film=folder / f"{n}.mkv", songs=songs))
        for n in range(n_films)
    )
    plan = CorpusPlan(films=films, songs=tuple((song.title, song) for song in study.songs))
    # decoded songs are not made up: which of them are usable is given
    schedule._usable_songs = lambda *_: {song: f"sound of {song.title}" for song in songs}  # noqa: SLF001
    settings = Settings(out=folder / "out", cache_dir=folder / "cache")
    worst_ms = 0.0
    for name in ("first run", "all done before"):
        work, before_s = MadeUp(), time.process_time()
        outcomes = work_on(plan, Serial(work), settings=settings, watch=lambda _: None)
        own_s = time.process_time() - before_s - work.cpu_s
        own_ms = 1000 * own_s / len(outcomes)
        worst_ms = max(worst_ms, own_ms)
        print(f"{name}: {len(outcomes):,} tasks, {work.n_tasks:,} done, {own_ms:.2f} ms each")
    memory_mb = peak_mb() or 0.0
    print(f"{n_films:,} films, {n_songs:,} songs: at most {memory_mb:.0f} MB of memory")
    return int(worst_ms > 2.0 or memory_mb > 1000.0)  # noqa: PLR2004 - the limits of the design


# --- what real work takes


@dataclass(frozen=True)
class Load:
    """Hours of film, film-song-hours (hours of film times minutes of song), and its films."""

    film_h: float
    pair_h_min: float
    n_pairs: int
    n_films: int

    def row(self, kind: str) -> list[float]:
        """Return what a kind of task takes time by."""
        if kind in {"rank", "find"}:
            return [self.pair_h_min, float(self.n_pairs)]
        return [self.film_h, float(self.n_films)]


def _model(corpus: Path, folder: Path) -> int:
    songs = _make_songs(corpus, folder, max(*N_FITTED_SONGS, N_HELD_OUT_SONGS))
    runs = [
        _run(corpus, folder / f"fit{n}-{workers}", FITTED_MIN, songs[:n], workers=workers)
        for n, workers in zip(N_FITTED_SONGS, (1, 2), strict=True)
    ]
    held_out = _run(corpus, folder / "held-out", HELD_OUT_MIN, songs[:N_HELD_OUT_SONGS], workers=1)
    predicted = total = 0.0
    for kind in ("decode", "track", "rank", "find", "finish"):
        rows = [(load, cpu[kind]) for run in runs for load, cpu in run if kind in cpu]
        x = np.array([load.row(kind) for load, _ in rows])
        y = np.array([cpu for _, cpu in rows])
        per_unit, fixed = np.linalg.lstsq(x, y, rcond=None)[0]
        unit = "an hour of film and minute of song" if kind in {"rank", "find"} else "an hour"
        each = "a pair" if kind in {"rank", "find"} else "a film"
        print(f"{kind}: {per_unit:.2f} CPU s {unit}, {fixed:.2f} {each}")
        for load, cpu in held_out:
            predicted += float(np.dot(load.row(kind), (per_unit, fixed)))
            total += cpu.get(kind, 0.0)
    off = predicted / total - 1
    print(f"held out: {total:.1f} CPU s, predicted {predicted:.1f}: {100 * off:+.0f} %")
    return int(abs(off) > 0.15)  # noqa: PLR2004 - what the model is to be good to


def _make_songs(corpus: Path, folder: Path, n: int) -> list[Path]:
    paths = []
    for number, path in enumerate(sorted((corpus / "songs").glob("*.*"))[:n]):
        y, _ = librosa.load(path, sr=RATE_HZ, offset=20.0, duration=60.0 + 2 * number)
        paths.append(folder / f"song {number}.flac")
        soundfile.write(paths[-1], 0.5 * y / np.abs(y).max(), RATE_HZ)
    return paths


def _films(corpus: Path, minutes: tuple[float, ...], songs: list[Path]) -> Iterator[np.ndarray]:
    talk = [librosa.load(p, sr=RATE_HZ)[0] for p in sorted((corpus / "speech").glob("*"))[:60]]
    for number, length in enumerate(minutes):
        y = np.resize(np.concatenate(talk[number:]), round(60 * length * RATE_HZ))
        y = 0.3 * y / np.abs(y).max()
        cue, _ = librosa.load(songs[number % len(songs)], sr=RATE_HZ, duration=CUE_S)
        y[10 * RATE_HZ : 10 * RATE_HZ + cue.size] += 0.2 * cue
        yield y


def _run(
    corpus: Path, folder: Path, minutes: tuple[float, ...], songs: list[Path], *, workers: int
) -> list[tuple[Load, dict[str, float]]]:
    """Analyse films by the command; return the load and the processor seconds of each film."""
    (folder / "films").mkdir(parents=True)
    for number, y in enumerate(_films(corpus, minutes, songs)):
        soundfile.write(folder / "films" / f"{number}.flac", y, RATE_HZ)
    (folder / "songs.txt").write_text("\n".join(map(str, songs)))
    command = [
        *(str(Path(sys.executable).with_name("ostinato")), "corpus", "--quiet"),
        *("--films", str(folder / "films"), "--songs", str(folder / "songs.txt")),
        *("--out", str(folder / "out"), "--cache", str(folder / "cache")),
        *("--workers", str(workers)),
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
    song_min = sum(soundfile.info(song).duration for song in songs) / 60
    out = []
    for number, length in enumerate(minutes):
        cpu = {}
        for place in (folder / "out" / "tasks").glob(f"{number}-*.json"):
            one = json.loads(place.read_text())
            cpu[one["kind"]] = cpu.get(one["kind"], 0.0) + one["cpu_s"]
        hours = length / 60
        out.append((Load(hours, hours * song_min, len(songs), 1), cpu))
        print(f"{length:g} min, {len(songs)} songs, {workers} workers: {cpu}", flush=True)
    return out


if __name__ == "__main__":
    sys.exit(main())

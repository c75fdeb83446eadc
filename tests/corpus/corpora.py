"""Small corpora, and work that is no work, for tests of those who carry it."""

import os
import signal
from dataclasses import replace
from pathlib import Path

from ostinato.corpus import CorpusPlan, Outcome, PlannedFilm, Settings
from ostinato.study import SongFile, Study


def a_plan(n_films, *, n_songs=0):
    songs = tuple(SongFile(title=f"song {n}", path=Path(f"song{n}.flac")) for n in range(n_songs))
    study = Study(film=Path("film.mkv"), songs=songs)
    films = [
        PlannedFilm(id=f"film-{n:02d}", study=replace(study, film=Path(f"film{n}.mkv")))
        for n in range(n_films)
    ]
    return CorpusPlan(films=tuple(films))


def settings_in(folder, **changes):
    return replace(Settings(out=folder, cache_dir=folder / "cache"), **changes)


def noted(task):
    """Do nothing but say so, in a file: a line for each time that the task is done."""
    with (task.out / "done.txt").open("a") as file:
        file.write(f"{task.subject} {task.kind} {task.part}\n")
    return Outcome(key=task.key, kind=task.kind, subject=task.subject, part=task.part, is_done=True)


def killed_once(task):
    """End the worker the first time that a task is tried."""
    mark = task.out / f"{task.subject}-{task.kind}.mark"
    if task.subject == "film-01" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return noted(task)

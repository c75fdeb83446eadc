"""Tasks in their order, on any engine: what is done is not done again, what is lost is tried again.

A film is decoded, its songs are looked for in blocks, and it is finished. A task waits for those
before it; if one of them fails, so does the film, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ostinato.corpus.engines import Engine, WorkerLost
from ostinato.corpus.plan import CorpusPlan, PlannedFilm
from ostinato.corpus.tasks import (
    Outcome,
    Task,
    earlier_outcome,
    lost,
    song_task_study,
    write_outcome,
)
from ostinato.errors import StudyError
from ostinato.media import WorkingCopy, open_working_copy
from ostinato.pipeline import check_double, check_length
from ostinato.study import SongFile

MOST_LOST = 3
"""Workers that a task may lose before it is given up: a person may have killed two."""
SONGS_A_BLOCK = 16
"""So many songs share a film's whitened track, which takes as long to make as two to search."""

Name = tuple[str, str, int]
_FILMS_A_WORKER = 2  # so that no worker waits for the step of another

OnCount = Callable[[int, int], None]
"""Told how many tasks are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a corpus is worked on: where files go, and how many cores a worker has."""

    out: Path
    cache_dir: Path
    n_threads: int = 1
    songs_a_block: int = SONGS_A_BLOCK


@dataclass(slots=True)
class _Film:
    """The tasks of one film that are left, step by step."""

    steps: list[list[Task]]
    n_open: int = 0


@dataclass(slots=True)
class _Course:
    """What is under way, and what became of what was."""

    engine: Engine
    watch: OnCount
    n_tasks: int
    open_tasks: dict[Name, Task] = field(default_factory=dict)
    n_lost: Counter[Name] = field(default_factory=Counter)
    outcomes: list[Outcome] = field(default_factory=list)

    def give(self, tasks: Iterable[Task]) -> None:
        """Give tasks to the engine, but for those that were done before."""
        for task in tasks:
            self.open_tasks[task.name] = task
            self.engine.submit(task)

    def answers(self) -> Iterator[tuple[Task, Outcome]]:
        """Yield what became of each task, in the order in which they end."""
        while self.open_tasks:
            answer = self.engine.next_done()
            if isinstance(answer, WorkerLost):
                task = answer.task
                self.n_lost[task.name] += 1
                if self.n_lost[task.name] < MOST_LOST:
                    self.engine.submit(task)
                    continue
                answer = lost(task, self.n_lost[task.name])
                write_outcome(task, answer)
            self.note(answer)
            yield self.open_tasks.pop(answer.name), answer

    def refuse(self, song: str, error: StudyError) -> None:
        """Leave out a song that was decoded and cannot be looked for."""
        index = next(i for i, one in enumerate(self.outcomes) if one.subject == song)
        self.outcomes[index] = replace(
            self.outcomes[index],
            is_done=False,
            thing=error.thing,
            reason=error.reason,
            mend=error.mend,
        )

    def note(self, outcome: Outcome) -> None:
        """Keep what became of a task."""
        self.outcomes.append(replace(outcome, n_lost=self.n_lost[outcome.name]))
        self.watch(len(self.outcomes), self.n_tasks)


def work_on(
    plan: CorpusPlan, engine: Engine, *, settings: Settings, watch: OnCount
) -> tuple[Outcome, ...]:
    """Do all tasks of a corpus that are not done yet.

    Parameters
    ----------
    plan : CorpusPlan
        Which films and songs.
    engine : Engine
        Where tasks are done.
    settings : Settings
        How.
    watch : callable
        Told how far it is.

    Returns
    -------
    tuple of Outcome
        Of every task, those of earlier runs too; a film whose song or sound cannot be read has no
        later ones.

    Raises
    ------
    StudyError
        If the engine is gone.
    """
    songs = _song_tasks(plan, settings)
    n_tasks = len(songs) + sum(
        len(step) for film in plan.films for step in _steps(film, plan, film.study.songs, settings)
    )
    course = _Course(engine, watch, n_tasks)
    usable = _usable_songs(course, songs, plan, settings)
    _follow_films(course, plan, usable, settings)
    return tuple(course.outcomes)


def _follow_films(course: _Course, plan: CorpusPlan, usable: set[str], settings: Settings) -> None:
    """Take the films step by step, and a few at once: a decoded film takes gigabytes of cache."""
    waiting = iter(plan.films)
    films: dict[str, _Film] = {}
    most = _FILMS_A_WORKER * course.engine.n_workers

    def begin() -> None:
        while len(films) < most and (new := next(waiting, None)) is not None:
            film = _Film(_steps(new, plan, _songs_of(new, plan, usable), settings))
            tasks = _next(course, film)
            if tasks:
                films[new.id] = film
                course.give(tasks)

    begin()
    for task, outcome in course.answers():
        film = films[task.subject]
        film.n_open -= 1
        if not outcome.is_done and task.kind != "find":
            film.steps.clear()  # what is to be told of it is told
        course.give(_next(course, film))
        if not film.n_open:
            del films[task.subject]
        begin()


def _next(course: _Course, film: _Film) -> list[Task]:
    """Return what of a film can be done now, and pass over what was done before."""
    while not film.n_open and film.steps:
        tasks = []
        for task in film.steps.pop(0):
            earlier = earlier_outcome(task)
            if earlier is not None and earlier.is_done:
                course.note(earlier)
            else:
                tasks.append(task)
        film.n_open = len(tasks)
        if tasks:
            return tasks
    return []


def _song_tasks(plan: CorpusPlan, settings: Settings) -> list[Task]:
    return [
        Task(
            kind="song",
            subject=name,
            study=song_task_study(song),
            cache_dir=settings.cache_dir,
            out=settings.out,
            n_threads=settings.n_threads,
        )
        for name, song in plan.songs
    ]


def _usable_songs(
    course: _Course, tasks: Sequence[Task], plan: CorpusPlan, settings: Settings
) -> set[str]:
    """Decode all songs first, since every film asks for them; return which can be looked for."""
    course.give(_next(course, _Film([list(tasks)])))
    for _ in course.answers():
        pass
    usable: list[tuple[str, SongFile, WorkingCopy]] = []
    done = {outcome.subject for outcome in course.outcomes if outcome.is_done}
    study = plan.films[0].study
    for name, song in plan.songs:
        if name not in done:
            continue
        copy = open_working_copy(song.path, cache_dir=settings.cache_dir)
        before = [*usable, (name, song, copy)]
        together = replace(study, songs=tuple(one for _, one, _ in before), claims=())
        try:
            check_length(study, song, copy)
            check_double(together, [one for _, _, one in before], len(usable))
        except StudyError as error:
            course.refuse(name, error)
        else:
            usable = before
    return {name for name, _, _ in usable}


def _songs_of(film: PlannedFilm, plan: CorpusPlan, usable: set[str]) -> tuple[SongFile, ...]:
    """Return the songs of a film, without those that cannot be looked for."""
    if not plan.songs:
        return film.study.songs
    return tuple(song for name, song in plan.songs if name in usable)


def _steps(
    film: PlannedFilm, plan: CorpusPlan, songs: Sequence[SongFile], settings: Settings
) -> list[list[Task]]:
    """Return the tasks of a film: those of one step may be done side by side."""
    study = replace(film.study, songs=tuple(songs))
    if plan.songs and not songs:
        study = replace(study, stages=tuple(one for one in study.stages if one == "speech"))
    whole = Task(
        kind="finish",
        subject=film.id,
        study=study,
        cache_dir=settings.cache_dir,
        out=settings.out,
        n_threads=settings.n_threads,
    )
    alone = replace(study, songs=(), claims=(), stages=())
    blocks = [
        tuple(songs[first : first + settings.songs_a_block])
        for first in range(0, len(songs), settings.songs_a_block)
    ]
    finds = [
        replace(whole, kind="find", part=part, study=replace(study, songs=block, claims=()))
        for part, block in enumerate(blocks)
    ]
    # one block is looked for by the last task itself: there is nothing to be done side by side
    middle = [finds] if len(finds) > 1 and "cues" in study.stages else []
    return [[replace(whole, kind="decode", study=alone)], *middle, [whole]]

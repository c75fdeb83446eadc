"""Tasks in their order, on any engine: what is done is not done again, what is lost is tried again.

A task waits for those before it; if one of them fails, so does the film, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ostinato.corpus.engines import Engine, WorkerLost
from ostinato.corpus.film_steps import Settings, Wanted, expected_tasks, film_steps
from ostinato.corpus.plan import CorpusPlan, PlannedFilm
from ostinato.corpus.tasks import (
    Outcome,
    Task,
    earlier_outcome,
    failed,
    lost,
    song_task_study,
    write_outcome,
)
from ostinato.errors import OstinatoError, StudyError
from ostinato.media import WorkingCopy, cache_faults, open_working_copy
from ostinato.pipeline import check_double, check_length
from ostinato.results import scratch_in, sweep
from ostinato.study import SongFile

MOST_LOST = 3
"""Workers that a task may lose before it is given up: a person may have killed two."""

Name = tuple[str, str, int]
_FILMS_A_WORKER = 2  # so that no worker waits for the step of another


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many tasks are done, how many of them by an earlier run, and how many there are."""

    n_done: int
    n_before: int
    n_tasks: int


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class _Film:
    """The tasks of one film that are left, step by step; how many there are and were expected."""

    steps: Generator[list[Task], None, None]
    n_expected: int
    n_noted: int = 0
    n_open: int = 0


@dataclass(slots=True)
class _Course:
    """What is under way, and what became of what was."""

    engine: Engine
    watch: OnProgress
    n_tasks: int
    n_before: int = 0
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
        self.outcomes[index] = failed(self.outcomes[index], error)

    def note(self, outcome: Outcome) -> None:
        """Keep what became of a task."""
        self.outcomes.append(replace(outcome, n_lost=self.n_lost[outcome.name]))
        n_done = len(self.outcomes)
        n_tasks = max(n_done, self.n_tasks)
        self.watch(Progress(n_done=n_done, n_before=self.n_before, n_tasks=n_tasks))


def work_on(
    plan: CorpusPlan, engine: Engine, *, settings: Settings, watch: OnProgress
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
    MediaError
        If the cache cannot be written.
    """
    with cache_faults(settings.cache_dir):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        sweep(settings.cache_dir)
        with scratch_in(settings.cache_dir, "tracks") as tracks:
            return _worked(plan, engine, replace(settings, tracks=tracks), watch)


def _worked(
    plan: CorpusPlan, engine: Engine, settings: Settings, watch: OnProgress
) -> tuple[Outcome, ...]:
    refused = [_refused(one.id, one.refusal) for one in plan.films if one.refusal is not None]
    plan = replace(plan, films=tuple(one for one in plan.films if one.refusal is None))
    songs = _song_tasks(plan, settings) if plan.films else []
    course = _Course(engine, watch, len(songs) + len(refused))
    for outcome in refused:
        course.note(outcome)
    expected = _wanted_by(plan, {song: "" for _, song in plan.songs})
    course.n_tasks += sum(expected_tasks(one, expected(one), settings) for one in plan.films)
    sounds = _usable_songs(course, songs, plan, settings) if songs else {}
    wanted = _wanted_by(plan, sounds)
    _follow_films(course, ((film, wanted(film)) for film in plan.films), settings)
    return tuple(course.outcomes)


def _refused(film_id: str, why: OstinatoError) -> Outcome:
    """Return what became of a film whose study cannot be used: nobody began with it."""
    outcome = Outcome(key="", kind="decode", subject=film_id, part=0, is_done=False)
    return failed(outcome, why)


def _wanted_by(plan: CorpusPlan, sounds: Mapping[SongFile, str]) -> Callable[[PlannedFilm], Wanted]:
    """Return what says which songs a film is searched for, without those that are of no use."""
    if not plan.songs:
        return lambda film: Wanted(songs=film.study.songs)
    songs = tuple(song for _, song in plan.songs if song in sounds)
    ranked = None if plan.is_exhaustive else sounds
    return lambda _: Wanted(songs=songs, sounds=ranked)


def _follow_films(
    course: _Course, waiting: Iterator[tuple[PlannedFilm, Wanted]], settings: Settings
) -> None:
    """Take the films step by step, and a few at once: a decoded film takes gigabytes of cache."""
    films: dict[str, _Film] = {}
    most = _FILMS_A_WORKER * course.engine.n_workers

    def begin() -> None:
        while len(films) < most and (new := next(waiting, None)) is not None:
            film = _Film(film_steps(*new, settings), expected_tasks(*new, settings))
            go_on(new[0].id, film)

    def go_on(name: str, film: _Film) -> None:
        tasks = _next(course, film)
        if tasks:
            films[name] = film
            course.give(tasks)
        elif not film.n_open:
            films.pop(name, None)
            course.n_tasks += film.n_noted - film.n_expected

    begin()
    for task, outcome in course.answers():
        film = films[task.subject]
        film.n_open -= 1
        film.n_noted += 1
        if not outcome.is_done and task.kind != "find":
            film.steps.close()  # what is to be told of it is told
        go_on(task.subject, film)
        begin()


def _next(course: _Course, film: _Film) -> list[Task]:
    """Return what of a film can be done now, and pass over what was done before."""
    while not film.n_open and (step := next(film.steps, None)) is not None:
        tasks = []
        for task in step:
            earlier = earlier_outcome(task)
            if earlier is not None and earlier.is_done:
                course.n_before += 1
                film.n_noted += 1
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
            source=plan.sources.get(name),
        )
        for name, song in plan.songs
    ]


def _usable_songs(
    course: _Course, tasks: Sequence[Task], plan: CorpusPlan, settings: Settings
) -> dict[SongFile, str]:
    """Decode all songs first, since every film asks for them; return the sounds that are usable."""
    course.give(_next(course, _Film((step for step in [[*tasks]]), len(tasks))))
    for _ in course.answers():
        pass
    usable: list[tuple[SongFile, WorkingCopy]] = []
    done = {outcome.subject for outcome in course.outcomes if outcome.is_done}
    study = plan.films[0].study
    for name, song in plan.songs:
        if name not in done:
            continue
        copy = open_working_copy(song.path, cache_dir=settings.cache_dir)
        before = [*usable, (song, copy)]
        together = replace(study, songs=tuple(one for one, _ in before), claims=())
        try:
            check_length(study, song, copy)
            check_double(together, [one for _, one in before], len(usable))
        except StudyError as error:
            course.refuse(name, error)
        else:
            usable = before
    return {song: copy.pcm_sha256 for song, copy in usable}

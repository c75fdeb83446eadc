"""Who carries tasks to processors: this process, workers beside it, or a Dask cluster.

All do what one small protocol says. A worker that is lost costs the task that it was at, and no
other: each worker beside this process is an executor of its own, since one that has several breaks
with the first of them that is killed, and loses all results with it.
"""

import logging
import os
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from joblib.externals.loky import ProcessPoolExecutor

from ostinato.corpus.tasks import Outcome, Task, run_task
from ostinato.errors import OstinatoError, StudyError
from ostinato.threads import one_thread_a_product

_CLOSING_S = 10.0
DoTask = Callable[[Task], Outcome]


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker that was at a task is gone, and nobody knows how far it was."""

    task: Task


Answer = Outcome | WorkerLost


class Engine(Protocol):
    """Where tasks are done."""

    n_workers: int

    def submit(self, task: Task) -> None:
        """Have a task done, as soon as there is a worker for it."""

    def next_done(self) -> Answer:
        """Wait for the next task that is done or lost; never called while there is none."""

    def close(self) -> None:
        """End it, and what was not done."""


class Serial:
    """Does one task after the other, in this process."""

    n_workers = 1

    def __init__(self, run: DoTask = run_task) -> None:
        self._run = run
        self._waiting: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        """Take a task, which is done when it is asked for."""
        self._waiting.append(task)

    def next_done(self) -> Answer:
        """Do the next task."""
        return self._run(self._waiting.popleft())

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()


@dataclass(slots=True)
class _Worker:
    """One process, and the task that it is at."""

    executor: ProcessPoolExecutor
    task: Task | None = None


class Workers:
    """Processes beside this one, each of which does one task after the other."""

    def __init__(self, n_workers: int, *, run: DoTask = run_task) -> None:
        self.n_workers, self._run = n_workers, run
        self._waiting: deque[Task] = deque()
        self._done: queue.SimpleQueue[tuple[_Worker, Future[Outcome]]] = queue.SimpleQueue()
        self._workers = [_Worker(_executor()) for _ in range(n_workers)]

    def submit(self, task: Task) -> None:
        """Give a task to a worker that is free, or have it wait for one."""
        self._waiting.append(task)
        self._give()

    def next_done(self) -> Answer:
        """Wait for the next answer; the place of a worker that was lost is filled."""
        worker, future = self._done.get()
        task, worker.task = worker.task, None
        error = future.exception()
        answer: Answer
        if error is None:
            answer = future.result()
        elif isinstance(error, BrokenProcessPool) and task is not None:
            worker.executor.shutdown(wait=False, kill_workers=True)
            worker.executor = _executor()
            answer = WorkerLost(task)
        else:
            raise error
        self._give()
        return answer

    def close(self) -> None:
        """End all workers, whatever they are at."""
        self._waiting.clear()
        for worker in self._workers:
            worker.executor.shutdown(wait=False, kill_workers=True)

    def _give(self) -> None:
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.task = self._waiting.popleft()
                self._begin(worker, worker.task)

    def _begin(self, worker: _Worker, task: Task) -> None:
        def tell(future: Future[Outcome]) -> None:
            self._done.put((worker, future))

        try:
            future = worker.executor.submit(self._run, task)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            worker.executor.shutdown(wait=False, kill_workers=True)
            worker.executor = _executor()
            future = worker.executor.submit(self._run, task)
        future.add_done_callback(tell)


def _executor() -> ProcessPoolExecutor:
    # no timeout: a worker that leaves because it is idle would look like one that was lost
    return ProcessPoolExecutor(max_workers=1, timeout=None, initializer=_prepare)


_for_life = ExitStack()


def _prepare() -> None:
    """Limit products of arrays once for the life of a worker: to do it for each task takes time."""
    _for_life.enter_context(one_thread_a_product())


@dataclass(slots=True)
class Dask:
    """A Dask cluster: its scheduler gives tasks to its workers, and again if one is lost."""

    client: Any
    cluster: Any = None
    run: DoTask = run_task
    n_workers: int = 1
    _tasks: dict[str, Task] = field(default_factory=dict)
    _tries: int = 0
    _futures: Any = None

    def submit(self, task: Task) -> None:
        """Give a task to the scheduler."""
        self._tries += 1
        key = f"{task.kind}-{task.key}-{self._tries}"
        future = self.client.submit(self.run, task, key=key, pure=False)
        self._tasks[key] = task
        if self._futures is None:
            self._futures = import_module("distributed").as_completed([future])
        else:
            self._futures.add(future)

    def next_done(self) -> Answer:
        """Wait for the scheduler to say that a task is done."""
        future = next(self._futures)
        task = self._tasks.pop(future.key)
        error = future.exception() if future.status == "error" else None
        if future.status == "cancelled":
            raise StudyError(
                "the Dask scheduler", "it is gone", "Start it, and give the same command again"
            )
        if error is None:
            outcome: Outcome = future.result()
            return outcome
        if type(error).__name__ == "KilledWorker":
            return WorkerLost(task)
        if isinstance(error, OstinatoError | OSError):
            raise error
        raise StudyError(
            "the Dask cluster",
            f"it cannot do a task ({type(error).__name__}: {error})",
            "See that its workers have this version of ostinato and the same folders",
        ) from error

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        for one in (self.client, self.cluster):
            with suppress(OSError, TimeoutError):
                if one is not None:
                    one.close(timeout=_CLOSING_S)


def engine_of(scheduler: str | None, *, n_workers: int | None, n_threads: int) -> Engine:
    """Return the engine that a person asks for.

    Parameters
    ----------
    scheduler : str or None
        None for workers beside this process, or for this process alone where one is asked for;
        "dask" for a Dask cluster on this machine; "slurm" for one that Slurm gives; else the
        address of a Dask scheduler, such as tcp://10.0.0.1:8786.
    n_workers : int or None
        How many; as many as the machine has cores for, if None.
    n_threads : int
        Of each worker.

    Returns
    -------
    Engine
        Ready for tasks.

    Raises
    ------
    StudyError
        If the packages are not there, or the scheduler does not answer.
    """
    if scheduler is None:
        n = n_workers or max(1, (os.cpu_count() or 1) // n_threads)
        return Serial() if n == 1 else Workers(n)
    return _dask(scheduler, n_workers=n_workers, n_threads=n_threads)


def _dask(scheduler: str, *, n_workers: int | None, n_threads: int) -> Dask:
    try:
        dask, distributed = import_module("dask"), import_module("distributed")
    except ImportError as error:
        raise _missing(scheduler) from error
    # what it says of itself while it closes is of no use to a reader
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    # its nanny has each worker give memory back after every piece, and a thread looks at what the
    # worker does a hundred times a second: the two took as much time as the work
    dask.config.set({"distributed.worker.profile.enabled": False})
    dask.config.set({"distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1}})
    cluster: Any = None
    n = n_workers or max(1, (os.cpu_count() or 1) // n_threads)
    if scheduler == "dask":
        cluster = distributed.LocalCluster(
            n_workers=n,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            dashboard_address=None,
        )
    elif scheduler == "slurm":
        try:
            slurm = import_module("dask_jobqueue")
        except ImportError as error:
            raise _missing(scheduler) from error
        cluster = slurm.SLURMCluster(cores=1, processes=1, job_cpu=n_threads, memory="1500MB")
        cluster.scale(n)
    try:
        client = distributed.Client(cluster or scheduler, timeout="20s")
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"--scheduler {scheduler}",
            f"no Dask scheduler answers there ({error})",
            "Give its address as it prints it, such as tcp://10.0.0.1:8786",
        ) from error
    n_there = len(client.scheduler_info()["workers"])
    return Dask(client, cluster, n_workers=n if cluster is not None else max(1, n_there))


def _missing(scheduler: str) -> StudyError:
    return StudyError(
        f"--scheduler {scheduler}",
        "the packages of a cluster are not installed",
        "Install them: pip install 'ostinato[cluster]'",
    )

"""Who carries tasks to processors: this process, or workers beside it.

All do what one small protocol says. A worker that is lost costs the task that it was at, and no
other: each worker beside this process is an executor of its own, since one that has several breaks
with the first of them that is killed, and loses all results with it. A worker ends by itself when
the process is gone that it works for: what it has written is whole, or was not begun.
"""

import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Protocol

from joblib.externals.loky import ProcessPoolExecutor

from ostinato.corpus.tasks import Outcome, Task, run_task
from ostinato.results import is_running, start_of
from ostinato.threads import one_thread_a_product

_LOOK_AFTER_S = 1.0
DoTask = Callable[[Task], Outcome]


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker that was at a task is gone, and nobody knows how far it was."""

    task: Task


Answer = Outcome | WorkerLost


class Engine(Protocol):
    """Where tasks are done; `dashboard` is a page on which to watch it, if it has one."""

    n_workers: int
    dashboard: str | None

    def submit(self, task: Task) -> None:
        """Have a task done, as soon as there is a worker for it."""

    def next_done(self) -> Answer:
        """Wait for the next task that is done or lost; never called while there is none."""

    def close(self) -> None:
        """End it, and what was not done."""


class Serial:
    """Does one task after the other, in this process."""

    n_workers = 1
    dashboard: str | None = None

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

    dashboard: str | None = None

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
            worker.executor.shutdown(wait=True, kill_workers=True)

    def _give(self) -> None:
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.task = self._waiting.popleft()
                self._begin(worker, worker.task)

    def _begin(self, worker: _Worker, task: Task) -> None:
        def tell(future: Future[Outcome]) -> None:
            self._done.put((worker, future))

        with _without_interrupts():
            try:
                future = worker.executor.submit(self._run, task)
            except BrokenProcessPool:  # it was killed while it had nothing to do
                worker.executor.shutdown(wait=False, kill_workers=True)
                worker.executor = _executor()
                future = worker.executor.submit(self._run, task)
        future.add_done_callback(tell)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let processes begin that Ctrl-C does not reach: it is for the one that ends them all.

    What is held back here is inherited by them; this process has it when the block is left.
    """
    if not hasattr(signal, "pthread_sigmask"):  # another system than POSIX
        yield
        return
    resource_tracker.ensure_running()  # it lets all through again when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _executor() -> ProcessPoolExecutor:
    me = os.getpid()
    # no timeout: a worker that leaves because it is idle would look like one that was lost
    return ProcessPoolExecutor(
        max_workers=1, timeout=None, initializer=_prepare, initargs=(me, start_of(me) or "0")
    )


_for_life = ExitStack()


def _prepare(parent: int, started: str) -> None:
    """Limit products of arrays once for the life of a worker: to do it for each task takes time."""
    _for_life.enter_context(one_thread_a_product())
    threading.Thread(target=_end_with, args=(parent, started), daemon=True).start()


def _end_with(parent: int, started: str) -> None:
    """End this process once another one is gone, which nothing else would say to it."""
    while is_running(parent, started=started):
        time.sleep(_LOOK_AFTER_S)
    os._exit(1)

"""A Dask cluster: its scheduler gives tasks to its workers, and again if one is lost."""

import logging
import os
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ostinato.corpus.engines import Answer, DoTask, Engine, Serial, WorkerLost, Workers
from ostinato.corpus.tasks import Outcome, Task, run_task
from ostinato.errors import OstinatoError, StudyError

_CLOSING_S = 10.0


@dataclass(slots=True)
class Dask:
    """A Dask cluster: its scheduler gives tasks to its workers, and again if one is lost."""

    client: Any
    cluster: Any = None
    run: DoTask = run_task
    n_workers: int = 1
    dashboard: str | None = None
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
        try:
            future = next(self._futures)
            error = future.exception() if future.status == "error" else None
            outcome: Outcome | None = future.result() if error is None else None
        except (OSError, CancelledError) as gone:  # what a task raises is returned, and not raised
            raise StudyError(
                "the Dask scheduler", "it is gone", "Start it, and give the same command again"
            ) from gone
        task = self._tasks.pop(future.key)
        if outcome is not None:
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
    _hush()
    # its nanny has each worker give memory back after every piece, and a thread looks at what the
    # worker does a hundred times a second: the two took as much time as the work
    dask.config.set({"distributed.worker.profile.enabled": False})
    dask.config.set({"distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1}})
    n = n_workers or max(1, (os.cpu_count() or 1) // n_threads)
    cluster = _cluster(scheduler, distributed, n=n, n_threads=n_threads)
    try:
        client = distributed.Client(cluster or scheduler, timeout="20s")
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"--scheduler {scheduler}",
            f"no Dask scheduler answers there ({error})",
            "Give its address as it prints it, such as tcp://10.0.0.1:8786",
        ) from error
    n_there = n if cluster is not None else max(1, len(client.scheduler_info()["workers"]))
    has_dashboard = cluster is None or find_spec("bokeh") is not None
    return Dask(
        client,
        cluster,
        n_workers=n_there,
        dashboard=client.dashboard_link if has_dashboard else None,
    )


def _cluster(scheduler: str, distributed: Any, *, n: int, n_threads: int) -> Any:  # noqa: ANN401 - of packages that need not be there
    """Start a cluster of one's own, None where there is one."""
    if scheduler == "dask":
        return distributed.LocalCluster(
            n_workers=n,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            dashboard_address=":0",
        )
    if scheduler != "slurm":
        return None
    try:
        slurm = import_module("dask_jobqueue")
    except ImportError as error:
        raise _missing(scheduler) from error
    cluster = slurm.SLURMCluster(cores=1, processes=1, job_cpu=n_threads, memory="1500MB")
    cluster.scale(n)
    return cluster


def _hush() -> None:
    """Keep back what Dask says of itself: the one message that matters is this program's own."""
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in {"asyncio", "distributed", "tornado"}:
            logging.getLogger(name).disabled = True


def _missing(scheduler: str) -> StudyError:
    return StudyError(
        f"--scheduler {scheduler}",
        "the packages of a cluster are not installed",
        "Install them: pip install 'ostinato[cluster]'",
    )

"""Work on several cores at once, in the order in which it was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


_MOST_THREADS = 8
"""More would take the memory of a laptop: a piece of film or of song in each."""


def n_threads() -> int:
    """Return how many cores this process may use, at most `_MOST_THREADS`.

    Returns
    -------
    int
        At least 1. A job of a cluster is given fewer than there are.
    """
    # of Linux alone; elsewhere a process may use all
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(given or 1, _MOST_THREADS)


def in_threads(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Apply a function to items, on as many cores as may be used.

    Threads suffice: transforms and products of arrays release the interpreter.

    Parameters
    ----------
    function : callable
        Of one item.
    items : iterable
        Taken as they are worked on, not all at once, so that a film may pass through.

    Yields
    ------
    object
        Results in the order of the items, so that runs agree.
    """
    n_cores = n_threads()
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(n_cores) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > n_cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:  # where work is broken off, nothing more is begun
                future.cancel()

"""Work on several cores at once, in the order in which it was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
R = TypeVar("R")


_MOST_THREADS = 8
"""More would take the memory of a laptop: a piece of film or of song in each."""


_allowed = [_MOST_THREADS]


def n_threads() -> int:
    """Return how many cores this process may use, at most `_MOST_THREADS`.

    Returns
    -------
    int
        At least 1. A job of a cluster is given fewer than there are.
    """
    # of Linux alone; elsewhere a process may use all
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(given or 1, _allowed[-1])


@contextmanager
def at_most_threads(n: int) -> Iterator[None]:
    """Use fewer cores than there are, where several processes share a machine.

    Parameters
    ----------
    n : int
        At least 1.

    Yields
    ------
    None
        While what is inside runs.
    """
    _allowed.append(min(n, _MOST_THREADS))
    try:
        yield
    finally:
        _allowed.pop()


def in_threads(
    function: Callable[[T], R], items: Iterable[T], *, most: int = _MOST_THREADS
) -> Iterator[R]:
    """Apply a function to items, on as many cores as may be used.

    Threads suffice: transforms and products of arrays release the interpreter.

    Parameters
    ----------
    function : callable
        Of one item.
    items : iterable
        Taken as they are worked on, not all at once, so that a film may pass through.
    most : int
        Threads, where each takes more memory than most work does.

    Yields
    ------
    object
        Results in the order of the items, so that runs agree.
    """
    n_cores = min(n_threads(), most)
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


@contextmanager
def meanwhile(function: Callable[[Callable[[], None]], R]) -> Iterator[Callable[[], R]]:
    """Run a function beside what is inside; where one core may be used, when it is asked for.

    Parameters
    ----------
    function : callable
        Given a callable, to be called now and then: it raises where what is inside has failed, so
        that nobody waits for what is not wanted any more.

    Yields
    ------
    callable
        Waits for the result of the function.
    """
    has_failed = Event()

    def go_on() -> None:
        if has_failed.is_set():
            raise CancelledError

    if n_threads() == 1:
        yield lambda: function(go_on)
        return
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(function, go_on)
        try:
            yield future.result
        except BaseException:
            has_failed.set()
            raise


@contextmanager
def one_thread_a_product() -> Iterator[None]:
    """Have each product of arrays computed by one thread: several sum in another order.

    Then a film gives the same bytes on machines with one core or many; films are worked on in
    pieces, side by side, by `in_threads`.

    Yields
    ------
    None
        While what is inside runs.
    """
    with threadpool_limits(1, user_api="blas"):
        yield

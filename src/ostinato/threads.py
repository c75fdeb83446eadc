"""Work on several cores at once, in the order in which it was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_threads(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Apply a function to items, on as many cores as there are.

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
    n_cores = os.cpu_count() or 1
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(n_cores) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > n_cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

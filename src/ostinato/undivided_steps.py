"""Steps that a person's Ctrl-C must not part: it is obeyed as soon as they are done."""

from collections.abc import Iterator
from contextlib import contextmanager

_open_steps: list[str] = []


@contextmanager
def undivided(step: str) -> Iterator[None]:
    """Put off an interruption until a short step is done, such as giving files their places.

    Parameters
    ----------
    step : str
        What is done, for whoever debugs it.

    Yields
    ------
    None
        While `is_undivided` is true.
    """
    _open_steps.append(step)
    try:
        yield
    finally:
        _open_steps.pop()


def is_undivided() -> bool:
    """Whether the main thread is within a step that must not be parted.

    Returns
    -------
    bool
        True within `undivided`.
    """
    return bool(_open_steps)

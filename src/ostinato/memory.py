"""Memory: what is free, what is not there, the most that was held, and giving back."""

import gc
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

__all__ = ["few_heaps", "free_bytes", "give_back", "peak_mb", "shortage", "start_peak"]

_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_ASKED = re.compile(r"[Uu]nable to allocate ([\d.]+) (bytes|[KMGT]iB)")  # as numpy says it
_AVAILABLE = re.compile(r"^MemAvailable:\s+(\d+) kB", re.MULTILINE)
_SIZE = re.compile(r"^VmSize:\s+(\d+) kB", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_HELD = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
_WORTH_BYTES = 64e6
_held_after = [0]
_PROC = Path("/proc")
_KB = 1024
_MOST_HEAPS = -8  # M_ARENA_MAX of malloc.h


def shortage(error: BaseException, *, doing: str = "this") -> str:
    """Say how much memory was asked for and how much there is, as far as that is known.

    Parameters
    ----------
    error : BaseException
        As it was raised.
    doing : str, optional
        What takes the memory.

    Returns
    -------
    str
        The reason of an error, without a full stop.
    """
    found = _ASKED.search(str(error))
    asked = None if found is None else float(found[1]) * _UNITS[found[2]]
    free = free_bytes()
    if asked is None:
        there = "" if free is None else f": {_size(free)} are free"
        return f"{doing} takes more memory than there is{there}"
    there = "more than there is" if free is None else f"and {_size(free)} are free"
    return f"{doing} takes another {_size(asked)} of memory, {there}"


def free_bytes() -> int | None:
    """Return how much memory this process may still take.

    Returns
    -------
    int or None
        None where the system does not say.
    """
    free = [_kilobytes(_PROC / "meminfo", _AVAILABLE), _left_of_limit()]
    known = [n_bytes for n_bytes in free if n_bytes is not None]
    return min(known) if known else None


def give_back() -> None:
    """Give back to the system what was freed, if that can be much.

    What refers to itself is freed by a collection alone. The allocator of Linux then keeps what is
    free, apart for each thread that has run, so that what one stage took would count beside what
    the next one takes. To look through all that there is takes longer than a short film: nothing is
    done where the process holds about what it held after the last time.
    """
    held = _kilobytes(_PROC / "self/status", _HELD)
    if held is not None and held < _held_after[-1] + _WORTH_BYTES:
        return
    gc.collect()
    _trim()
    _held_after[:] = [_kilobytes(_PROC / "self/status", _HELD) or 0]


def few_heaps() -> None:
    """Have all threads take memory from two heaps.

    The allocator of Linux gives each thread that ever runs one of its own, where what is free is
    kept: between stages that work with several threads, a fifth of all that is held.
    """
    set_option = _of_allocator("mallopt")
    if set_option is not None:
        set_option(_MOST_HEAPS, 2)


def _trim() -> None:
    """Have the allocator of Linux return what it keeps."""
    trim = _of_allocator("malloc_trim")
    if trim is not None:
        trim(0)


def _of_allocator(name: str) -> Callable[..., int] | None:
    """Return a function of the allocator of Linux; None elsewhere, and of another allocator."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - help loads this module, and needs none of it

    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return function


def start_peak() -> None:
    """Forget the most memory that this process has held, so that a new task has a peak of its own.

    Where the system cannot, the peak stays that of the process.
    """
    with suppress(OSError):
        _PROC.joinpath("self", "clear_refs").write_text("5")


def peak_mb() -> float | None:
    """Return the most memory that this process has held since `start_peak`, or since it began.

    Returns
    -------
    float or None
        In MB; None where the system does not say.
    """
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - Windows has none

    known = _kilobytes(_PROC / "self/status", _PEAK)
    if known is None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        known = peak if sys.platform == "darwin" else peak * _KB
    return round(known / 1e6, 1)


def _left_of_limit() -> int | None:
    """Return what a limit of this process leaves, such as ``ulimit -v``."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - Windows has none

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    taken = _kilobytes(_PROC / "self/status", _SIZE)
    if limit == resource.RLIM_INFINITY or taken is None:
        return None
    return max(0, limit - taken)


def _kilobytes(path: Path, line: re.Pattern[str]) -> int | None:
    try:
        found = line.search(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return None if found is None else int(found[1]) * _KB


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"  # noqa: PLR2004

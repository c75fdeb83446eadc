"""What was freed is given back, also what refers to itself."""

import ctypes
import re
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from ostinato.memory import give_back

_STATUS = Path("/proc/self/statm")
_TRIMS = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


class _Holder:
    """Refers to itself, and holds more than is left alone."""

    def __init__(self):
        self.itself = self
        self.much = np.ones(20_000_000)


def test_what_refers_to_itself_is_freed():
    holder = _Holder()
    seen = weakref.ref(holder)
    del holder
    give_back()
    assert seen() is None


@pytest.mark.skipif(not _TRIMS, reason="this allocator keeps what is freed")
def test_what_was_freed_is_given_back_to_the_system():
    def held_bytes():
        return int(_STATUS.read_text().split()[1]) * 4096

    # small enough to come from the heap, with one kept between each two that are freed
    give_back()
    rows = [np.ones(2_000) for _ in range(10_000)]
    kept = rows[::100]
    before = held_bytes()
    del rows
    give_back()
    assert held_bytes() < before - 32e6
    assert len(kept) == 100


def test_nothing_is_done_where_little_was_taken(monkeypatch):
    give_back()
    calls = []
    monkeypatch.setattr("ostinato.memory.gc.collect", lambda: calls.append(1))
    give_back()
    assert not calls


@pytest.mark.skipif(not _TRIMS, reason="this allocator has one heap")
def test_threads_share_two_heaps():
    code = (
        "import threading; from ostinato.memory import few_heaps; few_heaps()\n"
        "held, wait = [], threading.Barrier(9)\n"
        "def work(): held.append([bytes(5000) for _ in range(20)]); wait.wait()\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[one.start() for one in threads]; wait.wait(); [one.join() for one in threads]\n"
        "import ctypes; ctypes.CDLL(None).malloc_stats()"
    )
    told = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stderr
    assert len(re.findall(r"^Arena \d+:", told, re.MULTILINE)) <= 2

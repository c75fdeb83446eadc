"""Mutants are read in processes of their own, so that a crash or an endless loop is one verdict."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.attack.mutants import MOST_S, Verdict, source_of

ROOT = Path(__file__).parents[2]
_START_S = 120  # a loaded machine imports slowly


def attacked(*, seed: int, n: int, n_processes: int = 2) -> list[Verdict]:
    """Read the mutants 0 to n of a seed; verdicts in order."""
    with ThreadPoolExecutor(n_processes) as pool:
        shares = pool.map(
            lambda first: list(_share(seed, first, n, n_processes)), range(n_processes)
        )
        numbered = [pair for share in shares for pair in share]
    return [verdict for _, verdict in sorted(numbered, key=lambda pair: pair[0])]


def _share(seed: int, first: int, stop: int, step: int) -> Iterator[tuple[int, Verdict]]:
    while first < stop:
        status, found, begun = _run(seed, first, stop, step)
        yield from found
        if status == 0:
            return
        number = first if begun is None else begun
        outcome = "hang" if status in {-14, None} else "crash"
        words = f"the process ended with {status}"
        yield number, Verdict(source=source_of(number), damage="?", outcome=outcome, words=words)
        first = number + step


def _run(
    seed: int, first: int, stop: int, step: int
) -> tuple[int | None, list[tuple[int, Verdict]], int | None]:
    span = ["--seed", seed, "--first", first, "--stop", stop, "--step", step]
    command = [sys.executable, "-m", "tests.attack.mutants", *map(str, span)]
    limit_s = _START_S + len(range(first, stop, step)) * MOST_S
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=limit_s
        )
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
        status, lines = None, (out.decode() if isinstance(out, bytes) else out)
    else:
        status, lines = done.returncode, done.stdout
    found, begun = [], None
    for line in lines.splitlines():
        row = json.loads(line)
        if "begins" in row:
            begun = row["begins"]
        else:
            found.append((row.pop("number"), Verdict(**row)))
            begun = None
    return status, found, begun

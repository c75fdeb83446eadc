"""Everything is attacked at length, and what became of it is written down: `make attack`.

    python -m tests.attack --seed 14 --scale 1 --out docs/reliability.md

A scale of 1 takes hours; of .05 some twenty minutes. The same seed gives the same damage.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tests.attack import flips
from tests.attack.mutants import SOURCES, is_pcm
from tests.attack.processes import ROOT, attacked
from tests.attack.texts import READERS, complaint, damaged

MARK = "<!-- the table below is written by `make attack` -->"
N_MEDIA, N_TEXTS, N_FLIPS, N_RUNS, N_KILLS = 3000, 20_000, 3000, 60, 100
_ENDS = "damaged media that end in a traceback, a crash or never"
_UNTOLD = "sound lost or moved by a second or more, and nothing said (not PCM)"
_UNTOLD_PCM = "the same in PCM, which cannot know"
_WRONG_MEDIA = ("traceback", "crash", "hang")
Row = tuple[str, int, int, str]


def media(seed: int, n: int) -> list[Row]:
    """Mutants of films."""
    verdicts = attacked(seed=seed, n=n)
    failed = Counter(one.outcome for one in verdicts if one.outcome in _WRONG_MEDIA)
    rows: list[Row] = [(_ENDS, n, failed.total(), "")]
    for words, wants_pcm in ((_UNTOLD, False), (_UNTOLD_PCM, True)):
        lost = [one for one in verdicts if is_pcm(one.source) == wants_pcm and one.lost_s >= 1]
        untold = Counter(f"{one.source} {one.damage}" for one in lost if one.outcome == "untold")
        most = ", ".join(f"{name} {k}" for name, k in untold.most_common(3))
        rows.append((words, len(lost), untold.total(), most))
    return rows


def texts(seed: int, n: int) -> list[Row]:
    """Damaged texts, of each reader as many."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        wrong: Counter[str] = Counter()
        for name, reader in READERS.items():
            for number in range(n // len(READERS)):
                text = damaged(reader.text, np.random.default_rng([seed, number]))
                if (said := complaint(reader, text, Path(folder))) is not None:
                    wrong[f"{name}: {said[:60]}"] += 1
        most = ", ".join(one for one, _ in wrong.most_common(3))
        rows.append((f"damaged texts of {len(READERS)} kinds", n, wrong.total(), most))
    return rows


def cache(seed: int, n: int) -> list[Row]:
    """Flipped bits."""
    n_runs = max(4, round(n * N_RUNS / N_FLIPS))
    with tempfile.TemporaryDirectory() as folder:
        found = flips.attacked(seed=seed, n=n, n_runs=n_runs, folder=Path(folder))
    n_tried = found["made again"] + found["other results"]
    return [
        ("flipped bits in the cache, looked for", n - n_tried, found["not found"], ""),
        ("flipped bits in the cache, and a run after each", n_tried, found["other results"], ""),
    ]


def kills(seed: int, n: int) -> list[Row]:
    """Runs that are killed."""
    command = [sys.executable, "-m", "tests.attack.kills", "--seed", str(seed), "--n", str(n)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own program
    wrong = [row["wrong"] for row in map(json.loads, done.stdout.splitlines()) if row["wrong"]]
    return [("runs killed at some moment, and run again", n, len(wrong), ", ".join(wrong[:3]))]


def calls(_seed: int, _n: int) -> list[Row]:
    """Every call of the system fails once."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/cli/test_nth_call.py"]
    environment = {**os.environ, "NTH_CALL": "all"}
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    last = done.stdout.strip().splitlines()[-1]
    return [("every file call fails, in turn (kinds of fault)", 5, int(done.returncode != 0), last)]


ATTACKS: dict[str, tuple[Callable[[int, int], list[Row]], int]] = {
    "media": (media, N_MEDIA),
    "texts": (texts, N_TEXTS),
    "cache": (cache, N_FLIPS),
    "kills": (kills, N_KILLS),
    "calls": (calls, 1),
}


def table(rows: Sequence[Row], seed: int, command: str, minutes: float) -> str:
    """Write what was tried, and how often it went wrong."""
    lines = [f"| {' | '.join((row[0], f'{row[1]:,}', f'{row[2]:,}', row[3]))} |" for row in rows]
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    made = f"seed {seed}, {len(SOURCES)} kinds of media, {minutes:.0f} minutes, {system}"
    head = ["| fault | tried | wrong | which |", "|---|---|---|---|"]
    return "\n".join([f"`{command}`, {made}:", "", *head, *lines, ""])


def main() -> None:
    """Attack, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", choices=ATTACKS, nargs="+", default=list(ATTACKS))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    start_s, rows = time.monotonic(), []
    for name in given.only:
        attack, n = ATTACKS[name]
        rows += attack(given.seed, max(1, round(n * given.scale)))
        print(rows[-1], flush=True)  # noqa: T201 - a program
    options = f" --only {' '.join(given.only)}" if len(given.only) < len(ATTACKS) else ""
    command = f"python -m tests.attack --seed {given.seed} --scale {given.scale:g}{options}"
    written = table(rows, given.seed, command, (time.monotonic() - start_s) / 60)
    before = given.out.read_text(encoding="utf-8").partition(MARK)[0] if given.out.exists() else ""
    given.out.write_text(f"{before}{MARK}\n\n{written}", encoding="utf-8")


if __name__ == "__main__":
    main()

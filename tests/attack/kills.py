"""Runs that are killed at some moment, and what the next one makes of what they leave.

A program of its own: it loads the command once, and forks for each run.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tests.small_films import Bar, make_bar

from ostinato.cli import folder_commands, main
from ostinato.results import RESULTS_NAME, write_atomically

EDITIONS = ("a tape", "a disc")
_STAGES = "OSTINATO_KILLED_STAGES"


def attacked(*, seed: int, n: int, folder: Path) -> Iterator[dict[str, object]]:
    """Kill runs at moments that a seed says; yield what is wrong after each, None if nothing is."""
    bar = make_bar(folder)
    # once in this process, so that its children find compiled what is compiled at first use
    main(_analysis(bar, EDITIONS[0], folder / "warm", folder / "warm-cache"))
    clean = {edition: _clean(bar, edition) for edition in EDITIONS}
    start_s = time.monotonic()
    assert _forked(_analysis(bar, EDITIONS[0], folder / "timed", folder / "timed-cache")) == 0
    takes_s = time.monotonic() - start_s
    for number in range(n):
        rng = np.random.default_rng([seed, number])
        place = folder / f"kill-{number}"
        delays_s = [float(rng.uniform(0, 1.05) * takes_s) for _ in range(int(rng.integers(1, 3)))]
        has_earlier = bool(rng.integers(2))
        wrong = _wrong(bar, place, clean, delays_s, has_earlier=has_earlier)
        yield {"number": number, "delays_s": delays_s, "earlier": has_earlier, "wrong": wrong}
        shutil.rmtree(place, ignore_errors=True)


def _wrong(
    bar: Bar,
    place: Path,
    clean: dict[str, dict[str, bytes]],
    delays_s: Sequence[float],
    *,
    has_earlier: bool,
) -> str | None:
    out, cache = place / "results", place / "cache"
    place.mkdir()
    if has_earlier:
        shutil.copytree(bar.path("clean-a tape"), out)
    run = _analysis(bar, "a disc", out, cache)
    for delay_s in delays_s:
        _killed(run, delay_s)
        if (out / RESULTS_NAME).exists() or has_earlier:
            if _forked(["cite", str(out)], is_loud=True) != 0:
                return "what is left cannot be cited"
            if _content(out) not in clean.values():
                return "results lie among tables that are not theirs"
    if _forked(run, is_loud=True) != 0:
        return "it cannot be run again"
    if _content(out) != clean["a disc"]:
        return "the next run gives other results"
    left = [p.name for where in (out, cache) for p in where.rglob(".*")]
    return f"it leaves {left}" if left else None


def _clean(bar: Bar, edition: str) -> dict[str, bytes]:
    out = bar.path(f"clean-{edition}")
    assert _forked(_analysis(bar, edition, out, bar.path(f"cache-{edition}")), is_loud=True) == 0
    return _content(out)


def _analysis(bar: Bar, edition: str, out: Path, cache: Path) -> list[str]:
    song = ["--song", f"The song={bar.song}", "--cache", str(cache), "--quiet"]
    song += ["--stages", os.environ[_STAGES]]
    return ["analyze", str(bar.film), *song, "--edition", edition, "--stems", "--out", str(out)]


def _content(folder: Path) -> dict[str, bytes]:
    """Tables and results without what differs from run to run."""
    found = {path.name: path.read_bytes() for path in folder.glob("*.tsv")}
    found |= {f"stems/{p.name}": p.read_bytes() for p in folder.glob("stems/*.flac")}
    if (folder / RESULTS_NAME).exists():
        results = json.loads((folder / RESULTS_NAME).read_bytes())
        del results["run"]
        found[RESULTS_NAME] = json.dumps(results).encode()
    return found


def _killed(arguments: Sequence[str], delay_s: float) -> None:
    child = _start(arguments, is_loud=False)
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _forked(arguments: Sequence[str], *, is_loud: bool = False) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(_start(arguments, is_loud=is_loud), 0)[1])


def _start(arguments: Sequence[str], *, is_loud: bool) -> int:
    child = os.fork()
    if child != 0:
        return child
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        if not is_loud:
            os.dup2(nowhere, 2)
        status = main(list(arguments))
    except BaseException:  # noqa: BLE001 - a child must not go on with its parent's work
        traceback.print_exc()
    finally:
        os._exit(status)


def _quick_figures(
    _results: object, folder: Path, *, formats: Sequence[str], **_how: object
) -> tuple[Path, ...]:
    return tuple(write_atomically(folder / f"map.{name}", b"a map") for name in formats)


def run() -> None:
    """Print a line of JSON for each kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--n", type=int, required=True)
    parser.add_argument("--stages", default="cues,separation,speech")
    given = parser.parse_args()
    os.environ[_STAGES] = given.stages
    folder_commands.write_figures = _quick_figures  # drawing takes most of the time, and is no risk
    sys.stdout, out = sys.stderr, sys.stdout
    with tempfile.TemporaryDirectory() as folder:
        for row in attacked(seed=given.seed, n=given.n, folder=Path(folder)):
            print(json.dumps(row), file=out, flush=True)


if __name__ == "__main__":
    sys.exit(run())

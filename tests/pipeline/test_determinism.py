"""The same film gives the same bytes, whatever machine, folder, language and hash seed say."""

import json
import os
import subprocess
import sys

import pytest
from tests.small_films import make_bar

from ostinato.results import RESULTS_NAME

pytestmark = pytest.mark.long
PROGRAM = (
    "import os, sys\n"
    "cores = sys.argv.pop(1)\n"
    "if cores == 'one' and hasattr(os, 'sched_setaffinity'):\n"
    "    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])\n"
    "from ostinato.cli import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
PLAIN = {"PYTHONHASHSEED": "0"}
OTHER = {
    "PYTHONHASHSEED": "4711",
    "LC_ALL": "C",
    "LANG": "C",
    "TZ": "Asia/Hong_Kong",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}


def content(folder):
    """Every file of results; of `results.json` what does not tell of the run."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    results = json.loads(found.pop(RESULTS_NAME))
    del found["ostinato-manifest.json"]  # which holds the hash of what was taken out
    parameters = results.pop("run")["parameters"]
    return {**found, RESULTS_NAME: json.dumps([results, parameters]).encode()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs that have nothing in common but the film, the song and the program."""
    found = []
    for name, cores, changes in (("here", "all", PLAIN), ("dort, 重慶", "one", OTHER)):
        folder = tmp_path_factory.mktemp("run") / name
        folder.mkdir()
        bar = make_bar(folder)
        song, cache = f"The song={bar.song.name}", str(folder / "cache")
        given = ["analyze", bar.film.name, "--song", song, "--cache", cache, "--stems"]
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, cores, *given, "--quiet", "--out", "results"],
            cwd=folder,
            env={**os.environ, **changes},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        found.append(content(folder / "results"))
    return found


def test_both_runs_write_the_same_files(runs):
    one, other = runs
    assert sorted(one) == sorted(other)
    assert len(one) > 30


def test_every_file_has_the_same_bytes(runs):
    one, other = runs
    assert [name for name in one if one[name] != other[name]] == []

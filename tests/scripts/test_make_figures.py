import subprocess
import sys
from pathlib import Path

from ostinato.results import write_results

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_figures.py"


def run(*arguments):
    command = [sys.executable, SCRIPT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def test_it_draws_the_figures_of_a_folder_and_lists_them(tmp_path, some_results):
    write_results(tmp_path, some_results)
    done = run(tmp_path, "--out", tmp_path / "figures")
    assert (done.returncode, done.stderr) == (0, "")
    listed = {Path(line) for line in done.stdout.splitlines()}
    assert listed == set((tmp_path / "figures").iterdir())
    assert {path.name for path in listed} > {"repetition-map.svg", "timeline.pdf", "timeline.txt"}


def test_a_folder_without_results_is_named(tmp_path):
    done = run(tmp_path, "--out", tmp_path / "figures")
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr
    assert not (tmp_path / "figures").exists()

import subprocess
import sys
from pathlib import Path

from ostinato.results import write_results

SCRIPT = Path(__file__).parents[2] / "scripts" / "measure_narration.py"


def run(*arguments):
    return subprocess.run(  # noqa: S603
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_prints_a_line_for_each_scope_and_the_method(tmp_path, some_results):
    write_results(tmp_path, some_results)
    done = run(tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "film.mka, a disc, 重慶森林"
    assert lines[2].split() == [
        "film", "0:00:10", "0:00:20", "0:00:05", "0.50", "0.33", "0.29", "0.43", "1"
    ]  # fmt: skip
    assert lines[-1].startswith("Method: range that the undetermined speech leaves")


def test_a_folder_without_results_is_named(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2
    assert "it cannot be read" in done.stderr
    assert "Traceback" not in done.stderr

import subprocess
import sys
from pathlib import Path

from ostinato.report import cite
from ostinato.results import write_results

SCRIPT = Path(__file__).parents[2] / "scripts" / "cite_results.py"


def run(*arguments):
    command = [sys.executable, "-X", "utf8", SCRIPT, *arguments]
    return subprocess.run(  # noqa: S603
        command, capture_output=True, encoding="utf-8", check=False
    )


def test_it_prints_one_paragraph(tmp_path, some_results):
    write_results(tmp_path, some_results)
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == cite(some_results) + "\n"


def test_a_folder_without_results_is_named(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr

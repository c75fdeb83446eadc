"""The script of a job array, with Slurm's variables as Slurm sets them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "corpus.slurm"
BASH = shutil.which("bash")


@pytest.fixture
def command(tmp_path):
    """Run the script with a program of that name that only says what it is given."""
    program = tmp_path / "ostinato"
    program.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)

    def run(**variables):
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(  # noqa: S603 - our own
            [BASH, str(SCRIPT), "my films/*.mkv", "songs", "out put"],
            env={"PATH": path, **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    return run


@pytest.mark.skipif(BASH is None, reason="the script is for bash")
def test_each_job_takes_its_part_and_the_one_after_them_takes_all(command):
    part = command(SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="20", SLURM_CPUS_PER_TASK="2")
    assert part[:3] == ["corpus", "--films", "my films/*.mkv"]
    assert part[-4:] == ["--workers", "2", "--shard", "3/20"]
    last = command()
    assert "--shard" not in last
    assert last[last.index("--cache") + 1] == "out put/cache"

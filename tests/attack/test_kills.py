"""Runs that are killed at some moment: the next one gives what a run that nobody killed gives."""

import json
import os
import subprocess
import sys

import pytest
from tests.attack.processes import ROOT

pytestmark = pytest.mark.long

SEED, N = 14, 6


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked for each run")
def test_whenever_a_run_is_killed_the_next_one_is_right():
    command = [sys.executable, "-m", "tests.attack.kills", "--seed", str(SEED), "--n", str(N)]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "--stages", "cues,separation"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == N
    assert [row for row in rows if row["wrong"] is not None] == []

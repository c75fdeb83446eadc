"""Scratch of long runs, on this host and on others that share a cache."""

import os
import re
import time

import pytest

from ostinato.results import abandoned, heartbeat, make_scratch, sweep

DAY_S = 24 * 3600


def aged(place, days):
    """Let nobody have renewed a place for so long."""
    then_s = time.time() - days * DAY_S
    os.utime(place, (then_s, then_s))
    return place


@pytest.fixture
def elsewhere(tmp_path):
    """Scratch of a process of another host."""
    mine = make_scratch(tmp_path, "tracks")
    theirs = tmp_path / re.sub(r"(tracks)-[0-9a-f]{8}-", r"\1-00000000-", mine.name)
    return mine.rename(theirs)


def test_scratch_a_day_old_survives_the_start_of_another_run(tmp_path):
    mine = aged(make_scratch(tmp_path, "tracks"), days=1.5)
    sweep(tmp_path)
    assert mine.exists()


def test_scratch_of_another_host_stays_while_it_is_renewed(tmp_path, elsewhere):
    aged(elsewhere, days=0.9)
    sweep(tmp_path)
    assert elsewhere.exists()


def test_scratch_of_another_host_goes_once_nobody_has_renewed_it_for_a_day(tmp_path, elsewhere):
    aged(elsewhere, days=1.1)
    assert abandoned(tmp_path) == (elsewhere,)
    sweep(tmp_path)
    assert not elsewhere.exists()


def test_a_run_renews_its_scratch_until_that_is_gone(tmp_path):
    mine, gone = (make_scratch(tmp_path, kind) for kind in ("tracks", "copy"))
    gone.rmdir()
    aged(mine, days=3)
    heartbeat.beat()
    assert time.time() - mine.stat().st_mtime < DAY_S / 2
    assert not gone.exists()

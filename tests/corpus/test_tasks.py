"""What the machine refuses in the middle of a task is a row in words."""

import errno
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.corpus.corpora import a_plan, settings_in

from ostinato.corpus import tasks
from ostinato.corpus.film_steps import Wanted, film_steps
from ostinato.corpus.tasks import earlier_outcome, run_task


@pytest.fixture
def task(tmp_path):
    return next(film_steps(a_plan(1).films[0], Wanted(songs=()), settings_in(tmp_path)))[0]


@pytest.fixture
def refused(task, monkeypatch):
    """Do the task, which ends with an error; return what became of it."""

    def refuse(error):
        def work(_):
            raise error

        monkeypatch.setitem(tasks._WORK, task.kind, work)  # noqa: SLF001 - where an error begins
        return run_task(task)

    return refuse


@pytest.mark.parametrize(
    ("error", "reason", "mend"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "copy"), "No space left", "Free some"),
        (MemoryError("Unable to allocate 9.3 GiB for an array"), "10.0 GB of memory", "Close"),
        (OSError(errno.EIO, "Input/output error", "film"), "Input/output", "See whether the disk"),
    ],
)
def test_what_the_machine_refuses_is_said_with_the_film_and_what_to_do(
    task, refused, error, reason, mend
):
    outcome = refused(error)
    assert not outcome.is_done
    assert outcome.thing.startswith("film0.mkv, ")
    assert reason in outcome.reason
    assert outcome.mend.startswith(mend)
    assert earlier_outcome(task) == outcome


def test_a_film_that_is_not_there_is_said(task):
    outcome = run_task(task)
    assert outcome.thing.endswith("film0.mkv")
    assert "there is no such file" in outcome.reason


def test_a_defect_is_a_row_too_and_its_traceback_is_kept(task, refused):
    outcome = refused(ZeroDivisionError("by nought"))
    assert "a defect of this program" in outcome.reason
    assert "ZeroDivisionError" in task.place.with_suffix(".traceback.txt").read_text()


def test_a_task_with_other_songs_left_out_is_another(task):
    assert task.key != replace(task, left_out=("song 1",)).key


def test_a_film_whose_name_is_no_text_is_a_row_too(task):
    study = replace(task.study, film=Path(os.fsdecode(b"n\xe9e.mkv")))
    other = replace(task, study=study)
    outcome = run_task(other)
    assert outcome.thing.endswith("n\\xe9e.mkv")
    assert earlier_outcome(other) == outcome
    assert other.key != task.key


def test_what_is_to_be_known_of_one_film_is_not_said_on_the_terminal(task, monkeypatch, caplog):
    def work(_):
        logging.getLogger("ostinato.pipeline").warning("the song is longer than the film")

    monkeypatch.setitem(tasks._WORK, task.kind, work)  # noqa: SLF001 - where a notice comes from
    assert run_task(task).is_done
    assert not caplog.records

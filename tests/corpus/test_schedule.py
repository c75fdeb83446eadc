import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import distributed
import pytest
from tests.corpus.corpora import a_plan, killed_once, noted, settings_in

from ostinato.corpus import Outcome, Serial, WorkerLost, Workers, shard_of, work_on
from ostinato.corpus.clusters import Dask
from ostinato.errors import StudyError
from ostinato.results import is_running, start_of
from ostinato.study import SongFile


def untold(_progress):
    pass


def lines(folder):
    return (folder / "done.txt").read_text().splitlines()


def worked(plan, folder, engine, **changes):
    try:
        return work_on(plan, engine, settings=settings_in(folder, **changes), watch=untold)
    finally:
        engine.close()


def test_a_film_is_decoded_and_whitened_then_searched_block_by_block_then_finished(tmp_path):
    outcomes = worked(a_plan(1, n_songs=5), tmp_path, Serial(noted), songs_a_block=2)
    assert lines(tmp_path) == [
        "film-00 decode 0",
        "film-00 track 0",
        *(f"film-00 find {part}" for part in range(3)),
        "film-00 finish 0",
    ]
    assert all(one.is_done for one in outcomes)


def test_a_film_without_songs_is_decoded_and_finished(tmp_path):
    worked(a_plan(1), tmp_path, Serial(noted))
    assert lines(tmp_path) == ["film-00 decode 0", "film-00 finish 0"]


class Answering:
    """A future of a cluster that breaks off when its result is asked for."""

    key = "find"

    def __init__(self, status, error):
        self.status, self._error = status, error

    def result(self):
        raise self._error


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("finished", distributed.comm.CommClosedError("stream is closed")),
        ("finished", distributed.client.FutureCancelledError("find", "scheduler-connection-lost")),
        ("cancelled", distributed.client.FutureCancelledError("find", "lost")),
    ],
)
def test_a_scheduler_that_is_gone_is_told_in_words_wherever_it_breaks_off(status, error):
    engine = Dask(client=None, _futures=iter([Answering(status, error)]))
    with pytest.raises(StudyError, match="the Dask scheduler: it is gone"):
        engine.next_done()


def test_the_tasks_of_a_dask_cluster_are_those_of_this_process(tmp_path):
    plan = a_plan(3, n_songs=2)
    client = distributed.Client(
        processes=False, n_workers=2, threads_per_worker=1, dashboard_address=":0"
    )
    outcomes = worked(plan, tmp_path, Dask(client, client.cluster, run=noted), songs_a_block=1)
    assert len(outcomes) == 3 * 5
    assert set(Counter(lines(tmp_path)).values()) == {1}


@pytest.mark.long
def test_a_worker_that_is_killed_costs_one_task_which_is_tried_again(tmp_path):
    outcomes = worked(a_plan(3), tmp_path, Workers(1, run=killed_once))
    assert all(one.is_done for one in outcomes)
    assert Counter(lines(tmp_path)) == {
        f"film-{n:02d} {kind} 0": 1 for n in range(3) for kind in ("decode", "finish")
    }
    assert {one.subject for one in outcomes if one.n_lost} == {"film-01"}


def interrupted(task):
    """Have Ctrl-C reach the worker, as a terminal sends it to all processes."""
    os.kill(os.getpid(), signal.SIGINT)
    return noted(task)


@pytest.mark.long
def test_ctrl_c_is_for_the_command_and_not_for_its_workers(tmp_path):
    outcomes = worked(a_plan(1), tmp_path, Workers(1, run=interrupted))
    assert [(one.is_done, one.n_lost) for one in outcomes] == [(True, 0)] * 2


class Losing(Serial):
    """Loses its worker with every task of the second film."""

    def next_done(self):
        if self._waiting[0].subject == "film-01":
            return WorkerLost(self._waiting.popleft())
        return super().next_done()


def test_a_film_that_kills_every_worker_is_given_up_and_the_rest_goes_on(tmp_path):
    outcomes = worked(a_plan(4), tmp_path, Losing(noted))
    (failed,) = [one for one in outcomes if not one.is_done]
    assert (failed.subject, failed.kind, failed.n_lost) == ("film-01", "decode", 3)
    assert "3 workers were killed" in failed.reason
    finished = {one.subject for one in outcomes if one.kind == "finish"}
    assert finished == {"film-00", "film-02", "film-03"}


def changes_its_film(task):
    task.study.film.write_bytes(b"longer than it was")
    return noted(task)


def test_a_film_that_is_written_to_meanwhile_is_no_other_task(tmp_path):
    plan = a_plan(1)
    film = replace(plan.films[0], study=replace(plan.films[0].study, film=tmp_path / "film.mkv"))
    outcomes = worked(replace(plan, films=(film,)), tmp_path, Serial(changes_its_film))
    assert [one.kind for one in outcomes] == ["decode", "finish"]


def refuses_the_first(task):
    outcome = noted(task)
    if task.subject != "film-00" or task.kind != "decode":
        return outcome
    return replace(outcome, is_done=False, thing="film0.mkv", reason="no sound", mend="Try it")


def test_nothing_more_is_done_of_a_film_that_cannot_be_decoded(tmp_path):
    outcomes = worked(a_plan(2), tmp_path, Serial(refuses_the_first))
    assert [one.kind for one in outcomes if one.subject == "film-00"] == ["decode"]
    assert [one.kind for one in outcomes if one.subject == "film-01"] == ["decode", "finish"]


def test_a_film_whose_study_cannot_be_used_is_a_row_and_the_rest_goes_on(tmp_path):
    plan = a_plan(2)
    why = StudyError("study.toml", "it is no TOML", "Correct it")
    plan = replace(plan, films=(replace(plan.films[0], refusal=why), plan.films[1]))
    outcomes = worked(plan, tmp_path, Serial(noted))
    (failed,) = [one for one in outcomes if not one.is_done]
    assert (failed.subject, failed.thing, failed.mend) == ("film-00", "study.toml", "Correct it")
    assert [one.kind for one in outcomes if one.is_done] == ["decode", "finish"]


def test_a_part_without_films_decodes_no_songs(tmp_path):
    song = SongFile(title="song", path=tmp_path / "song.flac")
    plan = replace(a_plan(1), songs=(("song", song),))
    assert worked(shard_of(plan, 2, 2), tmp_path, Serial(noted)) == ()


def test_a_film_is_finished_before_many_others_are_begun(tmp_path):
    worked(a_plan(5), tmp_path, Serial(noted))
    begun = [line.split()[0] for line in lines(tmp_path) if " decode " in line]
    ended = [line.split()[0] for line in lines(tmp_path) if " finish " in line]
    assert begun == ended
    most = max(
        sum(" decode " in line for line in lines(tmp_path)[:n])
        - sum(" finish " in line for line in lines(tmp_path)[:n])
        for n in range(11)
    )
    assert most == 2


class Counting(Serial):
    """Says how many tasks it was ever given."""

    n_given = 0

    def submit(self, task):
        self.n_given += 1
        super().submit(task)


def test_what_is_done_is_not_done_again_unless_its_film_changes(tmp_path):
    from ostinato.corpus.tasks import results_of, write_outcome  # noqa: PLC0415 - of this test alone

    def kept(task):
        outcome = noted(task)
        write_outcome(task, outcome)
        if task.kind == "finish":
            place = results_of(task.out, task.subject)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("{}")
        return outcome

    film = tmp_path / "film0.mkv"
    film.write_bytes(b"one")
    plan = a_plan(2)
    first = replace(plan.films[0], study=replace(plan.films[0].study, film=film))
    plan = replace(plan, films=(first, plan.films[1]))
    worked(plan, tmp_path, Serial(kept))
    again = Counting(kept)
    outcomes = worked(plan, tmp_path, again)
    assert (again.n_given, len(outcomes)) == (0, 4)
    film.write_bytes(b"another")
    third = Counting(kept)
    worked(plan, tmp_path, third)
    assert third.n_given == 2


@pytest.mark.parametrize("n_shards", [1, 3, 7])
def test_each_film_is_in_one_part(n_shards):
    plan = a_plan(5)
    parts = [shard_of(plan, index, n_shards).films for index in range(1, n_shards + 1)]
    assert sorted(film.id for part in parts for film in part) == [film.id for film in plan.films]


def test_an_outcome_says_what_it_is_of(tmp_path):
    (outcome, _) = worked(a_plan(1), tmp_path, Serial(noted))
    assert isinstance(outcome, Outcome)
    assert (outcome.subject, outcome.kind) == ("film-00", "decode")


@pytest.mark.long
def test_a_worker_ends_by_itself_when_the_process_is_gone_that_it_works_for():
    script = (
        "import os, signal\n"
        "from ostinato.corpus.engines import _executor\n"
        "executor = _executor()\n"
        "print(executor.submit(os.getpid).result(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    worker = int(done.stdout)
    deadline = time.monotonic() + 30
    while is_running(worker, started=start_of(worker) or "0"):
        assert time.monotonic() < deadline
        time.sleep(0.2)

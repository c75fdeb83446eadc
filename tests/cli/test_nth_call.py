"""Whichever call of the system fails, or is the last: no mixture, and a rerun that is right.

After the way SQLite is tested: the first call fails, then the second, and so on. `NTH_CALL=all`
tries every one; otherwise each so many, another start for each fault.
"""

import builtins
import errno
import io
import os
import shutil
import traceback
from contextlib import contextmanager

import pytest
from tests.cli.desk import make_desk

from ostinato.results import RESULTS_NAME

pytestmark = pytest.mark.long
MINE = "my own words"
STEP = 1 if os.environ.get("NTH_CALL") == "all" else 29
CALLS = ("fsync", "rename", "replace", "mkdir", "rmdir", "unlink", "link", "open")


class Fault:
    """Fails, or ends the process, at one call that concerns a folder, or at all from there on."""

    def __init__(self, monkeypatch, folder):
        self.folder, self.is_on = str(folder), False
        self.n_calls, self.at, self.how = 0, None, None
        opened = io.open
        for name in CALLS:
            monkeypatch.setattr(os, name, self._watched(getattr(os, name)))

        def watched_open(file, mode="r", *rest, **how):
            self.count(file)
            is_written = "b" in mode and set(mode) & set("wx") and how.get("opener") is None
            if self.is_on and is_written and str(file).startswith(self.folder):
                return io.BufferedWriter(_File(self, file, mode.replace("b", "")))
            return opened(file, mode, *rest, **how)

        monkeypatch.setattr(io, "open", watched_open)
        monkeypatch.setattr(builtins, "open", watched_open)

    def _watched(self, own):
        def called(*arguments, **how):
            self.count(arguments[0])
            return own(*arguments, **how)

        return called

    def count(self, what):
        if not self.is_on or not (isinstance(what, int) or str(what).startswith(self.folder)):
            return
        self.n_calls += 1
        if self.at is None or self.n_calls < self.at:
            return
        if self.how == "kill":
            os._exit(137)
        if self.how.startswith("for good") or self.n_calls == self.at:
            number = errno.ENOSPC if self.how.endswith("full") else errno.EIO
            raise OSError(number, os.strerror(number))

    @contextmanager
    def at_call(self, at=None, how=None):
        self.n_calls, self.at, self.how, self.is_on = 0, at, how, True
        try:
            yield
        finally:
            self.is_on = False


class _File(io.FileIO):
    def __init__(self, fault, path, mode):
        super().__init__(path, mode)
        self._fault, self._path = fault, path

    def write(self, content):
        self._fault.count(self._path)
        return super().write(content)


@pytest.fixture
def stage(tmp_path, monkeypatch, some_results, ostinato):
    """A folder of results, the same analysed anew, and a way to have a call fail meanwhile."""
    desk = make_desk(tmp_path, monkeypatch, some_results)
    fault = Fault(monkeypatch, tmp_path)

    def analyze(edition):
        song = ("--song", f"The song={desk.song}", "--cache", desk.path("cache"))
        given = ("--edition", edition, "--stems") if edition == "a tape" else ("--edition", edition)
        return ostinato("analyze", desk.film, *song, *given, "--out", desk.out)

    return desk, fault, analyze


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def tables(files):
    return {k: v for k, v in files.items() if "/" not in k and k.endswith((".tsv", RESULTS_NAME))}


def is_mixed(files, *runs):
    """Whether results lie among tables that are not theirs."""
    if RESULTS_NAME not in files:
        return False
    return not any(
        all(run.get(name) == data for name, data in tables(files).items()) for run in runs
    )


def _status(run, fault):
    try:
        with fault:
            return run()
    except Exception:  # noqa: BLE001 - whatever it is, it is a traceback
        traceback.print_exc()
        return 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked for each call")
@pytest.mark.parametrize("how", ["once", "once full", "for good", "for good, full", "kill"])
def test_whichever_call_fails_nothing_is_mixed_or_lost(stage, ostinato, how):
    desk, fault, analyze = stage
    assert analyze("a tape").status == 0
    (desk.out / "essay.txt").write_text(MINE)
    before = content(desk.out)
    kept = desk.path("kept")
    shutil.copytree(desk.out, kept)
    with fault.at_call():
        assert analyze("a disc").status == 0
    n_calls, after = fault.n_calls, content(desk.out)
    assert n_calls > 100
    for at in range(1 + len(how) % STEP, n_calls + 1, STEP):
        shutil.rmtree(desk.out)
        shutil.copytree(kept, desk.out)
        child = os.fork()  # a command is a process: what it leaves must be known as a dead one's
        if child == 0:
            os._exit(_status(lambda: analyze("a disc").status, fault.at_call(at, how)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in ({137, 0} if how == "kill" else {0, 2}), at
        assert not is_mixed(content(desk.out), before, after), at
        assert (desk.out / "essay.txt").read_text() == MINE
        assert ostinato("cite", desk.out).status == 0, at
        assert tables(content(desk.out)) in (tables(before), tables(after)), at
        assert analyze("a disc").status == 0, at
        assert content(desk.out) == after, at

import errno
import os

import pytest

from ostinato.pipeline import review_folder
from ostinato.results import folder as folder_of_results
from ostinato.results import read_results, store


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


@pytest.fixture
def earlier(bar, analyze):
    """A folder that holds the results of an earlier run, and a file of the scholar's own."""
    assert analyze("--edition", "a tape").status == 0
    folder = bar.path("results")
    (folder / "essay.txt").write_text("my own words")
    return folder


def test_new_results_take_the_place_of_old_ones_and_nothing_else(earlier, analyze):
    before = content(earlier)
    assert analyze("--edition", "a disc").status == 0
    assert read_results(earlier).film.edition == "a disc"
    assert content(earlier).keys() == before.keys()
    assert (earlier / "essay.txt").read_text() == "my own words"


def test_a_disk_that_fills_up_leaves_the_old_results(earlier, analyze, monkeypatch):
    before = content(earlier)

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    outcome = analyze("--edition", "a disc")
    assert outcome.status == 2
    assert outcome.err == (
        f"ostinato: {earlier}: it cannot be written (No space left on device). "
        "Free some space or give another folder with --out.\n"
    )
    assert content(earlier) == before


def test_figures_that_cannot_be_drawn_leave_the_old_results(earlier, analyze, monkeypatch):
    before = content(earlier)

    def fail(_results, folder, **_how):
        folder.mkdir()
        (folder / "repetition-map.svg").write_text("half of a")
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(review_folder, "write_figures", fail)
    assert "(Input/output error). Free some space or give" in analyze().err
    assert content(earlier) == before


@pytest.mark.parametrize("event", [KeyboardInterrupt, ZeroDivisionError])
def test_a_run_that_ends_while_it_writes_leaves_the_old_results(
    earlier, analyze, monkeypatch, event
):
    before = content(earlier)

    def end(folder, _results):
        (folder / "ratio.tsv").write_text("scope\tnarr")
        raise event

    monkeypatch.setattr(review_folder, "write_results", end)
    if event is KeyboardInterrupt:
        assert analyze().status == 130
    else:
        with pytest.raises(event):
            analyze()
    assert content(earlier) == before


def test_what_a_killed_run_left_is_swept_away(earlier, analyze):
    killed = earlier / ".unfinished-killed"
    killed.mkdir()
    (killed / "results.json").write_text("{")
    assert read_results(earlier).film.edition == "a tape"
    assert analyze().status == 0
    assert not killed.exists()


def test_results_are_moved_into_place_after_all_that_they_promise(analyze, monkeypatch):
    moved = []

    def noted(own):
        def move(path, place):
            moved.append(place.name)
            return own(path, place)

        return move

    for name in ("rename", "replace"):
        own = getattr(folder_of_results.Path, name)
        monkeypatch.setattr(folder_of_results.Path, name, noted(own))
    analyze()
    assert moved[-2:] == ["results.json", "ostinato-manifest.json"]


def test_a_folder_that_is_a_file_is_told_before_anything_is_read(bar, analyze):
    bar.write("results", "mine")
    outcome = analyze(film=bar.path("none.mkv"))
    assert outcome.status == 2
    assert f"{bar.path('results')}: it cannot be written to (Not a directory). Free" in outcome.err
    assert bar.path("results").read_text() == "mine"


def test_a_folder_inside_a_file_is_told(bar, refused):
    bar.write("essay", "mine")
    assert "it cannot be written to (Not a directory)" in refused(out="essay/results")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EROFS, "Read-only file system"), (errno.EACCES, "Permission den")]
)
def test_a_read_only_folder_is_told(refused, monkeypatch, number, words):
    def deny(**_how):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(store.tempfile, "TemporaryFile", deny)
    assert f"it cannot be written to ({words}" in refused()


def test_a_full_disk_is_told_before_hours_are_spent(refused, monkeypatch):
    monkeypatch.setattr(store, "_LEAST_FREE_BYTES", 10**18)
    assert " MB are free there. Free some space or give another folder" in refused()


def test_a_folder_that_was_made_in_vain_is_taken_away(refused, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in refused()


def test_figures_are_drawn_again_from_results(earlier, ostinato):
    for path in (earlier / "figures").iterdir():
        path.unlink()
    outcome = ostinato("figures", earlier, "--format", "svg")
    assert outcome.status == 0
    named = set(outcome.out.splitlines())
    assert {str(path) for path in (earlier / "figures").iterdir()} == named
    assert any(name.endswith(".svg") for name in named)
    assert not any(name.endswith((".png", ".pdf")) for name in named)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, "it cannot be read (No such file or directory). Give the folder that"),
        (b"", "it does not hold results ("),
        (b'{"schema": "ostinato/1", "film"', "it does not hold results ("),
        (b"\x89PNG\r\n\x1a\n", "it does not hold results ("),
    ],
)
def test_what_holds_no_results_has_no_figures(bar, ostinato, written, message):
    folder = bar.path("other")
    folder.mkdir()
    if written is not None:
        (folder / "results.json").write_bytes(written)
    outcome = ostinato("figures", folder)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert not (folder / "figures").exists()

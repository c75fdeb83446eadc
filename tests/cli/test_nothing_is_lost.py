"""What a person wrote is never lost: hostile folders, on the public command."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from tests.cli.desk import make_desk

from ostinato.pipeline import review_folder
from ostinato.results import lock as lock_module
from ostinato.results import make_scratch, read_manifest, read_results, sweep
from ostinato.results.lock import LOCK_NAME, locked

MINE = "my own words\n"


@pytest.fixture
def bar(tmp_path, monkeypatch, some_results):
    return make_desk(tmp_path, monkeypatch, some_results)


@pytest.fixture
def analyze(bar, ostinato):
    def ran(*more, film=None, out="results"):
        given = ("--song", f"The song={bar.song}", "--cache", bar.path("cache"))
        return ostinato("analyze", film or bar.film, *given, *more, "--out", bar.path(out))

    return ran


@pytest.fixture
def results(bar, analyze):
    assert analyze().status == 0
    return bar.out


@pytest.mark.parametrize(
    "name", ["speech.tsv", "results.json", "sample_labels.tsv", "figures/map.svg", "ratio.tsv"]
)
def test_a_file_that_results_did_not_write_is_refused_by_name(bar, analyze, name):
    mine = bar.path("results") / name
    mine.parent.mkdir(parents=True)
    mine.write_text(MINE)
    outcome = analyze()
    assert outcome.status == 2
    assert f"{mine}: it is there already, and results did not write it" in outcome.err
    assert mine.read_text() == MINE
    assert [p for p in bar.path("results").rglob("*") if p.is_file()] == [mine]


@pytest.mark.parametrize("name", ["speech.tsv", "results.json", "figures/map.svg"])
def test_a_table_that_a_person_changed_is_refused_by_name(analyze, results, name):
    place = results / name
    place.write_bytes(place.read_bytes() + b"\nmine")
    content = place.read_bytes()
    outcome = analyze()
    assert outcome.status == 2
    assert str(place) in outcome.err
    assert place.read_bytes() == content


def test_labels_of_ones_own_beside_the_results_stay(bar, analyze):
    labels = bar.write("labels.tsv", "start\tend\tkind\n2\t10\tdialogue\n")
    before = labels.read_bytes()
    outcome = analyze("--labels", labels, out=".")
    assert outcome.status == 0, outcome.err
    assert labels.read_bytes() == before
    assert (bar.path("sample_labels.tsv")).exists()


def test_what_is_read_is_never_written_over(bar, analyze):
    (bar.path("results") / "figures").mkdir(parents=True)
    scenes = bar.path("results") / "figures" / "map.svg"
    scenes.write_text("start\tend\tname\n0\t40\tall of it\n")
    content = scenes.read_bytes()
    outcome = analyze("--scenes", scenes)
    assert outcome.status == 2
    assert f"{scenes}: it is read, and would be written over" in outcome.err
    assert scenes.read_bytes() == content


def test_a_song_that_is_linked_into_the_folder_is_not_written_over(bar, analyze):
    (bar.path("results") / "stems").mkdir(parents=True)
    linked = bar.path("results") / "stems" / "remainder.flac"
    os.link(bar.song, linked)
    content = bar.song.read_bytes()
    assert "it is read, and would be" in analyze("--stems").err
    assert bar.song.read_bytes() == linked.read_bytes() == content


def test_a_folder_that_is_a_link_leads_nowhere(bar, analyze):
    bar.path("elsewhere").mkdir()
    bar.path("results").mkdir()
    (bar.path("results") / "figures").symlink_to(bar.path("elsewhere"))
    outcome = analyze()
    assert outcome.status == 2
    assert "it is a link or a file" in outcome.err
    assert not list(bar.path("elsewhere").iterdir())


def test_a_table_that_is_a_link_is_refused(bar, analyze):
    mine = bar.write("mine.tsv", MINE)
    bar.path("results").mkdir()
    (bar.path("results") / "speech.tsv").symlink_to(mine)
    assert analyze().status == 2
    assert mine.read_text() == MINE


def test_results_of_another_film_are_replaced_only_when_asked(bar, analyze, results):
    other = bar.write("other.wav", b"another film")
    before = (results / "results.json").read_bytes()
    outcome = analyze(film=other)
    assert outcome.status == 2
    assert "it holds the results of another film, film.wav" in outcome.err
    assert (results / "results.json").read_bytes() == before
    assert analyze("--replace", film=other).status == 0
    assert read_results(results).film.name == "other.wav"


def test_what_an_earlier_run_wrote_and_this_one_did_not_goes(analyze, results):
    assert analyze("--stems").status == 0
    (results / "excerpts").mkdir()
    (results / "stems" / "notes.txt").write_text(MINE)
    assert analyze().status == 0
    assert [p.name for p in (results / "stems").iterdir()] == ["notes.txt"]


def test_results_among_another_films_tables_are_noticed(bar, analyze, results, ostinato):
    other = bar.write("other.wav", b"another film")
    assert analyze(film=other, out="second").status == 0
    (results / "results.json").write_bytes((bar.path("second") / "results.json").read_bytes())
    for command in ("cite", "figures", "label"):
        outcome = ostinato(command, results)
        assert outcome.status == 2
        assert "is of other results" in outcome.err


def test_a_table_of_another_film_is_noticed(results, ostinato):
    (results / "ratio.tsv").write_text("scope\n")
    assert f"{results / 'ratio.tsv'}: it is not as it was written" in ostinato("cite", results).err


def test_a_manifest_that_leads_out_of_the_folder_is_refused(bar, analyze, results):
    path = results / "ostinato-manifest.json"
    manifest = json.loads(path.read_bytes())
    bar.write("precious.txt", MINE)
    manifest["files"].append({**manifest["files"][0], "name": "../precious.txt"})
    path.write_text(json.dumps(manifest))
    assert analyze().status == 2
    assert bar.path("precious.txt").read_text() == MINE


def test_a_second_command_on_a_folder_names_the_first(bar, analyze):
    bar.path("results").mkdir()
    with locked(bar.path("results")):
        outcome = analyze()
    assert outcome.status == 2
    assert f"another command (process {os.getpid()} on " in outcome.err


def test_a_dead_owner_holds_nothing(bar, analyze):
    bar.path("results").mkdir()
    code = (
        "import os, sys; from pathlib import Path; from ostinato.results.lock import locked\n"
        f"with locked(Path({str(bar.path('results'))!r})): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603
    assert (bar.path("results") / LOCK_NAME).exists()
    assert analyze().status == 0
    assert not (bar.path("results") / LOCK_NAME).exists()


def test_a_folder_that_is_removed_meanwhile_is_an_error(bar, analyze, monkeypatch):
    write = review_folder.write_results

    def remove(folder, results):
        paths = write(folder, results)
        shutil.rmtree(bar.path("results"))
        return paths

    monkeypatch.setattr(review_folder, "write_results", remove)
    assert analyze().status == 2


def test_scratch_of_a_live_run_stays_however_old(tmp_path):
    mine = make_scratch(tmp_path, "scratch")
    os.utime(mine, (0, 0))
    sweep(tmp_path)
    assert mine.exists()
    pid, start = os.getpid(), mine.name.split("-")[4]
    dead = tmp_path / mine.name.replace(f"-{pid}-{start}-", f"-{pid}-abc.123-")
    mine.rename(dead)
    sweep(tmp_path)
    assert not dead.exists()
    assert lock_module.abandoned(tmp_path) == ()


def test_a_filled_sample_is_never_drawn_over(results, ostinato):
    assert ostinato("label", results, "-n", 1).status == 0
    table = results / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace("?", "narration", 1))
    filled = {p: p.read_bytes() for p in (results / "labels").iterdir() if p.name != "drawn.json"}
    outcome = ostinato("label", results, "-n", 50)
    assert outcome.status in {0, 2}, outcome.err
    assert {p: p.read_bytes() for p in filled} == filled


def test_a_label_file_of_ones_own_is_not_written_over(bar, results, ostinato):
    ostinato("label", results, "-n", 3)
    table = results / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace("?", "narration"))
    ostinato("label", results, "--from", table)
    mine = bar.write("mine.eaf", MINE)
    outcome = ostinato("label", results, "--to", mine)
    assert outcome.status == 2
    assert "is not as ostinato label --to wrote it" in outcome.err
    assert mine.read_text() == MINE
    new = bar.path("new.eaf")
    assert ostinato("label", results, "--to", new).status == 0
    content = new.read_bytes()
    for backup in ("new.eaf.bak", "new.eaf.bak2"):
        outcome = ostinato("label", results, "--to", new)
        assert outcome.status == 0
        assert str(bar.path(backup)) in outcome.out
        assert bar.path(backup).read_bytes() == content
    new.write_bytes(content + b"<!-- mine -->")
    assert ostinato("label", results, "--to", new).status == 2


def test_results_of_a_version_without_a_manifest_are_kept_aside(analyze, results):
    for name in ("ostinato-manifest.json",):
        (results / name).unlink()
    figure = results / "figures" / "map.svg"
    figure.write_text(MINE)
    outcome = analyze("--edition", "a disc")
    assert outcome.status == 0, outcome.err
    assert (results / "earlier-results" / "figures" / "map.svg").read_text() == MINE
    assert read_results(results).film.edition == "a disc"
    assert read_manifest(results).file("figures/map.svg").is_as_written(results)


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[1]", b'{"host": 1, "pid": "x", "started": 0, "since": null}']
)
def test_a_lock_that_nobody_can_read_holds_nothing_up(results, ostinato, content):
    lock = results / LOCK_NAME
    lock.write_bytes(content)
    os.utime(lock, (1, 1))
    assert ostinato("label", results, "-n", 1).status == 0
    assert not lock.exists()


@pytest.mark.parametrize("field", ["host", "pid", "started", "since"])
def test_an_owner_of_another_form_is_no_owner(results, ostinato, field):
    with locked(results):
        content = json.loads((results / LOCK_NAME).read_bytes())
    wrong = {**content, field: [content[field]]}
    (results / LOCK_NAME).write_text(json.dumps(wrong))
    os.utime(results / LOCK_NAME, (1, 1))
    assert ostinato("label", results, "-n", 1).status == 0


def test_a_file_that_only_has_the_name_of_a_manifest_is_not_replaced(bar, analyze):
    mine = bar.path("results") / "ostinato-manifest.json"
    mine.parent.mkdir()
    mine.write_text("{}")
    outcome = analyze()
    assert outcome.status == 2
    assert f"{mine}: it does not say what was written here" in outcome.err
    assert mine.read_text() == "{}"


def test_a_link_that_leads_nowhere_is_told_before_anything_is_read(bar, analyze):
    bar.path("results").symlink_to(bar.path("gone"))
    for more in ((), ("--dry-run",)):
        outcome = analyze(*more)
        assert outcome.status == 2
        assert "it is a link to" in outcome.err
    assert not bar.path("gone").exists()

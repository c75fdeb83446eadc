import os
import sys
from pathlib import Path

import fsspec
import pytest
from tests.corpus.corpora import settings_in

from ostinato.corpus import plan_of_files, plan_of_studies
from ostinato.corpus.film_steps import Wanted, film_steps
from ostinato.corpus.tasks import run_task
from ostinato.errors import MediaError, StudyError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films").mkdir()
    for name in ("b.mkv", "a [1].mkv", "nuit d\u2019\u00e9t\u00e9.mkv", ".hidden"):
        (tmp_path / "films" / name).write_bytes(name.encode())
    return tmp_path


def names(films, folder):
    plan = plan_of_files(films, None, cache_dir=folder / "cache")
    return sorted(film.study.film.name for film in plan.films)


def test_films_come_from_a_folder_a_pattern_a_name_or_a_list(folder):
    everything = ["a [1].mkv", "b.mkv", "nuit d\u2019\u00e9t\u00e9.mkv"]
    listed = folder / "list.txt"
    listed.write_text("\ufefffilms/b.mkv\n\n  films/a [1].mkv \r\n", encoding="utf-8")
    assert names("films", folder) == everything
    assert names("films/*.mkv", folder) == everything
    assert names("films/a [1].mkv", folder) == ["a [1].mkv"]
    assert names("list.txt", folder) == ["a [1].mkv", "b.mkv"]


def test_a_film_has_one_name_however_its_path_is_written(folder):
    (folder / "list.txt").write_text(f"films/b.mkv\n./films/../films/b.mkv\n{folder}/films/b.mkv")
    (film,) = plan_of_files("list.txt", None, cache_dir=folder / "cache").films
    assert film.study.film == Path(os.path.abspath("films/b.mkv"))  # noqa: PTH100 - as it is told


def test_an_empty_folder_is_refused(folder):
    (folder / "empty").mkdir()
    with pytest.raises(StudyError, match=r"--films empty: there is no such file\. Give a folder"):
        names("empty", folder)


def test_songs_of_one_name_are_refused(folder):
    for suffix in (".flac", ".mp3"):
        (folder / f"song{suffix}").write_bytes(b"")
    with pytest.raises(StudyError, match="song"):
        plan_of_files("films", "song.*", cache_dir=folder / "cache")


def test_a_study_that_cannot_be_used_is_a_film_with_its_reason(folder):
    (folder / "good").mkdir()
    (folder / "good" / "study.toml").write_text('[film]\npath = "film.mkv"\n')
    (folder / "bad.toml").write_text("[film\n")
    plan = plan_of_studies([folder / "good", folder / "bad.toml", folder / "missing"])
    why = {film.study.film.name: film.refusal for film in plan.films}
    assert why["film.mkv"] is None
    assert (why["bad.toml"].thing, bool(why["bad.toml"].mend)) == (str(folder / "bad.toml"), True)
    assert "No such file" in why["missing"].reason


def test_a_study_that_is_named_in_two_ways_is_given_twice(folder):
    paths = [Path("study.toml"), folder / "films" / ".." / "study.toml"]
    with pytest.raises(StudyError, match="given twice"):
        plan_of_studies(paths)


def test_a_name_that_is_no_text_becomes_a_title_that_is(folder):
    Path(os.fsdecode(b"n\xe9e.flac")).write_bytes(b"")
    plan = plan_of_files("films", "*.flac", cache_dir=folder / "cache")
    assert [song.title for _, song in plan.songs] == ["n\\xe9e"]


@pytest.fixture
def bucket():
    files = fsspec.filesystem("memory")
    for name in ("one.mkv", "two.mkv", "notes.txt"):
        files.pipe(f"/archive/{name}", name.encode())
    yield files
    files.rm("/archive", recursive=True)


@pytest.mark.usefixtures("bucket")
def test_films_come_from_an_address(tmp_path):
    assert names("memory://archive/*.mkv", tmp_path) == ["one.mkv", "two.mkv"]
    assert names("memory://archive", tmp_path) == ["notes.txt", "one.mkv", "two.mkv"]
    assert names("memory://archive/one.mkv", tmp_path) == ["one.mkv"]
    (tmp_path / "list.txt").write_text("memory://archive/two.mkv\n")
    assert names(str(tmp_path / "list.txt"), tmp_path) == ["two.mkv"]
    with pytest.raises(StudyError, match="there is no such file"):
        names("memory://archive/*.avi", tmp_path)


def first_task(tmp_path):
    (film,) = plan_of_files("memory://archive/one.mkv", None, cache_dir=tmp_path / "cache").films
    return next(film_steps(film, Wanted(songs=()), settings_in(tmp_path)))[0]


@pytest.mark.usefixtures("bucket")
def test_a_film_is_fetched_when_its_turn_comes_and_leaves_when_it_is_given_up(tmp_path):
    (film,) = plan_of_files("memory://archive/one.mkv", None, cache_dir=tmp_path / "cache").films
    steps = film_steps(film, Wanted(songs=()), settings_in(tmp_path))
    (task,) = next(steps)
    key = task.key
    outcome = run_task(task)  # it is no film, and it is there
    assert task.study.film.read_bytes() == b"one.mkv"
    assert (outcome.is_done, task.key) == (False, key)
    assert [one.name for one in task.study.film.parent.iterdir()] == ["one.mkv"]
    steps.close()
    assert not task.study.film.exists()


def test_a_film_that_has_changed_at_its_address_is_another_task(tmp_path, bucket):
    before = first_task(tmp_path)
    bucket.pipe("/archive/one.mkv", b"another film")
    after = first_task(tmp_path)
    assert before.subject == after.subject
    assert before.key != after.key


def test_an_address_of_which_nothing_can_be_read_is_a_row_with_its_reason(tmp_path, bucket):
    task = first_task(tmp_path)
    bucket.rm("/archive/one.mkv")
    outcome = run_task(task)
    assert outcome.thing == "memory:///archive/one.mkv"
    assert "it cannot be read there" in outcome.reason


def test_a_kind_of_address_that_is_not_known_is_said(tmp_path):
    with pytest.raises(MediaError, match="cannot be read there"):
        names("nothing://archive/*.mkv", tmp_path)


def test_without_fsspec_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(StudyError, match=r"pip install 'ostinato\[remote\]'"):
        names("memory://archive/*.mkv", tmp_path)

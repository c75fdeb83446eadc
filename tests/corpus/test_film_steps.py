import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.corpus.corpora import a_plan, noted, settings_in

from ostinato.corpus.film_steps import Wanted, expected_tasks, film_steps
from ostinato.corpus.tasks import write_outcome


@pytest.fixture
def film():
    return a_plan(1, n_songs=4).films[0]


def ranked(film):
    songs = film.study.songs
    return Wanted(songs=songs, sounds={song: f"sound of {song.title}" for song in songs})


def settings(folder, **changes):
    return settings_in(folder, tracks=folder / "tracks", **changes)


def keep(track):
    """Leave a track as one that is kept looks."""
    track.track_place.mkdir(parents=True)
    description = {"views": ["mid"], "n_samples": 0}
    (track.track_place / "track.json").write_text(json.dumps(description))


def done(task, **nats):
    """Leave what a task would, with what speaks for each song if it ranks them."""
    if task.kind == "track":
        keep(task)
    if task.kind == "rank":
        task.ranking_place.parent.mkdir(exist_ok=True)
        task.ranking_place.write_text(json.dumps({"looked_by": "", "nats": nats}))
    write_outcome(task, noted(task))


def played(film, wanted, settings, **nats):
    """Do each step as it comes; return all tasks."""
    tasks = []
    for step in film_steps(film, wanted, settings):
        for task in step:
            done(task, **nats)
            tasks.append(task)
    return tasks


def test_a_film_is_searched_only_for_songs_of_which_a_first_look_shows_anything(tmp_path, film):
    nats = {"sound of song 0": 0.0, "sound of song 1": 3.5, "sound of song 2": 0.0}
    tasks = played(film, ranked(film), settings(tmp_path), **nats)
    assert [task.kind for task in tasks] == ["decode", "track", "rank", "find", "finish"]
    assert [song.title for song in tasks[3].study.songs] == ["song 1", "song 3"]
    assert tasks[4].left_out == ("song 0", "song 2")
    assert [song.title for song in tasks[4].study.songs] == [f"song {n}" for n in range(4)]


def test_where_nothing_is_let_through_nothing_is_searched(tmp_path, film):
    nats = {f"sound of song {n}": 0.0 for n in range(4)}
    tasks = played(film, ranked(film), settings(tmp_path), **nats)
    assert [task.kind for task in tasks] == ["decode", "track", "rank", "finish"]


def test_the_track_is_kept_while_the_film_is_searched_and_no_longer(tmp_path, film):
    for step in film_steps(film, ranked(film), settings(tmp_path)):
        for task in step:
            done(task)
            is_kept = task.track_place.exists()
            assert is_kept == (task.kind in {"track", "rank", "find"})


def test_the_track_goes_too_if_the_film_is_given_up(tmp_path, film):
    steps = film_steps(film, ranked(film), settings(tmp_path))
    for step in steps:
        for task in step:
            done(task)
        if step[0].kind == "track":
            break
    steps.close()
    assert not step[0].track_place.exists()


def test_a_track_is_made_again_only_if_somebody_will_read_it(tmp_path, film):
    first = played(film, ranked(film), settings(tmp_path, songs_a_block=2))
    find = next(task for task in first if task.kind == "find")
    steps = list(film_steps(film, ranked(film), settings(tmp_path, songs_a_block=2)))
    track = next(task for step in steps for task in step if task.kind == "track")
    assert track.place.exists()
    find.place.unlink()
    steps = film_steps(film, ranked(film), settings(tmp_path, songs_a_block=2))
    kinds = [step[0].kind for step in steps if step]
    assert kinds == ["decode", "rank", "track", "find", "finish"]
    assert not track.place.exists()


def test_what_people_say_of_a_film_is_no_reason_to_search_it_again(tmp_path, film):
    labelled = replace(film, study=replace(film.study, labels=Path("labels.txt")))
    one, other = (
        {task.kind: task.key for task in played(each, ranked(film), settings(tmp_path))}
        for each in (film, labelled)
    )
    assert {kind for kind in one if one[kind] != other[kind]} == {"finish"}


@pytest.mark.parametrize("n_songs", [0, 1, 5])
def test_as_many_tasks_are_expected_as_there_are_if_all_songs_are_let_through(tmp_path, n_songs):
    film = a_plan(1, n_songs=n_songs).films[0]
    for wanted in (ranked(film), Wanted(songs=film.study.songs)):
        n = expected_tasks(film, wanted, settings(tmp_path))
        folder = tmp_path / str(wanted.sounds is None)
        folder.mkdir()
        assert n == len(played(film, wanted, settings(folder)))

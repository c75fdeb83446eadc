import pytest

from ostinato.cli import diagnosis
from ostinato.errors import OstinatoError
from ostinato.study import read_scenes, read_study


def test_a_new_study_names_its_files_and_what_to_do_with_them(tmp_path, ostinato):
    folder = tmp_path / "new" / "study"
    outcome = ostinato("init", folder)
    assert outcome.status == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "labels.tsv",
        "scenes.tsv",
        "study.toml",
    ]
    for path in folder.iterdir():
        assert str(path) in outcome.out
    assert f"ostinato analyze --study {folder / 'study.toml'}" in outcome.out


@pytest.mark.parametrize("name", ["study.toml", "scenes.tsv", "labels.tsv"])
def test_a_study_is_never_begun_over_another(tmp_path, ostinato, name):
    (tmp_path / name).write_text("mine")
    outcome = ostinato("init", tmp_path)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        f"ostinato: {tmp_path / name}: it is there already. Give another folder.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_study_inside_a_file_is_refused(tmp_path, ostinato):
    (tmp_path / "taken").write_text("mine")
    outcome = ostinato("init", tmp_path / "taken")
    assert outcome.status == 2
    assert "it cannot be written (" in outcome.err
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_new_study_becomes_results_once_it_is_filled_in(bar, ostinato):
    folder = bar.path("study")
    ostinato("init", folder)
    bar.film.rename(folder / "film.mkv")  # told by its content, whatever it is called
    bar.song.rename(folder / "song.flac")
    outcome = ostinato(
        "analyze", "--study", folder / "study.toml", "--cache", bar.cache, "--out", folder / "r"
    )
    assert (outcome.status, outcome.err) == (0, "")


def test_the_study_of_chungking_express_needs_only_film_and_songs(bar, ostinato):
    folder = bar.path("study")
    assert ostinato("init", folder, "--template", "chungking-express").status == 0
    study = read_study(folder / "study.toml")
    assert [claim.id for claim in study.claims] == [f"C{n}" for n in range(1, 9)]
    assert study.edition is None
    scenes = read_scenes(study.scenes)
    assert {scene.story for scene in scenes} == {"Cop 223", "Cop 663"}
    assert {scene.day for scene in scenes} == {None}
    assert (scenes[3].start_s, scenes[3].end_s) == (1680.0, 1974.0)


def test_a_template_that_is_not_there_is_refused(ostinato, tmp_path):
    outcome = ostinato("init", tmp_path, "--template", "vertigo")
    assert outcome.status == 2
    assert "chungking-express" in outcome.err


def test_the_doctor_finds_everything_in_place(ostinato, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis, "default_cache_dir", lambda: tmp_path / "not" / "yet")
    outcome = ostinato("doctor")
    assert outcome.status == 0
    assert all(line.startswith("ok ") for line in outcome.out.splitlines())
    for word in ("Python 3", "ostinato 0", "decoders for aac", "speech detector runs", "GB free"):
        assert word in outcome.out


def test_the_doctor_says_what_is_amiss_and_the_status_tells(ostinato, monkeypatch):
    def broken():
        raise OstinatoError("the speech detector", "it cannot be loaded", "Reinstall it")

    monkeypatch.setattr(diagnosis, "check_detector", broken)
    outcome = ostinato("doctor")
    assert outcome.status == 2
    assert "NOT OK  the speech detector: it cannot be loaded. Reinstall it." in outcome.out
    assert outcome.err.count("\n") == 1


def test_the_doctor_lists_the_streams_of_a_film(bar, ostinato):
    outcome = ostinato("doctor", bar.film)
    assert outcome.status == 0
    assert "film.wav: wav, 0:00:40" in outcome.out
    assert "--stream 0: pcm_s16le, mono, 16000 Hz" in outcome.out


def test_the_doctor_refuses_what_is_no_film(ostinato, tmp_path):
    outcome = ostinato("doctor", tmp_path / "none.mkv")
    assert (outcome.status, outcome.out) == (2, "")
    assert "none.mkv: there is no such file. Check the name and the folder." in outcome.err

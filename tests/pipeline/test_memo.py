"""What is remembered is what would be found afresh, and no more is made again than must be."""

import dataclasses
import importlib.resources
import shutil

import numpy as np
import pytest
from tests.pipeline.conftest import QUICK, a_study

import ostinato
from ostinato.cues import Cues, SongLevel
from ostinato.pipeline import analyze, memo, songs
from ostinato.pipeline.memo import Memo, code_sha256, sha256_of_code, stage_code_sha256
from ostinato.pipeline.songs import _CUES
from ostinato.results import encode_results
from ostinato.separation import GradeParameters, SeparationParameters
from ostinato.speech import SpeechParameters

LONG = dataclasses.replace(SpeechParameters().speech, min_duration_s=1.5)
MASKED = dataclasses.replace(
    QUICK, separation=SeparationParameters(grade=GradeParameters(least_reduction_db=200.0))
)


def content(results):
    """The bytes of `results.json`, without what differs from run to run."""
    run = dataclasses.replace(results.run, stages=(), started_at="", peak_rss_mb=None)
    return encode_results(dataclasses.replace(results, run=run))


def made_again(results):
    return [stage.name for stage in results.run.stages if not stage.cached]


def entries(bar, stage="*"):
    return {path.name for path in (bar.cache / "stages").glob(f"{stage}-*.npz")}


def is_later(name):
    """Whether this is an entry of a stage after the cues."""
    return name.endswith(".npz") and not name.startswith("cues-")


@pytest.fixture
def leaves_out(monkeypatch):
    """Leave out an occurrence of those that were found, as if a person had rejected it."""
    known = vars(songs)["_without_shared"]

    def left_out(index):
        def without(*found):
            (cues,), shared = known(*found)
            kept = [i for i in range(len(cues.occurrences)) if i != index]
            rest = {
                name: tuple(getattr(cues, name)[i] for i in kept)
                for name in ("occurrences", "levels")
            }
            return (dataclasses.replace(cues, **rest),), shared

        monkeypatch.setattr(songs, "_without_shared", without)

    return left_out


def test_an_occurrence_less_gives_what_a_fresh_run_without_it_gives(
    bar, results, leaves_out, tmp_path
):
    def run():
        return analyze(a_study(bar), cache_dir=bar.cache)

    known = entries(bar)
    leaves_out(0)  # the other takes over its name
    patched = run()
    assert [one.id for one in patched.occurrences] == ["O1"]
    new = {name.rpartition("-")[0] for name in entries(bar) - known}
    assert new <= {"remainder-talk", "profile", "voices", "measures"}
    fresh = tmp_path / "fresh"
    shutil.copytree(bar.cache, fresh, ignore=lambda _, names: [n for n in names if is_later(n)])
    assert content(analyze(a_study(bar), cache_dir=fresh)) == content(patched)
    # and one more gives what a fresh run with it has given
    shutil.rmtree(bar.cache)
    shutil.move(fresh, bar.cache)
    leaves_out(None)
    before = entries(bar, "taken")
    assert content(run()) == content(results)
    assert len(before) == 1
    assert len(entries(bar, "taken") - before) == 1


@pytest.mark.parametrize(
    ("parameters", "with_stems"), [(QUICK, True), (MASKED, False)], ids=["stems", "masked"]
)
def test_a_second_run_of_anything_is_all_remembered(bar, tmp_path, parameters, with_stems):
    grade = "cancelled" if parameters is QUICK else "masked"
    study = a_study(bar, parameters=parameters)
    runs, files = [], []
    for name in ("one", "two"):
        stems = tmp_path / name if with_stems else None
        runs.append(analyze(study, cache_dir=bar.cache, stems_dir=stems))
        files.append([path.read_bytes() for path in sorted((tmp_path / name).glob("*"))])
    assert {one.grade for one in runs[0].separations} == {grade}
    assert made_again(runs[1]) == []
    assert content(runs[0]) == content(runs[1])
    assert files[0] == files[1]
    assert bool(files[0]) == with_stems


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"measures": {"continuation_s": 0.1}}, ["measures"]),
        ({"speech": {"speech": LONG}}, ["voices", "measures"]),
    ],
)
def test_a_changed_parameter_makes_again_only_what_depends_on_it(run, changes, again):
    parts = {
        name: dataclasses.replace(getattr(QUICK, name), **values)
        for name, values in changes.items()
    }
    assert made_again(run(parameters=dataclasses.replace(QUICK, **parts))) == again


def test_a_damaged_stem_is_taken_out_again(bar, tmp_path):
    study = a_study(bar, stages=("cues", "separation"))
    one, two = tmp_path / "one", tmp_path / "two"
    analyze(study, cache_dir=bar.cache, stems_dir=one)
    path = bar.cache / "stages" / min(entries(bar, "stem"))
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    again = analyze(study, cache_dir=bar.cache, stems_dir=two)
    assert made_again(again) == ["separation"]
    for place in one.iterdir():
        assert place.read_bytes() == (two / place.name).read_bytes()


def test_a_run_states_the_hash_of_the_code(results):
    assert results.run.code_sha256 == code_sha256()
    assert code_sha256() != stage_code_sha256()


def test_other_code_and_another_rate_remember_nothing(tmp_path, monkeypatch):
    remembered = Memo(tmp_path).entry("talk", film="a").key
    assert Memo(tmp_path).entry("talk", film="a").key == remembered
    monkeypatch.setattr(memo, "stage_code_sha256", lambda: "0" * 64)
    assert Memo(tmp_path).entry("talk", film="a").key != remembered


def test_a_checkout_and_an_installed_copy_have_the_same_code(tmp_path):
    package = importlib.resources.files(ostinato)
    copy = tmp_path / "ostinato"
    rooms = ("dsp", "results", "study")
    for room in rooms:
        shutil.copytree(package / room, copy / room)
    for path in package.glob("*.py"):
        shutil.copy(path, copy)
    assert sha256_of_code(copy, rooms) == sha256_of_code(package, rooms)
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "dsp" / "frames.py~").write_text("left by an editor")
    sha256_of_code.cache_clear()
    same = sha256_of_code(copy, rooms)
    assert same == sha256_of_code(package, rooms)
    (copy / "dsp" / "frames.py").write_text("HOP = 3\n")
    sha256_of_code.cache_clear()
    assert sha256_of_code(copy, rooms) != same


def test_levels_that_are_not_known_come_back_unknown(tmp_path):
    entry = Memo(tmp_path).entry("cues", song="a")
    unknown = SongLevel(np.zeros(2), np.zeros(2), np.zeros(2), None, None, 4000.0)
    memo.keep(entry, _CUES, Cues((), (unknown,), ()))
    (level,) = memo.recall(entry, _CUES).levels
    assert (level.level_lufs, level.low_hz, level.high_hz) == (None, None, 4000.0)

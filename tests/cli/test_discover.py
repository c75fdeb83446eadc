import json

import jsonschema
import numpy as np
import pytest
import soundfile as sf
from tests.small_films import REFRAIN_S, make_refrain, samples

from ostinato.report import caption_repetition_map, caption_timeline, cite
from ostinato.report.cited_text import method_note
from ostinato.results import read_results, results_schema


@pytest.fixture(scope="module")
def refrain(tmp_path_factory):
    return make_refrain(tmp_path_factory.mktemp("refrain") / "film.wav")


@pytest.fixture
def discover(refrain, tmp_path, ostinato):
    """Run the command on the refrain, or on another film; its stages are in a common cache."""

    def ran(*more, film=refrain):
        cache = refrain.parent / "cache"
        return ostinato("discover", film, "--cache", cache, *more, "--out", tmp_path / "out")

    return ran


def test_a_refrain_is_found_and_written_as_results_are(discover, tmp_path):
    outcome = discover()
    assert outcome.status == 0
    assert "Unnamed 1 (D1): detected twice" in outcome.out
    assert '--promote "D1=NAME"' in outcome.out
    out = tmp_path / "out"
    heard = [(one.film_start_s, one.film_end_s) for one in read_results(out).occurrences]
    # 0.1 s: a few frames of the trace
    assert heard == [pytest.approx(stretch, abs=0.1) for stretch in REFRAIN_S]
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(written, results_schema())
    assert written["songs"][0]["sha256"] is None
    assert (out / "occurrences.tsv").is_file()
    assert not (out / "cues").exists()


def test_nobody_is_told_that_a_recording_was_searched(discover, tmp_path):
    discover()
    results = read_results(tmp_path / "out")
    for text in (caption_repetition_map(results), caption_timeline(results)):
        assert "no recording was searched" in text
        assert "None" not in text
    assert "detected by the film's own repetition" in cite(results)
    assert "transition" not in cite(results)
    assert "correlating the soundtrack with itself" in method_note(results)
    assert "with itself, without recordings" in method_note(results)


def test_nothing_is_said_of_whether_an_unnamed_cue_goes_on(discover, tmp_path):
    outcome = discover()
    assert read_results(tmp_path / "out").transitions == ()
    assert "goes on" not in outcome.out


def test_a_promoted_cue_is_found_as_a_song(discover, refrain, tmp_path, ostinato):
    outcome = discover("--promote", "D1=The refrain")
    assert outcome.status == 0
    recording = tmp_path / "out" / "cues" / "D1.flac"
    assert f"--song 'The refrain={recording}'" in outcome.out
    cut, rate_hz = sf.read(recording)
    film, _ = sf.read(refrain)
    first = film[samples(REFRAIN_S[0])]
    # one sample in a hundred is faded
    assert np.corrcoef(cut[: first.size], first[: cut.size])[0, 1] > 0.98
    given = ("--song", f"The refrain={recording}", "--stages", "cues")
    out = tmp_path / "analysed"
    cache = refrain.parent / "cache"
    assert ostinato("analyze", refrain, *given, "--cache", cache, "--out", out).status == 0
    assert len(read_results(out).occurrences) == len(REFRAIN_S)
    assert rate_hz == read_results(out).film.sample_rate_hz


def test_a_film_that_repeats_nothing_says_so(discover, refrain, tmp_path):
    film, rate_hz = sf.read(refrain)
    once = tmp_path / "once.wav"
    sf.write(once, film[: 20 * rate_hz], rate_hz)
    outcome = discover(film=once)
    assert outcome.status == 0
    assert "No sound was found that the film repeats" in outcome.out
    results = read_results(tmp_path / "out")
    assert results.songs == ()
    assert "No sound was found that the film repeats" in caption_repetition_map(results)
    assert "no sound was found that the film repeats" in cite(results)


@pytest.mark.parametrize(
    ("promoted", "reason"),
    [
        ("D7=Else", "what the film repeats is D1"),
        ("D1", "a cue or a name is missing"),
        ("=Name", "a cue or a name is missing"),
    ],
)
def test_a_cue_that_is_not_there_cannot_be_promoted(discover, tmp_path, promoted, reason):
    outcome = discover("--promote", promoted)
    assert outcome.status == 2
    assert reason in outcome.err
    assert outcome.err.count("\n") == 1
    assert not (tmp_path / "out").exists()

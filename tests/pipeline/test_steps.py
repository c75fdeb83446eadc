"""The steps of a script, one by one, give what `analyze` gives."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile as sf
from tests.pipeline.conftest import QUICK, a_study

import ostinato as ost
from ostinato.errors import MediaError, ParameterError
from ostinato.pipeline import analyze


@pytest.fixture
def film(bar):
    return ost.open_film(str(bar.film), edition="a test", cache_dir=bar.cache)


@pytest.fixture
def cues(bar, film):
    song = ost.open_song("The song", str(bar.song))
    return ost.find([song], film, parameters=QUICK.cues)


def but_for_the_run(results):
    # nothing else may differ, and the parameters may not either
    return replace(results, run=replace(results.run, stages=(), started_at="", peak_rss_mb=None))


def test_all_steps_together_are_an_analysis(bar, film, cues):
    speech = ost.listen(ost.take_out(cues, film).remainder)
    stepwise = ost.measure(film, cues, speech, claims=["C1", ost.Question(id="C3")])
    questions = (ost.Question(id="C1"), ost.Question(id="C3"))
    study = a_study(bar, edition="a test", claims=questions)
    at_once = analyze(study, cache_dir=bar.cache)
    assert but_for_the_run(stepwise) == but_for_the_run(at_once)
    assert len(stepwise.occurrences_of("The song")) == len(cues) == 2
    assert stepwise.ratio_in("film").scope == ost.FILM


def test_each_step_says_what_it_found_in_a_line(film, cues):
    taken = ost.take_out(cues)
    speech = ost.listen(film)
    for one in (film, cues, taken, taken.remainder, speech):
        assert len(repr(one)) < 200
        assert repr(one).startswith("<")
    assert [one.id for one in cues] == ["O1", "O2"]
    assert {one.occurrence_id for one in taken.separations} == {"O1", "O2"}
    assert len(speech) == len(speech.segments) > 0


def test_the_remainder_is_the_film_but_for_its_songs(bar, film, cues):
    remainder = ost.take_out(cues, film).remainder
    whole, rate_hz = sf.read(bar.film, dtype="float32", always_2d=True)
    assert (remainder.rate_hz, remainder.n_samples) == (rate_hz, whole.shape[0])
    assert remainder.n_channels == whole.shape[1]
    y = remainder.read(0, remainder.n_samples)
    cancelled = np.zeros(whole.shape[0], dtype=bool)
    for one in cues:
        cancelled[round(one.film_start_s * rate_hz) : round(one.film_end_s * rate_hz)] = True
    assert np.abs(y[:, ~cancelled] - whole.T[:, ~cancelled]).max() < 1e-6
    assert np.square(y[:, cancelled]).sum() < 0.9 * np.square(whole.T[:, cancelled]).sum()
    part = remainder.read(1000, 1500)
    np.testing.assert_array_equal(part, y[:, 1000:1500])


def test_songs_or_speech_alone_can_be_measured(film, cues):
    songs = ost.measure(film, cues)
    assert songs.coverage
    assert not songs.ratio
    speech = ost.measure(film, speech=ost.listen(film))
    assert speech.ratio
    assert not speech.occurrences


def test_what_does_not_fit_together_is_refused(bar, film, cues, tmp_path):
    with pytest.raises(MediaError):
        ost.open_film(tmp_path / "missing.mkv", cache_dir=bar.cache)
    with pytest.raises(MediaError):
        ost.open_song("The song", tmp_path / "missing.flac")
    with pytest.raises(ParameterError, match="neither songs nor speech"):
        ost.measure(film)
    other = ost.open_film(bar.stranger, cache_dir=bar.cache)
    with pytest.raises(ParameterError, match="another film"):
        ost.take_out(cues, other)
    stranger = ost.find(ost.open_song("Stranger", bar.stranger), film, parameters=QUICK.cues)
    without_the_song = ost.listen(ost.take_out(cues).remainder)
    with pytest.raises(ParameterError, match="other songs"):
        ost.measure(film, stranger, without_the_song)


def test_results_show_themselves_in_lines_tables_and_frames(results):
    assert len(repr(results).splitlines()) == 1 + len(results.claims)
    html = results._repr_html_()
    assert html.count("<polyline") == len(results.occurrences)
    assert html.count("<tr>") == 1 + len(results.occurrences)
    frames = results.to_pandas()
    assert list(frames["occurrences"]["id"]) == [one.id for one in results.occurrences]
    assert "film_start_s" in frames["occurrences"]
    assert set(frames) >= {"songs", "speech", "ratio"}
    assert list(frames["rejected"].columns) == list(frames["occurrences"].columns)
    assert frames["rejected"].empty
    assert (frames["speech"]["evidence_activity"] > 0).all()

import numpy as np
import pytest
import soundfile as sf
from tests.pipeline.conftest import a_study
from tests.small_films import FIRST_S, RATE_HZ, SECOND_S, a_bar_film, a_song, samples

from ostinato.errors import StudyError
from ostinato.pipeline import analyze
from ostinato.study import Study


def test_each_occurrence_says_how_it_was_taken_out(results):
    assert [one.occurrence_id for one in results.separations] == ["O1", "O2"]
    assert {one.grade for one in results.separations} == {"cancelled"}
    assert min(one.reduction_db for one in results.separations) > 20
    told = [(one.id, one.separation, one.reduction_db) for one in results.occurrences]
    assert told == [(o.occurrence_id, o.grade, o.reduction_db) for o in results.separations]


def test_each_occurrence_is_ranked_in_the_film(results):
    for one in results.occurrences:
        assert 0 <= one.loudness_percentile <= 100


def test_levels_every_400_ms_are_those_of_the_song_alone(results):
    rows = [row for row in results.song_levels if row.occurrence_id == "O2"]
    assert np.diff([row.start_s for row in rows]) == pytest.approx(0.4)
    song = 0.03 * a_song(duration_s=20, seed=1)
    for row in rows[1:-1]:
        # the song is mono, so that its mean square and its loudness differ by the weighting alone
        first = round((row.start_s - SECOND_S[0] + 10.5) * RATE_HZ)
        plain_db = 10 * np.log10(np.mean(song[first : first + round(0.4 * RATE_HZ)] ** 2))
        assert row.level_lufs == pytest.approx(plain_db, abs=4.5)
        assert row.error_lu < 1.0


def test_stems_are_in_step_with_the_film_and_add_up_to_it(bar, tmp_path):
    analyze(a_study(bar), cache_dir=bar.cache, stems_dir=tmp_path / "stems")
    song, rest = (sf.read(tmp_path / "stems" / f"{name}.flac")[0] for name in ("S1", "remainder"))
    film = sf.read(bar.film)[0]
    assert song.size == rest.size == film.size
    # 24 bits
    np.testing.assert_allclose(song + rest, film, atol=2e-6)
    truth = 0.03 * a_song(duration_s=20, seed=1)
    for stretch, first_s in ((FIRST_S, 0.0), (SECOND_S, 10.5)):
        inside = samples((stretch[0] + 0.2, stretch[1] - 0.2))
        first = round((first_s + 0.2) * RATE_HZ)
        wanted = truth[first : first + inside.stop - inside.start]
        assert np.std(song[inside] - wanted) < 0.1 * np.std(wanted)
    silent = samples((0.0, FIRST_S[0] - 0.5))
    assert np.abs(song[silent]).max() == 0


def test_nothing_is_taken_out_unless_it_is_asked_for(run):
    results = run(stages=("cues", "speech"))
    assert results.separations == results.song_levels == ()
    assert {one.separation for one in results.occurrences} == {None}


def test_separation_needs_to_know_where_songs_are(bar):
    with pytest.raises(StudyError, match="Add the stage cues"):
        Study(film=bar.film, stages=("separation",))


def test_a_film_without_its_song_writes_a_remainder_alone(bar, tmp_path):
    film = bar.path("other.wav")
    y = np.random.default_rng(5).standard_normal(a_bar_film(np.zeros(20 * RATE_HZ)).size)
    sf.write(film, 0.01 * y, RATE_HZ)
    stems = tmp_path / "stems"
    results = analyze(
        a_study(bar, film=film, stages=("cues", "separation")),
        cache_dir=bar.cache,
        stems_dir=stems,
    )
    assert results.separations == ()
    assert [path.name for path in stems.iterdir()] == ["remainder.flac"]

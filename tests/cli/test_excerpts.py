import numpy as np
import pytest
import soundfile as sf
from tests.small_films import RATE_HZ

from ostinato.errors import StudyError
from ostinato.pipeline.excerpts import _read, busiest
from ostinato.results import MomentaryLevel, read_results
from ostinato.timeline import Interval


def test_excerpts_let_a_cue_be_heard_before_and_after(bar, analyze, ostinato):
    analyze("--stems")
    outcome = ostinato("excerpts", bar.path("results"), "--seconds", "4")
    assert outcome.status == 0
    folder = bar.path("results") / "excerpts"
    named = [f"{one}-{what}.flac" for one in ("O1", "O2") for what in ("film", "song", "remainder")]
    assert outcome.out.split() == [str(folder / name) for name in named]
    film, song, rest = (sf.read(folder / name)[0] for name in named[3:])
    assert film.size == song.size == rest.size == 4 * RATE_HZ
    np.testing.assert_allclose(song + rest, film, atol=1e-6)
    levels = read_results(bar.path("results")).song_levels
    rows = [row for row in levels if row.occurrence_id == "O2"]
    first = round(busiest(rows, duration_s=4.0).start_s * RATE_HZ)
    np.testing.assert_allclose(film, sf.read(bar.film)[0][first : first + film.size], atol=2e-6)


def test_excerpts_without_stems_say_what_to_do(bar, analyze, ostinato):
    analyze()
    outcome = ostinato("excerpts", bar.path("results"))
    assert outcome.status == 2
    assert outcome.err.endswith("the stems are not there. Analyse again with --stems.\n")
    assert not (bar.path("results") / "excerpts").exists()


@pytest.mark.parametrize("seconds", ["0", "-3", "nan", "soon"])
def test_an_excerpt_has_a_length(bar, ostinato, seconds):
    assert ostinato("excerpts", bar.path("first"), "--seconds", seconds).status == 2


def a_level(start_s, song_lufs, remainder_lufs):
    return MomentaryLevel(
        occurrence_id="O1",
        start_s=start_s,
        level_lufs=song_lufs,
        error_lu=0.1,
        gain_db=0.0,
        remainder_lufs=remainder_lufs,
    )


def test_an_excerpt_is_from_where_song_and_remainder_are_both_heard():
    song = [-20.0, -20.0, -20.0, None, -20.0]
    rest = [-70.0, -25.0, -22.0, -20.0, None]
    rows = [a_level(0.4 * k, *levels) for k, levels in enumerate(zip(song, rest, strict=True))]
    assert busiest(rows, duration_s=0.8).start_s == pytest.approx(0.4)
    assert busiest(rows[:1], duration_s=9.0).duration_s == pytest.approx(0.4)
    assert busiest([], duration_s=9.0) is None


def test_stems_that_do_not_fit_one_another_are_refused(tmp_path):
    paths = {}
    for name, n in (("S1", 48_000), ("remainder", 40_000)):
        paths[name] = tmp_path / f"{name}.flac"
        sf.write(paths[name], np.zeros(n), 48_000)
    with pytest.raises(StudyError, match="differs from the other stems in length"):
        _read(paths, Interval(0.0, 1.0))


def test_candidates_are_cut_out_by_their_own_names(bar, ostinato):
    study = bar.write(
        "strict.toml",
        '[film]\npath = "film.wav"\n[[songs]]\ntitle = "Heard"\npath = "song.flac"\n'
        "[parameters.cues.trace]\nmax_p_value = 1e-30\n",
    )
    out = bar.path("strict")
    where = ["--out", out, "--cache", bar.cache, "--stems"]
    assert "Candidates: 2 places" in ostinato("analyze", "--study", study, *where).out
    results = read_results(out)
    assert results.occurrences == ()
    cut = ostinato("excerpts", out, "--candidates").out.split()
    assert cut == [str(out / "excerpts" / f"{one.id}-film.flac") for one in results.candidates]
    longest_s = max(one.film_end_s - one.film_start_s for one in results.candidates)
    assert sf.info(cut[0]).duration == pytest.approx(longest_s + 2.0, abs=0.01)

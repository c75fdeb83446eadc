import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.measures.hearing import SONG, heard
from tests.strategies import timelines

from ostinato.measures import MeasureParameters
from ostinato.measures.repetition import (
    MERGE_GAPS_S,
    burstiness,
    n_hearings,
    overlaps,
    regularity,
    repetitions,
)

QUICK = MeasureParameters(n_draws=999)


def repeated(occurrences, songs=(SONG,)):
    return repetitions(occurrences, songs, film_duration_s=6000.0, parameters=QUICK)


@given(timelines, st.floats(0, 60))
def test_more_merging_never_gives_more_hearings(timeline, gap_s):
    assert n_hearings(timeline, merge_gap_s=gap_s) <= len(timeline.intervals)
    assert n_hearings(timeline, merge_gap_s=0.0) == len(timeline.intervals)
    wider = n_hearings(timeline, merge_gap_s=gap_s + 1)
    assert wider <= n_hearings(timeline, merge_gap_s=gap_s)
    assert (wider == 0) == (not timeline.intervals)


def test_hearings_are_counted_by_how_far_apart_they_are():
    (row,) = repeated(heard([0, 20, 50, 90], [10] * 4, film_gaps_s=[4.0, 25.0, 59.0]))
    counts = dict(zip(row.merge_gaps_s, row.counts, strict=True))
    assert [counts[gap_s] for gap_s in (0.0, 5.0, 30.0, 60.0)] == [4, 3, 2, 1]
    assert (row.n_occurrences, row.n_playings, row.n_hearings) == (4, 4, 3)
    assert (row.heard_s, row.share_of_film) == (40.0, 40 / 6000)
    assert MERGE_GAPS_S[-1] == 60.0


def test_each_second_of_the_song_is_counted():
    (row,) = repeated(heard([0.0, 1.0], [3.0, 3.0]))
    assert row.heard_per_second[:5] == (1, 2, 2, 1, 0)
    assert len(row.heard_per_second) == 162


def test_songs_are_ranked_by_how_long_they_are_heard():
    other = type(SONG)(id="S2", title="Other", sha256="", pcm_sha256="", duration_s=90.0)
    both = [*heard([0.0], [30.0]), *heard([0.0], [10.0], song_id="S2")]
    first, second = repeated(both, (SONG, other))
    assert (first.rank, second.rank, first.n_songs) == (1, 2, 2)
    assert (first.share_of_music, second.share_of_music) == (1.0, 1 / 3)  # both from 100 s on


def test_a_song_that_is_never_heard_has_zeros_and_no_regularity():
    (row,) = repeated([])
    assert (row.n_playings, row.heard_s, row.longest_absence_s) == (0, 0.0, 6000.0)
    assert row.share_of_music is row.burstiness is row.p_regular is row.power is None


def test_playings_have_in_common_what_both_play():
    rows = overlaps(heard([0.0, 10.0, 100.0], [20.0, 40.0, 20.0]), [SONG])
    assert [(row.overlap_s, row.share) for row in rows] == [(10.0, 0.5), (0.0, 0.0), (0.0, 0.0)]


def test_burstiness_runs_from_even_to_one_burst():
    assert burstiness(np.ones(5)) == pytest.approx(-1.0)
    assert burstiness(np.array([0.0, 0.0, 0.0, 0.0, 1.0])) == pytest.approx(1.0)
    # Poisson: 0 for long sequences, Goh and Barabási 2008
    gaps_s = np.random.default_rng(1).exponential(size=100_000)
    assert burstiness(gaps_s) == pytest.approx(0.0, abs=0.01)


def test_even_gaps_are_regular_beyond_chance():
    even = regularity(np.array([300.0, 310.0, 295.0, 305.0, 290.0]), parameters=QUICK)
    assert even.burstiness < even.chance_low
    assert even.p_regular < 0.01
    assert even.power > 0.6


def test_playings_strewn_at_random_give_uniform_p_values():
    rng = np.random.default_rng(8)
    p_values = [
        regularity(np.diff(np.sort(rng.uniform(0, 6000, 7))), parameters=QUICK).p_regular
        for _ in range(300)
    ]
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_three_playings_are_no_rhythm():
    assert regularity(np.array([300.0, 300.0]), parameters=QUICK).p_regular is None

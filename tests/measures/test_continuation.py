from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.measures.hearing import SONG, heard

from ostinato.measures import MeasureParameters, transition_rows
from ostinato.measures.continuation import continuation, nulls, statistic_of
from ostinato.measures.transitions import (
    Positions,
    goes_on,
    outcomes,
    playings_of,
    positions,
    wrapped,
)
from ostinato.results import Scene

QUICK = MeasureParameters(n_draws=999)
LENGTHS_S = (20.0, 14.0, 30.0, 9.0, 25.0, 17.0)


def outcome(occurrences, *, scenes=(), parameters=QUICK):
    return continuation(occurrences, SONG, scenes=scenes, parameters=parameters)


def films(n, next_start, *, seed=0, lengths_s=LENGTHS_S):
    """Seeded films in which the next start is drawn by `next_start(rng, stopped_s, advance_s)`."""
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        starts_s = [rng.uniform(0, SONG.duration_s - lengths_s[0])]
        film_gaps_s = rng.uniform(20, 900, len(lengths_s) - 1)
        for (length_s, following_s), gap_s in zip(pairwise(lengths_s), film_gaps_s, strict=True):
            start_s = next_start(rng, starts_s[-1] + length_s, gap_s, following_s)
            starts_s.append(start_s % SONG.duration_s)
        yield heard(starts_s, lengths_s, film_gaps_s=film_gaps_s)


def anywhere(rng, _stopped_s, _gap_s, length_s):
    return rng.uniform(0, SONG.duration_s - length_s)


def mostly_goes_on(rng, stopped_s, _gap_s, length_s):
    if rng.uniform() < 0.8:
        return stopped_s + rng.normal(0, 1.5)
    return rng.uniform(0, SONG.duration_s - length_s)


def restarts(rng, _stopped_s, _gap_s, _length_s):
    return abs(rng.normal(0, 1.0))


def restarts_at_the_chorus(rng, _stopped_s, _gap_s, _length_s):
    return 62.0 + rng.normal(0, 1.0)


def ran_on_and_round(rng, stopped_s, gap_s, _length_s):
    return stopped_s + gap_s + rng.normal(0, 0.05)


def p_values_of(film):
    """P-values under uniform starts and under permuted order, without the power."""
    playings = playings_of(film, SONG.id)
    places = positions(playings, song_duration_s=SONG.duration_s)
    told = outcomes(playings, places, within_s=QUICK.continuation_s)
    under = nulls(places, parameters=QUICK, rng=np.random.default_rng(QUICK.seed))
    return under.p_values(statistic_of(places, n_go_on=told.count("goes on")))


def rejections(next_start, n=100, **how):
    p_values = [max(p_values_of(film)) for film in films(n, next_start, **how)]
    return np.mean(np.array(p_values) <= 0.05)


def test_six_hearings_suffice_to_see_that_four_of_five_go_on():
    assert rejections(mostly_goes_on) >= 0.8


@pytest.mark.parametrize("model", [restarts, restarts_at_the_chorus, ran_on_and_round])
def test_no_wrong_model_is_taken_for_going_on(model):
    assert rejections(model) <= 0.05


def test_a_short_restart_is_no_going_on():
    assert rejections(restarts, lengths_s=(3.0, 4.0, 3.0, 5.0, 4.0, 3.0)) <= 0.05


SECTIONS_S = (0.0, 16.0, 32.0, 62.0, 78.0, 94.0, 124.0, 162.0)


def test_a_song_that_is_cut_at_its_sections_does_not_go_on_by_that():
    p_values = []
    for i in range(60):
        rng = np.random.default_rng([7, i])
        first = rng.integers(len(SECTIONS_S) - 1, size=6)
        starts_s = np.array(SECTIONS_S)[first]
        lengths_s = np.array(SECTIONS_S)[first + 1] - starts_s
        gaps_s = rng.uniform(20, 900, 5)
        p_values.append(max(p_values_of(heard(starts_s, lengths_s, film_gaps_s=gaps_s))))
    assert np.mean(np.array(p_values) <= 0.05) <= 0.1


def test_p_values_are_uniform_where_songs_start_anywhere():
    by_start, by_order = np.array([p_values_of(film) for film in films(200, anywhere, seed=3)]).T
    assert stats.kstest(by_start, "uniform").pvalue > 0.01
    for significance in (0.05, 0.1, 0.3):
        assert np.mean(by_order <= significance) <= significance + 0.03


def test_what_goes_on_after_a_long_while_is_certain():
    row = outcome(heard([0.0, 20.0, 34.5, 64.0, 73.0], [20.0, 14.0, 30.0, 9.0, 25.0]))
    assert (row.n_transitions, row.n_go_on, row.share) == (4, 4, 1.0)
    assert row.p_uniform_starts == 1 / 1000
    assert row.p_permuted_order == pytest.approx(1 / 120)
    assert max(row.log_likelihood_ratios, key=row.log_likelihood_ratios.get) == "continues"
    assert row.power > 0.8


def test_power_is_that_of_the_film_and_what_it_was_simulated_to_be():
    # both nulls must be rejected, which three playings cannot do in any order
    powers = [outcome(heard([0.0] * n, [15.0] * n)).power for n in (3, 4, 5, 6)]
    assert powers[0] == 0
    assert powers == sorted(powers)
    assert powers[-1] > 0.9
    simulated = rejections(mostly_goes_on, lengths_s=(15.0,) * 5)
    assert powers[2] == pytest.approx(simulated, abs=0.12)


def test_a_song_so_short_that_all_is_near_gives_no_power():
    long_within = MeasureParameters(n_draws=999, continuation_s=60.0)
    assert outcome(heard([0.0, 20.0], [20.0, 14.0]), parameters=long_within).power < 0.3


def test_dropouts_of_one_playing_are_no_transitions():
    row = outcome(heard([0.0, 23.0, 50.0], [20.0, 20.0, 20.0], film_gaps_s=[3, 7], playings="aaa"))
    assert (row.n_playings, row.n_transitions, row.share) == (1, 0, None)
    assert row.p_uniform_starts is row.p_permuted_order is row.power is None


def test_dropouts_of_a_record_that_wavers_do_not_go_on():
    # too uneven to be named one playing, but the record moved on by what the film did
    film = heard([0.0, 23.1, 45.0, 67.2], [20.0] * 4, film_gaps_s=[3.0, 2.0, 2.0], playings="abcd")
    row = outcome(film)
    assert (row.n_transitions, row.n_go_on) == (3, 0)
    assert row.p_uniform_starts > 0.05
    for move in transition_rows(film, [SONG], parameters=QUICK):
        assert move.p_ran_on > 0.5


def test_a_song_played_to_its_end_and_begun_again_is_no_evidence():
    row = outcome(heard([0.0] * 4, [SONG.duration_s] * 4))
    assert row.n_go_on == 0
    assert row.p_uniform_starts > 0.05


def test_posteriors_tell_the_models_apart():
    film = heard([10.0, 30.0, 0.5, 80.0], [20.0, 14.0, 30.0, 9.0], film_gaps_s=[300, 410, 100])
    first, second, third = transition_rows(film, [SONG], parameters=QUICK)
    assert first.p_continues > 0.9
    assert second.p_restarts > 0.9
    assert third.p_anywhere > 0.5
    assert (second.gap_s, second.gap_linear_s) == (-43.5, -43.5)
    for move in (first, second, third):
        probabilities = (move.p_continues, move.p_restarts, move.p_ran_on, move.p_anywhere)
        assert sum(probabilities) == pytest.approx(1.0)


def test_the_curve_counts_hits_within_each_distance():
    row = outcome(heard([0.0, 22.0, 46.0, 80.0], [20.0, 20.0, 20.0, 20.0]))
    counts = dict(zip(row.curve_within_s, row.curve_n_go_on, strict=True))
    assert (counts[1.5], counts[2.0], counts[4.0], counts[15.0]) == (0, 1, 2, 3)
    assert (min(counts), max(counts)) == (0.5, 15.0)


def test_what_runs_on_across_a_day_is_counted_apart():
    scenes = [
        Scene(name="the counter", start_s=0.0, end_s=110.0, day="1"),
        Scene(name="later", start_s=110.0, end_s=250.0, day="1"),
        Scene(name="next day", start_s=250.0, end_s=900.0, day="2"),
    ]
    # heard at 100 to 120, at 220 to 260 and from 360 on
    film = heard([0.0, 20.0, 60.0], [20.0, 40.0, 9.0], film_gaps_s=[100, 100])
    row = outcome(film, scenes=scenes)
    assert (row.n_across_scenes, row.n_across_days) == (2, 1)
    assert (row.n_day_transitions, row.n_go_on_next_day) == (0, 0)
    assert outcome(film).n_across_days is None
    apart = outcome(heard([0.0, 20.0], [20.0, 9.0], film_gaps_s=[200]), scenes=scenes)
    assert (apart.n_day_transitions, apart.n_go_on_next_day) == (1, 1)


@given(st.floats(-1e4, 1e4), st.floats(1.0, 600.0))
def test_a_wrapped_gap_is_the_nearest_way_round(gap_s, song_duration_s):
    ((short_s,),) = wrapped(np.array([[gap_s]]), song_duration_s)
    assert -song_duration_s / 2 - 1e-6 <= short_s <= song_duration_s / 2 + 1e-6
    turns = (gap_s - short_s) / song_duration_s
    assert turns == pytest.approx(round(turns), abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(0, 160), st.floats(1, 60)), min_size=2, max_size=5),
    st.floats(0, 15),
)
def test_hits_are_those_told_one_by_one(rows, within_s):
    starts_s, lengths_s = np.array(rows).T
    advances_s = np.full(len(rows) - 1, 77.0)
    found = goes_on(Positions(starts_s, lengths_s, advances_s, 162.0), within_s=within_s)

    def apart_s(a, b):
        return min(abs(a - b + turn) for turn in (-324.0, -162.0, 0.0, 162.0, 324.0))

    for hit, i in zip(found, range(1, len(rows)), strict=True):
        stopped_s = starts_s[i - 1] + lengths_s[i - 1]
        here_s = apart_s(starts_s[i], stopped_s)
        others_s = [0.0, starts_s[i - 1], stopped_s + 77.0]
        rival_s = min(apart_s(starts_s[i], other_s) for other_s in others_s)
        edges = (2 * here_s - rival_s, here_s - within_s, rival_s - 0.5)
        if all(abs(edge) > 1e-6 for edge in edges):
            assert hit == (here_s <= within_s and 2 * here_s < rival_s and rival_s > 0.5)

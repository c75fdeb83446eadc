"""How pairs of stretches become cues on common time axes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.cues.discover.forest import Forest
from ostinato.cues.discover.pairs import DiscoverParameters, Pair
from ostinato.results import TimeMap
from ostinato.timeline import Interval


def a_pair(first_s, second_s, duration_s, *, evidence=1000.0):
    return Pair(
        first=Interval(first_s, first_s + duration_s),
        second=Interval(second_s, second_s + duration_s),
        time_map=TimeMap(second_s - first_s),
        evidence=evidence,
        p_value=1e-9,
        start_error_s=0.01,
        end_error_s=0.01,
    )


def grown(*pairs, is_same=lambda _one, _other: True):
    forest = Forest(DiscoverParameters(), is_same)
    for pair in sorted(pairs, key=lambda pair: -pair.evidence):
        forest.add(pair)
    return forest.standing()


def places(cue):
    """Film start, film end and place on the axis, from the first stretch's on."""
    zero_s = cue[0].time_map.song_s(cue[0].film.start_s)
    return [
        (one.film.start_s, one.film.end_s, one.time_map.song_s(one.film.start_s) - zero_s)
        for one in cue
    ]


def test_a_chain_of_pairs_is_one_cue():
    # the first holds seconds 0 to 20 of a song, the second 5 to 35, the third 15 to 45
    first, last = a_pair(105, 200, 15), a_pair(210, 300, 20, evidence=900)
    (cue,) = grown(first, last, a_pair(115, 300, 5, evidence=100))
    assert places(cue) == [(105, 120, 0), (200, 230, 0), (300, 320, 10)]


def test_what_no_pair_joins_stays_apart():
    # ten seconds of the second stretch are heard nowhere else
    cues = grown(a_pair(110, 200, 10), a_pair(220, 300, 10))
    assert sorted(places(cue) for cue in cues) == [
        [(110, 120, 0), (200, 210, 0)],
        [(220, 230, 0), (300, 310, 0)],
    ]


def test_a_pair_joins_two_cues_on_one_axis():
    (cue,) = grown(
        a_pair(100, 200, 20),
        a_pair(300, 400, 20, evidence=900),
        a_pair(105, 300, 15, evidence=800),
    )
    assert places(cue) == [(100, 120, 0), (200, 220, 0), (300, 320, 5), (400, 420, 5)]


def test_a_pair_that_contradicts_stronger_ones_moves_nothing():
    stronger = (a_pair(100, 200, 20), a_pair(100, 300, 20, evidence=900))
    # a bar of 4 s fits the third stretch as well, one bar off
    (cue,) = grown(*stronger, a_pair(200, 304, 16, evidence=800))
    assert places(cue) == [(100, 120, 0), (200, 220, 0), (300, 320, 0)]


def test_what_is_heard_at_once_and_comes_back_alone_is_another_cue():
    # under the second stretch of a song lies thunder, which is heard again without the song
    song, thunder = a_pair(100, 200, 30), a_pair(205, 400, 10, evidence=900)
    cues = grown(song, thunder, is_same=lambda _one, _other: False)
    assert sorted(map(places, cues)) == [
        [(100, 130, 0), (200, 230, 0)],
        [(205, 215, 0), (400, 410, 0)],
    ]


def test_a_loop_that_goes_round_without_a_pause_is_no_cue():
    rounds = (a_pair(100, 100 + lag, 60 - lag, evidence=60 - lag) for lag in (12, 24, 36, 48))
    assert grown(*rounds) == ()


def test_a_loop_that_comes_back_later_is_a_cue_at_its_strongest_place():
    rounds = (a_pair(100, 100 + lag, 60 - lag, evidence=60 - lag) for lag in (12, 24, 36, 48))
    (cue,) = grown(*rounds, a_pair(100, 400, 60, evidence=100))
    assert places(cue) == [(100, 160, 0), (400, 460, 0)]


def test_what_resembles_its_neighbour_faintly_is_the_record_playing_on():
    # before the stretch that is heard twice, the drum of four seconds later fits a little
    (cue,) = grown(a_pair(100, 200, 20), a_pair(96, 204, 4, evidence=20))
    assert places(cue) == [(100, 120, 0), (200, 220, 0)]


starts_s = st.lists(st.floats(0, 30), min_size=2, max_size=6)
lengths_s = st.floats(8, 30)


@given(starts_s, st.data())
def test_any_pairs_of_one_record_keep_their_true_distances(song_starts_s, data):
    stretches = [
        (100.0 * number, song_s, data.draw(lengths_s))
        for number, song_s in enumerate(song_starts_s, start=1)
    ]
    pairs = []
    for (one_s, one_song_s, one_length_s), (
        other_s,
        other_song_s,
        other_length_s,
    ) in itertools.combinations(stretches, 2):
        start_s = max(one_song_s, other_song_s)
        end_s = min(one_song_s + one_length_s, other_song_s + other_length_s)
        if end_s - start_s >= 3:
            first_s, second_s = one_s + start_s - one_song_s, other_s + start_s - other_song_s
            pairs.append(a_pair(first_s, second_s, end_s - start_s, evidence=end_s - start_s))
    offsets_s = {film_s: film_s - song_s for film_s, song_s, _ in stretches}
    for cue in grown(*pairs):
        shifts_s = []
        for one in cue:
            film_s = max(start_s for start_s in offsets_s if start_s <= one.film.start_s + 1e-6)
            shifts_s.append(one.time_map.offset_s - offsets_s[film_s])
        assert max(shifts_s) - min(shifts_s) == pytest.approx(0, abs=1e-6)
        for one, following in itertools.pairwise(cue):
            assert one.film.end_s <= following.film.start_s

"""Maps that meet are one occurrence whose speed drifts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.cues.joins import (
    CarryParameters,
    joined_where_they_meet,
    put_where_the_record_arrives,
)
from ostinato.cues.song_finds import Found
from ostinato.cues.tracks import Track, whitened_reference
from ostinato.cues.views import RATE_HZ
from ostinato.results import TimeMap

PARAMETERS = CarryParameters()


def a_find(start_s, end_s, song_start_s, *, speed=1.0, **how):
    return Found(
        start_s=start_s,
        end_s=end_s,
        time_map=TimeMap(start_s - song_start_s / speed, speed),
        evidence=100.0,
        p_value=how.pop("p_value", 1e-9),
        start_error_s=0.1,
        end_error_s=0.2,
        rivals_song_s=how.pop("rivals_song_s", ()),
        pitch=speed,
        **how,
    )


def joined(*found):
    return joined_where_they_meet(found, parameters=PARAMETERS)


def test_two_maps_that_meet_are_one_with_a_knot():
    before = a_find(10.0, 30.0, 5.0, speed=1.0002)
    after = a_find(30.0, 50.0, before.time_map.song_s(30.0), speed=0.9999)
    (one,) = joined(before, after)
    assert (one.start_s, one.end_s, one.evidence) == (10.0, 50.0, 200.0)
    assert [film_s for film_s, _ in one.knots] == [10.0, 30.0, 50.0]
    for at_s, known in ((10.0, before), (30.0, before), (30.0, after), (50.0, after)):
        assert dict(one.knots)[at_s] == pytest.approx(known.time_map.song_s(at_s), abs=1e-9)
    assert one.time_map.song_s(10.0) == pytest.approx(5.0)
    assert one.time_map.song_s(50.0) == pytest.approx(after.time_map.song_s(50.0))


def test_two_parts_of_one_map_need_no_knot():
    (one,) = joined(a_find(10.0, 30.0, 5.0), a_find(31.0, 50.0, 26.0))
    assert one.knots == ()
    assert one.time_map.speed == pytest.approx(1.0)


@pytest.mark.parametrize(
    "after",
    [
        a_find(30.0, 50.0, 25.02),  # a splice
        a_find(33.0, 50.0, 28.0),  # drowned for longer than a dropout
        a_find(30.0, 50.0, 25.0, speed=1.02),  # another transfer
        a_find(30.0, 50.0, 25.0, likeness="spectrum"),
    ],
    ids=["splice", "gap", "speed", "spectrum"],
)
def test_what_does_not_meet_stays_apart(after):
    before = a_find(10.0, 30.0, 5.0)
    assert joined(before, after) == (before, after)


def test_a_rival_of_both_is_a_rival_of_the_whole():
    before = a_find(10.0, 30.0, 5.0, speed=1.0002, rivals_song_s=(45.0, 80.0))
    song_s = before.time_map.song_s(30.0)
    after = a_find(30.0, 50.0, song_s, speed=0.9998, rivals_song_s=(song_s + 40.0, 3.0))
    assert joined(before, after)[0].rivals_song_s == (pytest.approx(45.0),)


@given(st.floats(-0.2, 0.2), st.floats(0.9, 1.1))
def test_a_shift_moves_every_knot_alike(shift_s, speed):
    before = a_find(10.0, 30.0, 5.0, speed=speed)
    after = a_find(30.0, 50.0, before.time_map.song_s(30.0), speed=speed * 1.0004)
    (one,) = joined(before, after)
    moved = one.shifted(shift_s)
    for (stretch, was), (_, now) in zip(one.steady, moved.steady, strict=True):
        middle_s = (stretch.start_s + stretch.end_s) / 2
        assert now.song_s(middle_s) == pytest.approx(
            was.song_s(middle_s) - shift_s * was.speed, abs=1e-3
        )


@pytest.fixture
def put(tmp_path):
    """Where finds are put in a film that plays a loop of 10 s, heard from its 5th second on."""
    rng = np.random.default_rng(3)
    loop = rng.standard_normal(10 * RATE_HZ)
    song = np.concatenate([loop, loop, loop, loop]).astype(np.float32)
    film = (song[5 * RATE_HZ :] + rng.standard_normal(35 * RATE_HZ)).astype(np.float32)
    film.tofile(tmp_path / "track.f32")
    track = Track(tmp_path / "track.f32", ("mid",), film.size)
    reference = whitened_reference({"mid": song}, speed=1.0)
    return lambda *found: put_where_the_record_arrives(
        track, reference, found, parameters=PARAMETERS
    )


def test_a_short_find_is_where_the_record_beside_it_arrives_if_a_loop_fits_as_well(put):
    long, short = a_find(0.0, 20.0, 5.0), a_find(20.0, 22.0, 15.0)
    first, second = put(long, short)
    assert first == long
    assert second.time_map.song_s(20.0) == pytest.approx(25.0, abs=0.001)
    assert second.rivals_song_s == (15.0,)
    assert second.evidence <= short.evidence


def test_a_record_that_was_moved_stays_where_it_was_moved_to(put):
    # the film plays on, so that a map which is 3 s ahead explains nothing of it
    long, short = a_find(0.0, 20.0, 8.0), a_find(20.0, 22.0, 15.0)
    assert put(long, short) == (long, short)


def test_a_record_that_stopped_in_between_is_not_carried_on(put):
    long, short = a_find(0.0, 17.0, 5.0), a_find(20.0, 22.0, 15.0)
    assert put(long, short) == (long, short)


@pytest.mark.parametrize("speed", [1.0, 25 / 24])
def test_what_is_traced_beyond_the_song_is_cut_from_film_and_song_alike(speed):
    # 60 ms before its first sample and 50 ms behind its last
    found = a_find(10.0, 10.0 + 30.11 / speed, -0.06, speed=speed).within_song(30.0)
    assert found.start_s == pytest.approx(10.0 + 0.06 / speed)
    assert found.time_map.song_s(found.start_s) == pytest.approx(0.0, abs=1e-9)
    assert found.time_map.song_s(found.end_s) == pytest.approx(30.0)


def test_a_drifting_record_is_cut_at_both_ends_of_the_song_and_keeps_its_knots():
    before = a_find(10.0, 30.0, -0.05, speed=1.0002)
    after = a_find(30.0, 50.0, before.time_map.song_s(30.0), speed=0.9999)
    length_s = after.time_map.song_s(50.0) - 0.04
    (one,) = (found.within_song(length_s) for found in joined(before, after))
    assert one.knots[0] == pytest.approx((before.time_map.film_s(0.0), 0.0))
    assert one.knots[-1] == pytest.approx((after.time_map.film_s(length_s), length_s))
    assert (one.start_s, one.end_s) == (one.knots[0][0], one.knots[-1][0])
    assert one.knots[1] == pytest.approx((30.0, before.time_map.song_s(30.0)))


def test_what_lies_within_the_song_stays_as_it_is():
    found = a_find(10.0, 30.0, 5.0)
    assert found.within_song(40.0) == found

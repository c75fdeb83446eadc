from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.media.stamps import ClockRules, Placement, Stamp, place

RATE_HZ = 48000
# 5 ms, 10 s, 1 s
RULES = ClockRules(tolerance=RATE_HZ // 200, horizon=10 * RATE_HZ, max_overlap=RATE_HZ)
BROADCAST = replace(RULES, max_jump=3600 * RATE_HZ)
SEAMLESS = Placement()

lengths = st.sampled_from([40, 576, 1024, 1152, 1536, 4608])


def heard_at(stamps, placements):
    """Film position of the first sample of each frame, as it ends up."""
    position, starts = 0, []
    for stamp, placement in zip(stamps, placements, strict=True):
        position += placement.n_silence - placement.n_trimmed
        starts.append(position)
        position += stamp.n_samples
    return starts


def to_a_millisecond(position):
    return round(position * 1000 / RATE_HZ) * RATE_HZ // 1000


def frames(n_frames, length, *, first=0, speed=1.0):
    """Frames end to end, whose stamps run at `speed` against their samples."""
    return [Stamp(first + round(i * length * speed), length) for i in range(n_frames)]


@given(lengths, st.integers(2, 400))
def test_stamps_rounded_to_a_millisecond_move_nothing(length, n_frames):
    rounded = [Stamp(to_a_millisecond(i * length), length) for i in range(n_frames)]
    assert set(place(rounded, RULES)) == {SEAMLESS}


def test_three_hours_of_rounded_stamps_end_where_they_should():
    length = 4608
    n_frames = 3 * 3600 * RATE_HZ // length
    rounded = (Stamp(to_a_millisecond(i * length), length) for i in range(n_frames))
    assert all(placement == SEAMLESS for placement in place(rounded, RULES))


@given(st.floats(0.999, 1.001), st.integers(200, 1500))
def test_a_clock_that_runs_slow_or_fast_is_followed(speed, n_frames):
    stamps = frames(n_frames, 1024, speed=speed)
    placements = list(place(stamps, RULES))
    errors = [
        heard - stamp.position
        for heard, stamp in zip(heard_at(stamps, placements), stamps, strict=True)
    ]
    # the last frame has no next one to confirm it, and one frame drifts by a sample
    assert max(map(abs, errors)) <= RULES.tolerance + 2


@given(st.lists(st.tuples(st.integers(2, 9), st.integers(300, 40_000)), min_size=1, max_size=6))
def test_every_gap_becomes_silence_of_its_length(runs):
    stamps, position = [], 0
    for n_frames, gap in runs:
        stamps += frames(n_frames, 1024, first=position)
        position += n_frames * 1024 + gap
    starts = heard_at(stamps, list(place(stamps, RULES)))
    assert starts == [stamp.position for stamp in stamps]


def test_a_late_start_is_preceded_by_silence():
    assert next(place(frames(3, 1024, first=72_000), RULES)) == Placement(n_silence=72_000)


def test_what_lies_before_zero_is_left_out():
    stamps = frames(4, 1000, first=-1500)
    assert list(place(stamps, RULES)) == [
        Placement(n_trimmed=1000),
        Placement(n_trimmed=500),
        SEAMLESS,
        SEAMLESS,
    ]


def test_what_was_heard_already_is_not_heard_twice():
    stamps = frames(3, 1000) + frames(3, 1000, first=1500)
    n_trimmed = [placement.n_trimmed for placement in place(stamps, RULES)]
    assert n_trimmed == [0, 0, 0, 1000, 500, 0]


@given(st.integers(-(10**9), 10**9), st.integers(1, 400))
def test_stamps_that_are_wrong_for_a_while_move_nothing(wrong, n_wrong):
    stamps = frames(450, 1024)  # 9.6 s: all within the horizon
    stamps[20 : 20 + n_wrong] = frames(n_wrong, 1024, first=20 * 1024 + wrong)
    assert set(place(stamps, RULES)) == {SEAMLESS}


def test_pages_of_ogg_that_are_ten_milliseconds_off_do_not_chop_the_song():
    late = [448 if i // 70 % 3 == 1 else 0 for i in range(2100)]
    stamps = [Stamp(i * 1024 + late[i], 1024) for i in range(2100)]
    assert set(place(stamps, RULES)) == {SEAMLESS}


def test_a_file_that_starts_anew_goes_on_from_where_it_was():
    stamps = frames(100, 1024) + frames(100, 1024)
    placements = list(place(stamps, RULES))
    assert placements[100] == Placement(n_leapt=-100 * 1024)
    assert set(placements[:100] + placements[101:]) == {SEAMLESS}


@given(st.integers(11, 40))
def test_the_counter_of_a_broadcast_may_wrap_or_leap_and_each_leap_is_kept(part_length_s):
    leap = 95_443 * RATE_HZ  # 2**33 ticks of 90 kHz
    parts = [frames(part_length_s, RATE_HZ, first=first) for first in (0, leap, 60 * RATE_HZ)]
    placements = list(place(chain(*parts), BROADCAST))
    assert not any(one.n_silence or one.n_trimmed for one in placements)
    length = part_length_s * RATE_HZ
    leaps = [one.n_leapt for one in placements if one.n_leapt]
    assert leaps == [leap - length, 60 * RATE_HZ - leap - length]


@given(st.integers(11, 3000))
def test_a_lost_stretch_of_a_broadcast_is_silence_of_its_length(lost_s):
    stamps = frames(12, RATE_HZ) + frames(12, RATE_HZ, first=(12 + lost_s) * RATE_HZ)
    placements = list(place(stamps, BROADCAST))
    assert placements[12] == Placement(n_silence=lost_s * RATE_HZ)


def test_a_frame_without_a_stamp_follows_the_one_before():
    stamps = [Stamp(48_000, 1024), Stamp(None, 1024), Stamp(None, 1024), Stamp(51_072, 1024)]
    assert list(place(stamps, RULES)) == [Placement(n_silence=48_000)] + [SEAMLESS] * 3


@given(st.lists(st.integers(-200, 200), min_size=3, max_size=200))
def test_stamps_that_tremble_do_not_chop_the_sound(tremble):
    stamps = [Stamp(i * 1024 + off, 1024) for i, off in enumerate(tremble)]
    assert set(place(stamps, RULES)) == {SEAMLESS}


def test_opposite_errors_side_by_side_move_nothing():
    # each passes by the next frame, and so neither is believed
    stamps = frames(600, 1024)
    for i in range(100, 500, 40):
        stamps[i] = Stamp(stamps[i].position + 900, 1024)
        stamps[i + 1] = Stamp(stamps[i + 1].position - 900, 1024)
    assert set(place(stamps, RULES)) == {SEAMLESS}


def test_a_gap_after_opposite_errors_begins_where_it_begins():
    stamps = frames(700, 1024)
    stamps[40] = Stamp(stamps[40].position + 900, 1024)
    stamps[41] = Stamp(stamps[41].position - 900, 1024)
    stamps = [Stamp(one.position + 5000 * (i >= 42), 1024) for i, one in enumerate(stamps)]
    silent = [(i, one.n_silence) for i, one in enumerate(place(stamps, RULES)) if one != SEAMLESS]
    assert silent == [(42, 5000)]


@given(st.integers(-RULES.tolerance - 1, RULES.tolerance + 1))
def test_a_disagreement_of_the_tolerance_is_rounding_and_one_sample_more_is_none(off):
    stamps = frames(20, 1024) + frames(20, 1024, first=20 * 1024 + off)
    moved = list(place(stamps, RULES))
    real = off if abs(off) > RULES.tolerance else 0
    assert moved[20] == Placement(max(0, real), max(0, -real))
    assert set(moved[:20] + moved[21:]) == {SEAMLESS}


@pytest.mark.parametrize("beyond", [0, 1])
def test_stamps_start_anew_where_they_fall_back_or_leap_by_more_than_the_most(beyond):
    rules = replace(RULES, max_overlap=2 * 1024, max_jump=5 * 1024)
    back = frames(9, 1024) + frames(9, 1024, first=7 * 1024 - beyond)
    ahead = frames(9, 1024) + frames(9, 1024, first=14 * 1024 + beyond)
    told = [list(place(stamps, rules)) for stamps in (back, ahead)]
    if beyond:
        assert [one[9].n_leapt for one in told] == [-2 * 1024 - 1, 5 * 1024 + 1]
        assert all(set(one[:9] + one[10:]) == {SEAMLESS} for one in told)
    else:
        assert told[0][9:11] == [Placement(n_trimmed=1024), Placement(n_trimmed=1024)]
        assert told[1][9] == Placement(n_silence=5 * 1024)


def test_what_leaps_where_nothing_was_heard_yet_is_a_late_start():
    stamps = frames(9, 1024, first=7 * RATE_HZ)
    assert next(place(stamps, replace(RULES, max_jump=RATE_HZ))) == Placement(7 * RATE_HZ)
    # what is there already makes the same stamp a leap
    started = next(place(stamps, replace(RULES, max_jump=RATE_HZ), start=100))
    assert started == Placement(n_leapt=7 * RATE_HZ - 100)


@pytest.mark.parametrize("n_frames", [9, 10])
def test_a_disagreement_counts_as_far_as_the_horizon_is_of_its_mind(n_frames):
    # behind the frame in question lie `n_frames`, of which the last comes back to the samples
    rules = ClockRules(tolerance=10, horizon=9 * 1000, max_overlap=10**6)
    stamps = frames(5, 1000) + frames(n_frames, 1000, first=5500) + frames(9, 1000, first=14_000)
    stamps[5 + n_frames :] = frames(9, 1000, first=(5 + n_frames) * 1000)
    moved = list(place(stamps, rules))
    assert (moved[5] == SEAMLESS) == (n_frames <= 9)
    if n_frames > 9:
        assert moved[5] == Placement(n_silence=500)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-40, 40), st.integers(1, 4)), min_size=1, max_size=12
    )
)
def test_a_disagreement_is_believed_as_its_definition_says(rows):
    """Each frame by the least that all up to the horizon share, found by a loop."""
    rules = ClockRules(tolerance=5, horizon=12, max_overlap=10**6)
    stamps, n_before = [], 0
    for off, n_frames in rows:
        for _ in range(n_frames):
            stamps.append(Stamp(None if off is None else n_before + off, 4))
            n_before += 4
    assert list(place(stamps, rules)) == list(by_loops(stamps, rules))


def by_loops(stamps, rules):
    drift, n_forgiven = 0, 0
    lies, n_before = [], 0
    for stamp in stamps:
        lies.append(None if stamp.position is None else stamp.position - n_before)
        n_before += stamp.n_samples
    starts = [sum(one.n_samples for one in stamps[:i]) for i in range(len(stamps) + 1)]
    for i, stamp in enumerate(stamps):
        error = 0
        if n_forgiven > 0:
            n_forgiven -= 1
        elif lies[i] is not None and abs(lies[i] - drift) > rules.tolerance:
            # frames are read until a whole horizon lies behind this one
            last = i + 1
            while last < len(stamps) and starts[last] - starts[i + 1] < rules.horizon:
                last += 1
            errors = [lie - drift for lie in lies[i:last] if lie is not None]
            if min(errors) > rules.tolerance:
                error = min(errors)
            elif max(errors) < -rules.tolerance:
                error = max(errors)
            else:
                n_forgiven = until_it_passes(lies[i:last], drift, rules.tolerance)
        trimmed = min(max(0, -error), stamp.n_samples)
        drift += max(0, error) - trimmed
        yield Placement(max(0, error), trimmed)


def until_it_passes(lies, drift, tolerance):
    error = lies[0] - drift
    for n, lie in enumerate(lies[1:]):
        if lie is not None:
            other = lie - drift
            error = 0 if (error > 0) != (other > 0) else min(error, other, key=abs)
        if abs(error) <= tolerance:
            return n
    return 0

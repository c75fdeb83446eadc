"""Timecodes are exact at every rate, and those of opentimelineio."""

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.errors import ParameterError
from ostinato.export import frame_rate

RATES = ("23.976", "24", "25", "29.97", "30", "50", "59.94")
COUNTS = [(rate, False) for rate in RATES] + [("29.97", True), ("59.94", True)]
counts = st.sampled_from([frame_rate(rate, is_drop=is_drop) for rate, is_drop in COUNTS])
EDGES = 4  # frames on either side of each minute


@pytest.mark.parametrize(("rate", "is_drop"), COUNTS)
def test_frames_about_every_minute_of_a_day_come_back(rate, is_drop):
    own = frame_rate(rate, is_drop=is_drop)
    minutes = range(0, own.frames_of_day, own.frames_of_day // 1440)
    for minute in minutes:
        for frame in range(max(0, minute - EDGES), min(minute + EDGES, own.frames_of_day)):
            assert own.frame_of_timecode(own.timecode(frame)) == frame


@pytest.mark.parametrize(("rate", "is_drop"), COUNTS)
def test_timecodes_are_those_of_opentimelineio(rate, is_drop):
    own = frame_rate(rate, is_drop=is_drop)
    other = float(own.frames)
    # without dropped numbers the library begins again after 24 hours of the clock, not of numbers
    n_frames = min(own.frames_of_day, int(own.frames * 86_399))
    for frame in (*range(4000), *range(0, n_frames, n_frames // 997), n_frames - 1):
        time = otio.opentime.RationalTime(frame, other)
        assert own.timecode(frame) == otio.opentime.to_timecode(time, other, is_drop)


@given(counts, st.integers(0, 24 * 3600 * 60))
def test_a_frame_is_found_again_by_its_time_and_by_its_number(rate, frame):
    assert rate.frame(float(rate.seconds(frame))) == frame
    frame %= rate.frames_of_day
    assert rate.frame_of_timecode(rate.timecode(frame)) == frame


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("23.976", 24000, 1001),
        ("23.98", 24000, 1001),
        ("24", 24, 1),
        ("25", 25, 1),
        ("29.97", 30000, 1001),
        ("30", 30, 1),
        ("47.952", 48000, 1001),
        ("48", 48, 1),
        ("50", 50, 1),
        ("59.94", 60000, 1001),
        ("60", 60, 1),
    ],
)
def test_what_people_call_a_rate_is_its_fraction(text, numerator, denominator):
    rate = frame_rate(text)
    assert rate.frames == Fraction(numerator, denominator)
    assert rate.is_ntsc == (denominator == 1001)
    assert rate.timebase * 1000 in {numerator, 1000 * numerator}
    assert frame_rate(f"{numerator}/{denominator}") == rate


def test_of_two_boundaries_that_are_as_near_the_later_one_is_taken():
    assert [frame_rate("25").frame(time_s) for time_s in (0.5, 1.5, 0.499)] == [13, 38, 12]
    assert frame_rate("30").frame(0.25) == 8


@given(counts)
def test_a_day_begins_again(rate):
    assert rate.timecode(rate.frames_of_day) == rate.timecode(0)
    assert rate.timecode(rate.frames_of_day - 1)[:8] == "23:59:59"


def test_drop_frame_keeps_up_with_the_clock():
    rate = frame_rate("29.97", is_drop=True)
    hour = rate.frame_of_timecode("01:00:00;00")
    assert abs(rate.seconds(hour) - 3600) < Fraction(1, 250)
    assert rate.timecode(17982) == "00:10:00;00"


@pytest.mark.parametrize(
    ("text", "number"),
    [("24000/1001", "23.976"), ("30000/1001", "29.97"), ("60000/1001", "59.94"), ("25/1", "25")],
)
def test_a_rate_is_read_as_a_fraction_and_as_people_write_it(text, number):
    assert frame_rate(text) == frame_rate(number)


@pytest.mark.parametrize(
    "text", ["", "0", "24/0", "-25", "nan", "inf", "1e3", "26", "24000/1001/2"]
)
def test_no_film_is_shown_at_other_rates(text):
    with pytest.raises(ParameterError, match="no film is shown at such a rate"):
        frame_rate(text)


@pytest.mark.parametrize(
    "text", ["1:00:00:00", "01:00:00:5", "24:00:00:00", "01:60:00:00", "01:00:00:25", "x"]
)
def test_what_is_no_timecode_is_refused(text):
    with pytest.raises(ParameterError, match="it is none at 25 frames a second"):
        frame_rate("25").frame_of_timecode(text)


def test_a_number_that_is_left_out_is_refused():
    with pytest.raises(ParameterError, match=r"Write 00:01:00;02"):
        frame_rate("29.97", is_drop=True).frame_of_timecode("00:01:00;01")


def test_numbers_are_left_out_only_where_they_run_late():
    with pytest.raises(ParameterError, match="no frame numbers are dropped at it"):
        frame_rate("25", is_drop=True)

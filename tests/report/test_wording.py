import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.report.p_values import p_cell, p_value, probability
from ostinato.report.wording import (
    fold,
    lasting,
    listed,
    n_columns,
    number,
    shorten,
    song_time,
    times,
)
from ostinato.timeline import parse_timecode, timecode

titles = st.text(st.sampled_from("ab 夢中人é\u0301\n"), max_size=40)


@pytest.mark.parametrize(
    ("time_s", "written"),
    [
        (0.0, "0:00"),
        (-1e-9, "0:00"),
        (59.4, "0:59"),
        (59.5, "1:00"),
        (359.99, "6:00"),
        (162, "2:42"),
        (600, "10:00"),
        (3600, "1:00:00"),
    ],
)
def test_song_times_are_minutes_and_seconds(time_s, written):
    assert song_time(time_s) == written


@pytest.mark.parametrize(
    ("p", "written"),
    [(1.0, "1"), (0.001, "0.001"), (0.00099, "< 0.001"), (1e-300, "< 0.001"), (0.0, "< 0.001")],
)
def test_no_probability_is_a_power_of_ten(p, written):
    assert probability(p) == written


def test_a_probability_in_a_sentence_has_one_sign():
    assert [p_value(p) for p in (0.03, 2e-4)] == ["p = 0.03", "p < 0.001"]
    assert [p_value(p, is_least=True) for p in (0.5, 2e-4)] == ["p ≤ 0.5", "p < 0.001"]
    assert p_cell(0.0084, is_least=True) == "≤ 0.0084"


@given(st.floats(0, 1e5), st.floats(1.0, 1e4))
def test_times_of_a_table_differ_by_what_is_said_to_last(start_s, duration_s):
    end_s = start_s + duration_s
    tenths = [round(10 * parse_timecode(timecode(s, decimals=1))) for s in (start_s, end_s)]
    minutes, seconds = divmod((tenths[1] - tenths[0]) / 10, 60)
    whole = lasting(60 * minutes + seconds)
    # rounding to the tenth and then to the second may differ only where a half is met
    fraction = duration_s % 1
    assert whole == lasting(duration_s) or abs(fraction - 0.5) < 0.11


def test_a_number_keeps_its_unit_and_unknown_has_none():
    assert number(-0.5, ".1f", "LU") == "−0.5 LU"
    assert number(0.0, ".1f", "s") == "0.0 s"
    assert number(None, ".1f", "s") == "–"


def test_counting_words():
    assert [times(n) for n in (1, 2, 1500)] == ["once", "twice", "1,500 times"]
    assert [listed(items) for items in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


@given(titles, st.integers(1, 30))
def test_a_shortened_text_fits_and_begins_like_the_whole(text, limit):
    short = shorten(text, limit)
    assert n_columns(short) <= limit
    whole = " ".join(text.split())
    assert whole.startswith(short.removesuffix("…"))
    assert short == whole or short.endswith("…")


@given(titles, st.integers(3, 30), st.integers(1, 3))
def test_a_folded_text_has_no_more_lines_than_there_is_room_for(text, limit, max_lines):
    lines = fold(text, limit, max_lines=max_lines).split("\n")
    assert len(lines) <= max_lines
    assert all(n_columns(line) <= limit for line in lines)


@given(titles)
def test_a_text_that_fits_is_folded_into_itself(text):
    whole = " ".join(text.split())
    assert fold(text, n_columns(whole), max_lines=2) == whole
    assert fold(text, max(n_columns(whole), 3), max_lines=3).replace("\n", " ") == whole

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.report.wording import (
    fold,
    listed,
    n_columns,
    number,
    probability,
    shorten,
    song_time,
    times,
)

titles = st.text(st.sampled_from("ab 夢中人é\u0301\n"), max_size=40)


@pytest.mark.parametrize(
    ("time_s", "written"),
    [
        (0.0, "0:00"),
        (-1e-9, "0:00"),
        (59.9, "0:59"),
        (162, "2:42"),
        (600, "10:00"),
        (3600, "1:00:00"),
    ],
)
def test_song_times_are_minutes_and_seconds(time_s, written):
    assert song_time(time_s) == written


@pytest.mark.parametrize(
    ("p", "written"),
    [(1.0, "1"), (0.001, "0.001"), (9.6e-5, "9.6e−5"), (1.04e-13, "1e−13"), (1e-300, "1e−300")],
)
def test_probabilities_are_plain_until_they_are_small(p, written):
    assert probability(p) == written


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

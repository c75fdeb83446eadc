from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from ostinato.report.figures.film_axis import set_time_ticks, time_form


def ticks(duration_s, *, length=440.0, label=30.0):
    axis = Figure().subplots().xaxis
    axis.axes.set_xlim(0, duration_s)
    set_time_ticks(axis, duration_s=duration_s, length=length, label=label)
    return axis


def written(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize(
    ("duration_s", "labels"),
    [
        (30.0, ["0:00", "0:05", "0:10", "0:15", "0:20", "0:25", "0:30"]),
        (600.0, ["0:00", "1:00", "2:00", "3:00", "4:00", "5:00", "6:00", "7:00", "8:00", "9:00"]),
        (6130.0, ["0:00:00", "0:10:00", "0:20:00", "0:30:00", "0:40:00", "0:50:00", "1:00:00"]),
        (10800.0, ["0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00"]),
    ],
)
def test_ticks_are_round_times_as_a_player_shows_them(duration_s, labels):
    assert written(ticks(duration_s))[: len(labels)] == labels


def test_no_regular_tick_gives_way_to_the_end():
    labels = written(ticks(6000.0, length=340.0))
    assert labels[-3:] == ["1:15:00", "1:30:00", "1:40:00"]


def test_an_end_that_would_run_into_the_last_tick_is_marked_and_not_written():
    axis = ticks(5410.0, length=300.0)
    assert written(axis)[-2:] == ["1:30:00", ""]
    assert axis.get_ticklocs()[-1] == 5410.0


def test_a_narrow_axis_has_fewer_ticks():
    assert len(written(ticks(6130.0, length=150.0))) < len(written(ticks(6130.0)))


@given(st.floats(0.5, 200000.0), st.floats(20.0, 600.0))
def test_labels_never_run_into_each_other(duration_s, length):
    axis = ticks(duration_s, length=length)
    places = [at for at, text in zip(axis.get_ticklocs(), written(axis), strict=True) if text]
    point_s = duration_s / length
    assert places[0] == 0
    assert axis.get_ticklocs()[-1] == duration_s
    regular = [at for at in places if at != duration_s]
    assert all(after - before >= 30.0 * point_s for before, after in pairwise(regular))
    if places[-1] == duration_s and len(places) > 1:
        assert places[-1] - places[-2] >= 30.0 * point_s or length < 40


def test_before_the_film_there_is_no_time():
    axis = ticks(600.0)
    assert axis.get_major_formatter()(-60.0, 0) == ""
    assert axis.get_major_formatter()(60.0, 0) == "1:00"


def test_the_form_says_whether_there_are_hours():
    assert (time_form(3599.0), time_form(3600.0)) == ("m:ss", "h:mm:ss")

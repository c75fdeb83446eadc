import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from ostinato.report.figures.film_axis import set_time_ticks, time_form


def ticks(duration_s, max_ticks=8):
    axis = Figure().subplots().xaxis
    axis.axes.set_xlim(0, duration_s)
    set_time_ticks(axis, duration_s=duration_s, max_ticks=max_ticks, room=0.7)
    return axis


@pytest.mark.parametrize(
    ("duration_s", "written"),
    [
        (30.0, ["0:00", "0:05", "0:10", "0:15", "0:20", "0:25", "0:30"]),
        (600.0, ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]),
        (6130.0, ["0:00:00", "0:15:00", "0:30:00", "0:45:00", "1:00:00", "1:15:00", "1:30:00"]),
        (10800.0, ["0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00"]),
    ],
)
def test_ticks_are_round_times_as_a_player_shows_them(duration_s, written):
    labels = [label.get_text() for label in ticks(duration_s).get_ticklabels()]
    assert labels[: len(written)] == written


@given(st.floats(0.5, 200000.0), st.integers(1, 8))
def test_there_are_never_too_many_and_the_end_has_room(duration_s, max_ticks):
    places = list(ticks(duration_s, max_ticks).get_ticklocs())
    assert places[0] == 0
    assert places[-1] == duration_s
    assert len(places) <= max_ticks + 2
    if len(places) > 2:
        step_s = places[1]
        assert places[-1] - places[-2] >= 0.69 * step_s


def test_before_the_film_there_is_no_time():
    axis = ticks(600.0)
    assert axis.get_major_formatter()(-60.0, 0) == ""
    assert axis.get_major_formatter()(60.0, 0) == "1:00"


def test_the_form_says_whether_there_are_hours():
    assert (time_form(3599.0), time_form(3600.0)) == ("m:ss", "h:mm:ss")

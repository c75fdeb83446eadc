"""What a chain that rings leaves uncertain of a find."""

import numpy as np
import pytest
from scipy.signal import fftconvolve
from tests.cues.test_arrival import a_find

from ostinato.cues.time_errors import Ringing, RingingParameters, ringing_of, with_ringing
from ostinato.cues.views import RATE_HZ

LENGTH = 8 * RATE_HZ
PARAMETERS = RingingParameters()


def ringing_through(response, *, noise=0.3):
    rng = np.random.default_rng(0)
    song = rng.standard_normal(LENGTH)
    film = fftconvolve(song, response)[:LENGTH] + noise * rng.standard_normal(LENGTH)
    pair = (film.astype(np.float32), song.astype(np.float32))
    return ringing_of([pair], sample_rate_hz=RATE_HZ, parameters=PARAMETERS)


def test_a_dry_chain_does_not_ring():
    ringing = ringing_through(np.array([1.0]))
    assert ringing.late_share < 0.5 * PARAMETERS.least_share
    assert ringing.centre_time_s < 0.005


def test_the_centre_time_of_a_room_is_that_of_its_response():
    t = np.arange(RATE_HZ) / RATE_HZ
    room = np.random.default_rng(1).standard_normal(t.size) * np.exp(-t / 0.1)
    ringing = ringing_through(room / np.sqrt(np.sum(room**2)), noise=0.1)
    assert ringing.centre_time_s == pytest.approx(0.05, abs=0.01)
    assert ringing.late_share == pytest.approx(np.exp(-2 * 0.01 / 0.1), abs=0.1)


def test_too_short_a_stretch_says_nothing():
    short = np.ones(3 * RATE_HZ, np.float32)
    assert ringing_of([(short, short)], sample_rate_hz=RATE_HZ, parameters=PARAMETERS) is None


def test_a_find_in_a_room_ends_earlier_and_is_less_sure():
    one = a_find(song_error_s=0.001)
    ringing = Ringing(centre_time_s=0.1, late_share=0.9)
    rung = with_ringing(one, ringing, parameters=PARAMETERS)
    assert one.end_s - 0.1 < rung.end_s < one.end_s
    assert rung.start_s == one.start_s
    for name in ("start_error_s", "end_error_s", "song_error_s"):
        assert getattr(rung, name) > getattr(one, name)


def test_a_chamber_that_answers_late_and_loud_leaves_the_end_as_uncertain():
    one = a_find()
    errors_s = [
        with_ringing(
            one, Ringing(centre_time_s=centre_s, late_share=0.9), parameters=PARAMETERS
        ).end_error_s
        for centre_s in (0.03, 0.06, 0.24)
    ]
    assert errors_s[0] == errors_s[1]
    assert errors_s[2] >= one.end_error_s + 0.12


def test_a_find_that_bends_ends_on_its_map():
    one = a_find(knots=((10.0, 5.0), (13.99, 8.99), (14.0, 9.001)))
    ringing = Ringing(centre_time_s=0.1, late_share=0.9)
    rung = with_ringing(one, ringing, parameters=PARAMETERS)
    assert rung.knots[-1][0] == rung.end_s
    assert rung.time_map.song_s(rung.end_s) == pytest.approx(rung.knots[-1][1])


@pytest.mark.parametrize("ringing", [None, Ringing(centre_time_s=0.0, late_share=0.01)])
def test_a_find_in_a_dry_chain_stays_as_it_is(ringing):
    one = a_find(song_error_s=0.001)
    assert with_ringing(one, ringing, parameters=PARAMETERS) == one


def test_no_find_is_made_shorter_than_one_that_may_be_claimed():
    one = a_find(knots=())
    long_ago = with_ringing(
        one,
        Ringing(centre_time_s=0.1, late_share=0.9),
        parameters=RingingParameters(end_s=30.0),
    )
    assert long_ago.end_s == one.start_s + PARAMETERS.shortest_s

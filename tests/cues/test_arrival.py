"""The first arrival of a playback, and what only seems to be one."""

import numpy as np
import pytest
from scipy.signal import fftconvolve

from ostinato.cues.arrival import ArrivalParameters, first_arrival_s
from ostinato.cues.song_finds import Found
from ostinato.cues.views import RATE_HZ
from ostinato.results import TimeMap

LENGTH = 12 * RATE_HZ


def arrival_of(film, song):
    pair = (film.astype(np.float32), song.astype(np.float32))
    return first_arrival_s([pair], sample_rate_hz=RATE_HZ, parameters=ArrivalParameters())


def late(song, delay_s):
    return np.roll(song, round(delay_s * RATE_HZ))


def test_a_direct_sound_before_a_louder_answer_is_the_first_arrival():
    rng = np.random.default_rng(0)
    song = rng.standard_normal(LENGTH)
    film = 0.5 * late(song, -0.06) + song + 0.5 * rng.standard_normal(LENGTH)
    assert arrival_of(film, song) == pytest.approx(-0.06, abs=0.001)


@pytest.mark.parametrize("seed", range(8))
def test_a_faint_song_is_not_moved_by_the_noise_of_its_response(seed):
    rng = np.random.default_rng(seed)
    song = rng.standard_normal(LENGTH)
    film = 0.03 * song + rng.standard_normal(LENGTH)
    assert abs(arrival_of(film, song) or 0.0) < 0.001


def test_what_only_one_half_of_the_stretch_shows_is_no_arrival():
    rng = np.random.default_rng(9)
    song = rng.standard_normal(LENGTH)
    film = song.copy()
    early = late(song, -0.08)
    for part in range(0, LENGTH, LENGTH // 5):  # parts are held out in turn
        half = slice(part, part + LENGTH // 10)
        film[half] += 0.8 * early[half] * (1 if (part // (LENGTH // 5)) % 2 else -1)
    assert abs(arrival_of(film, song) or 0.0) < 0.001


def test_too_short_a_stretch_moves_nothing():
    song = np.random.default_rng(1).standard_normal(3 * RATE_HZ)
    assert arrival_of(song + 0.9 * late(song, -0.06), song) is None


@pytest.mark.parametrize("delay_s", [0.15, 0.4, 0.65])
def test_a_direct_sound_is_found_half_a_second_before_a_louder_echo(delay_s):
    rng = np.random.default_rng(2)
    song = rng.standard_normal(LENGTH)
    film = 0.5 * late(song, -delay_s) + song + 0.5 * rng.standard_normal(LENGTH)
    assert arrival_of(film, song) == pytest.approx(-delay_s, abs=0.001)


@pytest.mark.parametrize("beat_s", [0.15, 0.4, 0.6])
@pytest.mark.parametrize("new", [0.0, 0.1, 1.0])
def test_a_song_that_repeats_itself_on_the_beat_has_not_arrived_a_beat_earlier(beat_s, new):
    rng = np.random.default_rng(3)
    bar = rng.standard_normal(round(beat_s * RATE_HZ))
    song = np.resize(bar, LENGTH) + new * rng.standard_normal(LENGTH)
    for loudness in (0.1, 0.5, 1.0):
        film = song + loudness * rng.standard_normal(LENGTH)
        assert abs(arrival_of(film, song) or 0.0) < 0.001


def test_a_beat_in_a_room_is_at_its_direct_sound():
    rng = np.random.default_rng(4)
    bar = rng.standard_normal(round(0.4 * RATE_HZ))
    song = np.resize(bar, LENGTH) + 0.3 * rng.standard_normal(LENGTH)
    t = np.arange(RATE_HZ // 2) / RATE_HZ
    room = 0.1 * rng.standard_normal(t.size) * np.exp(-t / 0.1)
    room[0] = 1.0
    film = fftconvolve(song, room)[:LENGTH] + 0.3 * rng.standard_normal(LENGTH)
    assert abs(arrival_of(film, song) or 0.0) < 0.001


def a_find(**changed):
    return Found(
        start_s=10.0,
        end_s=14.0,
        time_map=TimeMap(5.0, 1.0),
        evidence=50.0,
        p_value=1e-9,
        start_error_s=0.01,
        end_error_s=0.01,
        rivals_song_s=(),
        pitch=1.0,
        **changed,
    )


def test_where_an_echo_was_followed_film_times_move_and_song_times_stay():
    moved = a_find(knots=((10.0, 5.0), (12.0, 7.0), (14.0, 9.002))).moved(-0.5)
    assert (moved.start_s, moved.end_s) == (9.5, 13.5)
    assert moved.time_map.song_s(9.5) == pytest.approx(5.0)
    assert [song_s for _, song_s in moved.knots] == [5.0, 7.0, 9.002]


def test_what_is_moved_keeps_off_the_find_before_it():
    moved = a_find(knots=((10.0, 5.0), (12.0, 7.0), (14.0, 9.002))).moved(-0.5)
    assert moved.after(9.0) == moved
    cut = moved.after(9.8)
    assert (cut.start_s, cut.knots[0]) == (9.8, (9.8, pytest.approx(5.3)))
    assert cut.time_map.song_s(13.5) == pytest.approx(9.002)
    assert a_find().moved(-0.5).after(9.8).time_map == a_find().moved(-0.5).time_map

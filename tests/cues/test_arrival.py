"""The first arrival of a playback, and what only seems to be one."""

import numpy as np
import pytest

from ostinato.cues.arrival import ArrivalParameters, first_arrival_s
from ostinato.cues.views import RATE_HZ

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

"""How much of a song is heard where it is found."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from ostinato.cues import CueParameters
from ostinato.cues.shared import explained_share, is_shared
from ostinato.cues.time_errors import song_error_s
from ostinato.cues.views import RATE_HZ

PARAMETERS = CueParameters()


def bursts(seed, *, seconds=12):
    """Notes of a tenth of a second, each in a band of its own."""
    rng = np.random.default_rng(seed)
    y = np.zeros(seconds * RATE_HZ)
    for start in range(0, y.size - 2400, 800):
        low_hz = float(rng.uniform(150, 2500))
        band = butter(2, (low_hz, 1.3 * low_hz), "bandpass", fs=RATE_HZ, output="sos")
        y[start : start + 1600] += sosfilt(band, rng.standard_normal(1600)) * np.hanning(1600)
    return y / np.std(y)


def explained(film, song):
    pair = (film.astype(np.float32), song.astype(np.float32))
    return explained_share([pair], parameters=PARAMETERS.explained, trace=PARAMETERS.trace)


def noise(seed, y):
    return np.random.default_rng(seed).standard_normal(y.size)


@pytest.mark.parametrize("noise_gain", [0.03, 1.0])
def test_a_song_that_is_heard_is_explained_whole(noise_gain):
    song = bursts(1) + bursts(2)
    one = explained(0.4 * song + noise_gain * noise(3, song), song)
    assert one.share > 0.8
    assert not is_shared(one, parameters=PARAMETERS.explained)


def test_another_song_of_the_same_samples_is_explained_in_part():
    shared, own, other = bursts(1), bursts(2), bursts(5)
    film = 0.4 * (shared + other) + 0.1 * noise(3, shared)
    one = explained(film, shared + 1.5 * own)
    assert one.share < 0.6
    assert is_shared(one, parameters=PARAMETERS.explained)


def test_too_faint_a_song_says_nothing_of_its_share():
    song = bursts(1)
    assert explained(1e-3 * song + noise(4, song), song) is None
    assert not is_shared(None, parameters=PARAMETERS.explained)


def test_a_fainter_song_is_less_certain_of_its_time():
    song = bursts(6)
    errors_s = [
        song_error_s(
            [((song + gain * noise(7, song)).astype(np.float32), song.astype(np.float32))],
            block_s=1.0,
        )
        for gain in (0.01, 40.0)
    ]
    assert 0 < errors_s[0] < errors_s[1] < 0.02
    assert song_error_s([], block_s=1.0) is None

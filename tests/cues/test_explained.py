"""How much of a song is heard where it is found."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from ostinato.cues import CueParameters
from ostinato.cues.explained import Explained, explained_share, is_shared, stated_share
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


def test_a_louder_song_over_the_shared_part_does_not_hide_what_is_missing():
    shared, own, other = bursts(1), bursts(2), bursts(5)
    one = explained(0.2 * shared + 0.4 * other + 0.02 * noise(3, shared), shared + own)
    assert one.share < 0.7
    assert is_shared(one, parameters=PARAMETERS.explained)


def test_a_song_under_other_music_and_a_fader_is_explained_whole():
    song, other = bursts(1), bursts(5)
    ducked = np.where(np.arange(song.size) // RATE_HZ % 4 < 2, 1.0, 0.25)
    one = explained(0.4 * song * ducked + 0.4 * other, song)
    assert one.share > 0.9
    assert stated_share(one, parameters=PARAMETERS.explained) == pytest.approx(one.share, abs=1e-3)


def band(y, kind, hz):
    return sosfilt(butter(6, hz, kind, fs=RATE_HZ, output="sos"), y)


def test_a_bass_under_another_song_leaves_the_share_undetermined():
    song = bursts(1) + 0.3 * noise(6, bursts(1))
    other = bursts(5) + 0.3 * noise(7, song)
    one = explained(band(song, "low", 300) + band(other, "high", 300), song)
    assert one.replaced_octaves > PARAMETERS.explained.most_replaced_octaves
    assert stated_share(one, parameters=PARAMETERS.explained) is None


def test_a_song_behind_a_wall_is_not_replaced():
    song = bursts(1) + 0.3 * noise(6, bursts(1))
    one = explained(band(song, "low", 300) + 0.003 * noise(8, song), song)
    assert one.replaced_octaves == 0
    assert not is_shared(one, parameters=PARAMETERS.explained)


@pytest.mark.parametrize(("share", "stated"), [(0.6, 0.6), (0.8, None), (0.95, 0.95)])
def test_a_share_that_a_room_may_give_as_well_is_undetermined(share, stated):
    one = Explained(share=share, error=0.02)
    assert stated_share(one, parameters=PARAMETERS.explained) == stated
    assert is_shared(one, parameters=PARAMETERS.explained) == (share == 0.6)


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

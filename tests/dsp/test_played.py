import numpy as np
import pytest

from ostinato.dsp.playback import song_as_played

RATE_HZ = 16_000
TONES = ((440.0, 0.3, 0.0), (1234.5, 0.2, 1.0), (5003.0, 0.1, 2.0))


def a_chord(times_s):
    """A sound that is known between its samples."""
    return sum(a * np.sin(2 * np.pi * f * times_s + phase) for f, a, phase in TONES)


def played(*, song_start_s, speed, n_samples=8_000, rate_hz=RATE_HZ, duration_s=3.0):
    song = a_chord(np.arange(round(duration_s * RATE_HZ)) / RATE_HZ)
    return song_as_played(
        song[np.newaxis].astype(np.float32),
        song_rate_hz=RATE_HZ,
        song_start_s=song_start_s,
        speed=speed,
        n_samples=n_samples,
        rate_hz=rate_hz,
    )


@pytest.mark.parametrize("song_start_s", [1.0, 1.0 + 0.37 / RATE_HZ, 1.23456789])
@pytest.mark.parametrize("speed", [1.0, 25 / 24, 1.0000123])
@pytest.mark.parametrize("rate_hz", [RATE_HZ, 48_000])
def test_the_song_is_where_it_should_be_to_a_fraction_of_a_sample(song_start_s, speed, rate_hz):
    (y,) = played(song_start_s=song_start_s, speed=speed, rate_hz=rate_hz)
    wanted = a_chord(song_start_s + speed * np.arange(8_000) / rate_hz)
    # a hundredth of a sample at 16 kHz leaves 5e-3 of the highest tone
    np.testing.assert_allclose(y, wanted, atol=1e-3)


def test_there_is_silence_before_the_song_and_after_it():
    (before,) = played(song_start_s=-0.25, speed=1.0)
    assert np.abs(before[: 4_000 - 100]).max() < 1e-3
    assert np.abs(before[4_000:]).max() > 0.3
    (after,) = played(song_start_s=2.75, speed=1.0)
    assert np.abs(after[:4_000]).max() > 0.3
    assert np.abs(after[4_000 + 100 :]).max() < 1e-3


def test_a_stretch_beyond_the_song_is_silent():
    for song_start_s in (-10.0, 10.0):
        y = played(song_start_s=song_start_s, speed=1.0)
        assert y.shape == (1, 8_000)
        assert np.abs(y).max() < 1e-6

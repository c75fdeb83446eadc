import numpy as np
import pytest
from blind import harmonic_percussive, not_separated, repeating
from tests.separation.conftest import decibels
from tests.small_films import RATE_HZ, a_clip

TIMES_S = np.arange(12 * RATE_HZ) / RATE_HZ


@pytest.fixture(scope="module")
def loop():
    """A bar of two seconds, six times."""
    bar = np.random.default_rng(2).standard_normal(2 * RATE_HZ)
    bar *= np.exp(-4 * (TIMES_S[: bar.size] % 0.5))
    return 0.1 * np.tile(bar, (2, 6)).astype(np.float32)


@pytest.fixture(scope="module")
def chord():
    tones = sum(np.sin(2 * np.pi * hertz * TIMES_S) for hertz in (220.0, 277.2, 329.6))
    return 0.1 * np.tile(tones, (2, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def talk():
    return 0.05 * np.tile(a_clip("talk.opus")[: TIMES_S.size], (2, 1)).astype(np.float32)


def test_a_loop_is_told_from_talk_by_its_coming_again(loop, talk):
    talk = np.pad(talk, ((0, 0), (0, loop.shape[1] - talk.shape[1])))
    parted = repeating(loop + talk, rate_hz=RATE_HZ)
    np.testing.assert_allclose(parted.music + parted.rest, loop + talk, atol=1e-6)
    # 3 dB: far less than what is known of a song gives
    assert decibels(parted.rest - talk, talk) < decibels(loop, talk) - 3


def test_a_chord_is_told_from_clicks_by_being_steady(chord):
    clicks = np.zeros_like(chord)
    clicks[:, :: RATE_HZ // 4] = 1.0
    parted = harmonic_percussive(chord + clicks, rate_hz=RATE_HZ)
    assert decibels(parted.music - chord, chord) < -15


def test_what_is_not_separated_says_so(talk):
    assert not_separated(talk, rate_hz=RATE_HZ) is None

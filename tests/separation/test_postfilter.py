import numpy as np
import pytest
from tests.separation.conftest import decibels

from ostinato.dsp.short_time import spectrum, waveform
from ostinato.separation import CancelParameters, SeparationParameters

PLAIN = SeparationParameters(cancel=CancelParameters(postfilter_db=0.0))


def coded(y, *, share, seed=4):
    """Add noise that follows the signal from cell to cell, as a codec does."""
    s = spectrum(y, n_fft=1024)
    noise = np.random.default_rng(seed).standard_normal((2, *s.shape))
    worse = s + share * np.abs(s) * (noise[0] + 1j * noise[1])
    return waveform(worse.astype(np.complex64), n_fft=1024, n_samples=y.shape[1])


def test_what_a_codec_adds_to_a_song_goes_with_it(played, talk_y, taken):
    film = coded(played(), share=0.1) + talk_y
    song, how = taken(film)
    plain, _ = taken(film, parameters=PLAIN)
    assert how.grade == "cancelled"
    # 2 dB: where nobody speaks the noise is gone, under talk it stays
    assert decibels(film - song - talk_y, talk_y) < decibels(film - plain - talk_y, talk_y) - 2


def test_ambience_under_a_song_stays(played, taken):
    rng = np.random.default_rng(6)
    ambience = 0.1 * np.std(played()) * rng.standard_normal(played().shape).astype(np.float32)
    song, _ = taken(played() + ambience)
    kept = played() + ambience - song
    # a tenth of its power at most
    assert decibels(kept - ambience, ambience) < -10
    assert decibels(kept, ambience) == pytest.approx(0, abs=0.5)


def test_a_cue_of_two_seconds_is_not_too_short_for_it(played, talk_y, taken):
    film = (played() + talk_y)[:, :32_000]
    song, _ = taken(film)
    assert np.isfinite(song).all()
    assert decibels(film - song - talk_y[:, : film.shape[1]], film) < -10

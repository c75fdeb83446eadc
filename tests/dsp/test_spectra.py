import numpy as np
import pytest
from scipy.signal import lfilter

from ostinato.dsp.spectra import Whitening, limit_bursts, whiten, whiten_jointly
from ostinato.errors import ParameterError

LOCAL = Whitening(window_length=256, smooth_bins=3, smooth_frames=15)


def coloured_noise(rng, n_samples):
    """Noise that falls by 6 dB an octave, as a film's does."""
    y = lfilter([0.01], [1, -0.9], rng.standard_normal(n_samples))
    return y.astype(np.float32)


def test_whitened_sound_has_unit_variance_and_a_flat_spectrum():
    y = whiten(coloured_noise(np.random.default_rng(0), 80_000), LOCAL)
    assert y.std() == pytest.approx(1, abs=0.1)
    power = np.abs(np.fft.rfft(y.reshape(-1, 800))) ** 2
    bands = power.mean(axis=0)[4:396].reshape(-1, 7).mean(axis=1)
    assert bands.max() / bands.min() < 2


def test_loudness_makes_no_difference():
    y = coloured_noise(np.random.default_rng(1), 20_000)
    np.testing.assert_allclose(
        whiten(y * np.float32(0.01), LOCAL), whiten(y, LOCAL), rtol=1e-3, atol=1e-3
    )


def test_digital_silence_stays_silent():
    assert not whiten(np.zeros(5000, np.float32), LOCAL).any()


def test_a_fade_below_the_floor_is_not_raised():
    y = np.random.default_rng(2).standard_normal(40_000).astype(np.float32)
    y[20_000:] *= 1e-5
    floored = Whitening(window_length=256, smooth_bins=1, smooth_frames=251, floor_db=-60.0)
    whitened = whiten(y, floored)
    assert whitened[30_000:].std() < 0.05 * whitened[:10_000].std()


@pytest.mark.parametrize("start", [64, 6400, 12_800])
def test_a_block_gives_what_the_whole_gives_away_from_its_ends(start):
    y = coloured_noise(np.random.default_rng(3), 40_000)
    context = -(-LOCAL.context_length // LOCAL.hop_length) * LOCAL.hop_length
    whole = whiten(y, LOCAL)
    first = max(0, start - context)
    block = whiten(y[first : start + 8000 + context], LOCAL)
    # float32: a running sum over frames starts elsewhere
    np.testing.assert_allclose(
        block[start - first :][:8000], whole[start : start + 8000], atol=1e-3
    )


def test_a_window_that_does_not_overlap_evenly_is_refused():
    with pytest.raises(ParameterError, match="multiples of 2"):
        Whitening(window_length=255, smooth_bins=1, smooth_frames=1)


def test_channels_whitened_together_are_uncorrelated():
    rng = np.random.default_rng(4)
    talk, music = coloured_noise(rng, 40_000), coloured_noise(rng, 40_000)
    y = whiten_jointly(np.stack([talk, 0.3 * talk + 0.1 * music]), LOCAL)
    assert np.corrcoef(y)[0, 1] == pytest.approx(0, abs=0.05)
    assert y.std(axis=1) == pytest.approx([1, 1], abs=0.15)
    # talk is nulled in the second channel, which leaves the music
    assert np.corrcoef(y[1], whiten(music, LOCAL))[0, 1] > 0.8


def test_a_channel_that_the_others_explain_fades_to_silence():
    y = coloured_noise(np.random.default_rng(5), 20_000)
    whitened = whiten_jointly(np.stack([y, np.float32(0.25) * y]), LOCAL)
    assert whitened[1].std() < 0.05


def test_a_click_in_near_silence_is_turned_down_and_a_steady_sound_is_left_alone():
    steady = np.random.default_rng(6).standard_normal(16_000).astype(np.float32)
    click = np.zeros(16_000, np.float32)
    click[8000:8100] = 20 * steady[:100]
    limited = limit_bursts(click, burst_length=160, max_power=8.0)
    assert np.sum(limited**2) <= 3 * 160 * 8.0
    np.testing.assert_array_equal(limit_bursts(steady, burst_length=160, max_power=8.0), steady)

import numpy as np
import pytest

from ostinato.dsp.correlate import block_spectra, lag_spectra, peaks_in_chunk, sliding_power, whole

BLOCK, N_FFT = 1024, 1 << 14


def white(seed, n_samples):
    return np.random.default_rng(seed).standard_normal(n_samples).astype(np.float32)


def spectra(song, *, decimation=1):
    return block_spectra(
        song, block_length=BLOCK, hop_length=BLOCK, fft_length=N_FFT, decimation=decimation
    )


@pytest.mark.parametrize("decimation", [1, 2])
@pytest.mark.parametrize("polarity", [1, -1])
def test_a_buried_block_is_found_where_it_is_whatever_its_polarity(decimation, polarity):
    song, film = white(0, 4 * BLOCK), white(1, N_FFT)
    film[5000 : 5000 + song.size] += polarity * np.float32(0.5) * song
    (found,) = peaks_in_chunk(film[np.newaxis], [[spectra(song, decimation=decimation)]], n_peaks=2)
    lags, z = found.lags, found.z
    np.testing.assert_allclose(lags[:, 0], 5000 + BLOCK * np.arange(4), atol=decimation)
    assert (z[:, 0] > 8).all()
    assert (z[:, 1] < 6).all()


def test_correlation_agrees_with_the_slow_way():
    song, film = white(2, BLOCK), white(3, N_FFT)
    (found,) = peaks_in_chunk(film[np.newaxis], [[spectra(song)]], n_peaks=1)
    lags, z = found.lags, found.z
    unit = song / np.linalg.norm(song)
    n_lags = N_FFT - BLOCK
    slow = np.array([abs(np.dot(film[k : k + BLOCK], unit)) for k in range(n_lags)])
    assert lags[0, 0] == slow[: n_lags - n_lags % 64].argmax()
    assert z[0, 0] == pytest.approx(slow.max() / max(np.median(slow[::37]) / 0.6745, 0.9), rel=1e-3)


def test_unrelated_noise_gives_standard_normal_heights():
    lags = lag_spectra(
        white(4, 60_000), white(5, 60_000), block_length=1000, hop_length=1000, max_lag=50
    )
    assert lags.shape == (60, 101)
    assert lags.mean() == pytest.approx(0, abs=0.05)
    assert lags.std() == pytest.approx(1, abs=0.05)


def test_silence_correlates_with_nothing():
    quiet = np.zeros(N_FFT, np.float32)
    for film, song in ((white(6, N_FFT), quiet[: 2 * BLOCK]), (quiet, white(7, 2 * BLOCK))):
        (found,) = peaks_in_chunk(film[np.newaxis], [[spectra(song)]], n_peaks=1)
        assert (found.z == 0).all()


def test_a_silent_channel_changes_nothing_that_the_others_show():
    song, film = white(1, 4096), white(2, 30000)
    film[7000 : 7000 + song.size] += song
    silent = np.stack([film, np.zeros_like(film)])
    faint = np.stack([film, np.full_like(film, 1e-30)])
    one, other = (
        peaks_in_chunk(both, [[spectra(song), spectra(song)]], n_peaks=2)[0]
        for both in (silent, faint)
    )
    np.testing.assert_array_equal(one.lags, other.lags)
    np.testing.assert_allclose(one.z, other.z, rtol=1e-6)
    assert not one.shares[..., 1].any()


def test_a_late_film_has_a_positive_lag():
    song = white(8, 8000)
    film = np.roll(song, 7)
    lags = lag_spectra(film, song, block_length=2000, hop_length=2000, max_lag=20)
    assert (np.abs(lags).argmax(axis=1) - 20 == 7).all()


@pytest.mark.parametrize("n_samples", [600_000, 262_144, 300_001, 5_000])
def test_a_long_signal_is_correlated_in_parts_as_it_is_whole(n_samples):
    rng = np.random.default_rng(4)
    y = rng.standard_normal(n_samples).astype(np.float32)
    x = y[n_samples - 4_000 : n_samples - 1_000].copy()
    power = sliding_power(x, whole(y, longest=4_000))
    assert power.size == n_samples - 2_999
    sums = np.correlate(y[-20_000:].astype(np.float64), x, mode="valid")
    energy = np.convolve(y[-20_000:].astype(np.float64) ** 2, np.ones(x.size), mode="valid")
    expected = sums**2 / energy / np.var(x)
    np.testing.assert_allclose(power[-expected.size :], expected, rtol=1e-3, atol=1e-3)

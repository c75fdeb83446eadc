import librosa
import numpy as np
import pytest

from ostinato.dsp.short_time import OVERLAP, over_channels, spectrum, squared, strips, waveform


@pytest.fixture
def noise_y():
    return np.random.default_rng(5).standard_normal((2, 30_011)).astype(np.float32)


@pytest.mark.parametrize("n_fft", [512, 8192])
def test_spectra_are_those_of_a_library_that_others_use(noise_y, n_fft):
    margin = n_fft - n_fft // OVERLAP
    padded = np.pad(noise_y, ((0, 0), (margin, margin + -noise_y.shape[1] % (n_fft // OVERLAP))))
    theirs = librosa.stft(padded, n_fft=n_fft, hop_length=n_fft // OVERLAP, center=False)
    ours = spectrum(noise_y, n_fft=n_fft)
    np.testing.assert_allclose(ours, np.moveaxis(theirs, 1, 0), atol=1e-3)


@pytest.mark.parametrize("n_fft", [512, 8192])
def test_a_spectrum_that_is_left_alone_gives_the_signal_back(noise_y, n_fft):
    again = waveform(spectrum(noise_y, n_fft=n_fft), n_fft=n_fft, n_samples=noise_y.shape[1])
    np.testing.assert_allclose(again, noise_y, atol=1e-5)


def test_channels_add_up(noise_y):
    s = spectrum(noise_y, n_fft=512)
    np.testing.assert_allclose(over_channels(squared(s)), np.sum(np.abs(s) ** 2, 1), rtol=1e-4)


@pytest.mark.parametrize("shape", [(1, 2, 10), (2049, 2, 1000), (24_001, 2, 83), (7, 2, 10**6)])
def test_strips_cover_each_bin_once(shape):
    bins = [k for rows in strips(shape) for k in range(rows.start, rows.stop)]
    assert bins == list(range(shape[0]))

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from ostinato.dsp.loudness import (
    integrated_lufs,
    k_weighting,
    loudness_lufs,
    lufs,
    momentary_energies,
    short_term_energies,
    slot_energies,
    start_loudness,
)
from ostinato.errors import ParameterError

# BS.1770-4, tables 1 and 2, at 48 kHz
SHELF = ([1.53512485958697, -2.69169618940638, 1.19839281085285],
         [1.0, -1.69065929318241, 0.73248077421585])  # fmt: skip
HIGH_PASS = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])


def a_sine(parts, *, sample_rate_hz=48000, n_channels=2):
    """Sine of 1 kHz; `parts` are pairs of peak level in dBFS and seconds."""
    gains = np.concatenate([np.full(round(s * sample_rate_hz), 10 ** (db / 20)) for db, s in parts])
    tone = np.sin(2 * np.pi * 1000 * np.arange(gains.size) / sample_rate_hz)
    return np.tile(gains * tone, (n_channels, 1))


def energies_by_the_table(y):
    """Gating blocks as the standard writes them: filter by its table, then loop over blocks."""
    weighted = lfilter(*HIGH_PASS, lfilter(*SHELF, y))
    starts = range(0, y.shape[1] - 19200 + 1, 4800)
    return np.array([np.sum(np.mean(weighted[:, i : i + 19200] ** 2, axis=1)) for i in starts])


@pytest.mark.parametrize(
    ("parts", "expected_lufs"),
    [
        pytest.param([(-23, 20)], -23.0, id="Tech 3341 case 1"),
        pytest.param([(-33, 20)], -33.0, id="case 2"),
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], -23.0, id="case 3"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0, id="case 4"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], -23.0, id="case 5"),
    ],
)
def test_the_meter_reads_what_the_broadcasters_union_says_it_must(parts, expected_lufs):
    assert loudness_lufs(a_sine(parts), sample_rate_hz=48000) == pytest.approx(
        expected_lufs, abs=0.1
    )


def test_a_surround_that_is_its_own_channel_weighs_more():
    peaks_db = [-28, -28, -24, -30, -30]  # Tech 3341 case 6: L, R, C, Ls, Rs
    y = np.concatenate([a_sine([(db, 20)], n_channels=1) for db in peaks_db])
    level_lufs = loudness_lufs(y, sample_rate_hz=48000, weights=[1, 1, 1, 1.41, 1.41])
    assert level_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("sample_rate_hz", [8000, 11025, 22050, 44100, 96000])
def test_the_sample_rate_does_not_change_the_loudness(sample_rate_hz):
    y = a_sine([(-23, 5)], sample_rate_hz=sample_rate_hz)
    assert loudness_lufs(y, sample_rate_hz=sample_rate_hz) == pytest.approx(-23.0, abs=0.1)


def test_one_channel_reads_three_below_the_same_in_two():
    mono = loudness_lufs(a_sine([(-20, 2)], n_channels=1), sample_rate_hz=48000)
    stereo = loudness_lufs(a_sine([(-20, 2)]), sample_rate_hz=48000)
    assert stereo - mono == pytest.approx(10 * np.log10(2), abs=1e-9)


def test_the_filter_is_the_one_in_the_table():
    np.testing.assert_allclose(k_weighting(48000)[0], np.concatenate(SHELF), atol=1e-9)
    np.testing.assert_allclose(k_weighting(48000)[1], np.concatenate(HIGH_PASS), atol=1e-9)


def test_the_blocks_agree_with_the_standard_written_out():
    y = np.random.default_rng(440).standard_normal((2, 100_000)) * 0.1
    slots, _ = slot_energies(y, start_loudness(sample_rate_hz=48000, n_channels=2))
    np.testing.assert_allclose(momentary_energies(slots), energies_by_the_table(y), rtol=1e-6)


@given(
    st.sampled_from([8000, 11025]), st.lists(st.integers(0, 2500), max_size=8), st.integers(1, 2)
)
def test_the_size_of_a_block_never_changes_an_energy(sample_rate_hz, lengths, n_channels):
    y = np.random.default_rng(0).standard_normal((n_channels, sum(lengths)))
    start = start_loudness(sample_rate_hz=sample_rate_hz, n_channels=n_channels)
    whole, _ = slot_energies(y, start)
    pieces, state = [np.zeros((n_channels, 0))], start
    for block in np.split(y, np.cumsum(lengths), axis=1):
        energies, state = slot_energies(block, state)
        pieces.append(energies)
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)
    assert whole.shape[1] == y.shape[1] * 10 // sample_rate_hz


def test_a_short_term_level_covers_three_seconds():
    y = a_sine([(-23, 3), (-33, 3)])
    slots, _ = slot_energies(y, start_loudness(sample_rate_hz=48000, n_channels=2))
    levels_lufs = lufs(short_term_energies(slots))
    assert levels_lufs.size == 31
    assert levels_lufs[[0, -1]] == pytest.approx([-23.0, -33.0], abs=0.1)


@pytest.mark.parametrize("seconds", [0.0, 0.399, 2.0])
def test_silence_and_a_blink_have_no_loudness_rather_than_a_low_one(seconds):
    y = np.zeros((2, round(seconds * 48000)))
    assert loudness_lufs(y, sample_rate_hz=48000) is None
    assert integrated_lufs(np.zeros(0)) is None


def test_a_telephone_is_the_least_that_can_be_weighted():
    with pytest.raises(ParameterError, match="Resample the recording to 8 kHz"):
        k_weighting(4000)


def test_a_weight_is_missing():
    with pytest.raises(ParameterError, match="there are 1 for 2 channels"):
        loudness_lufs(a_sine([(-23, 1)]), sample_rate_hz=48000, weights=[1.0])


def test_a_channel_is_missing():
    with pytest.raises(ParameterError, match="Give channels first"):
        slot_energies(np.zeros((1, 9)), start_loudness(sample_rate_hz=8000, n_channels=2))

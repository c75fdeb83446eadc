"""The level of a song over each 400 ms, and how far it may be off."""

import numpy as np
import pytest

from ostinato.separation.gains import Fader
from ostinato.separation.stems import StemLevels, momentary_levels


def levels(*, reduction_db, fader_error_db=0.0):
    times_s = np.arange(40) / 10 + 0.05
    power = np.full(40, 1e-4)
    fader = Fader(times_s, np.zeros(40), np.full(40, fader_error_db))
    stem = StemLevels(times_s, power, 2 * power, 3 * power)
    return momentary_levels("O1", stem, fader, reduction_db=reduction_db)


def test_a_codec_leaves_a_tenth_of_a_decibel_in_doubt_however_well_a_song_is_predicted():
    rows = levels(reduction_db=100.0)
    assert [row.error_lu for row in rows] == pytest.approx([0.1] * 10, abs=0.001)


def test_errors_of_the_fader_and_of_the_prediction_add_as_squares():
    # a misfit 20 dB down, a quarter of it in phase: .217 dB
    (row, *_) = levels(reduction_db=20.0, fader_error_db=0.3)
    assert row.error_lu == pytest.approx(np.sqrt(0.1**2 + 0.217**2 + 0.3**2), abs=0.002)


def test_what_is_left_of_less_than_400_ms_has_no_row():
    rows = levels(reduction_db=30.0)
    assert [row.start_s for row in rows] == pytest.approx(np.arange(10) * 0.4)
    assert rows[0].film_lufs - rows[0].level_lufs == pytest.approx(10 * np.log10(3))
    assert rows[0].remainder_lufs - rows[0].level_lufs == pytest.approx(10 * np.log10(2))

"""A song against the speech that it plays under, in frames that can be counted."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measures.hearing import SONG, heard

from ostinato.measures import MeasureParameters
from ostinato.measures.song_loudness import (
    level_re_speech_lu,
    louder_share,
    loudness,
    loudness_percentile,
    sign_test_power,
)
from ostinato.measures.statistics import hodges_lehmann
from ostinato.timeline import Interval, Timeline

PARAMETERS = MeasureParameters(n_resamples=300)
TIMES_S = np.arange(80) / 8 + 1 / 16  # eighths of a second, so that lengths are exact
TALK = Timeline((Interval(2.0, 4.0), Interval(6.0, 8.0)))


def during(song, elsewhere=100.0):
    """A power within the talk, and another one outside it."""
    is_talk = ((TIMES_S > 2) & (TIMES_S < 4)) | ((TIMES_S > 6) & (TIMES_S < 8))
    return np.where(is_talk, song, elsewhere)


def test_a_level_is_the_ratio_of_mean_powers_where_somebody_speaks():
    song = during(np.where(TIMES_S < 5, 4.0, 2.0))  # a mean of 3
    assert level_re_speech_lu(TIMES_S, song, during(0.3, 0.0), speech=TALK) == pytest.approx(10.0)
    assert level_re_speech_lu(TIMES_S, during(0.3, 0.0), song, speech=TALK) == pytest.approx(-10.0)


@pytest.mark.parametrize("silent", [0, 1])
def test_silence_has_no_level(silent):
    powers = [during(1.0), during(1.0)]
    powers[silent] = during(0.0)
    assert level_re_speech_lu(TIMES_S, *powers, speech=TALK) is None


@pytest.mark.parametrize("measure", [level_re_speech_lu, louder_share])
def test_a_second_of_speech_is_enough_and_less_is_not(measure):
    powers = (np.full(80, 2.0), np.full(80, 1.0))
    second, less = (Timeline((Interval(2.0, end_s),)) for end_s in (3.0, 2.9))
    assert measure(TIMES_S, *powers, speech=second) is not None
    assert measure(TIMES_S, *powers, speech=less) is None
    assert measure(TIMES_S[:1], *(p[:1] for p in powers), speech=second) is None
    assert measure(TIMES_S[:0], *(p[:0] for p in powers), speech=second) is None


def test_momentary_loudness_runs_over_four_tenths_of_a_second():
    # a syllable of every third frame: a window of three holds one of each, whatever the phase
    other = np.where(np.arange(80) % 3 == 0, 6.0, 0.0)  # a mean of 2
    assert louder_share(TIMES_S, np.full(80, 1.9), other, speech=TALK) == 0.0
    assert louder_share(TIMES_S, np.full(80, 2.1), other, speech=TALK) == 1.0
    assert louder_share(TIMES_S, np.ones(80), np.ones(80), speech=TALK) == 0.0


def test_what_lies_at_the_gate_is_silence():
    levels = np.array([-70.0, -69.9, -30.0])
    assert loudness_percentile(-50.0, levels) == 50.0
    assert loudness_percentile(-69.9, levels) == 25.0


def row_of(levels_lu, *, shares=None, parameters=PARAMETERS, lengths_s=None, **how):
    n = len(levels_lu)
    film = heard([0.0] * n, lengths_s or [9.0] * n, **how)
    film = [
        replace(one, level_re_speech_lu=lu, louder_share=share)
        for one, lu, share in zip(film, levels_lu, shares or [None] * n, strict=True)
    ]
    other = replace(film[0], song_id="S2", playing_id="S2P1", level_re_speech_lu=-40.0)
    return loudness([*film, other], [SONG], parameters=parameters)[0]


def test_playings_as_loud_as_the_speech_are_no_witnesses():
    row = row_of([0.5, -0.5, 0.0, 0.25, 0.75])
    assert (row.song_id, row.n, row.n_louder) == ("S1", 5, 3)
    # of four, three or more: five ways of sixteen; three or fewer: all but one
    assert (row.p_sign, row.p_softer) == (5 / 16, 15 / 16)
    assert row.power == sign_test_power(4, if_share=0.8, significance=0.05)


def test_a_centre_has_the_interval_of_its_seed_and_level():
    levels_lu = [3.0, -1.0, 2.5, 6.0, 4.0, 7.5, 1.0]
    for parameters in (PARAMETERS, replace(PARAMETERS, seed=7, level=0.8, n_resamples=200)):
        row = row_of(levels_lu, parameters=parameters)
        told = hodges_lehmann(
            np.array(levels_lu),
            rng=np.random.default_rng(parameters.seed),
            n_resamples=parameters.n_resamples,
            level=parameters.level,
        )
        assert (row.median_lu, row.low_lu, row.high_lu) == (told.value, told.low, told.high)


def test_seconds_weigh_alike_in_the_share_that_is_louder():
    row = row_of([1.0, None, 1.0], shares=[1.0, 0.25, None], lengths_s=[10.0, 30.0, 50.0])
    assert row.louder_share == pytest.approx((10 + 7.5) / 40)
    assert row_of([1.0], shares=[0.0]).louder_share == 0.0
    assert row_of([1.0]).louder_share is None


@pytest.mark.parametrize(
    ("n", "significance", "power"), [(5, 1 / 32, 0.8**5), (5, 0.031, 0.0), (1, 0.5, 0.8)]
)
def test_a_sign_test_rejects_at_its_significance_and_no_later(n, significance, power):
    assert sign_test_power(n, if_share=0.8, significance=significance) == pytest.approx(power)
    assert sign_test_power(0, if_share=0.8, significance=significance) is None

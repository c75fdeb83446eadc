"""The plane of a film against itself, and what two places of it hold."""

import numpy as np
import pytest

from ostinato.cues import DiscoverParameters, Track
from ostinato.cues.discover.pairs import hold_the_same, self_peaks
from ostinato.cues.views import RATE_HZ
from ostinato.timeline import Interval

PARAMETERS = DiscoverParameters()
FILM_S, FIRST_S, LENGTH_S, LAG_S = 60.0, 5.0, 15.0, 28.0
SOON_S = 4.0  # and once more after four seconds, as an echo


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """White noise of which fifteen seconds come back, 10 dB below what masks them."""
    rng = np.random.default_rng(3)
    y = rng.standard_normal(round(FILM_S * RATE_HZ)).astype(np.float32)
    first, length = round(FIRST_S * RATE_HZ), round(LENGTH_S * RATE_HZ)
    for lag_s, gain in ((LAG_S, 0.3), (SOON_S, 0.3)):
        later = first + round(lag_s * RATE_HZ)
        y[later : later + length] += gain * y[first : first + length]
    path = tmp_path_factory.mktemp("plane") / "film.f32"
    path.write_bytes(y.tobytes())
    return Track(path, ("mid",), y.size)


def test_what_comes_back_is_found_at_its_lag_and_what_comes_back_at_once_is_not(film):
    peaks = self_peaks(film, parameters=PARAMETERS)
    hop_length = round(PARAMETERS.detect.long.hop_s * RATE_HZ)
    lags = peaks.lags - peaks.blocks * hop_length
    assert lags.min() >= PARAMETERS.least_absence_s * RATE_HZ
    high = peaks.z > 8  # of a million lags of noise none is
    assert set(peaks.blocks[high]) == {0, 1, 2}
    # one sample: half of the band has lags of two
    echoes = [round((LAG_S - shift_s) * RATE_HZ) for shift_s in (0.0, SOON_S)]
    assert all(min(abs(lag - echo) for echo in echoes) <= 1 for lag in lags[high])


def test_every_pair_of_places_counts_once(film):
    peaks = self_peaks(film, parameters=PARAMETERS)
    n_blocks = np.ceil(film.n_samples / round(PARAMETERS.detect.long.hop_s * RATE_HZ))
    assert peaks.n_cells == film.n_samples / 2 * n_blocks / 2


@pytest.mark.parametrize(
    ("second_s", "is_same"),
    [(FIRST_S + LAG_S, True), (FIRST_S + LAG_S + 0.03, True), (FIRST_S + LAG_S + 0.2, False)],
)
def test_two_stretches_hold_the_same_only_from_their_first_instant_on(film, second_s, is_same):
    one, other = (Interval(start_s, start_s + 10) for start_s in (FIRST_S, second_s))
    assert hold_the_same(film, one, other, parameters=PARAMETERS) == is_same


def test_unrelated_stretches_do_not_hold_the_same(film):
    one, other = Interval(0.0, 4.0), Interval(50.0, 54.0)
    assert not hold_the_same(film, one, other, parameters=PARAMETERS)

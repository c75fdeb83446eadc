"""The null of a candidate: what the song turned backwards gives at the same place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gumbel_r, kstest

from ostinato.cues.null import Decoy, Null, null_at
from ostinato.cues.tracks import Track, whitened_reference
from ostinato.cues.views import RATE_HZ

NATS = st.floats(0.0, 1e5)
PLACES = st.floats(1.0, 1e7)


@given(nats=NATS, more=NATS, places=PLACES)
def test_more_evidence_never_raises_a_p_value_and_more_places_never_lower_it(nats, more, places):
    null = Null(location=20.0, scale=2.0, n_places=places)
    p = null.p_value(nats)
    assert 0 < p <= 1
    assert null.p_value(nats + more) <= p
    assert Null(location=20.0, scale=2.0, n_places=2 * places).p_value(nats) >= p


def test_p_values_are_uniform_under_their_null():
    null = Null(location=25.0, scale=3.0, n_places=1.0)
    chance = gumbel_r.rvs(25.0, 3.0, size=2000, random_state=np.random.default_rng(0))
    assert kstest([null.p_value(float(nats)) for nats in chance], "uniform").pvalue > 0.01


def test_many_places_make_the_best_of_them_as_improbable_as_one():
    rng = np.random.default_rng(1)
    null = Null(location=10.0, scale=1.5, n_places=50.0)
    best = gumbel_r.rvs(10.0, 1.5, size=(1000, 50), random_state=rng).max(axis=1)
    assert kstest([null.p_value(float(nats)) for nats in best], "uniform").pvalue > 0.01


def test_the_null_is_that_of_the_best_decoy_in_all_of_the_film(tmp_path):
    film, decoy = np.random.default_rng(2).standard_normal((2, 60 * RATE_HZ)).astype(np.float32)
    film.tofile(tmp_path / "film")
    tried = []

    def evidence_at(first):
        tried.append(first)
        return float(len(tried))

    null = null_at(
        Track(tmp_path / "film", ("mid",), film.size),
        Decoy(whitened_reference({"mid": decoy}, speed=1.0)),
        (10 * RATE_HZ, 14 * RATE_HZ),
        speed=1.0,
        n_tries=7,
        evidence_at=evidence_at,
    )
    assert null.location == len(set(tried)) == 4
    assert null.n_places == 7 * 60 / 4
    # what was traced gives less than the correlation does: the scale stays that of noise
    assert null.scale == 1


@given(nats=NATS, places=st.floats(1.0, 100.0))
def test_a_place_that_is_foretold_is_tried_less_often_than_the_whole_film(nats, places):
    null = Null(location=20.0, scale=2.0, n_places=1000.0, n_positions=50.0)
    assert null.p_in_place(nats, n_places=places) <= null.p_value(nats)
    assert null.p_in_place(nats, n_places=2 * places) >= null.p_in_place(nats, n_places=places)


def test_what_is_far_beyond_chance_is_compared_with_chance_in_the_same_region():
    decoy = Decoy(whitened_reference({"mid": np.zeros(RATE_HZ, np.float32)}, speed=1.0))
    known = Null(location=20.0, scale=2.0, n_places=600.0)
    decoy.keep_null((0, 10 * RATE_HZ), 1.0, known)
    minute_later = 70 * RATE_HZ, 75 * RATE_HZ
    assert decoy.known_null((100, 10 * RATE_HZ), 1.0, evidence=30.0) == known
    assert decoy.known_null(minute_later, 1.0, evidence=30.0) is None
    assert decoy.known_null(minute_later, 25 / 24, evidence=9000.0) is None
    null = decoy.known_null(minute_later, 1.0, evidence=9000.0)
    assert null == Null(location=20.0, scale=2.0, n_places=1200.0)
    ten_minutes_later = 670 * RATE_HZ, 675 * RATE_HZ
    assert decoy.known_null(ten_minutes_later, 1.0, evidence=9000.0) is None

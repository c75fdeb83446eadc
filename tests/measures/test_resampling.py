import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ostinato.errors import ParameterError
from ostinato.measures.statistics import (
    Estimate,
    chance_p,
    hodges_lehmann,
    holm,
    power,
    proportion,
    sign_p,
)

p_values = st.lists(st.none() | st.floats(1e-6, 1.0), max_size=8)


def test_bounds_out_of_order_are_no_estimate():
    with pytest.raises(ParameterError, match="not in order"):
        Estimate(value=0.5, low=0.6, high=0.7, n=1, level=0.95, method="")


def test_holm_is_that_of_its_paper():
    # the worked example of Wikipedia's "Holm-Bonferroni method": p of .01, .04, .03, .005
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


@given(p_values)
def test_holm_by_its_definition(given_p):
    known = [p for p in given_p if p is not None]
    for p, corrected in zip(given_p, holm(given_p), strict=True):
        if p is None:
            assert corrected is None
            continue
        steps = [min(1.0, q * sum(other >= q for other in known)) for q in sorted(known) if q <= p]
        assert corrected >= p
        if len(set(known)) == len(known):
            assert corrected == pytest.approx(max(steps))


def test_an_exact_interval_is_that_of_the_tables():
    # Clopper and Pearson for 0 of 10 and 3 of 10, as in any table of 95 % limits
    none, some = proportion(0, 10, level=0.95), proportion(3, 10, level=0.95)
    assert (none.low, none.high) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert (some.low, some.high) == pytest.approx((0.0667, 0.6525), abs=1e-4)
    assert proportion(0, 0, level=0.95).value is None


def test_a_sign_test_is_that_of_the_binomial():
    assert sign_p(5, 5, side="greater") == 1 / 32
    assert sign_p(0, 5, side="less") == 1 / 32
    assert sign_p(0, 0, side="less") is None


def test_a_p_value_of_chance_is_uniform_when_chance_is_all():
    rng = np.random.default_rng(5)
    p = [chance_p(rng.normal(), rng.normal(size=199)) for _ in range(500)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert min(p) >= 1 / 200


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(0, 3))
def test_a_p_value_counts_what_is_as_extreme(draws, observed):
    expected = (1 + sum(d >= observed for d in draws)) / (1 + len(draws))
    assert chance_p(float(observed), np.array(draws, dtype=float)) == expected


def test_power_is_the_significance_where_nothing_is_to_be_found_and_one_where_all_is():
    rng = np.random.default_rng(6)
    nulls = rng.normal(size=4999)
    assert power(rng.normal(size=4000), nulls, significance=0.05) == pytest.approx(0.05, abs=0.02)
    assert power(rng.normal(9.0, size=100), nulls, significance=0.05) == 1.0


def test_hodges_lehmann_is_the_median_of_pairs():
    # Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, example 3.1 and 3.3:
    # depression scores of nine patients, estimate -0.46
    change = np.array([-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010])
    rng = np.random.default_rng(0)
    centre = hodges_lehmann(change, rng=rng, n_resamples=500, level=0.95)
    assert centre.value == pytest.approx(-0.46, abs=0.005)
    assert centre.low < -0.46 < centre.high


def test_a_few_levels_have_no_interval_and_none_has_no_centre():
    rng = np.random.default_rng(0)
    few = hodges_lehmann(np.array([1.0, 2.0]), rng=rng, n_resamples=200, level=0.95)
    assert (few.value, few.low, few.high) == (1.5, None, None)
    assert hodges_lehmann(np.zeros(0), rng=rng, n_resamples=200, level=0.95).value is None


@pytest.mark.parametrize("n", [8, 30])
def test_the_interval_of_a_centre_covers_as_often_as_it_says(n):
    rng = np.random.default_rng(n)
    hits = 0
    for _ in range(150):
        values = rng.laplace(2.0, size=n)
        centre = hodges_lehmann(values, rng=rng, n_resamples=200, level=0.95)
        hits += centre.low <= 2.0 <= centre.high
    assert 0.9 <= hits / 150 <= 0.995

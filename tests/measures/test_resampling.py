from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ostinato.errors import ParameterError
from ostinato.measures.statistics import (
    Estimate,
    chance_p,
    hits_of_all,
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


@pytest.mark.parametrize(
    ("level", "low", "high"), [(0.8, 0.1158, 0.5517), (0.9, 0.0873, 0.6066), (0.99, 0.0370, 0.7351)]
)
def test_an_exact_interval_is_as_wide_as_its_level(level, low, high):
    some = proportion(3, 10, level=level)
    assert (some.value, some.n, some.level) == (0.3, 10, level)
    # each bound is where as many, or as few, have half of the rest of the probability
    assert (some.low, some.high) == pytest.approx((low, high), abs=5e-4)
    assert stats.binom.sf(2, 10, some.low) == pytest.approx((1 - level) / 2)
    assert stats.binom.cdf(3, 10, some.high) == pytest.approx((1 - level) / 2)
    assert (proportion(0, 10, level=level).low, proportion(10, 10, level=level).high) == (0, 1)
    assert proportion(0, 0, level=level).n == 0


def ways(k, n, n_hits_of_all, n_all):
    """Probability of k hits among n that are drawn, counted by the ways to draw them."""
    return comb(n_hits_of_all, k) * comb(n_all - n_hits_of_all, n - k) / comb(n_all, n)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.sampled_from([0.8, 0.95]))
def test_bounds_of_all_hits_are_those_that_the_ways_to_draw_allow(n_hits, n_misses, n_rest, level):
    n, n_all = n_hits + n_misses, max(1, n_hits + n_misses + n_rest)
    possible = range(n_hits, n_all - n_misses + 1)
    as_many = [k for k in possible if upper(n_hits, n, k, n_all) > (1 - level) / 2 + 1e-12]
    as_few = [k for k in possible if lower(n_hits, n, k, n_all) > (1 - level) / 2 + 1e-12]
    assert hits_of_all(n_hits, n, n_all, level=level) == (min(as_many), max(as_few))


def upper(n_hits, n, k, n_all):
    return sum(ways(i, n, k, n_all) for i in range(n_hits, n + 1))


def lower(n_hits, n, k, n_all):
    return sum(ways(i, n, k, n_all) for i in range(n_hits + 1))


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=6),
    st.lists(st.integers(0, 4), min_size=1, max_size=6),
    st.sampled_from([0.2, 0.25, 0.5]),
)
def test_power_is_the_share_of_draws_that_the_test_rejects(alternatives, nulls, significance):
    draws = np.array(nulls, float)
    rejected = [chance_p(float(one), draws) <= significance for one in alternatives]
    told = power(np.array(alternatives, float), draws, significance=significance)
    assert told == pytest.approx(np.mean(rejected))


def test_what_differs_by_the_last_digits_is_as_extreme():
    draws = np.array([1.0 - 5e-10, 1.0 - 5e-9, 2.0])
    assert chance_p(1.0, draws) == 3 / 4
    assert power(np.array([1.0]), draws, significance=0.74) == 0
    assert power(np.array([1.0]), draws, significance=0.75) == 1


@pytest.mark.parametrize(("n", "level"), [(6, 0.95), (9, 0.8)])
def test_the_interval_of_a_centre_is_the_percentiles_of_resamples_widened(n, level):
    values = np.random.default_rng(1).normal(3.0, 2.0, n)
    told = hodges_lehmann(values, rng=np.random.default_rng(2), n_resamples=300, level=level)
    rows = values[np.random.default_rng(2).integers(n, size=(300, n))]
    centres = [
        np.median([(row[i] + row[j]) / 2 for i in range(n) for j in range(i, n)]) for row in rows
    ]
    ends = np.quantile(centres, [(1 - level) / 2, (1 + level) / 2])
    # by what Student's interval with n - 1 is wider than the normal one with n
    far = (1 + level) / 2
    wider = stats.t.ppf(far, n - 1) * np.sqrt(n / (n - 1)) / stats.norm.ppf(far)
    assert (told.low, told.high) == pytest.approx(told.value + (ends - told.value) * wider)
    assert (told.n, told.level) == (n, level)
    five = hodges_lehmann(values[:5], rng=np.random.default_rng(2), n_resamples=300, level=level)
    assert (five.low, five.high, five.n, five.level) == (None, None, 5, level)
    none = hodges_lehmann(values[:0], rng=np.random.default_rng(2), n_resamples=300, level=level)
    assert (none.value, none.n, none.level) == (None, 0, level)

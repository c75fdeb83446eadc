import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import t as student

from ostinato.corpus import pooled_shares, rank_percent


def films_of(rng, *, n, mean=0.3, spread=0.5, se=0.4):
    """Shares that differ by more than their errors, and what each film's share truly is."""
    truth = logit(mean) + spread * rng.standard_normal(n)
    seen = truth + se * rng.standard_normal(n)
    bounds = np.stack([seen, seen - 1.96 * se, seen + 1.96 * se], axis=1)
    return expit(truth), [tuple(row) for row in expit(bounds).tolist()]


def test_the_mean_lies_within_its_interval_as_often_as_is_said():
    rng = np.random.default_rng(1)
    hits = [
        pooled.low <= 0.3 <= pooled.high
        for _ in range(200)
        if (pooled := pooled_shares(films_of(rng, n=8)[1])) is not None
    ]
    assert 0.92 <= np.mean(hits) <= 0.985


def test_films_that_are_drawn_towards_the_mean_are_nearer_to_the_truth():
    rng = np.random.default_rng(2)
    alone, drawn, hits = [], [], []
    for _ in range(120):
        truth, seen = films_of(rng, n=12)
        pooled = pooled_shares(seen)
        alone.append([(own[0] - t) ** 2 for own, t in zip(seen, truth, strict=True)])
        drawn.append([(own[0] - t) ** 2 for own, t in zip(pooled.drawn, truth, strict=True)])
        hits.append(
            [low <= t <= high for (_, low, high), t in zip(pooled.drawn, truth, strict=True)]
        )
    assert np.mean(drawn) < 0.85 * np.mean(alone)
    assert 0.92 <= np.mean(hits) <= 0.98


def test_films_that_agree_have_no_spread():
    pooled = pooled_shares([(0.3, 0.2, 0.42)] * 5)
    assert pooled.spread == 0
    assert pooled.mean == pytest.approx(0.3)


def alike(odds, se):
    """Films whose errors are the same, so that all can be counted by hand."""
    y = np.array(odds)
    bounds = np.stack([y, y - 1.959964 * se, y + 1.959964 * se], axis=1)
    return [tuple(row) for row in expit(bounds).tolist()]


@pytest.mark.parametrize("odds", [(-1.5, 0.0, 0.5, 2.0), (-2.0, -1.0, 0.0, 1.5, 2.0)])
def test_films_of_equal_errors_are_pooled_as_the_papers_say(odds):
    n, y, se = len(odds), np.array(odds), 0.4
    pooled = pooled_shares(alike(odds, se))
    scatter = y.var(ddof=1)
    # Paule and Mandel: what is beyond the errors; Hartung and Knapp: Student's interval of a mean
    assert pooled.spread == pytest.approx(np.sqrt(scatter - se**2), rel=1e-5)
    half = student.ppf(0.975, n - 1) * np.sqrt(scatter / n)
    assert logit([pooled.low, pooled.mean, pooled.high]) == pytest.approx(
        [y.mean() - half, y.mean(), y.mean() + half], rel=1e-5
    )
    # Morris, equations 1.16 and 1.17
    towards = (n - 3) / (n - 1) * se**2 / scatter
    centre = (1 - towards) * y + towards * y.mean()
    error = np.sqrt(
        se**2 * (1 - (n - 1) / n * towards) + 2 / (n - 3) * towards**2 * (y - y.mean()) ** 2
    )
    expected = np.stack([centre, centre - 1.959964 * error, centre + 1.959964 * error], axis=1)
    assert logit(pooled.drawn) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_films_that_differ_less_than_their_errors_have_no_narrower_interval_for_it():
    pooled = pooled_shares(alike([-0.1, 0.0, 0.1, 0.0, 0.0], 0.4))
    half = student.ppf(0.975, 4) * 0.4 / np.sqrt(5)
    assert (pooled.spread, pooled.mean) == (0.0, pytest.approx(0.5))
    assert logit(pooled.high) == pytest.approx(half, rel=1e-4)


def test_three_films_stay_as_they_were_and_four_are_drawn():
    seen = alike([-1.0, 0.0, 1.0, 0.5], 0.4)
    assert pooled_shares(seen[:3]).drawn == tuple(pytest.approx(one) for one in seen[:3])
    four = pooled_shares(seen)
    assert all(
        abs(drawn - four.mean) < abs(own - four.mean)
        for (drawn, *_), (own, *_) in zip(four.drawn, seen, strict=True)
    )
    assert pooled_shares(seen[:2]) is not None


def test_a_film_that_is_known_better_weighs_more():
    seen = [*alike([-1.0], 0.2), *alike([1.0], 0.4)]
    pooled = pooled_shares(seen)
    weights = 1 / (np.array([0.2, 0.4]) ** 2 + pooled.spread**2)
    assert logit(pooled.mean) == pytest.approx((weights[1] - weights[0]) / weights.sum(), abs=1e-4)


def test_one_film_has_no_mean():
    assert pooled_shares([(0.3, 0.2, 0.4)]) is None


@given(
    st.lists(
        st.tuples(*[st.floats(0, 1)] * 3).map(sorted).map(lambda x: (x[1], x[0], x[2])),
        min_size=2,
        max_size=8,
    )
)
def test_shares_stay_between_none_and_all(intervals):
    pooled = pooled_shares(intervals)
    assert 0 <= pooled.low <= pooled.mean <= pooled.high <= 1
    for share, low, high in pooled.drawn:
        assert 0 <= low <= share <= high <= 1


def test_ties_count_half():
    assert rank_percent(2.0, [1.0, 2.0, 2.0, 3.0]) == 50
    assert rank_percent(3.0, [1.0, 2.0, 2.0, 3.0]) == 87.5
    assert rank_percent(1.0, [1.0, 2.0, 2.0, 4.0, 5.0]) == 10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

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

"""Agreement on where units begin and end, and on their kinds."""

import numpy as np
import pytest

from ostinato.measures.coders import disorder, gamma_of_pair
from ostinato.timeline import Interval


def units(rng, n=40):
    starts = np.sort(rng.uniform(0, 4000, n))
    kinds = rng.choice(["narration", "dialogue"], n)
    return [
        (Interval(float(s), float(s) + 3.0), str(k)) for s, k in zip(starts, kinds, strict=True)
    ]


def test_disorder_is_that_of_the_cheapest_alignment_worked_by_hand():
    one = np.array([[0.0, 10.0, 0], [20.0, 30.0, 1]])
    other = np.array([[1.0, 11.0, 0], [500.0, 510.0, 1]])
    # a pair a second off at both ends costs (2 / 20) ** 2; two units stand alone
    assert disorder(one, other) == pytest.approx((0.01 + 1 + 1) / 2)
    assert disorder(one, one) == 0


def test_units_that_are_the_same_agree_and_others_agree_as_chance_does():
    rng = np.random.default_rng(0)
    one = units(rng)
    assert gamma_of_pair(one, one, rng=rng) == 1
    others = [gamma_of_pair(one, units(rng), rng=rng) for _ in range(10)]
    assert np.mean(others) == pytest.approx(0, abs=0.1)
    assert gamma_of_pair(one, [], rng=rng) is None


def test_edges_a_second_off_lower_gamma_where_kappa_sees_nothing():
    rng = np.random.default_rng(1)
    one = units(rng)
    late = [(Interval(part.start_s + 1, part.end_s + 1), kind) for part, kind in one]
    assert 0.5 < gamma_of_pair(one, late, rng=rng) < 0.95

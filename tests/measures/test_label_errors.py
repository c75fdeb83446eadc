"""What wrong labels would do to a share that rests on labels."""

import dataclasses

import numpy as np
import pytest
from tests.measures.speaking import a_film_of_speech, labelled, true_share

from ostinato.measures.coders import Comparison
from ostinato.measures.ratio import Evidence, ratios
from ostinato.measures.statistics import Estimate
from ostinato.report.ratio_wording import if_labels_were_wrong

WRONG = {"narration": "dialogue", "dialogue": "narration"}


def labelled_film(seed, *, wrong=0.0, share=0.05):
    rng = np.random.default_rng(seed)
    speech, truth = a_film_of_speech(rng, share=share, n_scenes=12, per_scene=40)
    said = [WRONG[kind] if rng.random() < wrong else kind for kind in truth]
    picks = rng.choice(len(speech), 150, replace=False)
    row = ratios(
        speech, film_duration_s=speech[-1].end_s + 1, scenes=(),
        evidence=Evidence(sample=tuple(labelled(speech, said, picks))),
    )[0]  # fmt: skip
    return row, true_share(speech, truth)


def test_bounds_for_wrong_labels_hold_where_they_are_wrong():
    rows = [labelled_film(seed, wrong=0.05) for seed in range(40)]
    plain = np.mean([row.low <= true <= row.high for row, true in rows])
    held = np.mean(
        [row.low_if_5_percent_wrong <= true <= row.high_if_5_percent_wrong for row, true in rows]
    )
    assert plain < 0.8
    assert held >= 0.85


def test_the_sentence_gives_share_and_ratio():
    row, _ = labelled_film(1)
    (line,) = if_labels_were_wrong(row)
    assert line.startswith("If 2% of the labels were wrong, narration's share would be ")
    assert row.low_if_5_percent_wrong <= row.low_if_2_percent_wrong <= row.low
    assert row.share_if_2_percent_wrong == pytest.approx(max(0, (row.share - 0.02) / 0.96))


def test_a_share_without_labels_says_nothing_of_them():
    speech, _ = a_film_of_speech(np.random.default_rng(0), share=0.3)
    row = ratios(speech, film_duration_s=speech[-1].end_s + 1, scenes=())[0]
    assert list(if_labels_were_wrong(row)) == []


@pytest.mark.parametrize("wrong", [0.02, 0.1, 0.2])
def test_how_two_people_disagree_says_how_often_each_is_wrong(wrong):
    rng = np.random.default_rng(5)
    truth = rng.random(20_000) < 0.4
    one, other = ((rng.random(truth.size) < wrong) ^ truth for _ in range(2))
    counts = [
        [int(((one == a) & (other == b)).sum()) for b in (True, False)] for a in (True, False)
    ]
    pair = a_pair((*map(tuple, counts),))
    assert pair.wrong == pytest.approx(wrong, abs=0.01)
    assert a_pair(((1, 9), (9, 1))).wrong is None  # worse than chance
    assert dataclasses.replace(pair, gamma=None).wrong is None  # the program is no person


def a_pair(counts):
    kappa = Estimate(value=None, low=None, high=None, n=0, level=0.95, method="")
    return Comparison(one="a", other="b", counts=counts, n_undecided=0, kappa=kappa, gamma=0.5)

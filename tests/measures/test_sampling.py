import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measures.speaking import a_film_of_speech, spoken
from tests.strategies import speech_segments

from ostinato.errors import StudyError
from ostinato.measures import draw_sample, labels_needed, take_over
from ostinato.results import SampledLabel


def drawn(speech, n, *, seed=0):
    return draw_sample(speech, n, film_duration_s=6000.0, rng=np.random.default_rng(seed))


def test_a_sample_is_of_all_kinds_and_thirds_and_the_same_for_one_seed():
    speech, _ = a_film_of_speech(np.random.default_rng(0), share=0.3)
    sample = drawn(speech, 100)
    assert len(sample) == pytest.approx(100, abs=4)
    assert {one.stratum for one in sample} == {
        f"{kind}, third {third}" for kind in ("narration", "dialogue") for third in (1, 2, 3)
    }
    assert sample == drawn(speech, 100) != drawn(speech, 100, seed=1)
    assert [one.start_s for one in sample] == sorted(one.start_s for one in sample)


def test_each_segment_is_drawn_as_often_as_its_probability_says():
    speech, _ = a_film_of_speech(np.random.default_rng(1), share=0.3, n_scenes=8)
    counts, expected = {}, {}
    for seed in range(300):
        for one in drawn(speech, 20, seed=seed):
            counts[one.start_s] = counts.get(one.start_s, 0) + 1
            expected[one.start_s] = one.p_inclusion
    for start_s, p in expected.items():
        assert counts[start_s] / 300 == pytest.approx(p, abs=5 * (p * (1 - p) / 300) ** 0.5 + 0.01)


@given(st.integers(0, 50))
def test_weights_add_up_to_the_speech_that_there_is(seed):
    speech, _ = a_film_of_speech(np.random.default_rng(seed), share=0.3, n_scenes=20)
    sample = drawn(speech, 60, seed=seed)
    assert sum(1 / one.p_inclusion for one in sample) == pytest.approx(len(speech))


def test_what_is_labelled_is_not_asked_again():
    labelled = spoken(0, 5, "narration", decided_by="label")
    sample = drawn([labelled, spoken(10, 15, "dialogue")], 10)
    assert [one.start_s for one in sample] == [10.0]
    with pytest.raises(StudyError, match="no segment that is not labelled"):
        drawn([labelled], 10)


def test_more_labels_are_needed_the_narrower_the_interval():
    needed = [
        labels_needed(half_width=0.1, n=100, n_segments=1000, wanted=wanted)
        for wanted in (0.1, 0.05, 0.01)
    ]
    assert needed == [100, 308, 918]
    # without a limit to the segments the root law: half the width, four times the labels
    assert labels_needed(half_width=0.1, n=100, n_segments=10**9, wanted=0.05) == 400


@given(speech_segments(), st.lists(st.sampled_from(["narration", "dialogue", "none"]), min_size=8))
def test_labels_win_are_kept_and_can_be_taken_back(speech, kinds):
    open_speech = [spoken(s.start_s, s.end_s, s.kind) for s in speech]
    sample = [
        SampledLabel(
            start_s=s.start_s,
            end_s=s.end_s,
            predicted=s.kind,
            kind=kind,
            stratum="all",
            p_inclusion=1.0,
        )
        for s, kind in zip(open_speech, kinds, strict=False)
    ]
    once = take_over(open_speech, sample)
    assert [s.kind for s in once] == [one.kind for one in sample if one.kind != "none"]
    assert all(s.decided_by == "label" and s.predicted for s in once)
    undone = [SampledLabel(**{**_fields(one), "kind": "undetermined"}) for one in sample]
    assert [s.kind for s in take_over(once, undone)] == [s.kind for s in open_speech]


def _fields(one):
    return {name: getattr(one, name) for name in SampledLabel.__slots__}

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measures.speaking import a_film_of_speech, spoken
from tests.strategies import eighths, lengths, speech_segments

from ostinato.errors import StudyError
from ostinato.measures import draw, draw_sample, labels_needed, sampling_frame, take_over
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


def extended(speech, first, more, *, seed):
    frame = sampling_frame(speech, film_duration_s=6000.0, film_sha256="a" * 64)
    before = draw(frame, first, rng=np.random.default_rng([seed, 0]))
    after = draw(frame, more, rng=np.random.default_rng([seed, first]), drawn=before)
    return before, after


def test_a_sample_that_is_extended_keeps_what_it_had_and_draws_the_rest():
    speech, _ = a_film_of_speech(np.random.default_rng(0), share=0.3)
    before, after = extended(speech, 60, 165, seed=0)
    assert (len(before), len(after)) == (60, 165)
    assert {one.segment for one in before} < {one.segment for one in after}
    assert sum(1 / one.p_inclusion for one in after) == pytest.approx(len(speech))


def test_an_extended_sample_draws_each_segment_as_often_as_it_says():
    speech, _ = a_film_of_speech(np.random.default_rng(1), share=0.3, n_scenes=8)
    counts, expected = {}, {}
    for seed in range(400):
        for one in extended(speech, 20, 45, seed=seed)[1]:
            counts[one.start_s] = counts.get(one.start_s, 0) + 1
            expected[one.start_s] = one.p_inclusion
    for start_s, p in expected.items():
        assert counts[start_s] / 400 == pytest.approx(p, abs=5 * (p * (1 - p) / 400) ** 0.5 + 0.01)


def test_an_extended_sample_estimates_the_film_without_bias():
    speech, truth = a_film_of_speech(np.random.default_rng(2), share=0.3, n_scenes=12)
    kind = {s.start_s: kind for s, kind in zip(speech, truth, strict=True)}
    true_s = sum(s.interval.duration_s for s in speech if kind[s.start_s] == "narration")
    totals = [
        sum(
            one.interval.duration_s / one.p_inclusion
            for one in extended(speech, 20, 50, seed=seed)[1]
            if kind[one.start_s] == "narration"
        )
        for seed in range(500)
    ]
    error_s = np.std(totals) / len(totals) ** 0.5
    assert np.mean(totals) == pytest.approx(true_s, abs=4 * error_s)


def as_sampled(segment, kind, *, shift_s=(0.0, 0.0)):
    return SampledLabel(
        start_s=max(0.0, segment.start_s + shift_s[0]),
        end_s=segment.end_s + shift_s[1],
        predicted=segment.kind,
        kind=kind,
        stratum="all",
        p_inclusion=1.0,
    )


@given(
    speech_segments(),
    st.lists(
        st.tuples(
            st.sampled_from(["narration", "dialogue", "soliloquy", "undetermined", "none"]),
            st.floats(-0.06, 0.06),
            st.floats(-0.06, 0.06),
        ),
        max_size=8,
    ),
)
def test_taking_labels_over_changes_speech_only_by_what_is_none(speech, words):
    sample = [
        as_sampled(segment, kind, shift_s=shift_s)
        for segment, (kind, *shift_s) in zip(speech, words, strict=False)
    ]
    after = take_over(speech, sample)
    for one, other in pairwise(after):
        assert one.end_s <= other.start_s
    none_s = sum(
        s.interval.duration_s
        for s, (kind, *_) in zip(speech, words, strict=False)
        if kind == "none"
    )
    before_s = sum(s.interval.duration_s for s in speech)
    assert sum(s.interval.duration_s for s in after) == pytest.approx(before_s - none_s)


@given(speech_segments(), st.lists(st.tuples(eighths, lengths), max_size=6))
def test_rows_that_fit_no_segment_make_no_speech_overlap(speech, stretches):
    sample = [
        SampledLabel(
            start_s=start_s,
            end_s=start_s + length_s,
            predicted="dialogue",
            kind="narration",
            stratum="all",
            p_inclusion=1.0,
        )
        for start_s, length_s in stretches
    ]
    for one, other in pairwise(take_over(speech, sample)):
        assert one.end_s <= other.start_s


def test_times_rounded_by_a_spreadsheet_double_nothing():
    rng = np.random.default_rng(3)
    starts_s = np.cumsum(rng.uniform(2, 9, 60))
    speech = [
        spoken(float(s), float(s) + float(rng.uniform(0.5, 1.9)), "dialogue") for s in starts_s
    ]
    for digits in (2, 1, 0):
        sample = [
            SampledLabel(
                start_s=round(s.start_s, digits),
                end_s=max(round(s.end_s, digits), round(s.start_s, digits) + 0.5),
                predicted="dialogue",
                kind="narration",
                stratum="all",
                p_inclusion=0.5,
            )
            for s in speech[:30]
        ]
        after = take_over(speech, sample)
        assert len(after) == 60
        assert sum(s.kind == "narration" for s in after) == 30


def a_row(kind, *, predicted="dialogue", is_open=False):
    return SampledLabel(
        start_s=10.0,
        end_s=13.0,
        predicted=predicted,
        kind=kind,
        stratum="dialogue 1",
        p_inclusion=0.5,
        is_open=is_open,
    )


@pytest.mark.parametrize(("kind", "probability"), [("narration", 1.0), ("dialogue", 0.0)])
def test_a_label_is_certain_and_keeps_what_was_said_before(kind, probability):
    (one,) = take_over([spoken(10, 13, "dialogue")], [a_row(kind)])
    assert (one.kind, one.p_narration, one.decided_by) == (kind, probability, "label")
    assert (one.predicted, one.predicted_by) == ("dialogue", "subtitles")


def test_speech_that_an_earlier_label_had_taken_for_none_comes_back_with_a_name():
    (one,) = take_over([], [a_row("narration")])
    assert (one.id, one.start_s, one.end_s, one.kind) == ("L1", 10.0, 13.0, "narration")


def test_what_was_never_speech_to_the_program_leaves_no_kind_behind():
    before = replace(spoken(10, 13, "narration", decided_by="label"), predicted=None)
    (one,) = take_over([before], [a_row("undetermined", predicted="dialogue")])
    assert (one.kind, one.decided_by, one.p_narration) == ("dialogue", "subtitles", 0.0)
    assert take_over([before], [a_row("undetermined", predicted="none")]) == ()

"""What a classifier makes of labels reaches the measures, and leaves them right."""

import numpy as np
import pytest
from tests.speech.test_classifier import a_film

from ostinato.measures import draw_sample, take_over
from ostinato.pipeline import as_no_speech, with_predictions
from ostinato.results import SampledLabel
from ostinato.speech import ClassifierParameters

PARAMETERS = ClassifierParameters()


def sampled(speech, truth, n, rng):
    duration_s = speech[-1].end_s
    drawn = draw_sample(speech, n, film_duration_s=duration_s, rng=rng)
    kinds = {s.start_s: kind for s, kind in zip(speech, truth, strict=True)}
    return tuple(
        SampledLabel(
            start_s=one.start_s,
            end_s=one.end_s,
            predicted=one.predicted,
            kind=kinds[one.start_s],
            stratum=one.stratum,
            p_inclusion=one.p_inclusion,
        )
        for one in drawn
    )


def test_a_sample_has_what_was_said_without_its_labels():
    rng = np.random.default_rng(3)
    speech, truth = a_film(rng, n=200)
    sample = sampled(speech, truth, 80, rng)
    told = with_predictions(take_over(speech, sample), sample, (), PARAMETERS)
    by_start = {s.start_s: s for s in told.speech}
    for one in told.sample:
        segment = by_start[one.start_s]
        assert (segment.kind, segment.decided_by) == (one.kind, "label")
        assert segment.predicted == one.predicted
    assert {one.predicted for one in told.sample} >= {"narration", "dialogue"}


def test_predictions_err_on_labelled_segments_as_on_the_others():
    errors = {True: [], False: []}
    for seed in range(5):
        rng = np.random.default_rng(seed)
        speech, truth = a_film(rng, telling=1.5)
        sample = sampled(speech, truth, 100, rng)
        told = with_predictions(take_over(speech, sample), sample, (), PARAMETERS)
        for segment, kind in zip(told.speech, truth, strict=True):
            is_labelled = segment.decided_by == "label"
            said = segment.predicted if is_labelled else segment.kind
            errors[is_labelled].append(said != kind)
    assert np.mean(errors[True]) == pytest.approx(np.mean(errors[False]), abs=0.06)


def test_what_is_no_speech_is_predicted_and_left_out():
    rng = np.random.default_rng(3)
    speech, truth = a_film(rng, n=200)
    sample = sampled(speech, truth, 80, rng)
    none = next(one for one in sample if one.kind == "narration")
    sample = tuple(
        SampledLabel(**{n: getattr(one, n) for n in SampledLabel.__slots__ if n != "kind"}, kind=k)
        for one in sample
        for k in ["none" if one is none else one.kind]
    )
    ghost = next(s for s in speech if s.start_s == none.start_s)
    everything = sorted([*take_over(speech, sample), as_no_speech(ghost)], key=lambda s: s.start_s)
    told = with_predictions(everything, sample, (), PARAMETERS)
    assert none.start_s not in {s.start_s for s in told.speech}
    (row,) = [one for one in told.sample if one.start_s == none.start_s]
    assert row.predicted in {"narration", "dialogue"}

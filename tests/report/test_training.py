"""What is said of a classifier: what trained it, how right it is, and for what that speaks."""

from dataclasses import replace

import pytest
from tests.report.examples import a_feature_film, a_training

from ostinato.report import citation, describe, training_sentences

TRAINING = a_training()


def test_a_training_says_what_trained_it_and_how_right_it_is():
    assert list(training_sentences(TRAINING)) == [
        "The classifier was trained on 100 labels (30 narration, 70 dialogue).",
        "It decided 160 further segments, 40 as narration and 120 as dialogue; 60 stay "
        "undetermined.",
        "It was tested on 100 random labels, each held out with its scene, and decided 70 of them.",
        "Of these, 91.0% are right, as the mean of narration and dialogue (kappa 0.80, between "
        "0.66 and 0.90).",
        "Its probabilities are off by 0.04 on average.",
    ]


@pytest.mark.parametrize(("n_tried", "abstained"), [(9, 0.0), (12, 0.25), (1, 1.0)])
def test_fewer_than_ten_held_out_labels_give_no_accuracy(n_tried, abstained):
    text = " ".join(training_sentences(replace(TRAINING, n_tried=n_tried, abstained=abstained)))
    assert "too few to state an accuracy" in text
    assert "%" not in text
    assert "kappa" not in text
    ten = " ".join(training_sentences(replace(TRAINING, n_tried=10, abstained=0.0)))
    assert "91.0% are right" in ten


def test_what_was_not_measured_is_left_out():
    bare = replace(TRAINING, kappa=None, kappa_low=None, calibration_error=None)
    text = " ".join(training_sentences(bare))
    assert "–" not in text
    assert "kappa" not in text
    one_kind = " ".join(training_sentences(replace(bare, balanced_accuracy=None)))
    assert "All of these are of one kind, so that no accuracy is stated." in one_kind


def test_chosen_labels_do_not_speak_for_the_film():
    assert (
        "no accuracy for the whole film"
        in list(training_sentences(replace(TRAINING, basis="chosen labels")))[-1]
    )


def test_decisions_that_nothing_has_tried_are_said_to_be_so():
    untried = replace(TRAINING, basis=None, n_tried=0, balanced_accuracy=None, kappa=None)
    assert (
        list(training_sentences(untried))[-1] == "No held-out label says how often that is right."
    )


def test_nothing_is_said_of_kinds_that_there_are_none_of():
    some = replace(TRAINING, n_decided_narration=0, n_undetermined=0)
    assert list(training_sentences(some))[1] == "It decided 120 further segments, 120 as dialogue."


def test_labels_that_do_not_bear_out_the_promise_are_said_not_to():
    none = replace(TRAINING, n_decided_narration=0, n_decided_dialogue=0)
    assert (
        "decided no further segment: these labels do not show" in list(training_sentences(none))[1]
    )


def test_the_summary_and_the_note_on_method_tell_of_it():
    film = replace(a_feature_film(), teaching=(TRAINING,))
    assert "trained on 100 labels" in describe(film)
    assert "trained on 100 labels" in citation(film, style="mla")


def test_where_nothing_was_learnt_nothing_is_said():
    nothing = replace(TRAINING, n_decided_narration=0, n_decided_dialogue=0, n_tried=0, basis=None)
    assert list(training_sentences(nothing)) == []

"""What is said of a lesson: by whom it was taught, how right it is, and for what that speaks."""

from dataclasses import replace

from tests.report.examples import a_feature_film, a_lesson

from ostinato.report import cite, describe, taught

LESSON = a_lesson()


def test_a_lesson_says_what_taught_it_and_how_right_it_is():
    decided, tried = taught(LESSON)
    assert decided == (
        "Taught by 100 labels (30 narration and 70 dialogue), the program decided 160 segments "
        "more, 40 as narration and 120 as dialogue; 60 are left undetermined."
    )
    assert tried == (
        "Tried on 100 random labels that it had not seen, it abstained from 30% and had 91% of the "
        "rest right, mean of narration and dialogue (kappa 0.80, 0.66 to 0.90); its probabilities "
        "are off by 0.04 on average."
    )


def test_chosen_labels_do_not_speak_for_the_film():
    assert list(taught(replace(LESSON, basis="chosen labels")))[-1].endswith("not for the film.")


def test_decisions_that_nothing_has_tried_are_said_to_be_so():
    untried = replace(LESSON, basis=None, n_tried=0, balanced_accuracy=None, kappa=None)
    assert list(taught(untried))[-1] == "No label tells how right that is."


def test_too_few_decisions_give_no_figure_of_accuracy():
    few = replace(LESSON, n_tried=9, balanced_accuracy=None, kappa=None)
    assert list(taught(few))[-1] == (
        "Of 9 random labels that it had not seen it decided too few, or only one kind: they do not "
        "show how often it is right."
    )


def test_labels_that_do_not_bear_out_the_promise_are_said_not_to():
    none = replace(LESSON, n_decided_narration=0, n_decided_dialogue=0)
    assert "decided nothing: these labels do not show" in next(iter(taught(none)))


def test_the_summary_and_the_paragraph_tell_of_it():
    film = replace(a_feature_film(), teaching=(LESSON,))
    assert "Taught by 100 labels" in describe(film)
    assert "it abstained from 30%" in cite(film)


def test_where_nothing_was_learnt_nothing_is_said():
    nothing = replace(LESSON, n_decided_narration=0, n_decided_dialogue=0, n_tried=0, basis=None)
    assert list(taught(nothing)) == []

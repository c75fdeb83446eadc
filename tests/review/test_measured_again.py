"""After a review all measures are those of what holds, and the program's own stay beside them."""

from dataclasses import replace

import msgspec
import pytest
from tests.review.reviewing import SONGS, a_film
from tests.review.test_edits import entries_of

from ostinato.measures import ALL_QUESTIONS, MeasureParameters, measured
from ostinato.pipeline import measured_again
from ostinato.results import SampledLabel, Stage, decode_results, encode_results
from ostinato.review import (
    accept_occurrence,
    add_occurrence,
    answer,
    draw_scene,
    give_kind,
    move_occurrence,
    reject_occurrence,
    state_of,
)

PARAMETERS = MeasureParameters(n_draws=999, n_resamples=200)
STAGES = ("cues", "speech")


@pytest.fixture(scope="module")
def program():
    film = a_film()
    run = replace(
        film.run,
        parameters={
            "measures": msgspec.json.decode(msgspec.json.encode(PARAMETERS)),
            "claims": msgspec.json.decode(msgspec.json.encode(ALL_QUESTIONS)),
        },
        stages=tuple(Stage(name=name, seconds=0.0, cached=False) for name in STAGES),
    )
    return measured(
        replace(film, run=run), parameters=PARAMETERS, stages=STAGES, questions=ALL_QUESTIONS
    )


def again(program, *edits, **how):
    return measured_again(program, state_of(entries_of(*edits)), **how)


def test_without_edits_results_are_the_programs_own(program):
    assert again(program) is program


def test_what_is_rejected_is_in_no_measure(program):
    after = again(program, reject_occurrence(program.occurrences[0], program))
    row = after.coverage_of("S1")
    assert (row.n_occurrences, program.coverage_of("S1").n_occurrences) == (3, 4)
    assert row.rests_on == "3 occurrences: 3 found and not listened to; 1 rejected"
    assert after.review.program.coverage == program.coverage
    assert all("O1" not in {move.from_id, move.to_id} for move in after.transitions)
    figures = {(one.of, one.figure): (one.program, one.reviewed) for one in after.review.changed}
    assert figures["Dreams, film", "n_occurrences"] == (4, 3)


def test_what_is_only_confirmed_changes_no_figure(program):
    after = again(program, *(accept_occurrence(one, program) for one in program.occurrences))
    assert after.review.changed == ()
    assert after.coverage_of("S1").rests_on == "4 occurrences: 4 found and confirmed by ear"
    assert after.claims[0].rests_on.startswith("Dreams: 4 occurrences")


def test_an_occurrence_without_song_time_counts_in_film_time_alone(program):
    after = again(program, add_occurrence(SONGS[0], 500.0, 512.0))
    before, row = program.coverage_of("S1"), after.coverage_of("S1")
    assert row.heard_s == pytest.approx(before.heard_s + 12.0)
    assert row.song_heard_s == before.song_heard_s
    assert row.rests_on == (
        "5 occurrences: 1 added by a person, 4 found and not listened to; 1 without a song time"
    )
    assert len(after.transitions) == len(program.transitions)


def test_a_kind_enters_the_ratio(program):
    after = again(program, give_kind(program.speech[0], "narration"))
    assert after.ratio_in().narration_s == 5.0
    assert after.ratio_in().rests_on == (
        "6 segments of speech: 1 with a kind that a person gave in the review"
    )
    assert after.coverage == program.coverage


def test_a_scene_that_is_drawn_is_measured(program):
    after = again(program, draw_scene("The bar", 0.0, 200.0, day="1"))
    assert after.coverage_of("S1", "The bar").n_occurrences == 2
    assert after.occurrences[0].scene == "The bar"


def test_measures_taken_over_are_those_that_would_be_taken(program):
    first = move_occurrence(program.occurrences[1], program, start_s=99.0, end_s=131.0)
    second = give_kind(program.speech[3], "dialogue")
    once = again(program, first)
    by_steps = again(program, first, second, before=once)
    fresh = again(replace(program, continuation=(), ratio=()), first, second)
    review = replace(fresh.review, program=by_steps.review.program, changed=by_steps.review.changed)
    assert replace(fresh, review=review) == by_steps


def test_robustness_that_is_left_for_later_is_said_to_be(program):
    edit = reject_occurrence(program.occurrences[0], program)
    later = again(program, edit, robustness="later")
    assert (later.robustness, later.review.is_robustness_open) == ((), True)
    now = again(program, edit)
    review = replace(later.review, is_robustness_open=False)
    assert now == replace(later, robustness=now.robustness, review=review)


def test_a_blind_answer_is_a_label_of_the_random_sample(program):
    sample = tuple(
        SampledLabel(
            start_s=one.start_s,
            end_s=one.end_s,
            predicted="undetermined",
            kind="undetermined",
            stratum="all",
            p_inclusion=0.5,
            segment=f"s{n}",
            is_open=True,
        )
        for n, one in enumerate(program.speech[:3])
    )
    after = again(program, answer(sample[1], "dialogue"), sample=sample)
    assert [one.is_open for one in after.labels] == [True, False, True]
    assert (after.speech[1].kind, after.speech[1].decided_by) == ("dialogue", "label")
    (lost,) = again(program, answer(sample[1], "dialogue")).review.unplaced
    assert lost.reason == "no segment of the random sample lies there"


def test_reviewed_results_are_read_as_they_were_written(program):
    after = again(
        program,
        reject_occurrence(program.occurrences[0], program),
        add_occurrence(SONGS[0], 500.0, 512.0),
        give_kind(program.speech[0], "narration"),
    )
    assert decode_results(encode_results(after)) == after

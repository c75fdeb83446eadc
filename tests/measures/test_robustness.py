"""Verdicts held against choices that another person might have made."""

import dataclasses

import numpy as np
import pytest
from tests.measures.hearing import SONG, heard
from tests.measures.speaking import a_film_of_speech, labelled, spoken

from ostinato.measures import ALL_QUESTIONS, MeasureParameters, Question, measured
from ostinato.measures.robustness import (
    main_choices,
    specifications,
    varied_occurrences,
    without_labels,
)
from ostinato.results import Film, Results, Run

FILM = Film(
    name="film.wav",
    edition=None,
    sha256="",
    pcm_sha256="",
    duration_s=6000.0,
    start_s=0.0,
    sample_rate_hz=48000,
    channels=1,
    stream=0,
    loudness_lufs=-24.0,
)
FAST = MeasureParameters(n_draws=999, n_resamples=200)


def a_film(occurrences, speech=(), labels=()):
    return Results(
        film=FILM,
        songs=(SONG,),
        occurrences=tuple(occurrences),
        speech=tuple(speech),
        labels=tuple(labels),
        run=Run(version="0", parameters={}, stages=(), platform="", started_at="", peak_rss_mb=0.0),
    )


def specifications_of(results, *claims, stages=("cues",)):
    questions = tuple(Question(id=one) for one in claims)
    done = measured(results, parameters=FAST, stages=stages, questions=questions)
    return done, {one: [r for r in done.robustness if r.claim_id == one] for one in claims}


def going_on(n, *, miss_s=0.2):
    starts = [(9 + (12.0 + miss_s) * i) % 140 for i in range(n)]
    return heard(starts, [12.0] * n, start_error_s=0.05, end_error_s=0.05)


def test_the_first_specification_is_the_studys_own_and_comes_to_its_verdict():
    done, rows = specifications_of(a_film(going_on(10)), "C1", "C2", "C3", "C8")
    for claim in done.claims:
        own, *others = rows[claim.id]
        assert own.is_main
        assert own.verdict == claim.verdict
        assert own.value == pytest.approx(claim.value)
        assert others
        assert not any(one.is_main for one in others)


def test_a_song_that_goes_on_to_three_seconds_does_so_only_at_the_wider_tolerances():
    _, rows = specifications_of(a_film(going_on(12, miss_s=3.0)), "C3")
    by_tolerance = {}
    for one in rows["C3"]:
        by_tolerance.setdefault(one.tolerance_s, set()).add(one.verdict)
    assert "supported" not in by_tolerance[0.5] | by_tolerance[1.0] | by_tolerance[2.0]
    assert "supported" in by_tolerance[5.0]


def test_occurrences_that_a_stricter_test_would_not_count_are_left_out_of_it():
    faint = heard([20.0] * 6, [12.0] * 6, p_value=1e-5)
    _, rows = specifications_of(a_film(faint), "C1")
    assert {r.value for r in rows["C1"] if r.detection == "as found"} == {6.0}
    assert {r.value for r in rows["C1"] if r.detection == "p at most 1e-8"} == {0.0}


def test_edges_move_by_their_own_errors_and_never_beyond_the_song():
    own = heard([0.0, 150.0], [10.0, 12.0], start_error_s=0.5, end_error_s=1.0)
    inward, outward = (
        varied_occurrences(own, SONG, {"edges": edges})
        for edges in ("one error in", "one error out")
    )
    assert [one.film_start_s for one in inward] == [
        own[0].film_start_s + 0.5,
        own[1].film_start_s + 0.5,
    ]
    assert inward[0].song_start_s == pytest.approx(0.5)
    assert outward[0].song_start_s == 0.0
    assert outward[1].song_end_s == SONG.duration_s


def test_playings_that_are_near_are_one_only_where_they_run_forward():
    own = heard([0.0, 20.0, 5.0], [10.0] * 3, film_gaps_s=[4.0, 4.0])
    merged = varied_occurrences(own, SONG, {"merge_gap_s": 10.0})
    assert merged[0].playing_id == merged[1].playing_id
    far = varied_occurrences(own, SONG, {"merge_gap_s": 3.0})
    assert len({one.playing_id for one in far}) == 3


def test_without_labels_only_subtitles_decide():
    by_label = dataclasses.replace(
        spoken(0, 2, "narration", decided_by="label"),
        predicted="dialogue",
        predicted_by="subtitles",
    )
    by_class = spoken(10, 12, "narration", decided_by="classifier")
    by_title = spoken(20, 22, "dialogue")
    after = without_labels(a_film([], [by_label, by_class, by_title])).speech
    assert [one.kind for one in after] == ["dialogue", "undetermined", "dialogue"]


def test_a_verdict_on_speech_is_tried_without_the_labels_that_it_rests_on():
    rng = np.random.default_rng(3)
    speech, truth = a_film_of_speech(rng, share=0.8, n_scenes=30)
    blank = [dataclasses.replace(one, kind="undetermined", decided_by=None) for one in speech]
    labels = labelled(blank, truth, rng.choice(len(blank), 80, replace=False))
    _, rows = specifications_of(a_film([], blank, labels), "C5", stages=("speech",))
    by_labels = {one.labels: one.verdict for one in rows["C5"]}
    assert by_labels == {"used": "supported", "not used": "cannot be decided from this"}


def test_what_was_not_measured_has_no_specifications():
    done = measured(a_film([]), parameters=FAST, stages=(), questions=ALL_QUESTIONS)
    assert done.robustness == ()


@pytest.mark.parametrize("claim", [q.id for q in ALL_QUESTIONS])
def test_each_combination_of_choices_is_tried_once(claim):
    main = main_choices(MeasureParameters(continuation_s=4.0), first_percent=20)
    tried = [tuple(one.items()) for one in specifications(claim, main, has_labels=True)]
    assert len(set(tried)) == len(tried) > 1
    assert all(dict(tried[0])[name] == main[name] for name, _ in tried[0])

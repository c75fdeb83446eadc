from dataclasses import replace

import pytest
from tests.report.claims import with_claims
from tests.report.examples import an_occurrence, nothing_found
from tests.report.extremes import EXTREMES

from ostinato.report import cite
from ostinato.report.method import footnote
from ostinato.results import Run


def test_findings_begin_with_the_title_and_never_with_the_name_of_the_file(some_results):
    text = cite(some_results)
    assert text.startswith("In [title of the film], “夢中人” is detected four times")
    assert some_results.film.name not in text
    assert "\n" not in text
    film = replace(some_results.film, title="Chungking Express", director="Wong Kar-wai", year=1994)
    named = cite(replace(some_results, film=film))
    assert named.startswith("In Chungking Express (Wong Kar-wai, 1994), “夢中人” is detected")


def test_there_are_three_to_five_sentences_whatever_was_found(a_feature):
    for extreme in EXTREMES.values():
        for results in (extreme(a_feature), with_claims(extreme(a_feature))):
            text = cite(results).replace(" s.", " s!").replace("A$AP: 100 %", "")
            assert 3 <= text.count(". ") + text.count("! ") + 1 <= 5, text


def test_film_times_stand_in_the_table_and_not_in_the_prose(some_results):
    text = cite(some_results)
    assert "is detected four times, in three playings (Table 1)" in text
    assert "0:01:00" not in text
    assert "“Never heard” is not detected." in text


@pytest.mark.parametrize(
    ("n", "words"), [(1, "once"), (2, "twice"), (3, "three times"), (10, "10 times")]
)
def test_how_often_is_said_as_one_says_it(some_results, n, words):
    parts = tuple(
        an_occurrence(
            id=f"O{i}", playing_id=f"P{i}", film_start_s=60.0 * i, film_end_s=60.0 * i + 5
        )
        for i in range(n)
    )
    text = cite(replace(some_results, occurrences=parts, transitions=()))
    assert f"“夢中人” is detected {words} (Table 1)" in text


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        (("goes on",), "Its one transition from a playing to the next goes on where"),
        (("starts elsewhere",), "Its one transition from a playing to the next starts elsewhere."),
        (("cannot be told",), "Whether its one transition goes on where the song had stopped can"),
        (("goes on", "goes on"), "Of its two transitions from one playing to the next, both go on"),
        (("goes on", "cannot be told"), "one goes on where the song had stopped; one cannot be"),
        (
            ("starts elsewhere",) * 2,
            "Of its two transitions from one playing to the next, none goes",
        ),
    ],
)
def test_transitions_agree_in_number(some_results, outcomes, words):
    move = some_results.transitions[0]
    moves = tuple(replace(move, continues=it == "goes on", outcome=it) for it in outcomes)
    assert words in cite(replace(some_results, transitions=moves))


def test_what_counts_as_going_on_is_named_where_the_run_recorded_it(some_results):
    run = replace(some_results.run, parameters={"measures": {"continuation_s": 5.0}})
    assert "on where the song had stopped, to within 5 s." in cite(replace(some_results, run=run))
    assert isinstance(some_results.run, Run)
    assert "on where the song had stopped." in cite(some_results)


def test_a_ratio_is_cited_with_what_is_undetermined(some_results):
    assert (
        "Narration lasts 10 s and dialogue 20 s, a ratio of 0.50; the undetermined 5 s leave it "
        "between 0.40 and 0.75."
    ) in cite(some_results)


def test_a_ratio_without_doubt_is_cited_without_a_range(some_results):
    (row,) = some_results.ratio
    text = cite(replace(some_results, ratio=(replace(row, undetermined_s=0.0),)))
    assert "dialogue 20 s, a ratio of 0.50." in text


def test_where_nobody_talks_to_another_all_is_narration(some_results):
    (row,) = some_results.ratio
    alone = replace(
        row, dialogue_s=0.0, undetermined_s=0.0, ratio=None, share=1.0, low=1.0, high=1.0
    )
    assert "All the speech, 10 s, is narration." in cite(replace(some_results, ratio=(alone,)))


def test_what_the_program_alone_decided_leaves_a_range(some_results):
    (row,) = some_results.ratio
    decided = replace(row, undetermined_s=0.0, ratio=None, share=None)
    text = cite(replace(some_results, ratio=(decided,)))
    assert "labels and subtitles alone leave the ratio between 0.40 and 0.75" in text
    assert "undetermined" not in text


def test_an_estimate_is_cited_with_its_interval_and_its_labels(some_results):
    (row,) = some_results.ratio
    estimated = replace(row, estimator="prediction-powered", n_random_labels=60)
    text = cite(replace(some_results, ratio=(estimated,)))
    assert "as counted; 60 random labels put the ratio at 0.5 (interval 0.4 to 0.8)." in text
    open_above = replace(estimated, ratio=None, ratio_high=None)
    assert "put the ratio at 0.40 or more." in cite(replace(some_results, ratio=(open_above,)))


def test_no_ratio_is_rounded_to_one(some_results):
    (row,) = some_results.ratio
    near = replace(row, undetermined_s=0.0, ratio=1.004)
    assert "a ratio of 1.004." in cite(replace(some_results, ratio=(near,)))


@pytest.mark.parametrize(("n", "words"), [(1, "one segment"), (2, "two segments")])
def test_where_nothing_is_decided_no_ratio_is_given(some_results, n, words):
    (row,) = some_results.ratio
    undecided = replace(row, narration_s=0.0, dialogue_s=0.0, ratio=None)
    speech = tuple(replace(some_results.speech[2], id=f"T{i}") for i in range(n))
    text = cite(replace(some_results, speech=speech, ratio=(undecided,)))
    assert f"Speech is detected in {words}, 5 s in all; whether" in text
    assert "is not decided" in text
    assert "a ratio" not in text


def test_nothing_found_is_cited_as_not_detected(a_feature):
    text = cite(nothing_found(a_feature))
    assert "“夢中人 (Dreams)” and “Things in Life” are not detected." in text
    assert "No speech is detected." in text


def test_a_stage_that_was_not_run_is_not_cited(a_feature):
    assert "detected" not in cite(EXTREMES["no songs"](a_feature))
    assert "Narration" not in cite(EXTREMES["cues only"](a_feature))


def test_verdicts_are_counted_and_named(a_feature):
    text = cite(with_claims(a_feature))
    assert text.endswith(
        "Of four claims of the study, two are supported (C1, C3), one is not supported (C5) and "
        "one cannot be decided from this (C7); see Table 2."
    )


def test_the_footnote_names_the_code_that_made_the_results_where_that_is_known(some_results):
    known = replace(
        some_results, run=replace(some_results.run, code_sha256="0123456789ab" + "f" * 52)
    )
    version = some_results.run.version
    assert f"Analysed with Ostinato {version} (code 0123456789ab)" in footnote(known, style="mla")
    assert "(code" not in footnote(some_results, style="mla")

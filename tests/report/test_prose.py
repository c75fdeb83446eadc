from dataclasses import replace

import pytest
from tests.report.examples import an_occurrence, nothing_found
from tests.report.extremes import EXTREMES

from ostinato.report import cite
from ostinato.results import Run


def test_a_citation_names_film_edition_hash_and_version(some_results):
    text = cite(some_results)
    assert text.startswith(
        f"The soundtrack of film.mka (edition: a disc, 重慶森林; 0:10:00; SHA-256 {'0' * 64}) "
        "was analysed with Ostinato 0.1.0."
    )
    assert "\n" not in text


def test_an_edition_that_is_not_named_is_said_to_be_so(some_results):
    film = replace(some_results.film, edition=None)
    assert "(edition not named;" in cite(replace(some_results, film=film))


def test_occurrences_are_counted_and_timed(some_results):
    assert (
        "“夢中人” was detected 4 times, in 3 playings: at 0:01:00–0:01:30, 0:05:00–0:05:30, "
        "0:05:40–0:05:50 and 0:08:20–0:08:40."
    ) in cite(some_results)
    assert "“Never heard” was not detected." in cite(some_results)


@pytest.mark.parametrize(("n", "words"), [(1, "once"), (2, "twice"), (3, "3 times")])
def test_how_often_is_said_as_one_says_it(some_results, n, words):
    parts = tuple(
        an_occurrence(
            id=f"O{i}", playing_id=f"P{i}", film_start_s=60.0 * i, film_end_s=60.0 * i + 5
        )
        for i in range(n)
    )
    text = cite(replace(some_results, occurrences=parts, transitions=()))
    assert f"“夢中人” was detected {words}: at 0:00:00–0:00:05" in text


@pytest.mark.parametrize(
    ("continues", "words"),
    [
        ((True,), "Of its 1 transition from one playing to the next, 1 goes on where"),
        ((False,), "Of its 1 transition from one playing to the next, none goes on where"),
        ((True, True), "Of its 2 transitions from one playing to the next, 2 go on where"),
    ],
)
def test_transitions_agree_in_number(some_results, continues, words):
    move = some_results.transitions[0]
    moves = tuple(replace(move, continues=goes_on) for goes_on in continues)
    assert words in cite(replace(some_results, transitions=moves))


def test_what_counts_as_going_on_is_named_where_the_run_recorded_it(some_results):
    run = replace(some_results.run, parameters={"measures": {"continuation_s": 5.0}})
    assert "goes on where the song had stopped, to within 5 s." in cite(
        replace(some_results, run=run)
    )
    assert isinstance(some_results.run, Run)
    assert "goes on where the song had stopped." in cite(some_results)


def test_a_ratio_is_cited_with_what_is_undetermined(some_results):
    assert (
        "Narration lasts 0:00:10 and dialogue 0:00:20, a ratio of 0.50; 0:00:05 of speech is "
        "undetermined, which leaves the ratio at 0.40 to 0.75. Method: range that"
    ) in cite(some_results)


def test_a_ratio_without_doubt_is_cited_without_a_range(some_results):
    (row,) = some_results.ratio
    text = cite(replace(some_results, ratio=(replace(row, undetermined_s=0.0),)))
    assert "a ratio of 0.50. Method" in text


def test_where_nobody_talks_to_another_all_is_narration(some_results):
    (row,) = some_results.ratio
    alone = replace(row, dialogue_s=0.0, undetermined_s=0.0, ratio=None)
    assert "dialogue 0:00:00, all narration." in cite(replace(some_results, ratio=(alone,)))


def test_what_the_program_alone_decided_leaves_a_range(some_results):
    (row,) = some_results.ratio
    decided = replace(row, undetermined_s=0.0, ratio=None, share=None)
    text = cite(replace(some_results, ratio=(decided,)))
    assert "what the program alone decided leaves the ratio at 0.40 to 0.75" in text
    assert "all narration" not in text


@pytest.mark.parametrize(("n", "words"), [(1, "1 segment of speech"), (2, "2 segments of speech")])
def test_where_nothing_is_decided_no_ratio_is_given(some_results, n, words):
    (row,) = some_results.ratio
    undecided = replace(row, narration_s=0.0, dialogue_s=0.0, ratio=None)
    speech = tuple(replace(some_results.speech[2], id=f"T{i}") for i in range(n))
    text = cite(replace(some_results, speech=speech, ratio=(undecided,)))
    assert f"{words}, 0:00:05 in all, {'was' if n == 1 else 'were'} detected" in text
    assert "nobody has decided" in text
    assert "a ratio" not in text


def test_nothing_found_is_cited_as_not_detected(a_feature):
    text = cite(nothing_found(a_feature))
    assert text.count("was not detected") == 3
    assert "No speech was detected." in text


def test_a_stage_that_was_not_run_is_not_cited(a_feature):
    assert "detected" not in cite(EXTREMES["no songs"](a_feature))
    assert "Narration" not in cite(EXTREMES["cues only"](a_feature))


def test_a_film_that_breaks_off_is_cited_so(a_feature):
    assert "Only its first 1:23:20 could be read." in cite(EXTREMES["truncated"](a_feature))

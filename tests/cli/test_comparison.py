import dataclasses

from ostinato.cli.demo import compare, measured_truth
from ostinato.measures import MeasureParameters


def test_the_truth_beside_itself_has_no_error(some_results):
    decided = dataclasses.replace(some_results, speech=some_results.speech[:2])
    truth = measured_truth(decided, parameters=MeasureParameters())
    text = compare(truth, truth)
    assert "4 of 4 found, 0 false; 100.0% of the true seconds found" in text
    assert text.count("+0.000  +0.000") == 4
    assert text.count("+0.50 s") == 2
    assert "lies in the range" in text


def test_what_is_missed_and_what_is_false_is_named(some_results):
    truth = measured_truth(some_results, parameters=MeasureParameters())
    shifted = dataclasses.replace(truth.occurrences[0], song_start_s=9.0, song_end_s=39.0)
    found = dataclasses.replace(
        truth, occurrences=(shifted, *truth.occurrences[1:3]), transitions=(), ratio=()
    )
    text = compare(truth, found)
    assert text.count("missed") == 2
    assert "False: S1 at 0:01:00.00 to 0:01:30.00, at song time 9.00" in text
    assert "2 of 4 found, 1 false" in text


def test_measures_of_the_truth_are_those_of_an_analysis(some_results):
    bare = dataclasses.replace(some_results, transitions=(), ratio=(), coverage=())
    truth = measured_truth(bare, parameters=MeasureParameters())
    assert [t.continues for t in truth.transitions] == [True, False]
    assert truth.ratio[0].narration_s == 10.0
    assert {row.scope for row in truth.coverage} >= {"film"}

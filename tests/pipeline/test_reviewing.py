"""What is measured after a review is what an analysis would have measured."""

from dataclasses import fields, replace

from ostinato.pipeline import measured_again
from ostinato.pipeline.remeasure import measured_as_before
from ostinato.results import Results
from ostinato.review import accept_occurrence, open_journal, read_journal

MEASURES = (
    "transitions",
    "coverage",
    "repetition",
    "overlap",
    "continuation",
    "loudness",
    "teaching",
    "ratio",
    "ratio_curve",
    "monologue",
    "claims",
    "robustness",
)
"""All that is taken again; what else there is was found in the sound."""


def differing(one, other):
    return [
        field.name
        for field in fields(Results)
        if getattr(one, field.name) != getattr(other, field.name)
    ]


def without_review(results):
    """Leave out what says that somebody has listened."""
    rows = {
        name: tuple(
            replace(row, rests_on=None) if hasattr(row, "rests_on") else row
            for row in getattr(results, name)
        )
        for name in MEASURES
    }
    occurrences = tuple(replace(one, review=None) for one in results.occurrences)
    return replace(results, review=None, occurrences=occurrences, **rows)


def test_results_hold_all_that_their_measures_are_taken_with(results):
    unmeasured = replace(results, **dict.fromkeys(MEASURES, ()))
    assert "coverage" in differing(unmeasured, results)
    assert differing(measured_as_before(unmeasured), results) == []


def test_what_is_only_confirmed_leaves_every_measure_of_an_analysis(results, tmp_path):
    journal = open_journal(tmp_path, results.film)
    journal.append([accept_occurrence(one, results) for one in results.occurrences])
    again = measured_again(results, read_journal(tmp_path).state)
    assert {one.review for one in again.occurrences} == {"accepted"}
    assert differing(without_review(again), results) == []

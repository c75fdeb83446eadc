"""What counts as a departure from a plan, and what only another version says otherwise."""

from pathlib import Path

import pytest

from ostinato.measures import MeasureParameters, Question
from ostinato.study import Study, encode_plan, plan_of, read_plan, rules_of
from ostinato.study.study import Parameters

WHEN = "2026-11-30T09:00:00+00:00"
STUDY = Study(film=Path("film.mkv"), claims=(Question(id="C4"), Question(id="C8")))


@pytest.fixture
def departures(tmp_path):
    """Say in what a study departs from a plan whose content was written otherwise."""

    def say(change, study=STUDY):
        plan = plan_of(STUDY, made_at=WHEN, version="0")
        (tmp_path / "plan.json").write_bytes(encode_plan(plan))
        read = read_plan(tmp_path / "plan.json")
        change(read.content)
        return rules_of(study, read, first_run_at=WHEN).deviations

    return say


def test_words_of_ours_that_are_new_are_no_departure(departures):
    def change(content):
        content["claims"]["C8"]["supported"] = "more even than chance"
        content["claims"]["C4"]["null_model"] = "otherwise worded"
        del content["claims"]["C8"]["edition"]

    assert departures(change) == ()


def test_a_rule_that_decides_otherwise_is_one(departures):
    def change(content):
        del content["claims"]["C4"]["edition"]  # of a version before there were editions

    assert departures(change) == (
        "the rule of C4 has changed since the plan, with the version of the program",
    )


def test_a_parameter_that_came_later_is_one_only_if_the_study_sets_it(departures):
    def change(content):
        del content["parameters"]["measures"]["merge_gap_s"]

    assert departures(change) == ()
    own = Study(
        film=STUDY.film,
        claims=STUDY.claims,
        parameters=Parameters(measures=MeasureParameters(merge_gap_s=3.0)),
    )
    assert departures(change, own) == ("parameters.measures.merge_gap_s is 3.0 in place of 10.0",)

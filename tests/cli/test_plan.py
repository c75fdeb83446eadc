"""A plan is there before the film is looked at, or the results say that it was not."""

import json

import pytest

from ostinato.results import read_results

STUDY = """[film]
path = "{film}"

[[songs]]
title = "One"
path = "{song}"

[[claims]]
id = "C1"
{more}"""


@pytest.fixture
def write_study(bar):
    def write(more=""):
        return bar.write("study.toml", STUDY.format(film=bar.film, song=bar.song, more=more))

    return write


@pytest.fixture
def rules_of_a_run(bar, ostinato):
    def run(study):
        given = ["--study", study, "--stages", "cues", "--cache", bar.cache, "--out", bar.path("r")]
        outcome = ostinato("analyze", *given)
        assert outcome.status == 0, outcome.err
        return read_results(bar.path("r")).run.rules

    return run


def test_a_plan_that_was_there_first_is_said_to_be(write_study, rules_of_a_run, bar, ostinato):
    study = write_study()
    written = ostinato("plan", study)
    assert (written.status, "C1" in written.out) == (0, True)
    rules = rules_of_a_run(study)
    assert (rules.set_by, rules.was_before_looking, rules.deviations) == ("plan", True, ())
    cited = ostinato("cite", bar.path("r")).out
    assert f"set before looking, in a plan of {rules.planned_at[:10]}" in cited
    assert "Departures" not in cited


def test_a_plan_that_came_after_is_said_to(write_study, rules_of_a_run, bar, ostinato):
    study = write_study()
    assert rules_of_a_run(study).set_by == "defaults"
    path = bar.path("plan.json")
    ostinato("plan", study)
    later = json.loads(path.read_text())
    later["made_at"] = "2994-01-01T00:00:00+00:00"
    path.write_text(json.dumps(later))
    assert rules_of_a_run(study).was_before_looking is False
    assert "written after the film had been analysed" in ostinato("cite", bar.path("r")).out


def test_each_departure_from_the_plan_is_listed(write_study, rules_of_a_run, bar, ostinato):
    ostinato("plan", write_study())
    changed = write_study('[[claims]]\nid = "C3"\n[parameters.measures]\nalpha = 0.2\n')
    assert rules_of_a_run(changed).deviations == (
        "claims.C3 was not planned",
        "parameters.measures.alpha is 0.2 in place of 0.05",
    )
    cited = ostinato("cite", bar.path("r")).out
    assert "Departures from the plan: claims.C3 was not planned; parameters" in cited


def test_a_plan_is_never_written_over_and_a_changed_one_is_refused(write_study, bar, ostinato):
    study = write_study()
    ostinato("plan", study)
    again = ostinato("plan", study)
    assert (again.status, "it is there already" in again.err) == (2, True)
    path = bar.path("plan.json")
    path.write_text(path.read_text().replace("a twentieth", "a thirtieth"))
    refused = ostinato("analyze", "--study", study, "--cache", bar.cache, "--out", bar.path("r"))
    assert (refused.status, "changed after it had been written" in refused.err) == (2, True)
    assert not bar.path("r").exists()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff\x00", b"[" * 100_000, b'{"made_at": 1e999}']
)
def test_what_is_no_plan_is_refused_before_anything_is_analysed(
    content, write_study, bar, ostinato
):
    study = write_study()
    bar.path("plan.json").write_bytes(content)
    outcome = ostinato("analyze", "--study", study, "--cache", bar.cache, "--out", bar.path("r"))
    assert (outcome.status, "plan.json" in outcome.err) == (2, True)
    assert not bar.path("r").exists()


def test_a_study_without_claims_has_nothing_to_plan(bar, ostinato):
    study = bar.write("study.toml", f'[film]\npath = "{bar.film}"\n')
    outcome = ostinato("plan", study)
    assert (outcome.status, "states no claim" in outcome.err) == (2, True)


def test_without_a_plan_changed_parameters_are_called_the_studys_own(
    write_study, rules_of_a_run, bar, ostinato
):
    rules = rules_of_a_run(write_study("[parameters.measures]\ncontinuation_s = 9.0\n"))
    assert rules.set_by == "study"
    cited = ostinato("cite", bar.path("r")).out
    assert "set before looking" not in cited
    assert "chosen before looking is not documented" in cited

import dataclasses

import pytest
from tests.report.claims import CLAIMS, with_claims
from tests.report.examples import a_feature_film

from ostinato.report import citation
from ostinato.report.claim_notes import (
    claim_notes,
    claim_rows,
    decimals,
    figures_of,
    p_in_words,
    rules_in_words,
)
from ostinato.results import Rules

C1, C3, C5, C7 = CLAIMS


@pytest.mark.parametrize(
    ("low", "high", "n"),
    [(0.1, 0.9, 1), (0.30, 0.34, 2), (-20.0, 40.0, 0), (0.5, 0.5, 2), (None, 1.0, 2), (0, 1e-9, 4)],
)
def test_no_more_decimals_are_written_than_the_interval_supports(low, high, n):
    assert decimals(low, high) == n


def test_a_value_is_never_written_without_its_interval():
    assert figures_of(C3) == "0.8 (0.4 to 1.0)"
    assert figures_of(C5) == "0.3 to 0.8"
    assert figures_of(C7) == "–"
    assert figures_of(dataclasses.replace(C5, low=1.2, high=None)) == "1.20 or more"
    assert figures_of(dataclasses.replace(C5, low=None, high=1.2)) == "up to 1.20"


def test_no_rounding_crosses_what_decides():
    sure = dataclasses.replace(C5, value=2.0, low=1.04, high=4.0)
    assert figures_of(sure) == "2 (1.04 to 4)"
    assert figures_of(dataclasses.replace(C3, value=0.8, low=0.4996, high=1.0)) == (
        "0.8 (0.4996 to 1.0)"
    )
    assert figures_of(dataclasses.replace(C5, value=1.0, low=1.0, high=1.0)) == "1.00"


def test_the_least_p_value_that_a_test_can_give_is_said_to_be_one():
    least = dataclasses.replace(C3, p_floor=C3.p_value)
    assert p_in_words(least) == "< 0.001"
    assert p_in_words(least, after_holm=True) == "< 0.001"
    assert p_in_words(dataclasses.replace(C3, p_value=0.5, p_floor=0.5)) == "≤ 0.5"
    assert p_in_words(dataclasses.replace(C3, p_value=0.5)) == "0.5"
    assert p_in_words(C1) == ""


@pytest.mark.parametrize(
    ("p", "words"), [(0.0504, "0.0504"), (0.0499, "0.05"), (0.05, "0.05"), (0.0431, "0.043")]
)
def test_no_p_value_is_rounded_over_alpha(p, words):
    assert p_in_words(dataclasses.replace(C3, p_value=p)) == words


def test_no_power_is_rounded_to_what_is_enough():
    _, ((*_, power, _),) = claim_rows([dataclasses.replace(C3, power=0.798)])
    assert power == "0.798"


def test_where_all_is_narration_that_is_the_ratio():
    alone = dataclasses.replace(C5, value=None, low=None, high=None, figures={"share": 1.0})
    assert figures_of(alone) == "all narration"


def test_a_limit_is_said_once_and_of_which_claims():
    shared = dataclasses.replace(C1, limits="A count of what was detected. Of one song.")
    notes = claim_notes([shared, dataclasses.replace(C3, limits="Of one song.", null_model=None)])
    assert notes == ["C1: A count of what was detected.", "C1, C3: Of one song."]
    assert claim_notes([]) == []


def test_a_title_with_a_stop_in_it_is_not_taken_apart():
    limits = "“Mr. Blue” was taken, which is heard longest. It is one song."
    one = dataclasses.replace(C1, limits=limits)
    assert claim_notes([one]) == [
        "C1: “Mr. Blue” was taken, which is heard longest.",
        "C1: It is one song.",
    ]


def test_the_null_model_stands_under_the_table():
    (note,) = [note for note in claim_notes(CLAIMS) if "Null model" in note]
    assert note == "C3: Null model: uniform starts, order and durations kept (Monte Carlo)."


def test_the_table_has_one_row_a_claim():
    header, rows = claim_rows(CLAIMS)
    assert len(rows) == len(CLAIMS)
    assert {len(row) for row in rows} == {len(header)}


def test_marks_of_bibtex_in_a_title_do_no_harm():
    feature = with_claims(a_feature_film())
    film = dataclasses.replace(feature.film, title="50% & more_{x}")
    text = citation(dataclasses.replace(feature, film=film), style="bibtex")
    assert r"{50\% \& more\_\textbraceleft{}x\textbraceright{}}" in text


def test_a_range_is_called_one_and_its_column_says_that_both_stand_there():
    header, ((_, _, _, cell, n, *_),) = claim_rows([dataclasses.replace(C5, bounds="range", n=3)])
    assert header[3] == "interval or range"
    assert (cell, n) == ("range 0.30 to 0.76", "3")
    _, ((_, _, _, cell, n, *_),) = claim_rows([C3])
    assert (cell, n) == ("0.4 to 1.0", "6 transitions")


def test_the_opposite_test_stands_in_the_table_and_its_rule_under_it():
    refuted = dataclasses.replace(
        C3, p_opposite=0.01, p_opposite_holm=0.02, rule="Supported if so. Not supported if not."
    )
    header, (row,) = claim_rows([refuted])
    told = dict(zip(header, row, strict=True))
    assert (told["opposite p"], told["opposite p after Holm"]) == ("0.01", "0.02")
    assert claim_notes([refuted])[0] == "C3: Supported if so. Not supported if not."


@pytest.mark.parametrize("set_by", ["defaults", "study"])
def test_without_a_plan_nothing_is_said_to_be_set_before_looking(set_by):
    said = rules_in_words(Rules(set_by=set_by))
    assert "were set before looking" not in said
    assert said.endswith("before looking is not documented")

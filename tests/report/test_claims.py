import dataclasses

import pytest
from tests.report.claims import CLAIMS, with_claims
from tests.report.examples import a_feature_film

from ostinato.report import citation
from ostinato.report.claims import (
    claim_sentence,
    claims_table,
    decimals,
    figures_of,
    limits_of,
)

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


def test_hits_are_written_out_of_how_many():
    assert "5 of 6" in claim_sentence(dataclasses.replace(C3, figures={"n_hits": 5.0}))
    assert "n = 6" in claim_sentence(C3)


@pytest.mark.parametrize(
    ("one", "start"),
    [(C1, "Supported: "), (C5, "Not supported: "), (C7, "Cannot be decided from this: ")],
)
def test_the_verdict_comes_first_whatever_it_is(one, start):
    assert claim_sentence(one).startswith(start)
    assert "  " not in claim_sentence(one)


def test_a_limit_is_said_once_and_of_which_claims():
    shared = dataclasses.replace(C1, limits="A count of what was detected. Of one song.")
    text = limits_of([shared, dataclasses.replace(C3, limits="Of one song.")])
    assert text == "Limits: A count of what was detected (C1); Of one song (C1, C3)."
    assert limits_of([]) == ""


def test_both_p_values_are_given_with_their_null_model():
    text = claim_sentence(C3)
    assert "p = 1e−4, after Holm's correction 4e−4; null model: uniform starts" in text


def test_the_table_has_one_line_a_claim():
    lines = claims_table(CLAIMS).splitlines()
    assert len(lines) == 2 + len(CLAIMS)
    assert {line.count(" | ") for line in lines} == {8}


def test_marks_of_bibtex_in_a_title_do_no_harm():
    feature = with_claims(a_feature_film())
    film = dataclasses.replace(feature.film, name="50% & more_{x}.mkv")
    text = citation(dataclasses.replace(feature, film=film), style="bibtex")
    assert r"50\% \& more\_\textbraceleft{}x\textbraceright{}.mkv" in text

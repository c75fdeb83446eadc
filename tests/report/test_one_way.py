"""The same quantity is written in the same way wherever it stands."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from tests.report.examples import a_labelled_film
from tests.report.silly import SILLY

from ostinato.report import caption_timeline, citation, cite, describe
from ostinato.report.claim_notes import robustness_sentences
from ostinato.report.figures.lanes import draw_timeline
from ostinato.report.wording import lasting
from ostinato.results import Specification


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        *((0.0, "0 s"), (0.4, "less than 1 s"), (38.9, "39 s"), (59.6, "1 min"), (3600, "1 h")),
        *((3599.7, "1 h"), (6130, "1 h 42 min 10 s"), (7205, "2 h 5 s")),
    ],
)
def test_how_long_something_lasts_is_rounded_and_has_units(seconds, written):
    assert lasting(seconds) == written


def test_how_long_a_song_and_each_kind_of_speech_last_is_written_in_one_way():
    results = a_labelled_film()
    ax = draw_timeline(Figure().subplots(), results)
    totals = {one.get_text() for one in ax.texts if one.get_gid() == "total"}
    (row,) = (one for one in results.ratio if one.scope == "film")
    for seconds in (row.narration_s, row.dialogue_s):
        for text in (caption_timeline(results), describe(results), cite(results), totals):
            assert lasting(seconds) in text
    (heard,) = (c for c in results.coverage if (c.song_id, c.scope) == ("S2", "film"))
    for text in (describe(results), cite(results), totals):
        assert lasting(heard.heard_s) in text


def test_a_ratio_has_the_same_digits_in_findings_table_and_summary():
    results = SILLY["decided-by-the-classifier"]()
    assert "leave the ratio between 0.25 and 4.00." in cite(results)
    assert "| range 0.25 to 4.00 |" in citation(results, style="mla")
    assert "  range 0.25 to 4.00  " in describe(results)


def test_choices_that_make_no_difference_are_named(some_results):
    def rows(tolerance_s, edges, verdict):
        return Specification(
            claim_id="C3",
            is_main=False,
            verdict=verdict,
            value=None,
            low=None,
            high=None,
            p_value=None,
            p_value_holm=None,
            tolerance_s=tolerance_s,
            edges=edges,
        )

    tried = tuple(
        rows(s, edges, "supported" if s > 1 else "not supported")
        for s in (5.0, 1.0)
        for edges in ("as found", "one error in")
    )
    how_often, without_effect = robustness_sentences(replace(some_results, robustness=tried))
    assert "same under 2 of 4 combinations" in how_often
    assert without_effect == "The verdict on C3 does not depend on where edges lie."

import dataclasses

import pytest
from matplotlib.figure import Figure

from ostinato.report.captions import caption_specifications
from ostinato.report.claim_notes import robustness_sentences
from ostinato.report.figures import draw_specifications, specifications_figure, write_figures
from ostinato.results import Specification

CANNOT = "cannot be decided from this"


def a_specification(claim_id, verdict, value, *, is_main=False, **choices):
    return Specification(
        claim_id=claim_id,
        is_main=is_main,
        verdict=verdict,
        value=value,
        low=value - 0.1,
        high=value + 0.1,
        p_value=None,
        p_value_holm=None,
        **choices,
    )


@pytest.fixture
def varied(a_feature):
    steady = [
        a_specification("C1", "supported", 6.0, is_main=True, edges="as found"),
        a_specification("C1", "supported", 5.0, edges="one error in"),
    ]
    turning = [
        a_specification("C3", "supported", 0.8, is_main=True, tolerance_s=5.0),
        a_specification("C3", CANNOT, 0.6, tolerance_s=1.0),
        a_specification("C3", "not supported", 0.1, tolerance_s=0.5),
    ]
    return dataclasses.replace(a_feature, robustness=(*steady, *turning))


def test_a_claim_that_never_turns_and_one_that_does_are_told_by_name(varied):
    assert list(robustness_sentences(varied)) == [
        "The verdict on C1 is the same under every combination of choices that was tried.",
        "The verdict on C3 is the same under 1 of 3 combinations of choices; it never is with "
        "“goes on within 0.5 s” and “goes on within 1 s”.",
    ]


def test_each_claim_has_a_panel_of_values_and_one_of_choices(varied):
    figure = specifications_figure(varied)
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert titles == ["C1: supported in 2 of 2", "C3: supported in 1 of 3"]
    labels = [t.get_text() for t in figure.axes[3].get_yticklabels()]
    assert labels == ["goes on within 0.5 s", "goes on within 1 s", "goes on within 5 s"]


def test_each_verdict_has_a_mark_of_its_own(varied):
    rows = [one for one in varied.robustness if one.claim_id == "C3"]
    ax = draw_specifications(Figure().subplots(), rows)
    marks = {
        (line.get_marker(), line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() != "None" and len(line.get_xdata())
    }
    assert len(marks) == 3


def test_the_curve_is_written_only_where_claims_were_varied(varied, tmp_path):
    names = {path.name for path in write_figures(varied, tmp_path, formats=["svg"])}
    assert {"specification-curve.svg", "specification-curve.txt"} <= names
    without = dataclasses.replace(varied, robustness=())
    names = {path.name for path in write_figures(without, tmp_path / "none", formats=["svg"])}
    assert not {"specification-curve.svg", "specification-curve.txt"} & names


def test_the_caption_says_what_turns(varied):
    assert "1 of 3 combinations" in caption_specifications(varied)

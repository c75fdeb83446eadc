"""Options that say how subtitles are meant."""

import pytest

from ostinato.results import read_results

CUES = (
    "1\n00:00:02,000 --> 00:00:10,000\n<i>I never told her.</i>\n\n"
    "2\n00:00:27,000 --> 00:00:35,000\nA drink?\n"
)
GIVEN = {"--subtitle-shift": "0.5", "--subtitle-speed": "25/24", "--italics": "narration"}


@pytest.mark.parametrize("option", GIVEN)
def test_an_option_without_subtitles_has_no_effect_and_is_refused(refused, option):
    message = refused(option, GIVEN[option])
    assert f"analyze, {option}: it has no effect without subtitles" in message


@pytest.mark.parametrize(
    ("option", "value"),
    [("--subtitle-shift", "soon"), ("--subtitle-speed", "0"), ("--subtitle-speed", "25/0")],
)
def test_a_value_that_is_none_is_refused(bar, refused, option, value):
    message = refused("--subtitles", bar.write("film.srt", CUES), option, value)
    assert option.removeprefix("--subtitle-") in message


def test_what_is_given_is_recorded_and_said(bar, analyze):
    more = [word for pair in GIVEN.items() for word in pair]
    outcome = analyze(
        "--subtitles", bar.write("film.srt", CUES), *more, "--stages", "speech", songs=()
    )
    assert outcome.status == 0
    assert "multiplied by 1.0417 and moved by +0.5 s, as the study says" in outcome.out
    results = read_results(bar.path("results"))
    found = results.subtitles
    assert (found.given_shift_s, found.given_speed) == (0.5, pytest.approx(25 / 24))
    assert found.italics == "narration"
    assert results.speech[0].kind == "narration"

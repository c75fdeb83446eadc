import dataclasses

import pytest
from matplotlib.figure import Figure
from tests.report.extremes import EXTREMES, with_voices

from ostinato.report import caption_voices, describe, draw_voices, write_figures
from ostinato.report.figures.lanes import voice_lanes
from ostinato.report.wording import lasting


@pytest.fixture(scope="module")
def spoken(a_feature):
    return with_voices(a_feature)


def in_lane(lane):
    return {interval for bars in lane.bars for interval in bars.stretches}


def test_each_voice_has_a_lane_under_its_name_in_film_order(spoken):
    names = [lane.name for lane in voice_lanes(spoken)]
    assert names == [
        "Ah Wu (V1)",
        "V2",
        "金髮的女人 in the raincoat (V3)",
        "V4",
        "voice not known",
    ]


def test_a_lane_holds_what_its_voice_says_and_each_segment_lies_in_one(spoken):
    lanes = voice_lanes(spoken)
    assert in_lane(lanes[0]) == {s.interval for s in spoken.speech if s.voice == "V1"}
    assert in_lane(lanes[-1]) == {s.interval for s in spoken.speech if s.voice is None}
    assert sum(len(in_lane(lane)) for lane in lanes) == len(spoken.speech)


def test_those_who_speak_least_share_a_lane(a_feature):
    results = EXTREMES["many voices"](a_feature)
    *shown, others, unknown = voice_lanes(results)
    assert (len(shown), others.name, others.total_s) == (12, "8 other voices", None)
    least = min(lane.total_s for lane in shown)
    assert sum(voice.speech_s > least for voice in results.voices) == 11
    assert unknown.name == "voice not known"


def test_totals_are_those_that_the_results_hold(spoken):
    ax = draw_voices(Figure().subplots(), spoken)
    totals = [t.get_text() for t in ax.texts if t.get_gid() == "total"]
    assert totals[1:] == [
        *(lasting(voice.speech_s) for voice in spoken.voices),
        lasting(spoken.monologue[0].unknown_s),
    ]


def test_kinds_differ_in_height_and_not_in_grey_alone(spoken):
    (lane, *_) = voice_lanes(spoken)
    assert len({bars.look.stripes for bars in lane.bars}) == len(lane.bars) == 4


def test_who_speaks_is_told_in_words_too(spoken):
    (row,) = (line for line in describe(spoken).splitlines() if "Ah Wu" in line)
    ratio = next(r for r in spoken.ratio if r.scope == "voice: V1")
    assert lasting(ratio.narration_s) in row
    assert lasting(ratio.dialogue_s) in row


def test_a_caption_says_what_voices_are(spoken, a_feature):
    text = caption_voices(spoken)
    assert "4 voices, distinguished by sound" in text
    assert "Names are those that the study gives." in text
    assert "share a lane" in caption_voices(EXTREMES["many voices"](a_feature))
    assert caption_voices(a_feature).startswith("No voice was distinguished.")


def test_voices_are_drawn_the_same_each_time_and_only_where_there_are_any(spoken, tmp_path):
    for name in ("one", "two"):
        write_figures(spoken, tmp_path / name, formats=("svg", "png"))
    for suffix in ("svg", "png", "txt"):
        one, two = (tmp_path / name / f"voices.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    write_figures(dataclasses.replace(spoken, voices=()), tmp_path / "none", formats=("svg",))
    assert not (tmp_path / "none" / "voices.svg").exists()

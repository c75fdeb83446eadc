import dataclasses

import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from tests.report.extremes import EXTREMES

from ostinato.report import draw_timeline
from ostinato.report.figures import COLUMN, PAGE, SONG_COLOURS, sheet_of, timeline_figure
from ostinato.report.figures.lanes import lanes_of
from ostinato.report.wording import lasting

GREY = sheet_of("page", palette="grey")


def draw(results, *, sheet=PAGE):
    return draw_timeline(Figure(figsize=(5, 3)).add_axes((0, 0, 1, 1)), results, sheet=sheet)


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def bars(ax, lane):
    """From and to of each bar of a lane, in seconds."""
    found, *_ = [c for c in ax.collections if c.get_gid() == f"lane-{lane}"]
    boxes = [path.get_extents() for path in found.get_paths()]
    return [(box.x0, pytest.approx(box.x1)) for box in boxes]


def totals(ax):
    return {t.xy[1]: t.get_text() for t in ax.texts if t.get_gid() == "total"}


def test_lanes_are_songs_then_singing_then_the_kinds_of_speech(some_results):
    assert names(draw(some_results)) == [
        "夢中人",
        "Never heard",
        "singing",
        "narration",
        "dialogue",
        "undetermined",
        "stories",
        "scenes",
    ]


def test_what_is_heard_is_a_bar_in_its_lane(some_results):
    ax = draw(some_results)
    assert bars(ax, 0) == [(60, 90), (300, 330), (340, 350), (500, 520)]
    assert bars(ax, 1) == []
    assert bars(ax, 2) == [(62, 88)]
    assert [bars(ax, lane) for lane in (3, 4, 5)] == [[(10, 20)], [(305, 325)], [(400, 405)]]
    assert ax.get_xlim() == (0, 600)


def test_totals_are_those_that_the_results_hold(a_feature):
    ax = draw(a_feature)
    lanes = [lane.name for lane in lanes_of(a_feature)]
    row = a_feature.ratio[0]
    assert totals(ax)[lanes.index("narration")] == lasting(row.narration_s)
    assert totals(ax)[lanes.index("dialogue")] == lasting(row.dialogue_s)
    assert totals(ax)[0] == lasting(a_feature.coverage[0].heard_s)
    assert lanes.index("singing") not in totals(ax)


def test_a_total_that_was_not_measured_is_not_made_up(some_results):
    assert 0 not in totals(draw(dataclasses.replace(some_results, coverage=())))
    assert totals(draw(dataclasses.replace(some_results, coverage=(), ratio=()))) == {}


def test_soliloquy_has_a_lane_and_takes_the_total_from_dialogue(a_feature):
    results = EXTREMES["soliloquy"](a_feature)
    lanes = {lane.name: lane for lane in lanes_of(results)}
    assert lanes["soliloquy"].bars[0].stretches
    assert lanes["dialogue"].total_s is None
    assert "soliloquy" not in {lane.name for lane in lanes_of(a_feature)}


def test_a_stage_that_was_not_run_has_no_lanes(a_feature):
    assert "narration" not in names(draw(EXTREMES["cues only"](a_feature)))
    assert names(draw(EXTREMES["speech only"](a_feature)))[0] == "singing"


def test_no_two_kinds_look_alike_without_colour(a_feature):
    results = EXTREMES["soliloquy"](a_feature)
    ax = draw(results, sheet=GREY)
    looks = {}
    for index, lane in enumerate(lanes_of(results, sheet=GREY)):
        bars = [c for c in ax.collections if c.get_gid() == f"lane-{index}"]
        red, green, blue, _ = bars[0].get_facecolor()[0]
        assert red == green == blue
        looks[lane.bars[0].look] = (red, len(bars))
    assert len(looks) == len(set(looks.values())) == 6


def test_no_bar_is_hatched(a_feature):
    assert all(c.get_hatch() is None for c in draw(a_feature).collections)


def test_the_shortest_speech_is_still_as_wide_as_a_hair(a_feature):
    ax = draw(a_feature)
    assert all(c.get_linewidth()[0] > 0.3 for c in ax.collections if "lane" in c.get_gid())


def test_a_song_has_its_colour_and_speech_has_none(a_feature):
    ax = draw(a_feature)
    for index, lane in enumerate(lanes_of(a_feature)):
        face = lane.bars[0].look.face
        (bars, *_) = [c for c in ax.collections if c.get_gid() == f"lane-{index}"]
        assert tuple(bars.get_facecolor()[0]) == to_rgba(face)
        assert face == SONG_COLOURS[index] if index < 3 else to_rgba(face)[0] == to_rgba(face)[1]


def height(results, *, sheet=PAGE):
    return timeline_figure(results, sheet=sheet).get_figheight()


def test_a_timeline_is_as_high_as_its_lanes_and_scenes(a_feature):
    assert height(EXTREMES["scenes that overlap"](a_feature)) > height(a_feature)
    assert height(a_feature) > height(EXTREMES["speech only"](a_feature))


def test_names_of_lanes_fit_the_margin_of_each_width(a_feature):
    results = EXTREMES["odd titles"](a_feature)
    for sheet in (PAGE, COLUMN):
        figure = timeline_figure(results, sheet=sheet)
        figure.draw_without_rendering()
        assert all(t.get_window_extent().x0 >= 0 for t in figure.axes[0].get_yticklabels())

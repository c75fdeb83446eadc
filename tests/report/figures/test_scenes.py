from matplotlib.figure import Figure

from ostinato.report.figures.film_axis import bands_of, draw_bands, scene_rows
from ostinato.results import Scene


def a_scene(name, start_s, end_s):
    return Scene(name=name, start_s=start_s, end_s=end_s)


def draw(scenes):
    ax = Figure(figsize=(6, 1)).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, 100)
    bands = bands_of(scenes, film_duration_s=100, width=432)
    draw_bands(ax, bands, top=0, inch=1.0, film_duration_s=100)
    return ax


def test_scenes_that_follow_each_other_share_a_row():
    scenes = [a_scene("b", 10, 20), a_scene("a", 0, 10)]
    assert [[scene.name for scene in row] for row in scene_rows(scenes)] == [["a", "b"]]


def test_scenes_that_overlap_are_in_rows_of_their_own():
    scenes = [a_scene("all", 0, 30), a_scene("in it", 10, 20), a_scene("after", 30, 40)]
    assert [[s.name for s in row] for row in scene_rows(scenes)] == [["all", "after"], ["in it"]]


def test_a_name_that_does_not_fit_its_scene_is_cut_or_left_out():
    ax = draw([a_scene("supercalifragilistic", 0, 12), a_scene("another", 12, 13)])
    (text,) = ax.texts
    assert text.get_text().startswith("super")
    assert text.get_text().endswith("…")
    box = text.get_window_extent()
    assert box.width <= 0.12 * ax.bbox.width


def test_a_name_takes_more_lines_before_it_is_cut():
    ax = draw([a_scene("the long way home", 0, 12), a_scene("home", 12, 100)])
    assert [text.get_text().replace("\n", " ") for text in ax.texts] == [
        "the long way home",
        "home",
    ]


def test_no_word_is_broken_but_chinese_is():
    ax = draw([a_scene("the extraordinary", 0, 5), a_scene("重慶森林夜", 5, 11)])
    assert [text.get_text().replace("\n", "") for text in ax.texts] == ["重慶森林夜"]


def test_a_scene_ends_with_the_film_at_the_latest():
    ax = draw([a_scene("last", 80, 130), a_scene("beyond", 140, 150)])
    (box,) = ax.patches
    assert (box.get_x(), box.get_x() + box.get_width()) == (80, 100)


def test_scenes_of_one_story_or_day_are_one_box_of_a_band():
    scenes = [
        Scene(name=f"s{n}", start_s=20.0 * n, end_s=20.0 * n + 20, story=story, day=day)
        for n, (story, day) in enumerate(
            [("one", "1 May"), ("one", "1 May"), ("two", "2 May"), ("one", None)]
        )
    ]
    bands = bands_of(scenes, film_duration_s=100, width=432)
    assert [band.name for band in bands] == ["stories", "days", "scenes"]
    boxes = [
        [(one.name, one.start_s, one.end_s) for row in band.rows for one in row] for band in bands
    ]
    assert boxes[0] == [("one", 0, 40), ("two", 40, 60), ("one", 60, 80)]
    assert boxes[1] == [("1 May", 0, 40), ("2 May", 40, 60)]
    assert len(boxes[2]) == 4


def test_without_stories_there_is_no_band_of_them():
    bands = bands_of([a_scene("a", 0, 10)], film_duration_s=100, width=432)
    assert [band.name for band in bands] == ["scenes"]

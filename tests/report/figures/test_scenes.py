from matplotlib.figure import Figure

from ostinato.report.figures.film_axis import draw_scenes, scene_rows
from ostinato.results import Scene


def a_scene(name, start_s, end_s):
    return Scene(name=name, start_s=start_s, end_s=end_s)


def draw(scenes):
    ax = Figure(figsize=(6, 1)).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, 100)
    draw_scenes(ax, scenes, top=0, row_height=1, film_duration_s=100)
    return ax


def test_scenes_that_follow_each_other_share_a_row():
    scenes = [a_scene("b", 10, 20), a_scene("a", 0, 10)]
    assert [[scene.name for scene in row] for row in scene_rows(scenes)] == [["a", "b"]]


def test_scenes_that_overlap_are_in_rows_of_their_own():
    scenes = [a_scene("all", 0, 30), a_scene("in it", 10, 20), a_scene("after", 30, 40)]
    assert [[s.name for s in row] for row in scene_rows(scenes)] == [["all", "after"], ["in it"]]


def test_a_name_that_does_not_fit_its_scene_is_cut_or_left_out():
    ax = draw([a_scene("a long name of a scene", 0, 12), a_scene("another", 12, 13)])
    (text,) = ax.texts
    assert text.get_text().startswith("a long")
    assert text.get_text().endswith("…")
    box = text.get_window_extent()
    assert box.width <= 0.12 * ax.bbox.width


def test_a_scene_ends_with_the_film_at_the_latest():
    ax = draw([a_scene("last", 80, 130), a_scene("beyond", 140, 150)])
    (box,) = [path.get_extents() for c in ax.collections for path in c.get_paths()]
    assert (box.x0, box.x1) == (80, 100)

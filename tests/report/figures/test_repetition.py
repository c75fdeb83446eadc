from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure
from tests.report.examples import a_song, an_occurrence

from ostinato.report import draw_repetition_map
from ostinato.results import Scene, Transition

SONG = a_song(1, "Dreams", 100.0)


def draw(occurrences, *, width=6.0, **extra):
    ax = Figure(figsize=(width, 2)).add_axes((0, 0, 1, 1))
    return draw_repetition_map(ax, occurrences, song=SONG, film_duration_s=600.0, **extra)


def heard(occurrence_id, film_s, song_s, *, length_s=20.0, playing="P1", **changes):
    return an_occurrence(
        id=occurrence_id,
        playing_id=playing,
        film_start_s=film_s,
        film_end_s=film_s + length_s,
        song_start_s=song_s,
        song_end_s=song_s + length_s,
        **changes,
    )


def a_move(from_id, to_id, gap_s, *, continues):
    return Transition(
        song_id="S1", from_id=from_id, to_id=to_id, gap_s=gap_s, film_gap_s=60, continues=continues
    )


def line(ax, gid):
    return [artist for artist in ax.lines if artist.get_gid() == gid]


def ends(artist):
    return [(float(x), float(y)) for x, y in artist.get_xydata()]


def identifiers(ax):
    return [text.get_text() for text in ax.texts if text.get_gid() == "identifier"]


def test_each_occurrence_is_a_stroke_from_where_it_starts_to_where_it_ends():
    ax = draw([heard("O2", 300, 30), heard("O1", 60, 0, playing="P0")])
    assert ends(*line(ax, "O1")) == [(60, 0), (80, 20)]
    assert ends(*line(ax, "O2")) == [(300, 30), (320, 50)]
    assert ax.get_xlim() == (0, 600)
    assert ax.get_ylim() == (0, 100)


def test_what_was_drawn_on_comes_back():
    ax = Figure().subplots()
    assert draw_repetition_map(ax, [], song=SONG, film_duration_s=600.0) is ax
    assert not ax.lines
    assert identifiers(ax) == []


def test_occurrences_of_another_song_are_left_to_its_own_map():
    ax = draw([heard("O1", 60, 0), heard("O2", 300, 30, song_id="S2")])
    assert line(ax, "O1")
    assert not line(ax, "O2")


def test_a_masked_gap_of_one_playing_is_thinner_than_what_is_heard():
    ax = draw([heard("O1", 60, 0), heard("O2", 90, 30)])
    (masked,) = line(ax, "O1-O2-masked")
    assert ends(masked) == [(80, 20), (90, 30)]
    assert masked.get_linewidth() < line(ax, "O1")[0].get_linewidth() / 2


def test_two_playings_are_not_joined_by_a_masked_gap():
    ax = draw([heard("O1", 60, 0), heard("O2", 90, 30, playing="P2")])
    assert not [artist for artist in ax.lines if "masked" in artist.get_gid()]


def test_a_song_that_goes_on_is_led_from_an_open_to_a_full_circle():
    parts = [heard("O1", 60, 0), heard("O2", 300, 21, playing="P2")]
    ax = draw(parts, transitions=[a_move("O1", "O2", 1.0, continues=True)])
    (dotted,) = line(ax, "O1-O2-goes-on")
    assert ends(dotted) == [(80, 20), (300, 21)]
    assert dotted.is_dashed()
    (stops,), (starts,) = line(ax, "O1-O2-stops"), line(ax, "O1-O2-starts")
    assert (ends(stops), ends(starts)) == ([(80, 20)], [(300, 21)])
    assert stops.get_markerfacecolor() != starts.get_markerfacecolor()


def test_a_song_that_goes_on_over_its_end_leaves_above_and_comes_in_below():
    parts = [heard("O1", 60, 78), heard("O2", 300, 1, playing="P2")]
    ax = draw(parts, transitions=[a_move("O1", "O2", 3.0, continues=True)])
    pieces = [ends(artist) for artist in line(ax, "O1-O2-goes-on")]
    assert pieces == [[(80, 98), (300, 101)], [(80, -2), (300, 1)]]


def test_a_song_that_starts_elsewhere_is_not_led_on():
    parts = [heard("O1", 60, 0), heard("O2", 300, 70, playing="P2")]
    ax = draw(parts, transitions=[a_move("O1", "O2", -50.0, continues=False)])
    assert {artist.get_gid() for artist in ax.lines} == {"O1", "O2"}


def test_a_rival_is_a_mark_at_the_start_and_no_stroke():
    ax = draw([heard("O1", 60, 0, rivals_song_s=(40.0, 80.0))])
    assert [ends(artist) for artist in line(ax, "O1-rival")] == [[(60, 40)], [(60, 80)]]
    assert all(artist.get_linestyle() == "None" for artist in line(ax, "O1-rival"))


def test_identifiers_that_would_collide_become_a_range():
    crowd = [heard(f"O{n}", 60 + 6 * n, 0, length_s=4.0, playing=f"P{n}") for n in range(1, 6)]
    alone = heard("O9", 500, 0, playing="P9")
    assert identifiers(draw([*crowd, alone])) == ["O1–O5", "O9"]
    assert identifiers(draw([*crowd, alone], width=60.0)) == ["O1", "O2", "O3", "O4", "O5", "O9"]


def test_no_two_identifiers_overlap_on_a_crowded_map():
    rng = np.random.default_rng(223)
    starts_s = np.sort(rng.uniform(0, 590, 60)).tolist()
    many = [heard(f"O{n}", s, 0, length_s=5.0, playing=f"P{n}") for n, s in enumerate(starts_s)]
    ax = draw(many)
    boxes = [t.get_window_extent() for t in ax.texts if t.get_gid() == "identifier"]
    assert len(boxes) > 1
    for left, right in pairwise(boxes):
        assert left.x1 <= right.x0


def test_every_other_scene_is_shaded():
    scenes = [Scene(name=str(n), start_s=100.0 * n, end_s=100.0 * n + 100) for n in range(4)]
    ax = draw([], scenes=scenes)
    bands = [(patch.get_x(), patch.get_width()) for patch in ax.patches]
    assert bands == [(100, 100), (300, 100)]


@pytest.mark.parametrize("duration_s", [8.0, 162.0, 270.0, 4000.0])
def test_the_end_of_the_song_is_marked(duration_s):
    ax = Figure(figsize=(6, 2)).add_axes((0, 0, 1, 1))
    draw_repetition_map(ax, [], song=a_song(1, "Any", duration_s), film_duration_s=9000.0)
    assert ax.get_yticks()[0] == 0
    assert ax.get_yticks()[-1] == duration_s
    assert 3 <= len(ax.get_yticks()) <= 8

"""Sections of a song: each is named as far as there is room, and every other one is shaded."""

import dataclasses

import pytest
from matplotlib.figure import Figure
from tests.report.examples import a_song

from ostinato.report.captions import caption_repetition_map
from ostinato.report.figures import repetition_map_figure, song_coverage_pages
from ostinato.report.figures.song_sections import draw_sections_across, draw_sections_upwards
from ostinato.report.measure_captions import caption_song_coverage
from ostinato.results import SongSection


def sections(*bounds):
    return tuple(
        SongSection(name=f"part {n}", start_s=start_s, end_s=end_s)
        for n, (start_s, end_s) in enumerate(bounds, start=1)
    )


@pytest.fixture
def song():
    own = sections((40, 60), (0, 20), (20, 40), (150, 170))
    return dataclasses.replace(a_song(1, "Dreams", 100.0), sections=own)


def axes(width, height):
    ax = Figure(figsize=(width, height)).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 100), ylim=(0, 100))
    return ax


def names(ax):
    return [text.get_text() for text in ax.texts]


def test_every_other_section_is_shaded_from_its_start_to_its_end(song):
    up, across = axes(3, 3), axes(3, 3)
    draw_sections_upwards(up, song)
    draw_sections_across(across, song)
    (low,), (left,) = up.patches, across.patches
    assert (low.get_y(), low.get_height()) == (20, 20)
    assert (left.get_x(), left.get_width()) == (20, 20)


def test_names_stand_in_song_order_and_none_is_of_a_section_after_the_end(song):
    ax = axes(3, 3)
    draw_sections_upwards(ax, song)
    assert names(ax) == ["part 2", "part 3", "part 1"]


def test_names_that_would_collide_are_left_out(song):
    low, narrow = axes(3, 0.3), axes(0.3, 3)
    draw_sections_upwards(low, song)
    draw_sections_across(narrow, song)
    assert 0 < len(names(low)) < 3
    assert names(narrow) == []


def test_maps_and_coverage_bear_the_names_of_a_song_that_has_sections(a_feature):
    first, *others = a_feature.songs
    named = dataclasses.replace(first, sections=sections((0, 80), (80, 160)))
    results = dataclasses.replace(a_feature, songs=(named, *others))
    for figure in (repetition_map_figure(results), *song_coverage_pages(results)):
        texts = [text.get_text() for ax in figure.axes for text in ax.texts]
        assert [text for text in texts if text.startswith("part")] == ["part 1", "part 2"]
    for caption in (caption_repetition_map, caption_song_coverage):
        assert "a person has named them" in caption(results)
        assert "a person has named them" not in caption(a_feature)

"""Whole figures, against pictures in tests/baseline; its README says how these are made."""

import io

import numpy as np
import pytest
from tests.report.examples import nothing_found
from tests.report.extremes import EXTREMES, with_voices

from ostinato.report.figures import (
    house_style,
    repetition_map_figure,
    timeline_figure,
    voices_figure,
)

IMAGE = {"savefig_kwargs": {"dpi": 100, "metadata": {"Software": None}}, "style": "default"}


def pixels(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=100)
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, 4)


@pytest.mark.mpl_image_compare(filename="repetition-map.png", **IMAGE)
def test_the_repetition_map_of_a_feature_film_looks_as_it_did(a_feature):
    with house_style():
        return repetition_map_figure(a_feature)


@pytest.mark.mpl_image_compare(filename="repetition-map-one-song.png", **IMAGE)
def test_the_repetition_map_of_one_song_looks_as_it_did(a_feature):
    with house_style():
        return repetition_map_figure(EXTREMES["one song"](a_feature))


@pytest.mark.mpl_image_compare(filename="timeline.png", **IMAGE)
def test_the_timeline_of_a_feature_film_looks_as_it_did(a_feature):
    with house_style():
        return timeline_figure(EXTREMES["soliloquy"](a_feature))


@pytest.mark.mpl_image_compare(filename="timeline-odd-titles.png", **IMAGE)
def test_a_timeline_with_odd_titles_looks_as_it_did(a_feature):
    with house_style():
        return timeline_figure(EXTREMES["odd titles"](a_feature))


@pytest.mark.mpl_image_compare(filename="voices.png", **IMAGE)
def test_the_voices_of_a_feature_film_look_as_they_did(a_feature):
    with house_style():
        return voices_figure(EXTREMES["soliloquy"](with_voices(a_feature)))


LAY_OUTS = [repetition_map_figure, timeline_figure, voices_figure]


@pytest.mark.parametrize("lay_out", LAY_OUTS)
def test_a_figure_holds_no_colour(lay_out, a_feature):
    with house_style():
        rgba = pixels(lay_out(with_voices(a_feature)))
    assert (rgba[:, 0] == rgba[:, 1]).all()
    assert (rgba[:, 0] == rgba[:, 2]).all()
    assert (rgba[:, 0] < 60).any()


@pytest.mark.parametrize("lay_out", LAY_OUTS)
@pytest.mark.parametrize("case", EXTREMES)
def test_nothing_is_written_beyond_the_page(lay_out, case, a_feature):
    with house_style():
        figure = lay_out(EXTREMES[case](with_voices(a_feature)))
        figure.draw_without_rendering()
        page = figure.bbox
        texts = [t for ax in figure.axes for t in (*ax.texts, *ax.get_xticklabels())]
        texts += [t for ax in figure.axes for t in ax.get_yticklabels()]
        for text in (*texts, *(t for legend in figure.legends for t in legend.texts)):
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= 0, text
                assert box.x1 <= page.x1, text
                assert box.y0 >= 0, text
                assert box.y1 <= page.y1, text


def test_the_page_grows_with_the_songs(a_feature):
    heights = [
        repetition_map_figure(EXTREMES[case](a_feature)).get_figheight()
        for case in ("no songs", "one song", "twenty songs")
    ]
    assert heights == sorted(heights)
    assert heights[2] > 3 * heights[1]


def test_a_song_that_is_not_detected_has_a_flat_panel_that_says_so(a_feature):
    figure = repetition_map_figure(nothing_found(a_feature))
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert texts.count("not detected") == 3
    assert not figure.legends


def test_songs_that_were_not_looked_for_are_not_said_to_be_absent(a_feature):
    figure = repetition_map_figure(EXTREMES["speech only"](a_feature))
    assert [t.get_text() for ax in figure.axes for t in ax.texts] == ["no song was looked for"]


def test_the_legend_explains_each_mark_that_is_there_and_no_other(a_feature):
    def labels(case):
        (legend,) = repetition_map_figure(case).legends
        return [text.get_text() for text in legend.texts]

    assert labels(a_feature) == [
        "heard",
        "masked, same playing",
        "goes on where it had stopped",
        "its start fits here too",
    ]
    assert labels(EXTREMES["thirty seconds"](a_feature)) == ["heard"]

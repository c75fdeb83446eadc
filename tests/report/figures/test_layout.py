"""Whole figures, against pictures in tests/baseline; its README says how these are made."""

import io
from dataclasses import replace

import numpy as np
import pytest
from tests.report.examples import nothing_found
from tests.report.extremes import EXTREMES, with_voices

from ostinato.report.figures import (
    COLUMN,
    PAGE,
    SLIDE,
    house_style,
    repetition_map_figure,
    repetition_map_pages,
    sheet_of,
    timeline_figure,
    timeline_pages,
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
GREY = sheet_of("page", palette="grey")


@pytest.mark.parametrize("lay_out", LAY_OUTS)
def test_a_grey_figure_holds_no_colour(lay_out, a_feature):
    with house_style():
        rgba = pixels(lay_out(with_voices(a_feature), sheet=GREY))
    assert (rgba[:, 0] == rgba[:, 1]).all()
    assert (rgba[:, 0] == rgba[:, 2]).all()
    assert (rgba[:, 0] < 60).any()


def beyond(figure):
    """Return the texts of a figure that are not whole within it, and those that are too small."""
    figure.draw_without_rendering()
    page = figure.bbox
    texts = [t for ax in figure.axes for t in (*ax.texts, *ax.get_xticklabels())]
    texts += [t for ax in figure.axes for t in ax.get_yticklabels()]
    texts += [t for legend in figure.legends for t in legend.texts]
    out = []
    for text in (one for one in texts if one.get_text()):
        box = text.get_window_extent()
        is_inside = box.x0 >= 0 and box.x1 <= page.x1 and box.y0 >= 0 and box.y1 <= page.y1
        if not is_inside or text.get_fontsize() < 7:
            out.append((text.get_text(), text.get_fontsize(), box))
    return out


@pytest.mark.parametrize("lay_out", LAY_OUTS)
@pytest.mark.parametrize("case", EXTREMES)
def test_nothing_is_written_beyond_the_page(lay_out, case, a_feature):
    with house_style():
        assert not beyond(lay_out(EXTREMES[case](with_voices(a_feature))))


@pytest.mark.parametrize("sheet", [COLUMN, SLIDE], ids=["column", "slide"])
@pytest.mark.parametrize("case", ["odd titles", "twenty songs", "thirty seconds", "three hours"])
def test_nothing_is_beyond_a_column_or_a_slide_and_nothing_is_too_small(sheet, case, a_feature):
    results = EXTREMES[case](with_voices(a_feature))
    with house_style():
        figures = [
            *repetition_map_pages(results, sheet=sheet),
            *timeline_pages(results, sheet=sheet),
        ]
        for figure in figures:
            assert not beyond(figure)
            assert figure.get_figwidth() == sheet.width
            assert figure.get_figheight() <= sheet.most_height + 1


def test_a_slide_is_sixteen_by_nine(a_feature):
    figure = repetition_map_figure(a_feature, sheet=SLIDE)
    assert figure.get_figwidth() * 9 == pytest.approx(figure.get_figheight() * 16)


def test_after_eight_songs_there_is_another_page(a_feature):
    twenty = EXTREMES["twenty songs"](a_feature)
    assert len(repetition_map_pages(a_feature)) == 1
    pages = repetition_map_pages(twenty)
    titles = [[t.get_text() for ax in page.axes for t in ax.texts] for page in pages]
    assert len(pages) == 3
    for song in twenty.songs:
        assert sum(song.title in page for page in titles) == 1


def strokes(figure, prefix="O"):
    """Slope of each occurrence as it is drawn, in inches up for an inch across, by its panel."""
    for ax in figure.axes:
        box = ax.get_position()
        up = box.height * figure.get_figheight() / (ax.get_ylim()[1] - ax.get_ylim()[0])
        across = box.width * figure.get_figwidth() / (ax.get_xlim()[1] - ax.get_xlim()[0])
        for one in ax.lines:
            if str(one.get_gid()).startswith(prefix) and "-" not in one.get_gid():
                (x0, x1), (y0, y1) = one.get_data()
                yield (y1 - y0) * up / ((x1 - x0) * across)


def test_slopes_are_equal_if_asked_for(a_feature):
    apart = list(strokes(repetition_map_figure(a_feature)))
    assert max(apart) > 1.5 * min(apart)
    equal = replace(PAGE, has_equal_slopes=True)
    alike = list(strokes(repetition_map_figure(a_feature, sheet=equal)))
    assert max(alike) == pytest.approx(min(alike), rel=1e-6)


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

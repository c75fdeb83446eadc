"""Figures of measures: what is drawn is what the results hold, and the words say the same."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from tests.report.examples import an_occurrence

from ostinato.report.figures import (
    COLUMN,
    before_after_figure,
    draw_continuation,
    draw_narration_curve,
    draw_self_similarity,
    draw_shared_passages,
    draw_song_coverage,
    draw_song_over_speech,
    draw_spectrogram,
    draw_talk,
    self_similarity_figure,
)
from ostinato.report.figures.layout import SHEETS, sheet_of
from ostinato.report.figures.specifications import _runs, draw_specifications
from ostinato.report.measure_captions import (
    caption_before_after,
    caption_continuation,
    caption_narration_curve,
    caption_self_similarity,
    caption_shared_passages,
    caption_song_coverage,
    caption_song_over_speech,
)
from ostinato.results import CuePicture, MomentaryLevel, Overlap, Specification


def axes():
    return Figure(figsize=(6, 2)).add_axes((0, 0, 1, 1))


def line(ax, gid):
    (found,) = [one for one in ax.lines if one.get_gid() == gid]
    return found


def test_each_second_of_a_song_is_as_high_as_it_is_often_heard(a_feature):
    row = a_feature.repetition[0]
    ax = draw_song_coverage(axes(), row, song_duration_s=162.0)
    (steps,) = [patch for patch in ax.patches if patch.get_gid() == "heard"]
    np.testing.assert_array_equal(steps.get_data().values, row.heard_per_second)
    assert ax.get_xlim() == (0, 162.0)
    most = max(row.heard_per_second)
    assert f"no second more often than {most} times" in caption_song_coverage(a_feature)


def test_an_arc_leads_from_one_playing_to_the_other_that_shares_a_passage():
    first = an_occurrence(id="O1", playing_id="P1", film_start_s=100.0, film_end_s=120.0)
    other = an_occurrence(id="O2", playing_id="P2", film_start_s=300.0, film_end_s=340.0)
    shared = Overlap(song_id="S1", from_id="P1", to_id="P2", overlap_s=8.0, share=0.5)
    foreign = dataclasses.replace(shared, to_id="P9")
    ax = draw_shared_passages(axes(), [shared, foreign], [first, other], film_duration_s=600.0)
    (arc,) = ax.patches
    box = arc.get_path().get_extents()
    assert (box.x0, box.x1) == (pytest.approx(110.0), pytest.approx(320.0))
    narrow = dataclasses.replace(shared, share=0.1)
    thin = draw_shared_passages(axes(), [narrow], [first, other], film_duration_s=600.0)
    assert thin.patches[0].get_linewidth() < arc.get_linewidth()


def test_a_stroke_lies_where_the_same_part_of_the_song_is_heard_twice():
    first = an_occurrence(
        id="O1", film_start_s=100.0, film_end_s=120.0, song_start_s=10.0, song_end_s=30.0
    )
    # at double speed, and of another part but for ten seconds of the song
    other = an_occurrence(
        id="O2", film_start_s=300.0, film_end_s=310.0, song_start_s=20.0, song_end_s=40.0, speed=2.0
    )
    foreign = an_occurrence(
        id="O3", film_start_s=400.0, film_end_s=410.0, song_start_s=50.0, song_end_s=60.0
    )
    ax = draw_self_similarity(axes(), [first, other, foreign], film_duration_s=600.0)
    (again,) = ax.patches
    stroke, mirrored = again.get_path().vertices.reshape(2, 2, 2)
    np.testing.assert_allclose(stroke, [(110, 300), (120, 305)])
    np.testing.assert_allclose(mirrored, [(300, 110), (305, 120)])
    own = {one.get_gid() for one in ax.lines} - {"diagonal"}
    assert own == {"O1", "O2", "O3"}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_the_film_against_itself_is_a_square_with_the_same_times_on_both_sides(a_feature, sheet):
    figure = self_similarity_figure(a_feature, sheet=sheet)
    (ax,) = figure.axes
    assert ax.bbox.width == pytest.approx(ax.bbox.height)
    assert list(ax.get_xticks()) == list(ax.get_yticks())
    assert ax.get_xlim() == ax.get_ylim() == (0, a_feature.film.duration_s)
    assert "mirrored" in caption_self_similarity(a_feature)


@pytest.mark.parametrize("palette", ["colour", "grey"])
def test_two_songs_in_one_square_look_different_in_strokes_and_legend(a_feature, palette):
    first, *_ = a_feature.songs
    other = dataclasses.replace(first, id="S9", title="Another song")
    played = [
        dataclasses.replace(one, song_id="S9", id=f"X{one.id}") for one in a_feature.occurrences
    ]
    two = dataclasses.replace(
        a_feature, songs=(first, other), occurrences=(*a_feature.occurrences, *played)
    )
    figure = self_similarity_figure(two, sheet=sheet_of("page", palette=palette))
    (ax,) = figure.axes
    strokes = {(one.get_edgecolor(), one.get_linewidth()) for one in ax.patches}
    (legend,) = figure.legends
    shown = {(to_rgba(one.get_color()), one.get_linewidth()) for one in legend.get_lines()}
    assert len(strokes) == len(shown) == 2
    assert {colour for colour, _ in strokes} == {colour for colour, _ in shown}


def test_shared_passages_are_counted_in_words(a_feature):
    n = sum(row.overlap_s > 0 for row in a_feature.overlap)
    assert n > 1
    assert f"There are {n} such pairs." in caption_shared_passages(a_feature)


def test_continuation_stands_against_what_chance_would_do(a_feature):
    row = a_feature.continuation[0]
    ax = draw_continuation(axes(), row)
    assert tuple(line(ax, "observed").get_ydata()) == row.curve_n_go_on
    assert tuple(line(ax, "chance").get_ydata()) == row.curve_chance_mean
    assert set(line(ax, "within").get_xdata()) == {row.within_s}
    assert row.curve_chance_low[0] <= row.curve_chance_mean[0] <= row.curve_chance_high[0]
    assert f"{row.n_go_on} of {row.n_transitions} transitions go" in caption_continuation(a_feature)


def test_results_that_hold_no_chance_are_drawn_without_it(a_feature):
    row = dataclasses.replace(
        a_feature.continuation[0], curve_chance_low=(), curve_chance_mean=(), curve_chance_high=()
    )
    ax = draw_continuation(axes(), row)
    assert {one.get_gid() for one in ax.lines} == {"observed", "within"}
    old = dataclasses.replace(a_feature, continuation=(row,))
    assert "by chance" not in caption_continuation(old)
    assert "null model" not in caption_continuation(old).split("The dotted")[0]


def test_each_occurrence_with_speech_is_a_circle_at_its_level(a_feature):
    ax = draw_song_over_speech(axes(), a_feature, a_feature.songs[:2])
    levels = [
        one.level_re_speech_lu
        for one in a_feature.occurrences_of("S1")
        if one.level_re_speech_lu is not None
    ]
    assert list(line(ax, "S1").get_xdata()) == levels
    row = a_feature.loudness[0]
    centres = [one.get_xdata()[0] for one in ax.lines if one.get_gid() == "centre"]
    assert centres[0] == row.median_lu
    assert len(set(line(ax, "S1").get_ydata())) > 1  # none hides another
    n = sum(one.level_re_speech_lu is not None for one in a_feature.occurrences)
    assert f"{n} of {len(a_feature.occurrences)} occurrences" in caption_song_over_speech(a_feature)


def test_the_share_of_narration_lies_in_what_undetermined_speech_leaves_open(a_feature):
    rows = a_feature.ratio_curve
    ax = draw_narration_curve(axes(), rows, film_duration_s=a_feature.film.duration_s)
    shown = line(ax, "rolling").get_ydata()
    assert [None if np.isnan(y) else y for y in shown] == [row.rolling_share for row in rows]
    known = [row for row in rows if row.rolling_share is not None]
    assert known
    assert all(row.rolling_low <= row.rolling_share <= row.rolling_high for row in known)
    assert "no confidence interval" in caption_narration_curve(a_feature)


BANDS, FRAMES = 4, 6


def a_picture(one, **changes):
    fields = {
        "occurrence_id": one.id,
        "start_s": one.film_start_s,
        "end_s": one.film_start_s + 5.0,
        "low_hz": 100.0,
        "high_hz": 10000.0,
        "n_bands": BANDS,
        "n_frames": FRAMES,
        "loudest_db": -20.0,
        "depth_db": 60.0,
        "film": bytes(range(BANDS * FRAMES)),
        "remainder": bytes(BANDS * FRAMES),
    }
    return CuePicture(**{**fields, **changes})


@pytest.fixture
def taken_out(a_feature):
    one = dataclasses.replace(a_feature.occurrences[0], separation="cancelled", reduction_db=30.0)
    level = MomentaryLevel(
        occurrence_id=one.id,
        start_s=one.film_start_s,
        level_lufs=-30.0,
        error_lu=0.2,
        gain_db=0.0,
        film_lufs=-24.0,
        remainder_lufs=-25.0,
    )
    occurrences = (one, *a_feature.occurrences[1:])
    return dataclasses.replace(a_feature, occurrences=occurrences, song_levels=(level,))


def test_levels_of_a_picture_are_drawn_low_bands_below(taken_out):
    picture = a_picture(taken_out.occurrences[0])
    ax = draw_spectrogram(axes(), picture, picture.film)
    (image,) = ax.images
    np.testing.assert_array_equal(
        np.asarray(image.get_array()), np.arange(24).reshape(BANDS, FRAMES)
    )
    assert image.origin == "lower"
    assert ax.get_xlim() == (picture.start_s, picture.end_s)


def test_talk_is_drawn_under_the_song(a_feature):
    first = a_feature.speech[0]
    ax = draw_talk(axes(), a_feature.speech, start_s=first.start_s - 1, end_s=first.end_s + 1)
    assert [c.get_gid() for c in ax.collections] == [first.id]


def test_before_and_after_stand_one_above_the_other(taken_out):
    picture = a_picture(taken_out.occurrences[0])
    figure = before_after_figure(taken_out, picture=picture, sheet=COLUMN)
    shown = [np.asarray(ax.images[0].get_array()) for ax in figure.axes if ax.images]
    assert [one.max() for one in shown] == [23, 0]
    caption = caption_before_after(taken_out, picture=picture)
    assert "The song lies 30 dB lower in it" in caption
    assert "over 60 dB in both" in caption


def test_a_picture_of_other_results_is_not_drawn(taken_out):
    for foreign in (
        a_picture(taken_out.occurrences[1]),
        a_picture(taken_out.occurrences[0], start_s=1.0, end_s=9.0),
    ):
        assert not [ax for ax in before_after_figure(taken_out, picture=foreign).axes if ax.images]


def test_what_a_stroke_stands_at_is_named_and_only_an_interval_that_is_there(a_feature):
    text = caption_song_over_speech(a_feature)
    assert "Hodges-Lehmann estimates" in text
    bare = [dataclasses.replace(one, low_lu=None, high_lu=None) for one in a_feature.loudness]
    few = caption_song_over_speech(dataclasses.replace(a_feature, loudness=tuple(bare)))
    assert "With so few playings there is no" in few
    whole = [dataclasses.replace(one, low_lu=-9.0, high_lu=-1.0) for one in a_feature.loudness]
    text = caption_song_over_speech(dataclasses.replace(a_feature, loudness=tuple(whole)))
    assert "(−9.0 to −1.0; " in text
    assert "there is no" not in text


def test_one_transition_is_not_said_to_be_tested(a_feature):
    row = dataclasses.replace(a_feature.continuation[0], n_transitions=1, n_go_on=1)
    text = caption_continuation(dataclasses.replace(a_feature, continuation=(row,)))
    assert "1 of 1 transition goes on" in text
    assert "one transition cannot be tested" in text
    assert "p =" not in text


def test_values_that_hardly_differ_stay_level_and_narrow_columns_make_bars():
    known = {"low": None, "high": None, "p_value": None, "p_value_holm": None}
    row = Specification(claim_id="C8", is_main=True, verdict="supported", value=-0.5353, **known)
    rows = [row, dataclasses.replace(row, is_main=False, value=-0.5354)]
    low, high = draw_specifications(axes(), rows).get_ylim()
    assert high - low >= 0.1
    assert _runs([0, 1, 2, 5, 6, 9]) == [(0, 3), (5, 2), (9, 1)]

import pytest
from hypothesis import given
from tests.oracles import TICKS_PER_S, ticks
from tests.strategies import scenes as scene_tables
from tests.strategies import speech_segments

from ostinato.errors import ParameterError
from ostinato.measures import MeasureParameters
from ostinato.measures.ratio import Evidence, all_ratios, ratios
from ostinato.measures.scopes import ratio_curve
from ostinato.results import SampledLabel, Scene, SpeechSegment

FILM_S = 100.0


def a_segment(start_s, end_s, kind, *, decided_by="subtitles", voice=None):
    return SpeechSegment(
        id=f"T{start_s}",
        start_s=start_s,
        end_s=end_s,
        kind=kind,
        p_narration=None,
        decided_by=decided_by,
        voice=voice,
    )


def in_film(*segments):
    return ratios(segments, film_duration_s=FILM_S, scenes=())[0]


@given(speech_segments(), scene_tables)
def test_seconds_of_each_scene_are_those_counted_one_by_one(segments, scenes):
    rows = {row.scope: row for row in ratios(segments, film_duration_s=FILM_S, scenes=scenes)}
    for scene in scenes:
        inside = ticks(other.interval for other in scenes if other.name == scene.name)
        narration = ticks(s.interval for s in segments if s.kind == "narration") & inside
        dialogue = ticks(s.interval for s in segments if s.kind in {"dialogue", "soliloquy"})
        row = rows[scene.name]
        assert row.narration_s * TICKS_PER_S == len(narration)
        assert row.dialogue_s * TICKS_PER_S == len(dialogue & inside)
        labelled = [s for s in segments if s.decided_by == "label" and ticks([s.interval]) & inside]
        assert row.n_labels == len(labelled)


@given(speech_segments())
def test_the_share_lies_in_its_range_and_the_range_within_one(segments):
    row = in_film(*segments)
    if row.low is None:
        assert segments == []
    else:
        assert 0 <= row.low <= (row.low if row.share is None else row.share) <= row.high <= 1
    if row.ratio is not None:
        assert row.ratio_low <= row.ratio <= row.ratio_high


def test_narration_over_dialogue_with_the_range_that_doubt_leaves():
    row = in_film(
        a_segment(0.0, 10.0, "narration", decided_by="label"),
        a_segment(10.0, 30.0, "dialogue"),
        a_segment(40.0, 50.0, "undetermined", decided_by=None),
    )
    assert (row.ratio, row.share, row.estimator) == (None, None, "range")
    assert row.naive_share == pytest.approx(1 / 3)
    assert (row.low, row.high) == (0.25, 0.5)
    assert (row.ratio_low, row.ratio_high) == (pytest.approx(1 / 3), 1.0)
    assert row.n_labels == 1


def test_soliloquy_belongs_to_the_scene():
    row = in_film(a_segment(0.0, 10.0, "narration"), a_segment(10.0, 30.0, "soliloquy"))
    assert row.ratio == 0.5
    assert "soliloquy counts as dialogue" in row.method


def test_a_silent_film_has_no_ratio_rather_than_zero():
    row = in_film()
    assert (row.narration_s, row.dialogue_s, row.undetermined_s) == (0.0, 0.0, 0.0)
    assert {row.ratio, row.share, row.low, row.high, row.ratio_low, row.ratio_high} == {None}


def test_where_nothing_is_decided_the_share_may_be_anything():
    row = in_film(a_segment(0.0, 10.0, "undetermined", decided_by=None))
    assert (row.ratio, row.share, row.low, row.high) == (None, None, 0.0, 1.0)
    assert (row.ratio_low, row.ratio_high) == (0.0, None)


def test_a_film_without_dialogue_is_all_narration_and_has_no_ratio():
    row = in_film(a_segment(0.0, 10.0, "narration"), a_segment(10.0, 15.0, "undetermined"))
    assert (row.ratio, row.share) == (None, None)
    assert (row.ratio_low, row.ratio_high) == (2.0, None)
    alone = in_film(a_segment(0.0, 10.0, "narration"))
    assert (alone.ratio, alone.share, alone.low) == (None, 1.0, 1.0)


def test_a_single_number_is_given_only_where_all_is_decided():
    row = in_film(a_segment(0.0, 10.0, "narration"), a_segment(10.0, 30.0, "dialogue"))
    assert (row.ratio, row.share) == (0.5, pytest.approx(1 / 3))
    assert (row.low, row.high, row.estimator) == (row.share, row.share, "all decided")


def test_a_segment_across_a_border_is_cut_there():
    scenes = (
        Scene(name="bar", start_s=0.0, end_s=15.0, story="one"),
        Scene(name="counter", start_s=15.0, end_s=60.0, story="two", day="1 May"),
    )
    rows = ratios([a_segment(10.0, 30.0, "narration")], film_duration_s=FILM_S, scenes=scenes)
    assert [(row.scope, row.narration_s) for row in rows] == [
        ("film", 20.0),
        ("story: one", 5.0),
        ("story: two", 15.0),
        ("day: 1 May", 15.0),
        ("bar", 5.0),
        ("counter", 15.0),
    ]


def test_scenes_of_another_edition_are_refused():
    with pytest.raises(ParameterError, match=r"scene 'coda': it begins at 100 s and the film ends"):
        ratios([], film_duration_s=FILM_S, scenes=[Scene(name="coda", start_s=100.0, end_s=110.0)])


def voice_ratios(speech):
    rows = all_ratios(speech, film_duration_s=FILM_S, scenes=[])
    return tuple(row for row in rows if row.scope.kind == "voice")


def test_each_voice_has_its_own_narration_and_dialogue():
    rows = voice_ratios(
        [
            a_segment(0.0, 10.0, "narration", voice="V1"),
            a_segment(10.0, 14.0, "dialogue", voice="V2"),
            a_segment(14.0, 19.0, "dialogue", voice="V1"),
            a_segment(20.0, 30.0, "narration"),
            a_segment(40.0, 41.0, "undetermined", decided_by=None, voice="V2"),
        ],
    )
    assert [row.scope for row in rows] == ["voice: V1", "voice: V2"]
    first, second = rows
    assert (first.narration_s, first.dialogue_s, first.ratio) == (10.0, 5.0, 2.0)
    assert (second.dialogue_s, second.undetermined_s, second.share) == (4.0, 1.0, None)
    assert (second.low, second.high) == (0.0, 0.2)


def test_speech_without_voices_has_no_rows_of_them():
    assert voice_ratios([a_segment(0.0, 10.0, "narration")]) == ()


def test_where_every_segment_is_labelled_the_ratio_is_a_count_and_no_estimate():
    kinds = ["narration", "dialogue", "dialogue"] * 4
    segments = [
        a_segment(5.0 * n, 5.0 * n + 2 + n % 3, kind, decided_by="label")
        for n, kind in enumerate(kinds)
    ]
    sample = tuple(
        SampledLabel(
            start_s=one.start_s,
            end_s=one.end_s,
            predicted="dialogue",
            kind=one.kind,
            stratum="all",
            p_inclusion=1.0,
        )
        for one in segments
    )
    evidence = Evidence(sample=sample)
    whole, *_ = ratios(segments, film_duration_s=FILM_S, scenes=(), evidence=evidence)
    assert whole.estimator == "all decided"
    assert whole.share == whole.low == whole.high
    assert "estimate" not in whole.method.replace("nothing is estimated", "")
    left = [*segments, a_segment(80.0, 83.0, "dialogue")]
    part, *_ = ratios(left, film_duration_s=FILM_S, scenes=(), evidence=evidence)
    assert part.estimator == "prediction-powered"


@pytest.mark.parametrize(("film_s", "window_s", "n"), [(360.0, 120.0, 36), (7200.0, 600.0, 120)])
def test_no_window_is_wider_than_a_third_of_the_film(film_s, window_s, n):
    speech = [a_segment(10.0, 20.0, "narration"), a_segment(300.0, 310.0, "dialogue")]
    rows = ratio_curve(speech, film_duration_s=film_s, parameters=MeasureParameters())
    assert {row.window_s for row in rows} == {window_s}
    assert len(rows) == n
    assert rows[-1].film_s == film_s

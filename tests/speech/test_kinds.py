import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import ticks
from tests.strategies import cues, disjoint_labels, timelines

from ostinato.dsp.frames import FrameClock
from ostinato.errors import ParameterError
from ostinato.speech.activity import Activity
from ostinato.speech.annotations import Annotation
from ostinato.speech.segments import classify
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.timeline import Interval, Timeline

PARAMETERS = SpeechParameters()
EXACT = dataclasses.replace(PARAMETERS, label_slack_s=0.0)
HUNDREDTHS = FrameClock(sample_rate_hz=100, frame_length=1, hop_length=1)
FILM_S = 60.0


def an_activity(*pauses):
    """Talk throughout, with a dip at each of the pauses."""
    speech = np.full(round(FILM_S * 100), 0.9, np.float32)
    for start_s, end_s in pauses:
        speech[round(start_s * 100) : round(end_s * 100)] = 0.1
    return Activity(
        clock=HUNDREDTHS, duration_s=FILM_S, speech=speech, singing=speech * 0, music=speech * 0
    )


def a_cue(start_s, end_s, kind):
    return Annotation(interval=Interval(start_s, end_s), kind=kind, source="subtitles")


def a_label(start_s, end_s, kind):
    return Annotation(interval=Interval(start_s, end_s), kind=kind, source="label")


def classified(*rows, said=(), pauses=(), parameters=PARAMETERS):
    segments = classify(
        Timeline.of(Interval(*row) for row in rows),
        said,
        activity=an_activity(*pauses),
        parameters=parameters,
    )
    return [(s.start_s, s.end_s, s.kind) for s in segments]


@given(timelines, st.lists(cues, max_size=6), disjoint_labels())
def test_segments_never_overlap_and_are_numbered_in_film_order(speech, said, labels):
    segments = classify(speech, [*said, *labels], activity=an_activity(), parameters=PARAMETERS)
    assert [s.id for s in segments] == [f"T{n}" for n in range(1, len(segments) + 1)]
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(segments))


@given(timelines, st.lists(cues, max_size=6), disjoint_labels())
def test_a_label_always_has_its_extent_and_its_kind(speech, said, labels):
    segments = classify(speech, [*said, *labels], activity=an_activity(), parameters=PARAMETERS)
    by_label = [(s.interval, s.kind) for s in segments if s.decided_by == "label"]
    assert by_label == [(a.interval, a.kind) for a in labels if a.kind != "none"]


@given(timelines, st.lists(cues, max_size=6), disjoint_labels())
def test_speech_is_conserved_but_for_what_labels_add_and_take(speech, said, labels):
    segments = classify(speech, [*said, *labels], activity=an_activity(), parameters=EXACT)
    spoken = ticks(a.interval for a in labels if a.kind != "none")
    labelled = ticks(a.interval for a in labels)
    assert ticks(s.interval for s in segments) == (ticks(speech) - labelled) | spoken


@given(timelines, st.lists(cues, max_size=6), disjoint_labels())
def test_to_classify_again_changes_nothing(speech, said, labels):
    activity = an_activity((3.0, 3.2), (7.0, 7.1))
    once = classify(speech, [*said, *labels], activity=activity, parameters=PARAMETERS)
    again = classify(
        Timeline.of(s.interval for s in once),
        [*said, *labels],
        activity=activity,
        parameters=PARAMETERS,
    )
    assert again == once


@given(timelines, st.lists(cues, max_size=6))
def test_subtitles_neither_add_nor_take_speech(speech, said):
    segments = classify(speech, said, activity=an_activity(), parameters=PARAMETERS)
    assert Timeline.of(s.interval for s in segments) == speech


def test_speech_that_nobody_speaks_of_is_undetermined():
    (segment,) = classify(
        Timeline((Interval(1.0, 3.0),)), [], activity=an_activity(), parameters=PARAMETERS
    )
    assert (segment.kind, segment.p_narration, segment.decided_by) == ("undetermined", None, None)
    assert segment.evidence == {"activity": pytest.approx(0.9)}


def test_a_person_hears_what_the_program_does_not():
    (segment,) = classify(
        Timeline(),
        [a_label(4.0, 6.0, "narration")],
        activity=an_activity((0.0, FILM_S)),
        parameters=PARAMETERS,
    )
    assert (segment.kind, segment.p_narration, segment.decided_by) == ("narration", 1.0, "label")
    assert segment.evidence["activity"] == pytest.approx(0.1)


def test_a_label_outweighs_a_cue_and_only_where_it_is():
    said = [a_cue(0.0, 10.0, "narration"), a_label(4.0, 6.0, "dialogue")]
    assert classified((0.0, 10.0), said=said) == [
        (0.0, 4.0, "narration"),
        (4.0, 6.0, "dialogue"),
        (6.0, 10.0, "narration"),
    ]


def test_where_a_person_hears_no_speech_there_is_none():
    assert classified((2.0, 8.0), said=[a_label(0.0, 5.0, "none")]) == [(5.0, 8.0, "undetermined")]


def test_what_sticks_out_of_a_label_by_a_breath_is_the_labels_own():
    said = [a_label(2.0, 6.0, "narration")]
    assert classified((1.75, 6.25), said=said) == [(2.0, 6.0, "narration")]
    assert classified((1.0, 6.25), said=said) == [
        (1.0, 2.0, "undetermined"),
        (2.0, 6.0, "narration"),
    ]


def test_a_cue_that_lingers_decides_only_what_was_detected():
    assert classified((2.0, 4.0), said=[a_cue(1.5, 6.0, "narration")]) == [(2.0, 4.0, "narration")]


def test_a_cue_that_comes_late_still_decides():
    assert classified((2.0, 4.0), said=[a_cue(4.5, 6.0, "dialogue")]) == [(2.0, 4.0, "dialogue")]


def test_speech_far_from_any_cue_is_undetermined():
    assert classified((2.0, 14.0), said=[a_cue(2.0, 5.0, "dialogue")]) == [
        (2.0, 6.0, "dialogue"),
        (6.0, 14.0, "undetermined"),
    ]


def test_cues_of_two_kinds_meet_in_the_pause_of_the_talk():
    said = [a_cue(0.0, 5.0, "narration"), a_cue(5.5, 9.0, "dialogue")]
    (narration, dialogue) = classified((0.0, 9.0), said=said, pauses=[(5.6, 5.7)])
    assert narration[1] == dialogue[0] == pytest.approx(5.6, abs=0.11)
    assert (narration[2], dialogue[2]) == ("narration", "dialogue")


def test_without_a_pause_they_meet_in_the_middle():
    said = [a_cue(0.0, 5.0, "narration"), a_cue(5.5, 9.0, "dialogue")]
    assert classified((0.0, 9.0), said=said) == [(0.0, 5.25, "narration"), (5.25, 9.0, "dialogue")]


def test_a_scrap_of_speech_goes_with_its_line():
    said = [a_cue(0.0, 5.0, "narration"), a_cue(5.0, 9.0, "dialogue")]
    assert classified((0.0, 5.25), said=said) == [(0.0, 5.25, "narration")]


def test_cues_that_disagree_at_one_time_decide_nothing_there():
    said = [a_cue(0.0, 10.0, "narration"), a_cue(4.0, 6.0, "dialogue")]
    assert [kind for *_, kind in classified((0.0, 10.0), said=said)] == [
        "narration",
        "undetermined",
        "narration",
    ]


def test_a_cue_without_a_mark_shields_its_speech_from_its_neighbours():
    said = [a_cue(0.0, 5.0, "narration"), a_cue(5.0, 10.0, None)]
    assert classified((5.5, 10.0), said=said) == [(5.5, 10.0, "undetermined")]


def test_a_person_may_leave_it_undetermined():
    said = [a_cue(0.0, 5.0, "narration"), a_label(0.0, 5.0, "undetermined")]
    assert classified((0.0, 5.0), said=said) == [(0.0, 5.0, "undetermined")]


def test_labels_of_different_kinds_do_not_overlap():
    said = [a_label(0.0, 5.0, "narration"), a_label(4.0, 6.0, "dialogue")]
    with pytest.raises(ParameterError, match="narration and dialogue overlap"):
        classified(said=said)


def test_labels_of_one_kind_that_overlap_are_one_segment():
    said = [a_label(0.0, 5.0, "narration"), a_label(4.0, 6.0, "narration")]
    assert classified(said=said) == [(0.0, 6.0, "narration")]

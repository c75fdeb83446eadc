import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import active_stretches_by_loops
from tests.strategies import activation_parameters, clocks, curves, intervals, timelines

from ostinato.dsp.activations import (
    ActivationParameters,
    active_stretches,
    frame_mask,
    frame_slice,
)
from ostinato.dsp.frames import FrameClock
from ostinato.errors import ParameterError
from ostinato.timeline import Interval, Timeline

AT_ONCE = ActivationParameters(
    smoothing_s=0.0,
    onset=0.5,
    offset=0.5,
    pad_start_s=0.0,
    pad_end_s=0.0,
    min_gap_s=0.0,
    min_duration_s=0.0,
)
TENTHS = FrameClock(sample_rate_hz=100, frame_length=10, hop_length=10)


@given(curves, clocks, activation_parameters)
def test_stretches_are_those_found_one_frame_at_a_time(curve, clock, parameters):
    found, expected = (
        [
            bound_s
            for i in stretches(values, clock, duration_s=9.0, parameters=parameters)
            for bound_s in (i.start_s, i.end_s)
        ]
        for stretches, values in (
            (active_stretches, np.array(curve, dtype=np.float64)),
            (active_stretches_by_loops, curve),
        )
    )
    assert found == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.booleans(), max_size=60), clocks)
def test_a_mask_that_becomes_a_timeline_comes_back_as_itself(mask, clock):
    mask = np.array(mask, dtype=bool)
    stretches = active_stretches(mask.astype(float), clock, duration_s=1e3, parameters=AT_ONCE)
    np.testing.assert_array_equal(frame_mask(stretches, clock, n_frames=mask.size), mask)


@given(curves, clocks, activation_parameters)
def test_a_higher_onset_never_finds_more(curve, clock, parameters):
    curve = np.array(curve, dtype=np.float64)
    strict = dataclasses.replace(parameters, onset=parameters.onset + 0.25, min_gap_s=0.0)
    lenient = dataclasses.replace(parameters, min_gap_s=0.0)
    few, many = (
        active_stretches(curve, clock, duration_s=9.0, parameters=p) for p in (strict, lenient)
    )
    assert few & many == few


@given(curves, clocks, activation_parameters)
def test_no_stretch_or_gap_is_shorter_than_asked(curve, clock, parameters):
    found = active_stretches(np.array(curve), clock, duration_s=2.5, parameters=parameters)
    assert all(i.duration_s >= parameters.min_duration_s - 1e-9 for i in found)
    pairs = zip(found.intervals, found.intervals[1:], strict=False)
    assert all(b.start_s - a.end_s >= parameters.min_gap_s - 1e-9 for a, b in pairs)
    assert all(i.start_s >= 0 and i.end_s <= 2.5 for i in found)


@given(timelines, clocks, st.integers(0, 200))
def test_a_frame_is_inside_when_its_centre_is(timeline, clock, n_frames):
    centres_s = clock.centres_s(n_frames)
    inside = [any(i.start_s <= c < i.end_s for i in timeline) for c in centres_s]
    assert frame_mask(timeline, clock, n_frames=n_frames).tolist() == inside


@given(intervals, clocks, st.integers(0, 200))
def test_the_frames_of_an_interval_are_those_of_its_mask(interval, clock, n_frames):
    mask = frame_mask(Timeline((interval,)), clock, n_frames=n_frames)
    frames = frame_slice(interval, clock, n_frames=n_frames)
    assert list(range(n_frames)[frames]) == np.flatnonzero(mask).tolist()


def test_smoothing_moves_no_boundary():
    curve = np.repeat([0.0, 1.0, 0.0], 20)
    smooth = dataclasses.replace(AT_ONCE, smoothing_s=0.5)
    found = active_stretches(curve, TENTHS, duration_s=6.0, parameters=smooth)
    assert found == Timeline((Interval(2.0, 4.0),))


def test_bounds_are_trimmed_before_gaps_are_measured():
    curve = np.array([0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0], dtype=float)
    trimmed = dataclasses.replace(AT_ONCE, pad_start_s=-0.125, pad_end_s=-0.125, min_gap_s=0.3)
    found = active_stretches(curve, TENTHS, duration_s=1.1, parameters=trimmed)
    assert len(found.intervals) == 2  # 0.1 s apart as detected, 0.35 s apart in truth


@pytest.mark.parametrize(
    ("changes", "mend"),
    [({"offset": 0.75}, "Give offset <= onset"), ({"min_gap_s": -1.0}, "Give 0 to 36000")],
)
def test_parameters_that_make_no_sense_are_refused(changes, mend):
    with pytest.raises(ParameterError, match=mend):
        dataclasses.replace(AT_ONCE, **changes)


@pytest.mark.parametrize("curve", [np.zeros((2, 3)), np.array([0.1, np.nan])])
def test_a_curve_holds_one_finite_value_a_frame(curve):
    with pytest.raises(ParameterError, match="Give one finite value a frame"):
        active_stretches(curve, TENTHS, duration_s=1.0, parameters=AT_ONCE)

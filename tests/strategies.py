"""Hypothesis strategies; times are eighths of a second, exact in binary, so that sums are exact."""

from hypothesis import strategies as st

from ostinato.dsp.activations import ActivationParameters
from ostinato.dsp.frames import FrameClock
from ostinato.results import Scene, SpeechSegment
from ostinato.speech.annotations import Annotation
from ostinato.timeline import Interval, Timeline

eighths = st.integers(0, 160).map(lambda n: n / 8)
lengths = st.integers(1, 40).map(lambda n: n / 8)
gaps = st.integers(0, 40).map(lambda n: n / 8)
intervals = st.builds(
    lambda start_s, length_s: Interval(start_s, start_s + length_s), eighths, lengths
)
timelines = st.lists(intervals, max_size=8).map(Timeline.of)

clocks = st.builds(
    FrameClock,
    sample_rate_hz=st.just(64),
    frame_length=st.sampled_from([8, 16, 32]),
    hop_length=st.sampled_from([8, 16]),
)
sixteenths = st.integers(0, 16).map(lambda n: n / 16)
curves = st.lists(sixteenths, max_size=40)
activation_parameters = st.builds(
    lambda thresholds, **rest: ActivationParameters(
        onset=max(thresholds), offset=min(thresholds), **rest
    ),
    st.tuples(sixteenths, sixteenths),
    smoothing_s=st.sampled_from([0.0, 0.75, 1.25]),
    pad_start_s=st.sampled_from([-0.25, 0.0, 0.5]),
    pad_end_s=st.sampled_from([-0.25, 0.0, 0.5]),
    min_gap_s=st.sampled_from([0.0, 0.5, 1.0]),
    min_duration_s=st.sampled_from([0.0, 0.5, 1.0]),
)

_spoken = ["narration", "dialogue", "soliloquy", "undetermined"]
cues = st.builds(
    Annotation,
    interval=intervals,
    kind=st.sampled_from(["narration", "dialogue", "soliloquy", None]),
    source=st.just("subtitles"),
)


@st.composite
def disjoint_labels(draw):
    """Labels in film order that never overlap and may touch."""
    labels, now_s = [], 0.0
    for gap_s, length_s in draw(st.lists(st.tuples(gaps, lengths), max_size=5)):
        now_s += gap_s
        labels.append(
            Annotation(
                interval=Interval(now_s, now_s + length_s),
                kind=draw(st.sampled_from([*_spoken, "none"])),
                source="label",
            )
        )
        now_s += length_s
    return labels


@st.composite
def speech_segments(draw):
    """Segments in film order that never overlap."""
    segments, now_s = [], 0.0
    rows = draw(st.lists(st.tuples(gaps, lengths), max_size=8))
    for n, (gap_s, length_s) in enumerate(rows, start=1):
        now_s += gap_s
        segments.append(
            SpeechSegment(
                id=f"T{n}",
                start_s=now_s,
                end_s=now_s + length_s,
                kind=draw(st.sampled_from(_spoken)),
                p_narration=None,
                decided_by=draw(st.sampled_from(["label", "subtitles", None])),
                voice=None,
            )
        )
        now_s += length_s
    return segments


scenes = st.lists(
    st.builds(
        lambda name, interval, story: Scene(
            name=name, start_s=interval.start_s, end_s=interval.end_s, story=story
        ),
        st.sampled_from(["bar", "counter", "flat"]),
        intervals,
        st.sampled_from(["one", "two", None]),
    ),
    max_size=5,
)

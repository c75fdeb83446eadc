"""Detected speech and what people say of it become segments, each of one kind.

A label makes a segment of its own extent, or removes the speech there, whatever was detected.
Subtitles only decide the kind of speech that was detected, since they stay on screen longer than
the speech lasts. What neither decides is undetermined.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ostinato.dsp.activations import frame_slice
from ostinato.errors import ParameterError
from ostinato.results import (
    DecidedBy,
    Decision,
    Extent,
    Kind,
    LabelKind,
    SegmentEvidence,
    SpeechSegment,
    WithoutLabel,
    segment_of,
)
from ostinato.speech.activity import Activity
from ostinato.speech.annotations import Annotation
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.timeline import Interval, Timeline, meeting


@dataclass(frozen=True, slots=True)
class _Stretch:
    start_s: float
    end_s: float
    kind: LabelKind | None
    is_cued: bool = True

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def classify(
    speech: Timeline,
    annotations: Sequence[Annotation],
    *,
    activity: Activity,
    parameters: SpeechParameters,
) -> tuple[SpeechSegment, ...]:
    """Segments of speech with the kind that labels or subtitles give them.

    Parameters
    ----------
    speech : Timeline
        Where talk was detected.
    annotations : sequence of Annotation
        Labels and cues, in any order; labels of different kinds do not overlap.
    activity : Activity
        Its probability of talk is kept as evidence, and places the cuts between cues.
    parameters : SpeechParameters
        Tolerances.

    Returns
    -------
    tuple of SpeechSegment
        In film order, never overlapping, numbered ``T1``, ``T2`` …; `voice` is None.

    Raises
    ------
    ParameterError
        If labels of different kinds overlap.
    """
    labels = _merged([a for a in annotations if a.source == "label"])
    unlabelled = _unlabelled(speech, labels, slack_s=parameters.label_slack_s)
    cues = [a for a in annotations if a.source == "subtitles"]
    territories = list(_territories(_blocks(cues), activity, parameters))
    pieces = [p for i in unlabelled for p in _pieces(i, territories, parameters)]
    decided: list[tuple[_Stretch, DecidedBy]] = [(s, "label") for s in labels if s.kind != "none"]
    decided += [(piece, "subtitles") for piece in pieces]
    return tuple(
        _segment(f"T{n}", stretch, decided_by, activity)
        for n, (stretch, decided_by) in enumerate(
            sorted(decided, key=lambda row: row[0].start_s), start=1
        )
    )


def keep_predictions(
    speech: Sequence[SpeechSegment], predicted: Sequence[SpeechSegment]
) -> tuple[SpeechSegment, ...]:
    """Note beside each label what would have been said without it.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        Decided by labels among others.
    predicted : sequence of SpeechSegment
        The same speech, classified without labels.

    Returns
    -------
    tuple of SpeechSegment
        In the same order; `predicted` is the kind of most of what lies under a label, and None
        where nothing was detected there or no label decides.
    """
    return tuple(
        _noted(segment, _most_of(segment.interval, predicted))
        if segment.decided_by == "label"
        else segment
        for segment in speech
    )


def _noted(segment: SpeechSegment, most: SpeechSegment | None) -> SpeechSegment:
    if most is None:
        return segment
    return segment.with_parts(WithoutLabel(predicted=most.kind, predicted_by=most.decided_by))


def _most_of(interval: Interval, predicted: Sequence[SpeechSegment]) -> SpeechSegment | None:
    """Return a segment of the kind that most of an interval is of."""
    seconds: dict[Kind, float] = {}
    of_kind: dict[Kind, SpeechSegment] = {}
    for segment in meeting(predicted, interval):
        shared_s = min(segment.end_s, interval.end_s) - max(segment.start_s, interval.start_s)
        seconds[segment.kind] = seconds.get(segment.kind, 0.0) + shared_s
        of_kind[segment.kind] = segment
    most = max(seconds, key=lambda kind: seconds[kind], default=None)
    return None if most is None else of_kind[most]


def _merged(labels: Sequence[Annotation]) -> list[_Stretch]:
    """Merge labels of one kind that overlap; those that touch stay as the person set them."""
    merged: list[_Stretch] = []
    for label in sorted(labels, key=lambda a: a.interval):
        start_s, end_s = label.interval.start_s, label.interval.end_s
        if not merged or start_s >= merged[-1].end_s:
            merged.append(_Stretch(start_s, end_s, label.kind))
        elif label.kind == merged[-1].kind:
            merged[-1] = _Stretch(merged[-1].start_s, max(end_s, merged[-1].end_s), label.kind)
        else:
            raise ParameterError(
                f"labels at {start_s} s",
                f"{merged[-1].kind} and {label.kind} overlap",
                "Keep one of them, or move a bound",
            )
    return merged


def _unlabelled(speech: Timeline, labels: Sequence[_Stretch], *, slack_s: float) -> Timeline:
    rest = speech - Timeline.of(Interval(s.start_s, s.end_s) for s in labels)
    bounds_s = {s.start_s for s in labels} | {s.end_s for s in labels}
    # what sticks out of a label by less than a hand can mark belongs to what was labelled
    return Timeline(
        tuple(i for i in rest if i.duration_s >= slack_s or not bounds_s & {i.start_s, i.end_s})
    )


def _blocks(cues: Sequence[Annotation]) -> list[_Stretch]:
    """Disjoint stretches in which cues say one thing; where two cues disagree, they say nothing."""
    kinds = sorted({cue.kind for cue in cues}, key=str)
    by_kind = {k: Timeline.of(cue.interval for cue in cues if cue.kind == k) for k in kinds}
    contested = Timeline()
    for n, kind in enumerate(kinds):
        for other in kinds[:n]:
            contested |= by_kind[kind] & by_kind[other]
    blocks = [_Stretch(i.start_s, i.end_s, None) for i in contested]
    for kind, timeline in by_kind.items():
        blocks += [_Stretch(i.start_s, i.end_s, kind) for i in timeline - contested]
    return sorted(blocks, key=lambda block: block.start_s)


def _territories(
    blocks: Sequence[_Stretch], activity: Activity, parameters: SpeechParameters
) -> Iterator[_Stretch]:
    """Widen each block by the tolerance; neighbours meet where the talk pauses."""
    tolerance_s = parameters.cue_tolerance_s
    start_s = blocks[0].start_s - tolerance_s if blocks else 0.0
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if following is None or following.start_s - block.end_s > 2 * tolerance_s:
            yield _Stretch(start_s, block.end_s + tolerance_s, block.kind)
            start_s = following.start_s - tolerance_s if following is not None else 0.0
        else:
            border_s = _border_s(block, following, activity, parameters)
            yield _Stretch(start_s, border_s, block.kind)
            start_s = border_s


def _border_s(
    before: _Stretch, after: _Stretch, activity: Activity, parameters: SpeechParameters
) -> float:
    """Film time of the pause in the talk next to two cues, else the middle of their gap."""
    middle_s = (before.end_s + after.start_s) / 2
    # no further than half of a cue, so that borders keep their order
    first_s = before.end_s - min(parameters.dip_search_s, before.duration_s / 2)
    last_s = after.start_s + min(parameters.dip_search_s, after.duration_s / 2)
    frames = frame_slice(Interval(first_s, last_s), activity.clock, n_frames=activity.speech.size)
    talk = activity.speech[frames]
    if talk.size == 0 or talk.min() >= parameters.dip_probability:
        return middle_s
    lows_s = activity.clock.centres_s(frames.stop)[frames.start :][talk == talk.min()]
    return float(lows_s[np.argmin(np.abs(lows_s - middle_s))])


def _pieces(
    detected: Interval, territories: Sequence[_Stretch], parameters: SpeechParameters
) -> list[_Stretch]:
    """Cut a stretch of speech where cues of different kinds meet."""
    pieces: list[_Stretch] = []
    now_s = detected.start_s
    for territory in meeting(territories, detected):
        start_s, end_s = max(territory.start_s, now_s), min(territory.end_s, detected.end_s)
        if start_s > now_s:
            pieces.append(_Stretch(now_s, start_s, None, is_cued=False))
        pieces.append(_Stretch(start_s, end_s, territory.kind))
        now_s = end_s
    if now_s < detected.end_s:
        pieces.append(_Stretch(now_s, detected.end_s, None, is_cued=False))
    return _joined(pieces, parameters)


def _joined(pieces: Sequence[_Stretch], parameters: SpeechParameters) -> list[_Stretch]:
    """Give pieces too short to stand alone to their longer neighbour, the shortest first."""
    joined = _same_kind_joined(pieces)
    while len(joined) > 1:
        short = [
            n
            for n, piece in enumerate(joined)
            if piece.duration_s
            < (parameters.min_piece_s if piece.is_cued else parameters.max_uncued_s)
        ]
        if not short:
            break
        n = min(short, key=lambda i: (joined[i].duration_s, i))
        neighbours = [joined[i] for i in (n - 1, n + 1) if 0 <= i < len(joined)]
        kind = max(neighbours, key=lambda piece: piece.duration_s).kind
        joined[n] = _Stretch(joined[n].start_s, joined[n].end_s, kind)
        joined = _same_kind_joined(joined)
    return joined


def _same_kind_joined(pieces: Sequence[_Stretch]) -> list[_Stretch]:
    joined: list[_Stretch] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            last = joined.pop()
            is_cued = last.is_cued or piece.is_cued
            joined.append(_Stretch(last.start_s, piece.end_s, piece.kind, is_cued=is_cued))
        else:
            joined.append(piece)
    return joined


def _segment(
    segment_id: str, stretch: _Stretch, decided_by: DecidedBy, activity: Activity
) -> SpeechSegment:
    said = stretch.kind
    kind: Kind = "undetermined" if said is None or said == "none" else said
    mean = activity.mean_speech(Interval(stretch.start_s, stretch.end_s))
    return segment_of(
        Extent(id=segment_id, start_s=stretch.start_s, end_s=stretch.end_s),
        Decision.by_people(kind, decided_by if said is not None else None),
        SegmentEvidence(evidence={} if mean is None else {"activity": mean}),
    )

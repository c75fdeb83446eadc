"""The speech as it is counted: what was predicted of each stretch, and what a person said of it."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ostinato.measures.survey import Frame
from ostinato.results import LabelKind, SampledLabel, SpeechSegment
from ostinato.timeline import Interval, Timeline


class _HasInterval(Protocol):
    @property
    def interval(self) -> Interval: ...


Spoken = TypeVar("Spoken", bound=_HasInterval)
NARRATION: frozenset[LabelKind] = frozenset({"narration"})
DIALOGUE: frozenset[LabelKind] = frozenset({"dialogue", "soliloquy"})
UNDETERMINED: frozenset[LabelKind] = frozenset({"undetermined"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of speech; `label` is None where no person has said what it is.

    `p_inclusion` is None where it was labelled because somebody wanted to, not by chance.
    `is_opinion` says that a classifier decided that labels had trained: such a kind is used with
    its errors known, and is no count. `is_open` says that it was drawn and nobody has labelled it,
    `stratum` within what it was drawn.
    """

    interval: Interval
    predicted: LabelKind
    label: LabelKind | None = None
    p_inclusion: float | None = None
    is_opinion: bool = False
    is_open: bool = False
    stratum: str = ""


def stretches(
    speech: Sequence[SpeechSegment], sample: Sequence[SampledLabel]
) -> tuple[Stretch, ...]:
    """Join the speech with the random sample that was labelled."""
    drawn = sorted((_Drawn(Interval(s.start_s, s.end_s)) for s in sample), key=_start_s)
    rows = [
        Stretch(
            segment.interval,
            segment.predicted or segment.kind,
            segment.kind if segment.decided_by == "label" else None,
            is_opinion="classifier" in {segment.decided_by, segment.predicted_by},
        )
        for segment in speech
        if not any(_holds_most(one.interval, segment) for one in near(drawn, segment.interval))
    ]
    rows += [
        Stretch(
            s.interval, s.predicted, s.kind, s.p_inclusion, is_open=s.is_open, stratum=s.stratum
        )
        for s in sample
    ]
    return tuple(sorted(rows, key=lambda row: row.interval))


@dataclass(frozen=True, slots=True)
class _Drawn:
    interval: Interval


def _start_s(row: _Drawn) -> float:
    return row.interval.start_s


def _holds_most(interval: Interval, segment: SpeechSegment) -> bool:
    shared = segment.interval.intersection(interval)
    return shared is not None and shared.duration_s >= segment.interval.duration_s / 2


def clipped(rows: Sequence[Stretch], within: Timeline) -> list[Stretch]:
    """Cut stretches to a part of the film; what is cut in two comes twice."""
    out = []
    for part in within:
        for row in near(rows, part):
            if part.start_s <= row.interval.start_s and row.interval.end_s <= part.end_s:
                out.append(row)
                continue
            shared = row.interval.intersection(part)
            if shared is not None:
                out.append(replace(row, interval=shared))
    return out


def near(rows: Sequence[Spoken], part: Interval) -> Sequence[Spoken]:
    """Return the few rows that may reach into a part of the film, of many that do not.

    `rows`: in film order, never overlapping; each has an `interval`.
    """
    first = bisect.bisect_left(rows, part.start_s, key=lambda row: row.interval.end_s)
    last = bisect.bisect_left(rows, part.end_s, key=lambda row: row.interval.start_s)
    return rows[first:last]


def seconds_said(rows: Sequence[Stretch], kinds: frozenset[LabelKind]) -> float:
    """Add up the speech of which people say that it is of some kinds."""
    return sum(
        row.interval.duration_s
        for row in rows
        if (row.label or ("undetermined" if row.is_opinion else row.predicted)) in kinds
    )


def seconds(
    rows: Sequence[Stretch], kinds: frozenset[LabelKind], *, labels_win: bool = True
) -> float:
    """Add up the speech of some kinds.

    `labels_win`: whether labels count before predictions, or predictions alone.
    """
    return sum(
        row.interval.duration_s
        for row in rows
        if ((row.label if labels_win else None) or row.predicted) in kinds
    )


def quotient(part_s: float, whole_s: float) -> float | None:
    """Divide, where there is something to divide by."""
    return part_s / whole_s if whole_s > 0 else None


def frame(rows: Sequence[Stretch]) -> Frame:
    """Lay out speech and sample for an estimate."""
    sample = [row for row in rows if row.p_inclusion is not None]
    certain = [row for row in rows if row.label is not None and row.p_inclusion is None]
    frame_rows = [row for row in rows if row.label is None or row.p_inclusion is not None]
    return Frame(
        speech_s=sum(row.interval.duration_s for row in frame_rows),
        predicted_s=np.array(
            [seconds(frame_rows, kinds, labels_win=False) for kinds in (NARRATION, DIALOGUE)]
        ),
        known_s=np.array([seconds(certain, kinds) for kinds in (NARRATION, DIALOGUE)]),
        lengths_s=np.array([row.interval.duration_s for row in sample]),
        weights=np.array([1 / (row.p_inclusion or 1.0) for row in sample]),
        predicted=_kinds([row.predicted for row in sample]),
        truth=_kinds([row.label or "undetermined" for row in sample]),
        is_unclear=np.array([row.label == "undetermined" for row in sample], dtype=bool),
        strata=np.unique([row.stratum for row in sample], return_inverse=True)[1].reshape(-1),
        n_open=sum(row.is_open for row in sample),
    )


def _kinds(kinds: Sequence[LabelKind]) -> NDArray[np.float64]:
    rows = [[float(kind in NARRATION), float(kind in DIALOGUE)] for kind in kinds]
    return np.array(rows).reshape(-1, 2)

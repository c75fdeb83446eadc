"""Labels of a sample win over what was said of the speech before; both are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ostinato.results import SampledLabel, SpeechSegment, best_match, covered_by
from ostinato.timeline import Timeline


def take_over(
    speech: Sequence[SpeechSegment], sample: Sequence[SampledLabel]
) -> tuple[SpeechSegment, ...]:
    """Let labels of a sample win over what was said of the speech before; both are kept.

    Rows are matched by how far they overlap, never by equal times. Speech never comes to overlap,
    and there is as much of it as before, but for what is called no speech, or was and is no longer.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        From which it was drawn, never overlapping; other labels of the same sample may have been
        taken over before.
    sample : sequence of SampledLabel
        With kinds; *undetermined* where nobody could say. Rows that are open change nothing.

    Returns
    -------
    tuple of SpeechSegment
        In film order, without what turned out to be no speech. What a label leaves undetermined is
        as it was predicted.
    """
    ordered = sorted(speech, key=lambda s: s.interval)
    rows: dict[int, SampledLabel] = {}
    lost: list[SampledLabel] = []
    for one in sample:
        if one.is_open:
            continue
        own = _own(ordered, one)
        for index in own:
            rows.setdefault(index, one)
        if not own:
            lost.append(one)
    out = [
        part
        for index, segment in enumerate(ordered)
        for part in _labelled(segment, rows.get(index))
    ]
    for one in lost:
        out += _come_back(out, one)
    return tuple(sorted(out, key=lambda s: s.interval))


def _own(speech: Sequence[SpeechSegment], one: SampledLabel) -> list[int]:
    """Find what a row speaks of: all that it covers, or else what it shares most with."""
    own = covered_by(one.interval, speech)
    if own:
        return own
    index = best_match(one.interval, speech)
    return [] if index is None else [index]


def _labelled(segment: SpeechSegment, one: SampledLabel | None) -> Iterator[SpeechSegment]:
    if one is None:
        yield segment
        return
    if "none" in {one.kind, one.predicted}:
        return
    before = _before(segment, one)
    if one.kind == "undetermined" or one.kind == "none":  # noqa: PLR1714 - mypy narrows this
        yield before
        return
    yield replace(
        before,
        kind=one.kind,
        p_narration=float(one.kind == "narration"),
        decided_by="label",
        predicted=before.kind,
        predicted_by=before.decided_by,
    )


def _come_back(speech: Sequence[SpeechSegment], one: SampledLabel) -> Iterator[SpeechSegment]:
    """Yield a segment of what an earlier label had taken for no speech, as far as there is room."""
    free = Timeline((one.interval,)) - Timeline.of(s.interval for s in speech)
    room = max(free, key=lambda i: i.duration_s, default=None)
    if room is None or room.duration_s < one.interval.duration_s / 2:
        return
    ids = {segment.id for segment in speech}
    name = next(name for n in range(1, len(ids) + 2) if (name := f"L{n}") not in ids)
    segment = SpeechSegment(
        id=name,
        start_s=room.start_s,
        end_s=room.end_s,
        kind="undetermined",
        p_narration=None,
        decided_by="label",
        voice=None,
    )
    yield from _labelled(segment, one)


def _before(segment: SpeechSegment, one: SampledLabel) -> SpeechSegment:
    """Return a segment as it is without its label."""
    if segment.decided_by != "label":
        return segment
    kind = segment.predicted or (one.predicted if one.predicted != "none" else "undetermined")
    by = segment.predicted_by
    if by is None and kind != "undetermined":
        by = "subtitles"  # of results that do not say who predicted
    return replace(
        segment,
        kind=kind,
        p_narration=None if kind == "undetermined" else float(kind == "narration"),
        decided_by=by,
        predicted=None,
        predicted_by=None,
    )

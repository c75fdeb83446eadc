"""Edits of speech and of voices, as they change the rows of results.

A person's segment has the room that it asks for: what lies under it gives way, and keeps its kind
where it is left. Evidence stays that of the segment it was made of, until the film is heard again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ostinato.results import (
    LABEL_KINDS,
    UNDECIDED,
    Decision,
    Extent,
    Kind,
    LabelKind,
    SpeechSegment,
    Spoken,
    Voice,
    WithoutLabel,
    segment_of,
)
from ostinato.review.entries import Content, Entry
from ostinato.review.workbench import Misfit, Workbench, place_speech, place_voice
from ostinato.timeline import Interval, Timeline

_LEAST_S = 0.05  # of what is left of a segment beside a person's


def _kind(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    kind = _kind_of(entry.becomes[0])
    if kind == "none":
        bench.replace_speech([one], [])
        return
    bench.replace_speech([one], [with_kind(one, kind)])
    bench.touch(entry.sequence, one.id)


def _move(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    _recut(bench, entry, [one])


def _split(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    _recut(bench, entry, [one])


def _merge(bench: Workbench, entry: Entry) -> None:
    several = [_seen(bench, content) for content in entry.seen]
    if len({one.id for one in several}) < len(several):
        raise Misfit("two of what is merged are one by now")
    _recut(bench, entry, several)


def _add(bench: Workbench, entry: Entry) -> None:
    content = entry.becomes[0]
    interval = _within_film(bench, content)
    kind = _kind_of(content)
    if kind == "none":
        raise Misfit("it adds speech of no kind")
    _make_room(bench, interval)
    name = bench.new_id("T", bench.speech_ids)
    blank = segment_of(_drawn(name, interval), UNDECIDED)
    bench.replace_speech([], [with_kind(blank, kind)])
    bench.touch(entry.sequence, name)


def _remove(bench: Workbench, entry: Entry) -> None:
    bench.replace_speech([_seen(bench, entry.seen[0])], [])


def _voice(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    content = entry.becomes[0]
    name: str | None = None
    if content.stretches:
        voice = place_voice(content, list(bench.voices.values()), bench.sorted_speech())
        if voice is None:
            raise Misfit("the voice that it is given to is not found any more")
        name = voice.id
    bench.replace_speech([one], [one.with_parts(Spoken(voice=name))])
    bench.touch(entry.sequence, one.id)


def with_kind(one: SpeechSegment, kind: Kind) -> SpeechSegment:
    """Return a segment as a person calls it, beside what was said of it without them."""
    before, by = one.kind, one.decided_by
    if one.decided_by == "label":
        before, by = one.predicted or "undetermined", one.predicted_by
    return one.with_parts(
        Decision.by_people(kind),
        WithoutLabel(predicted=None if by is None else before, predicted_by=by),
    )


def _recut(bench: Workbench, entry: Entry, several: list[SpeechSegment]) -> None:
    """Put segments in the place of others, each made of the longest of these that it meets."""
    intervals = [_within_film(bench, content) for content in entry.becomes]
    bench.replace_speech(several, [])
    for interval in intervals:
        _make_room(bench, interval)
    names = [one.id for one in several]
    new = []
    for number, (interval, content) in enumerate(zip(intervals, entry.becomes, strict=True)):
        source = max(several, key=lambda one: _shared_s(one.interval, interval))
        name = names[number] if number < len(names) else bench.new_id("T", bench.speech_ids)
        cut = source.with_parts(_drawn(name, interval))
        seen_kinds = {seen.kind for seen in entry.seen}
        kind = content.kind
        new.append(cut if kind is None or kind in seen_kinds else with_kind(cut, _spoken(content)))
    bench.replace_speech([], new)
    bench.touch(entry.sequence, *(one.id for one in new), of=names)


def _shared_s(one: Interval, other: Interval) -> float:
    shared = one.intersection(other)
    return 0.0 if shared is None else shared.duration_s


def _make_room(bench: Workbench, interval: Interval) -> None:
    """Take a stretch from all that lies in it; what is left of a segment stays."""
    under = list(bench.speech_near(interval))
    bench.replace_speech(under, [])
    for one in under:
        left = _left(one, interval)
        names = [one.id]
        for part, stretch in enumerate(left):
            name = one.id if part == 0 else bench.new_id("T", [*bench.speech_ids, *names])
            bench.replace_speech([], [one.with_parts(_drawn(name, stretch))])


def _drawn(name: str, interval: Interval) -> Extent:
    """Return edges that a person has drawn."""
    return Extent(id=name, start_s=interval.start_s, end_s=interval.end_s, edges_by="person")


def _left(one: SpeechSegment, interval: Interval) -> Iterator[Interval]:
    rest: Iterable[Interval] = Timeline((one.interval,)) - Timeline((interval,))
    return (part for part in rest if part.duration_s >= _LEAST_S)


def _seen(bench: Workbench, content: Content) -> SpeechSegment:
    interval = content.interval
    near = [] if interval is None else list(bench.speech_near(interval))
    one = place_speech(content, near)
    if one is None:
        raise Misfit("no segment of speech lies there any more")
    return one


def _within_film(bench: Workbench, content: Content) -> Interval:
    interval = content.interval
    film = None if interval is None else interval.intersection(Interval(0.0, bench.film_s))
    if film is None or film.duration_s < _LEAST_S:
        raise Misfit("it lies outside the film")
    return film


def _kind_of(content: Content) -> LabelKind:
    if content.kind not in LABEL_KINDS:
        raise Misfit(f"{content.kind!r} is no kind of speech")
    return content.kind


def _spoken(content: Content) -> Kind:
    kind = _kind_of(content)
    if kind == "none":
        raise Misfit("a part of it is called no speech")
    return kind


SPEECH_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    ("speech", "kind"): _kind,
    ("speech", "move"): _move,
    ("speech", "split"): _split,
    ("speech", "merge"): _merge,
    ("speech", "add"): _add,
    ("speech", "remove"): _remove,
    ("speech", "voice"): _voice,
}


def _name(bench: Workbench, entry: Entry) -> None:
    one = _seen_voice(bench, entry.seen[0])
    content = entry.becomes[0]
    bench.voices[one.id] = replace(one, name=content.name or None, narrates=content.narrates)
    bench.touch(entry.sequence, one.id)


def _merge_voices(bench: Workbench, entry: Entry) -> None:
    several = [_seen_voice(bench, content) for content in entry.seen]
    first = several[0]
    if len({one.id for one in several}) < len(several):
        raise Misfit("two of the voices are one by now")
    others = {one.id for one in several[1:]}
    name = entry.becomes[0].name or first.name
    bench.voices[first.id] = replace(first, name=name)
    for other in others:
        del bench.voices[other]
    _give(bench, [one for one in bench.speech if one.voice in others], first.id)
    bench.touch(entry.sequence, first.id, of=others)


def _part(bench: Workbench, entry: Entry) -> None:
    one = _seen_voice(bench, entry.seen[0])
    parts = entry.becomes
    if len(parts) != 2:  # noqa: PLR2004 - a voice is parted in two
        raise Misfit("a voice is parted in two, and in no other number")
    own = [segment for segment in bench.speech if segment.voice == one.id]
    moved = [segment for segment in own if _belongs(segment, parts[1])]
    if not moved or len(moved) == len(own):
        raise Misfit("one of the two parts has no speech any more")
    name = bench.new_id("V", bench.voices)
    bench.voices[name] = replace(one, id=name, name=parts[1].name, narrates=parts[1].narrates)
    _give(bench, moved, name)
    bench.touch(entry.sequence, one.id, name)


def _belongs(segment: SpeechSegment, part: Content) -> bool:
    shared_s = 0.0
    for start_s, end_s in part.stretches:
        shared = segment.interval.intersection(Interval(start_s, end_s))
        shared_s += 0.0 if shared is None else shared.duration_s
    return shared_s >= segment.interval.duration_s / 2


def _give(bench: Workbench, segments: list[SpeechSegment], voice_id: str) -> None:
    given = Spoken(voice=voice_id)
    bench.replace_speech(segments, [one.with_parts(given) for one in segments])


def _seen_voice(bench: Workbench, content: Content) -> Voice:
    one = place_voice(content, list(bench.voices.values()), bench.sorted_speech())
    if one is None:
        raise Misfit("no voice has most of this speech any more")
    return one


def counted_voices(bench: Workbench) -> tuple[Voice, ...]:
    """Return the voices with what their segments come to; one without speech is left out."""
    own: dict[str, list[SpeechSegment]] = {}
    for segment in bench.sorted_speech():
        if segment.voice is not None:
            own.setdefault(segment.voice, []).append(segment)
    return tuple(
        replace(
            one,
            first_s=own[one.id][0].start_s,
            speech_s=sum(segment.interval.duration_s for segment in own[one.id]),
            n_segments=len(own[one.id]),
        )
        for one in bench.voices.values()
        if one.id in own
    )


VOICE_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    ("voice", "name"): _name,
    ("voice", "merge"): _merge_voices,
    ("voice", "part"): _part,
}

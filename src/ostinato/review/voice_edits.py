"""Edits of voices: a name, several that are one speaker's, one that is two speakers'."""

from collections.abc import Callable
from dataclasses import replace

from ostinato.results import SpeechSegment, Voice
from ostinato.review.entries import Content, Entry
from ostinato.review.placing import place_voice
from ostinato.review.workbench import Misfit, Workbench
from ostinato.timeline import Interval


def _name(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    content = entry.becomes[0]
    bench.voices[one.id] = replace(one, name=content.name or None, narrates=content.narrates)
    bench.touch(entry.sequence, one.id)


def _merge(bench: Workbench, entry: Entry) -> None:
    several = [_seen(bench, content) for content in entry.seen]
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
    one = _seen(bench, entry.seen[0])
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
    bench.replace_speech(segments, [replace(one, voice=voice_id) for one in segments])


def _seen(bench: Workbench, content: Content) -> Voice:
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
    ("voice", "merge"): _merge,
    ("voice", "part"): _part,
}

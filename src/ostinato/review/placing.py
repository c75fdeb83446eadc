"""Where in results lies what a person saw: found again by its content, never by a number.

A stretch is the same if what both share is half of the longer one at least: an entry on three
seconds says nothing of a minute. An occurrence must be of the same song as well, and at about the
same place of it.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ostinato.results import Occurrence, Scene, Song, SpeechSegment, Voice
from ostinato.review.entries import Content
from ostinato.timeline import Interval

SAME_PLACE_S = 1.0
"""Of song time, where the two stretches meet: what is further off is another find."""
_LEAST_SHARE = 0.5


def song_of(content: Content, songs: Sequence[Song]) -> Song | None:
    """Find the song that was meant: by the hash of its sound, or else by its title."""
    by_sound = (
        one for one in songs if one.pcm_sha256 and one.pcm_sha256 == content.song_pcm_sha256
    )
    return next(by_sound, None) or next((one for one in songs if one.title == content.song), None)


def overlap(one: Interval, other: Interval) -> float:
    """Return what two stretches share, as a share of the longer one."""
    shared = one.intersection(other)
    if shared is None:
        return 0.0
    return shared.duration_s / max(one.duration_s, other.duration_s)


def place_occurrence(
    content: Content, occurrences: Iterable[Occurrence], songs: Sequence[Song]
) -> Occurrence | None:
    """Find the occurrence that was seen; None if there is none now."""
    song, interval = song_of(content, songs), content.interval
    if song is None or interval is None:
        return None
    return _best(
        (overlap(interval, one.film), one)
        for one in occurrences
        if one.song_id == song.id and _is_at_place(content, one)
    )


def place_speech(content: Content, speech: Sequence[SpeechSegment]) -> SpeechSegment | None:
    """Find the segment that was seen; None if there is none now."""
    interval = content.interval
    return (
        None
        if interval is None
        else _best((overlap(interval, one.interval), one) for one in speech)
    )


def place_scene(content: Content, scenes: Sequence[Scene]) -> Scene | None:
    """Find the scene that was seen: by its stretch, and its name where two are alike."""
    interval = content.interval
    if interval is None:
        return None
    alike = [(overlap(interval, one.interval), one) for one in scenes]
    named = [(share, one) for share, one in alike if one.name == content.name]
    return _best(named) or _best(alike)


def place_voice(
    content: Content, voices: Sequence[Voice], speech: Sequence[SpeechSegment]
) -> Voice | None:
    """Find the voice that has most of the speech that was seen, if that is half of it at least."""
    heard: dict[str, float] = {}
    whole_s = 0.0
    for start_s, end_s in content.stretches:
        stretch = Interval(start_s, end_s)
        whole_s += stretch.duration_s
        for segment in speech:
            shared = segment.interval.intersection(stretch)
            if shared is not None and segment.voice is not None:
                heard[segment.voice] = heard.get(segment.voice, 0.0) + shared.duration_s
    most = max(heard, key=lambda name: (heard[name], name), default=None)
    if most is None or heard[most] < _LEAST_SHARE * whole_s:
        return None
    return next((one for one in voices if one.id == most), None)


_Any = TypeVar("_Any")


def _best(pairs: Iterable[tuple[float, _Any]]) -> _Any | None:
    best = max(pairs, key=lambda pair: pair[0], default=None)
    return None if best is None or best[0] < _LEAST_SHARE else best[1]


def _is_at_place(content: Content, one: Occurrence) -> bool:
    """Tell whether both say about the same song time where they meet; unknown is no objection."""
    shared = None if content.interval is None else content.interval.intersection(one.film)
    if shared is None:
        return False
    if content.song_start_s is None or one.song_start_s is None:
        return True
    middle_s = (shared.start_s + shared.end_s) / 2
    seen_s = content.song_start_s + (middle_s - (content.start_s or 0.0)) * (content.speed or 1.0)
    return abs(seen_s - one.time_map.song_s(middle_s)) <= SAME_PLACE_S

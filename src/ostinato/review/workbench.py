"""The rows of results while edits are applied to them, each placed by what a person saw.

A stretch is the same if what both share is half of the longer one at least: an entry on three
seconds says nothing of a minute. An occurrence must be of the same song as well, and at about the
same place of it.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ostinato.results import (
    Candidate,
    Occurrence,
    Results,
    Scene,
    Song,
    SpeechSegment,
    Voice,
)
from ostinato.review.entries import Content
from ostinato.timeline import Interval

SAME_PLACE_S = 1.0
"""Of song time, where the two stretches meet: what is further off is another find."""
_LEAST_SHARE = 0.5
_Any = TypeVar("_Any")


class Misfit(Exception):  # noqa: N818 - an entry that does not fit is no error
    """An entry does not fit what there is; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Workbench:
    """Rows that change, by their identifiers, and the entries that touched them.

    Parameters
    ----------
    results : Results
        What the program found.
    """

    def __init__(self, results: Results) -> None:
        self.film_s = results.film.duration_s
        self.songs: tuple[Song, ...] = results.songs
        self.occurrences: dict[str, Occurrence] = {one.id: one for one in results.occurrences}
        self.rejected: list[Occurrence] = list(results.rejected)
        self.candidates: dict[str, Candidate] = {one.id: one for one in results.candidates}
        self.voices: dict[str, Voice] = {one.id: one for one in results.voices}
        self.scenes: list[Scene] = list(results.scenes)
        self.touched: dict[str, list[int]] = {}
        self._speech: dict[str, SpeechSegment] = {one.id: one for one in results.speech}
        self._starts = sorted((one.start_s, one.id) for one in results.speech)
        longest = (one.interval.duration_s for one in results.speech)
        self._longest_s = max(longest, default=0.0)
        self._highest: dict[str, int] = {}

    def song(self, song_id: str) -> Song:
        """Return a song by its identifier."""
        return next(one for one in self.songs if one.id == song_id)

    def new_id(self, letter: str, taken: Iterable[str]) -> str:
        """Return an identifier that no row has had."""
        if letter not in self._highest:
            numbers = (name.removeprefix(letter) for name in taken)
            self._highest[letter] = max((int(n) for n in numbers if n.isdecimal()), default=0)
        self._highest[letter] += 1
        return f"{letter}{self._highest[letter]}"

    def touch(self, sequence: int, *names: str, of: Iterable[str] = ()) -> None:
        """Note that an entry made rows what they are, of other rows before."""
        before = [one for name in of for one in self.touched.get(name, [])]
        for name in names:
            self.touched[name] = [*dict.fromkeys([*self.touched.get(name, []), *before, sequence])]

    def replace_occurrences(self, old: Iterable[Occurrence], new: Iterable[Occurrence]) -> None:
        """Take occurrences away and put others there."""
        for one in old:
            del self.occurrences[one.id]
        for one in new:
            self.occurrences[one.id] = one

    def speech_near(self, interval: Interval) -> Iterator[SpeechSegment]:
        """Yield the segments that meet a stretch of film."""
        first = bisect_left(self._starts, (interval.start_s - self._longest_s, ""))
        for start_s, name in self._starts[first:]:
            if start_s >= interval.end_s:
                return
            segment = self._speech[name]
            if segment.end_s > interval.start_s:
                yield segment

    def replace_speech(self, old: Iterable[SpeechSegment], new: Iterable[SpeechSegment]) -> None:
        """Take segments away and put others there."""
        for one in old:
            del self._speech[one.id]
            del self._starts[bisect_left(self._starts, (one.start_s, one.id))]
        for one in new:
            self._speech[one.id] = one
            insort(self._starts, (one.start_s, one.id))
            self._longest_s = max(self._longest_s, one.interval.duration_s)

    @property
    def speech(self) -> Iterable[SpeechSegment]:
        """All segments, in no order."""
        return self._speech.values()

    @property
    def speech_ids(self) -> Iterable[str]:
        """The identifiers of all segments."""
        return self._speech.keys()

    def sorted_speech(self) -> tuple[SpeechSegment, ...]:
        """Return the segments in film order."""
        return tuple(self._speech[name] for _, name in self._starts)

    def sorted_occurrences(self) -> tuple[Occurrence, ...]:
        """Return the occurrences in film order."""
        return tuple(sorted(self.occurrences.values(), key=_by_film))

    def sorted_rejected(self) -> tuple[Occurrence, ...]:
        """Return what was rejected in film order."""
        return tuple(sorted(self.rejected, key=_by_film))


def _by_film(one: Occurrence) -> tuple[float, str]:
    return one.film_start_s, one.song_id


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

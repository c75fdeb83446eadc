"""The rows of results while edits are applied to them, one after the other."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from ostinato.results import (
    Candidate,
    Occurrence,
    Results,
    Scene,
    Song,
    SpeechSegment,
    Voice,
)
from ostinato.timeline import Interval


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

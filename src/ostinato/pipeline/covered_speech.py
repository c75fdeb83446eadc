"""Which speech a row of another program covers, and what lies on what, by film time."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from ostinato.export import LayerRow
from ostinato.results import SpeechSegment
from ostinato.speech import ForeignRow
from ostinato.timeline import Interval

COVERED = 0.5
"""The least share of a segment, or of a row, that both have in common."""


@dataclass(frozen=True, slots=True)
class SpeechByTime:
    """Segments of speech in film order."""

    segments: Sequence[SpeechSegment]
    _starts_s: list[float] = field(init=False)
    _longest_s: float = field(init=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.segments, key=lambda one: one.start_s)
        longest_s = max((one.end_s - one.start_s for one in ordered), default=0.0)
        object.__setattr__(self, "segments", ordered)
        object.__setattr__(self, "_starts_s", [one.start_s for one in ordered])
        object.__setattr__(self, "_longest_s", longest_s)

    def covered(self, row: ForeignRow) -> list[SpeechSegment]:
        """Return the speech of which at least half lies in a row, or in which half a row lies."""
        first = bisect_left(self._starts_s, row.start_s - self._longest_s)
        last = bisect_left(self._starts_s, row.end_s)
        found = []
        for one in self.segments[first:last]:
            shared_s = min(one.end_s, row.end_s) - max(one.start_s, row.start_s)
            if shared_s >= COVERED * min(one.end_s - one.start_s, row.end_s - row.start_s):
                found.append(one)
        return found


def is_most_of(interval: Interval, written: LayerRow) -> bool:
    """Tell whether an interval and a row share at least half of the longer one."""
    shared_s = min(interval.end_s, written.end_s) - max(interval.start_s, written.start_s)
    longer_s = max(interval.duration_s, written.end_s - written.start_s)
    return shared_s >= COVERED * longer_s

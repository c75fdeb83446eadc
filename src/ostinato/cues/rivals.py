"""What else lines of a song say of the same film: copies, rivals, and whether one is the best.

A song repeats itself, so that one stretch of film correlates with several of its passages.
"""

from collections.abc import Sequence

import numpy as np

from ostinato.cues.lines import Line
from ostinato.cues.path import Stretch
from ostinato.cues.trace import Approach, Trace
from ostinato.cues.views import RATE_HZ

CONTEXT_SHARE = 0.7
"""Of its evidence, that a stretch must have elsewhere: less, and the record was moved."""
_SAME_LINE_S = 0.3  # nearer lines are a room's answers, or one beat of a loop
_RIVAL_SHARE = 0.5  # of the evidence: a copy to the sample gives all of it, a shared drum little
_COPY_SHARE = 0.6  # of the evidence: half of a short stretch's blocks may lie badly
_MOST_COPIES = 3


class Beside:
    """All lines of a song, and which of them lie beside another."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._bounds = np.array([(one.start, one.stop) for one in lines]).reshape(-1, 2)
        self._offsets = np.array([one.offset for one in lines])
        self._nats = np.array([one.all_nats for one in lines])

    def copies(self, line: Line) -> list[Line]:
        """Return lines of other song positions that give nearly as much of the same film."""
        meets = (self._bounds[:, 0] < line.stop) & (line.start < self._bounds[:, 1])
        is_apart = np.abs(self._offsets - line.offset) >= _SAME_LINE_S * RATE_HZ
        gives = self._nats >= _COPY_SHARE * line.all_nats
        near = (self._lines[index] for index in np.flatnonzero(meets & is_apart & gives).tolist())
        copies = [one for one in near if one.speed == line.speed and one.scale == line.scale]
        return copies[:_MOST_COPIES]

    def bounds(self, line: Line) -> tuple[int, int]:
        """Return the film that a line and its copies have."""
        both = [line, *self.copies(line)]
        return min(one.start for one in both), max(one.stop for one in both)


def speaks_of(near: Approach, own: Approach) -> bool:
    """Tell whether a copy explains the film that a line stands by, whatever else it explains.

    What it has of other film tells nothing of which of two passages is heard in this.
    """
    if near.best is None or own.best is None:
        return False
    shared = min(near.best.stop, own.best.stop) - max(near.best.start, own.best.start)
    return shared > (own.best.stop - own.best.start) / 2


def is_best(stretch: Stretch, one: Trace, lines: Sequence[Line]) -> bool:
    """Tell whether no other song position explains a stretch much better."""
    near = [line for line in lines if line.meets(stretch)]
    offset = one.time_map.offset_s * RATE_HZ
    own, other = (
        _strength(stretch, near, offset=offset, is_own=is_own) for is_own in (True, False)
    )
    return CONTEXT_SHARE * other <= own


def rivals_of(stretch: Stretch, one: Trace, lines: Sequence[Line]) -> tuple[float, ...]:
    """Return other song positions that explain most of a stretch almost as well."""
    near = [line for line in lines if line.meets(stretch)]
    own = _strength(stretch, near, offset=one.time_map.offset_s * RATE_HZ, is_own=True)
    start_s = stretch.start / RATE_HZ
    strengths = sorted((_inside(line, stretch), line.offset, line.speed) for line in near)
    positions = [one.time_map.song_s(start_s)]
    for strength, offset, speed in reversed(strengths):
        if strength < _RIVAL_SHARE * own or strength <= 0:
            break
        position = (start_s - offset / RATE_HZ) * speed
        if position >= 0 and all(abs(position - known) > _SAME_LINE_S for known in positions):
            positions.append(position)
    return tuple(sorted(round(position, 3) for position in positions[1:]))


def _strength(stretch: Stretch, lines: Sequence[Line], *, offset: float, is_own: bool) -> float:
    near = [
        _inside(line, stretch)
        for line in lines
        if (abs(line.offset - offset) < _SAME_LINE_S * RATE_HZ) == is_own
    ]
    return max(near, default=0.0)


def _inside(line: Line, stretch: Stretch) -> float:
    inside = (line.lags > stretch.start - line.block_length / 2) & (
        line.lags < stretch.stop - line.block_length / 2
    )
    return line.nats(inside)

"""Where decoded frames lie on the player's clock: integers of samples, no file.

A frame says when it is to be heard (its stamp) and how many samples it holds. Stamps may be rounded
to a millisecond, as in Matroska, so a frame follows the one before it unless its stamp disagrees by
more than a tolerance, and lastingly; then the disagreement is real and is made up where it begins,
by silence or by leaving samples out. Film time is thus never off by more than the tolerance for
longer than stamps contradict one another, however long the film.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["ClockRules", "Placement", "Stamp", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """How stamps are believed; all in samples.

    Parameters
    ----------
    tolerance : int
        Disagreement that is put down to rounding.
    horizon : int
        How long a disagreement must last to be believed; to the end of the film, if that is near.
    max_overlap : int
        Stamps that fall back by more than this have started anew, as where files were joined.
    max_jump : int or None
        Likewise for stamps that leap ahead; None where every leap is a gap.
    """

    tolerance: int
    horizon: int
    max_overlap: int
    max_jump: int | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a frame is to be heard, in samples from film time zero, and its length.

    `position` is None where the file does not say.
    """

    position: int | None
    n_samples: int


@dataclass(frozen=True, slots=True)
class Placement:
    """How a frame joins the one before it: silence between them, samples left out at its start.

    `n_leapt` says by how much its stamp leaps where the film goes on without a gap all the same.
    """

    n_silence: int = 0
    n_trimmed: int = 0
    n_leapt: int = 0


_SEAMLESS = Placement()


def place(stamps: Iterable[Stamp], rules: ClockRules, *, start: int = 0) -> Iterator[Placement]:
    """Place frames on the clock.

    A disagreement counts only as far as all frames up to the horizon share it. One wrong stamp in a
    damaged file moves nothing, nor does a page of Ogg whose stamps FFmpeg misjudges by 10 ms.

    `stamps`: in the order of the file; read ahead only where one disagrees; `start`: samples of
    film that are there already.
    """
    ahead = _Ahead(stamps, rules.horizon)
    # what lies between where the film is and where its frames alone would have brought it
    drift, shift, n_forgiven = start, 0, 0
    while (stamp := ahead.next()) is not None:
        position = ahead.n_before + drift
        error = 0
        if n_forgiven > 0:
            # the frame whose disagreement was found to pass has spoken for this one
            n_forgiven -= 1
        elif stamp.position is not None:
            error = stamp.position + shift - position
        if abs(error) > rules.tolerance:
            error, n_forgiven = ahead.lasting(drift - shift, rules.tolerance)
        else:
            error = 0
        placement = _SEAMLESS
        if position > 0 and _has_restarted(error, rules):
            # what follows counts from where the film is, whatever its stamps say
            placement = Placement(n_leapt=error)
            shift, error = shift - error, 0
        if error != 0:
            placement = Placement(max(0, error), min(max(0, -error), stamp.n_samples))
        drift += placement.n_silence - placement.n_trimmed
        yield placement


class _Ahead:
    """Stamps that are read ahead, with the extremes of how they lie against their samples.

    A disagreement is that of a stamp with the samples before it. Of all frames up to the horizon
    it is kept in two queues, of minima and of maxima, so that a file whose every frame disagrees
    takes no longer than one whose frames agree.
    """

    def __init__(self, stamps: Iterable[Stamp], horizon: int) -> None:
        self._source, self._horizon = iter(stamps), horizon
        self._waiting: deque[tuple[Stamp, int]] = deque()
        self._least: deque[tuple[int, int]] = deque()
        self._most: deque[tuple[int, int]] = deque()
        self._n_read = 0
        self._stop = 0
        self._stamp: Stamp | None = None
        self.n_before = 0

    def next(self) -> Stamp | None:
        """Return the next stamp, None at the end; `n_before` counts the samples before it."""
        if not self._waiting:
            self._read()
        if not self._waiting:
            return None
        self._stamp, self.n_before = self._waiting.popleft()
        return self._stamp

    def lasting(self, offset: int, tolerance: int) -> tuple[int, int]:
        """Return what the disagreement of this frame has in common with those up to the horizon.

        That is 0 if it passes, and then the second value counts the frames until it does.
        """
        if self._stamp is None or self._stamp.position is None:
            return 0, 0
        own = self._stamp.position - self.n_before
        first = self.n_before + self._stamp.n_samples
        while self._stop - first < self._horizon and self._read():
            pass
        for queue in (self._least, self._most):
            while queue and queue[0][0] < first:
                queue.popleft()
        least = min(own, self._least[0][1]) if self._least else own
        most = max(own, self._most[0][1]) if self._most else own
        if least - offset > tolerance:
            return least - offset, 0
        if most - offset < -tolerance:
            return most - offset, 0
        return 0, self._n_until_it_passes(own - offset, offset, tolerance)

    def _n_until_it_passes(self, error: int, offset: int, tolerance: int) -> int:
        for n_frames, (stamp, n_before) in enumerate(self._waiting):
            if stamp.position is not None:
                error = _shared(error, stamp.position - n_before - offset)
            if abs(error) <= tolerance:
                return n_frames
        return 0

    def _read(self) -> bool:
        stamp = next(self._source, None)
        if stamp is None:
            return False
        n_before = self._n_read
        self._waiting.append((stamp, n_before))
        self._n_read += stamp.n_samples
        self._stop = self._n_read
        if stamp.position is not None:
            lies = stamp.position - n_before
            while self._least and self._least[-1][1] >= lies:
                self._least.pop()
            while self._most and self._most[-1][1] <= lies:
                self._most.pop()
            self._least.append((n_before, lies))
            self._most.append((n_before, lies))
        return True


def _shared(one: int, other: int) -> int:
    """Return the smaller of two disagreements, 0 where one is early and the other late."""
    if (one > 0) != (other > 0):
        return 0
    return min(one, other, key=abs)


def _has_restarted(error: int, rules: ClockRules) -> bool:
    if error < 0:
        return -error > rules.max_overlap
    return rules.max_jump is not None and error > rules.max_jump

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
from itertools import count

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

    A disagreement counts only as far as all frames up to the horizon share it. One wrong stamp in
    a damaged file moves nothing, nor does a page of Ogg whose stamps FFmpeg misjudges by 10 ms.

    Parameters
    ----------
    stamps : iterable of Stamp
        In the order of the file; read ahead only where one disagrees.
    rules : ClockRules
        How the stamps are believed.
    start : int, optional
        Samples of film that are there already.

    Yields
    ------
    Placement
        One for each stamp.
    """
    position, shift, n_forgiven = start, 0, 0
    source, waiting = iter(stamps), deque[Stamp]()
    while (stamp := waiting.popleft() if waiting else next(source, None)) is not None:
        error = _error(stamp, at=position, shift=shift)
        if n_forgiven > 0:
            # the frame whose disagreement was found to pass has spoken for this one
            n_forgiven -= 1
            error = 0
        elif abs(error) > rules.tolerance:
            following = _look_ahead(waiting, source, n_samples=rules.horizon)
            offset = position + stamp.n_samples - shift
            error, n_forgiven = _lasting(error, following, offset, rules.tolerance)
        else:
            error = 0
        placement = _SEAMLESS
        if position > 0 and _has_restarted(error, rules):
            # what follows counts from where the film is, whatever its stamps say
            placement = Placement(n_leapt=error)
            shift, error = shift - error, 0
        if error != 0:
            placement = Placement(max(0, error), min(max(0, -error), stamp.n_samples))
        position += placement.n_silence + stamp.n_samples - placement.n_trimmed
        yield placement


def _look_ahead(
    waiting: deque[Stamp], source: Iterator[Stamp], *, n_samples: int
) -> Iterator[Stamp]:
    """Yield the stamps to come without using them up."""
    n_seen = 0
    for index in count():
        if n_seen >= n_samples:
            return
        if index == len(waiting):
            stamp = next(source, None)
            if stamp is None:
                return
            waiting.append(stamp)
        yield waiting[index]
        n_seen += waiting[index].n_samples


def _lasting(
    error: int, following: Iterable[Stamp], position: int, tolerance: int
) -> tuple[int, int]:
    """Return what a disagreement has in common with those of the frames that follow.

    That is 0 if it passes, and then the second value counts the frames until it does.
    """
    for n_frames, stamp in enumerate(following):
        if stamp.position is not None:
            error = _shared(error, _error(stamp, at=position, shift=0))
        if abs(error) <= tolerance:
            return 0, n_frames
        position += stamp.n_samples
    return error, 0


def _error(stamp: Stamp, *, at: int, shift: int) -> int:
    return 0 if stamp.position is None else stamp.position + shift - at


def _shared(one: int, other: int) -> int:
    """Return the smaller of two disagreements, 0 where one is early and the other late."""
    if (one > 0) != (other > 0):
        return 0
    return min(one, other, key=abs)


def _has_restarted(error: int, rules: ClockRules) -> bool:
    if error < 0:
        return -error > rules.max_overlap
    return rules.max_jump is not None and error > rules.max_jump

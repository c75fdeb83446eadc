"""Where decoded frames lie on the player's clock: integers of samples, no file.

A frame says when it is to be heard (its stamp) and how many samples it holds. Stamps may be rounded
to a millisecond, as in Matroska, so a frame follows the one before it unless its stamp disagrees by
more than a tolerance; then the disagreement is real and is made up at once, by silence or by
leaving samples out. Film time is thus never off by more than the tolerance, however long the film.
"""

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
    max_overlap : int
        Stamps that fall back by more than this have started anew, as where files were joined.
    max_jump : int or None
        Likewise for stamps that leap ahead; None where every leap is a gap.
    """

    tolerance: int
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
    """How a frame joins the one before it: silence between them, samples left out at its start."""

    n_silence: int = 0
    n_trimmed: int = 0


_SEAMLESS = Placement()


def place(stamps: Iterable[Stamp], rules: ClockRules, *, start: int = 0) -> Iterator[Placement]:
    """Place frames on the clock, one behind the stamps that are read.

    A disagreement counts only as far as the next frame shares it: one wrong stamp in a damaged
    file moves nothing.

    Parameters
    ----------
    stamps : iterable of Stamp
        In the order of the file.
    rules : ClockRules
        How the stamps are believed.
    start : int, optional
        Samples of film that are there already.

    Yields
    ------
    Placement
        One for each stamp.
    """
    position, shift = start, 0
    for stamp, following in _with_next(stamps):
        error = _error(stamp, at=position, shift=shift) or 0
        if abs(error) > rules.tolerance:
            next_error = _error(following, at=position + stamp.n_samples, shift=shift)
            error = _shared(error, error if next_error is None else next_error)
        if abs(error) <= rules.tolerance:
            error = 0
        elif position > 0 and _has_restarted(error, rules):
            # what follows counts from where the film is, whatever its stamps say
            shift, error = shift - error, 0
        placement = _SEAMLESS
        if error != 0:
            placement = Placement(max(0, error), min(max(0, -error), stamp.n_samples))
        position += placement.n_silence + stamp.n_samples - placement.n_trimmed
        yield placement


def _with_next(stamps: Iterable[Stamp]) -> Iterator[tuple[Stamp, Stamp | None]]:
    ahead = iter(stamps)
    stamp = next(ahead, None)
    while stamp is not None:
        following = next(ahead, None)
        yield stamp, following
        stamp = following


def _error(stamp: Stamp | None, *, at: int, shift: int) -> int | None:
    if stamp is None or stamp.position is None:
        return None
    return stamp.position + shift - at


def _shared(one: int, other: int) -> int:
    """Return what two disagreements have in common: 0 where one is early and the other late."""
    if (one > 0) != (other > 0):
        return 0
    return min(one, other, key=abs)


def _has_restarted(error: int, rules: ClockRules) -> bool:
    if error < 0:
        return -error > rules.max_overlap
    return rules.max_jump is not None and error > rules.max_jump

"""What is amiss with a recording, and what was done about it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """Where the clock of a file leaps: at `at_s` of film time, by `seconds`, negative if back."""

    at_s: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Where channels cancelled each other, so that one of them was turned upside down."""

    start_s: float
    end_s: float
    channel: Literal["right", "centre"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is amiss with a recording, and what was done about it.

    Parameters
    ----------
    truncated_at_s : float or None
        Where a file that was cut short ends, None for a whole one.
    n_damaged : int
        Places that could not be decoded, or not to anything that can be sound.
    silenced_s : float
        Seconds of silence that were made up after the beginning: gaps, and damaged places.
    trimmed_s : float
        Seconds that were left out, since the file's clock says that they were heard already.
    gaps : tuple of Leap
        The longer ones of the gaps that became silence.
    jumps : tuple of Leap
        Where the file's clock leaps and the recording goes on without a gap.
    flips : tuple of Flip
        Where one channel was turned upside down.
    notices : tuple of str
        What else a person should know; each to be read after the name of the file and a colon.
    """

    truncated_at_s: float | None = None
    n_damaged: int = 0
    silenced_s: float = 0.0
    trimmed_s: float = 0.0
    gaps: tuple[Leap, ...] = ()
    jumps: tuple[Leap, ...] = ()
    flips: tuple[Flip, ...] = ()
    notices: tuple[str, ...] = ()

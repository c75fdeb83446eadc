"""Frames and timecodes, exact to the frame at every rate at which films are shown.

A rate is a fraction: 23.976 means 24000/1001. In drop-frame counting, of 29.97 and 59.94, the first
two (or four) frame numbers of each minute are left out but for every tenth [1]_; no picture is.

References
----------
.. [1] SMPTE ST 12-1:2014, *Time and Control Code*, section 5.2.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from ostinato.errors import ParameterError

__all__ = ["FrameRate", "frame_rate"]

_NTSC = Fraction(1000, 1001)
RATES = {
    "23.976": 24 * _NTSC,
    "23.98": 24 * _NTSC,
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": 30 * _NTSC,
    "30": Fraction(30),
    "47.952": 48 * _NTSC,
    "48": Fraction(48),
    "50": Fraction(50),
    "59.94": 60 * _NTSC,
    "60": Fraction(60),
}
"""What people call rates, and what they are."""
_DROPPED = {30 * _NTSC: 2, 60 * _NTSC: 4}
_HOURS = 24  # a timecode begins again after a day
_TIMECODE = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)([:;.,])(\d{2})")
_MEND_RATE = "Give 24000/1001, 24, 25, 30000/1001, 30, 50 or 60000/1001"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRate:
    """How many frames a second has, and how they are numbered.

    Parameters
    ----------
    frames : fractions.Fraction
        In a second, > 0.
    is_drop : bool
        Whether numbers are left out so that a timecode keeps up with the clock.

    Raises
    ------
    ParameterError
        If numbers are to be left out at a rate that keeps up as it is.

    Examples
    --------
    >>> rate = frame_rate("29.97", is_drop=True)
    >>> rate.timecode(1800), rate.frame_of_timecode("00:01:00;02")
    ('00:01:00;02', 1800)
    """

    frames: Fraction
    is_drop: bool = False

    def __post_init__(self) -> None:
        if self.is_drop and self.frames not in _DROPPED:
            raise ParameterError(
                f"rate {self.name}",
                "no frame numbers are dropped at it",
                "Drop them at 30000/1001 or 60000/1001 alone",
            )

    @property
    def name(self) -> str:
        """The rate as people write it."""
        return next((n for n, r in RATES.items() if r == self.frames), str(self.frames))

    @property
    def timebase(self) -> int:
        """Numbers that a second of timecode has: 24 at 23.976."""
        return math.ceil(self.frames)

    @property
    def is_ntsc(self) -> bool:
        """Whether it is slower than its timebase by 1000/1001."""
        return self.frames.denominator != 1

    @property
    def frames_of_day(self) -> int:
        """Frames after which timecodes begin again."""
        numbers = _HOURS * 3600 * self.timebase
        return numbers - _HOURS * 54 * _DROPPED[self.frames] if self.is_drop else numbers

    def frame(self, time_s: float) -> int:
        """Return the frame boundary that is nearest to a time; of two, the later one."""
        return math.floor(Fraction(time_s) * self.frames + Fraction(1, 2))

    def seconds(self, frame: int) -> Fraction:
        """Return the time at which a frame begins."""
        return frame / self.frames

    def timecode(self, frame: int) -> str:
        """Write the number of a frame; after a day it begins again."""
        number = self._number(frame % self.frames_of_day)
        seconds, frames = divmod(number, self.timebase)
        mark = ";" if self.is_drop else ":"
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return f"{clock}{mark}{frames:02d}"

    def frame_of_timecode(self, text: str) -> int:
        """Return the frame that a timecode numbers; ParameterError if it is none at this rate."""
        found = _TIMECODE.fullmatch(text.strip())
        if found is None or int(found[5]) >= self.timebase:
            raise ParameterError(
                f"timecode {text[:40]!r}",
                f"it is none at {self.name} frames a second",
                f"Write hh:mm:ss:ff with ff from 00 to {self.timebase - 1:02d}",
            )
        hours, minutes, seconds, frames = (int(found[n]) for n in (1, 2, 3, 5))
        number = (hours * 3600 + minutes * 60 + seconds) * self.timebase + frames
        if not self.is_drop:
            return number
        dropped = _DROPPED[self.frames]
        if minutes % 10 and not seconds and frames < dropped:
            raise ParameterError(
                f"timecode {text[:40]!r}",
                "its number is left out in drop-frame counting",
                f"Write {hours:02d}:{minutes:02d}:00;{dropped:02d}",
            )
        n_minutes = hours * 60 + minutes
        return number - dropped * (n_minutes - n_minutes // 10)

    def _number(self, frame: int) -> int:
        if not self.is_drop:
            return frame
        dropped = _DROPPED[self.frames]
        in_minute = 60 * self.timebase - dropped
        in_ten = 10 * in_minute + dropped
        tens, rest = divmod(frame, in_ten)
        minutes = 0 if rest < in_minute + dropped else (rest - dropped) // in_minute
        return frame + dropped * (9 * tens + minutes)


def frame_rate(text: str, *, is_drop: bool = False) -> FrameRate:
    """Read a rate.

    Parameters
    ----------
    text : str
        Such as 24000/1001, 23.976 or 25.
    is_drop : bool, optional
        Whether frame numbers are left out.

    Returns
    -------
    FrameRate
        One of those at which films are shown.

    Raises
    ------
    ParameterError
        If it is no such rate, or no numbers are left out at it.

    Examples
    --------
    >>> frame_rate("24000/1001") == frame_rate("23.976")
    True
    """
    bare = text.strip()
    rate = RATES.get(bare)
    if rate is None:
        found = re.fullmatch(r"(\d{2,6})(?:\.0+)?(?:/(1|1001))?", bare)
        rate = Fraction(int(found[1]), int(found[2] or 1)) if found else None
    if rate is None or rate not in RATES.values():
        raise ParameterError(f"rate {text[:40]!r}", "no film is shown at such a rate", _MEND_RATE)
    return FrameRate(frames=rate, is_drop=is_drop)

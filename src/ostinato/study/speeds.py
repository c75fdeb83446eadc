"""Ratios of speeds as people write them: ``25/24``, ``25/23.976``, ``1.001``."""

import re

from ostinato.errors import StudyError

_NUMBER = r"(\d{1,6}(?:[.,]\d{1,9})?)"
_RATIO = re.compile(rf"{_NUMBER}(?:\s{{0,9}}[/:]\s{{0,9}}{_NUMBER})?")
_SLOWEST = 0.5


def parse_speed(text: str) -> float:
    """Read a ratio of speeds.

    Parameters
    ----------
    text : str
        ``25/24``, ``25/23.976`` or a decimal number.

    Returns
    -------
    float
        From 0.5 to 2.

    Raises
    ------
    StudyError
        If it is none of these.
    """
    found = _RATIO.fullmatch(text.strip())
    numbers = ("0", "1") if found is None else (found[1], found[2] or "1")
    top, bottom = (float(number.replace(",", ".")) for number in numbers)
    speed = top / bottom if bottom else 0.0
    if not _SLOWEST <= speed <= 1 / _SLOWEST:
        raise StudyError(
            f"speed of the subtitles {text!r}",
            "it is no ratio from 0.5 to 2",
            "Give the factor for their times, such as 25/24, 24/25 or 1.001",
        )
    return speed

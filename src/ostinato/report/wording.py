"""How numbers, times and titles are written wherever a person reads them.

Film times are h:mm:ss, as a player shows them; song times m:ss. What is not known is a dash. A
wide character (Chinese, Japanese, Korean) takes two columns of text.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from ostinato.timeline import timecode

UNKNOWN = "–"
ELLIPSIS = "…"
NO_SONGS = "No song was looked for."
NOTHING_REPEATS = "No sound was found that the film repeats; no recording was searched."
UNNAMED = (
    "Each is an unnamed cue, found by the film's own repetition: no recording was searched, and "
    "whether it is music, speech or an effect is for the ear to tell. Its edges are those of what "
    "is heard more than once; it may go on beyond them."
)
_SHORT_RUN, _MOST_PARTS = 2, 4
_NUMBERED = re.compile(r"(\D*)(\d{1,9})")
Measure = Callable[[str], float]
"""How wide a text is."""


def song_time(time_s: float) -> str:
    """Write a song time as m:ss, or as h:mm:ss from one hour on.

    Parameters
    ----------
    time_s : float
        Seconds; what rounding has left below 0 is 0.

    Returns
    -------
    str
        Truncated to whole seconds, as timecodes are.

    Examples
    --------
    >>> song_time(9.9), song_time(162.0), song_time(4000.0)
    ('0:09', '2:42', '1:06:40')
    """
    text = timecode(max(0.0, time_s))
    return text[3:] if text.startswith("0:0") else text.removeprefix("0:")


def span(start_s: float, end_s: float) -> str:
    """Write a stretch of film time as ``from–to``.

    Parameters
    ----------
    start_s, end_s : float
        Seconds of film time.

    Returns
    -------
    str
        Two timecodes.
    """
    return f"{timecode(max(0.0, start_s))}–{timecode(max(0.0, end_s))}"


def number(value: float | None, form: str = "", unit: str = "") -> str:
    """Write a number with its unit, or a dash where there is none.

    Parameters
    ----------
    value : float or None
        The number.
    form : str, optional
        As in `format`.
    unit : str, optional
        Written after a space.

    Returns
    -------
    str
        With a true minus sign.

    Examples
    --------
    >>> number(-6.04, ".1f", "LU"), number(None, ".1f", "LU")
    ('−6.0 LU', '–')
    """
    if value is None:
        return UNKNOWN
    text = format(value, form).replace("-", "−")
    return f"{text} {unit}" if unit else text


def bounds(low: float | None, high: float | None, form: str) -> str:
    """Write the range that a value lies in, which may be open above.

    Parameters
    ----------
    low, high : float or None
        The bounds; None for one that is not known or is infinite.
    form : str
        As in `format`.

    Returns
    -------
    str
        Both, ``low or more``, or a dash.

    Examples
    --------
    >>> bounds(0.25, 0.5, ".2f"), bounds(0.25, None, ".2f"), bounds(None, None, ".2f")
    ('0.25 to 0.50', '0.25 or more', '–')
    """
    if low is None:
        return UNKNOWN
    return f"{number(low, form)} {'or more' if high is None else f'to {number(high, form)}'}"


def probability(value: float | None) -> str:
    """Write a p-value: plain where it is large, as a power of ten where it is small.

    Parameters
    ----------
    value : float or None
        From 0 to 1.

    Returns
    -------
    str
        One or two significant digits.

    Examples
    --------
    >>> probability(0.031), probability(1.2e-12), probability(None)
    ('0.031', '1e−12', '–')
    """
    readable = 0.001
    if value is None or value >= readable:
        return number(value, ".2g")
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e−{abs(int(exponent))}"


def count(n: int, noun: str) -> str:
    """Write how many there are of something whose plural ends in s.

    Parameters
    ----------
    n : int
        How many.
    noun : str
        In the singular.

    Returns
    -------
    str
        Number and noun, ``no`` for none.

    Examples
    --------
    >>> count(0, "playing"), count(1, "playing"), count(1200, "playing")
    ('no playings', '1 playing', '1,200 playings')
    """
    return f"{n:,} {noun}" if n == 1 else f"{f'{n:,}' if n else 'no'} {noun}s"


def times(n: int) -> str:
    """Write how often.

    Parameters
    ----------
    n : int
        1 or more.

    Returns
    -------
    str
        ``once``, ``twice``, then numbers.
    """
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def listed(items: Sequence[str]) -> str:
    """Join items as a sentence does.

    Parameters
    ----------
    items : sequence of str
        At least one.

    Returns
    -------
    str
        ``a``, ``a and b``, or ``a, b and c``.
    """
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def id_ranges(ids: Sequence[str]) -> str:
    """Write identifiers, those that follow each other as a range.

    Parameters
    ----------
    ids : sequence of str
        Of occurrences of one song, by film time; at least one.

    Returns
    -------
    str
        Results of an earlier version numbered all songs together: there a range would take in
        other songs, and none is written. Where many do not follow each other they are counted.

    Examples
    --------
    >>> id_ranges(["O3", "O4", "O5"]), id_ranges(["O1", "O2", "O7"]), id_ranges(["O9"])
    ('O3–O5', 'O1, O2, O7', 'O9')
    """
    runs: list[list[str]] = []
    for one in ids:
        if runs and _follows(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    parts: list[str] = []
    for run in runs:
        parts += run if len(run) <= _SHORT_RUN else [f"{run[0]}–{run[-1]}"]
    if len(runs) == 1 and len(ids) > 1:
        return f"{ids[0]}–{ids[-1]}"
    return ", ".join(parts) if len(parts) <= _MOST_PARTS else f"{len(ids)} occurrences"


def _follows(before: str, after: str) -> bool:
    first, second = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
    if first is None or second is None or first[1] != second[1]:
        return False
    return int(second[2]) == int(first[2]) + 1


def n_columns(text: str) -> int:
    """Return how many columns a text takes in a fixed-width face.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    int
        Wide characters count twice, combining ones not at all.

    Examples
    --------
    >>> n_columns("Dreams"), n_columns("夢中人")
    (6, 6)
    """
    return sum(_width(character) for character in text)


def shorten(text: str, limit: float, *, measure: Measure = n_columns) -> str:
    """Cut a text that is too long, with an ellipsis for what is missing.

    Parameters
    ----------
    text : str
        Anything; its white space is made single.
    limit : float
        How wide it may be.
    measure : callable, optional
        The width of a text; in columns by default.

    Returns
    -------
    str
        At most that wide, or an ellipsis.

    Examples
    --------
    >>> shorten("What a Diff'rence a Day Makes", 12)
    'What a Diff…'
    """
    text = " ".join(text.split())
    if measure(text) <= limit:
        return text
    while text and measure(text.rstrip() + ELLIPSIS) > limit:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def fold(text: str, limit: float, *, max_lines: int, measure: Measure = n_columns) -> str:
    r"""Break a text into lines, the last of which is shortened if need be.

    Parameters
    ----------
    text : str
        Anything; its white space is made single.
    limit : float
        How wide each line may be.
    max_lines : int
        How many there may be.
    measure : callable, optional
        The width of a text; in columns by default.

    Returns
    -------
    str
        Broken at spaces where there are any, within words where not.

    Examples
    --------
    >>> fold("What a Diff'rence a Day Makes", 16, max_lines=2)
    "What a\nDiff'rence a Da…"
    """
    text = " ".join(text.split())
    lines: list[str] = []
    while len(lines) < max_lines - 1 and measure(text) > limit:
        line = text
        while measure(line) > limit and len(line) > 1:
            cut = line.rfind(" ")
            line = line[:cut] if cut > 0 else line[:-1]
        lines.append(line)
        text = text[len(line) :].lstrip()
    return "\n".join([*lines, shorten(text, limit, measure=measure)])


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

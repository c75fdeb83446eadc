r"""How numbers, times, titles and texts are written wherever a person reads them.

Film times are h:mm:ss and song times m:ss. These, and how long something lasts, are rounded half up
to the second; where a table sets beginnings beside ends, to the tenth, so that what a reader
subtracts agrees with what is said of it. What is not known is a dash.

Only what Markdown would take for a mark is escaped, so that the source reads as the text does.
What cannot be seen is escaped first, as everywhere.

A wide character (Chinese, Japanese, Korean) takes two columns of text.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from ostinato.legible import visible
from ostinato.timeline import half_up, timecode

UNKNOWN = "–"
HASH_LENGTH = 12
"""Digits of a hash that stand in a text; all of them stand in a table."""
NO_SONGS = "No song was looked for."
NOTHING_REPEATS = "No sound was found that the film repeats; no recording was searched."
UNNAMED = (
    "Each is an unnamed cue, found by the film's own repetition; no recording was searched. "
    "Whether it is music, speech or an effect is not decided. Its edges are those of what is heard "
    "more than once; it may go on beyond them."
)
MOST_DECIMALS = 6
TABLE_DECIMALS = 1
"""Of times in a table that sets beginnings beside ends."""
_ON_IT = 1e-7
"""So near to what decides a number is written as being on it: verdicts take it so to 1e-9."""
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NOTHING = re.compile(r"−0(\.0*)?")
_SHORT_RUN, _MOST_PARTS = 2, 4
_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f")
_CLOSING = "”\u2019\"')»"
_NUMBERED = re.compile(r"(\D*)(\d{1,9})")
_ANYWHERE = re.compile(r"[*`\[\]|]|~~|!(?=\[)")
_WORD_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"(\d{1,9})(?=[.)](?:\s|$))|(?=[-+>#=~])")
ELLIPSIS = "…"
Measure = Callable[[str], float]
"""How wide a text is."""


def song_time(time_s: float | None, *, decimals: int = 0) -> str:
    """Write a song time as m:ss, or as h:mm:ss from one hour on; a dash where it is not known.

    Parameters
    ----------
    time_s : float or None
        Seconds; what rounding has left below 0 is 0.
    decimals : int, optional
        Digits of the second's fraction.

    Returns
    -------
    str
        Rounded, as timecodes are.

    Examples
    --------
    >>> song_time(9.9), song_time(162.0), song_time(4000.0), song_time(9.96, decimals=1)
    ('0:10', '2:42', '1:06:40', '0:10.0')
    """
    if time_s is None:
        return UNKNOWN
    text = timecode(max(0.0, time_s), decimals=decimals)
    return text[3:] if text.startswith("0:0") else text.removeprefix("0:")


def span(start_s: float, end_s: float, *, decimals: int = 0) -> str:
    """Write a stretch of film time as ``from–to``.

    `start_s`, `end_s`: seconds of film time; `decimals`: digits of the second's fraction.
    """
    start, end = (timecode(max(0.0, one), decimals=decimals) for one in (start_s, end_s))
    return f"{start}–{end}"


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
    if _NOTHING.fullmatch(text):  # what rounding has left of a number below 0
        text = text.replace("−", "+" if "+" in form else "")
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


def bounds_in_words(
    low: float | None, high: float | None, n_decimals: int, *, turns: Sequence[float] = ()
) -> str:
    """Write a range for a sentence.

    `low`, `high`: the bounds; None for one that is not known or is infinite; `n_decimals`: as few
    as this.

    Examples
    --------
    >>> bounds_in_words(0.3, 0.75, 2), bounds_in_words(0.3, None, 1), bounds_in_words(None, 2, 0)
    ('between 0.30 and 0.75', 'at 0.3 or more', 'at 2 or less')
    """
    written = [None if x is None else rounded(x, n_decimals, turns=turns) for x in (low, high)]
    if written[0] is None:
        return "" if written[1] is None else f"at {written[1]} or less"
    if written[1] is None:
        return f"at {written[0]} or more"
    same = written[0] == written[1]
    return f"at {written[0]}" if same else f"between {written[0]} and {written[1]}"


def spelled(n: int) -> str:
    """Write how many there are for prose: to nine in words.

    Examples
    --------
    >>> spelled(0), spelled(7), spelled(1200)
    ('no', 'seven', '1,200')
    """
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def counted(n: int, noun: str) -> str:
    """Write how many there are of something for prose: to nine in words.

    Examples
    --------
    >>> counted(1, "playing"), counted(12, "playing")
    ('one playing', '12 playings')
    """
    return f"{spelled(n)} {noun}{'' if n == 1 else 's'}"


def times_spelled(n: int) -> str:
    """Write how often for prose: to nine in words."""
    return {1: "once", 2: "twice"}.get(n, f"{spelled(n)} times")


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
    """Write how often."""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def listed(items: Sequence[str], *, word: str = "and") -> str:
    """Join items as a sentence does.

    `word`: between the last two.
    """
    *most, last = items
    return f"{', '.join(most)} {word} {last}" if most else last


def lasting(seconds: float) -> str:
    """Write how long something lasts, in sentences, tables and figures alike.

    Parameters
    ----------
    seconds : float
        0 or more.

    Returns
    -------
    str
        In hours, minutes and whole seconds.

    Examples
    --------
    >>> lasting(38.9), lasting(296.4), lasting(6130.0), lasting(0.4)
    ('39 s', '4 min 56 s', '1 h 42 min 10 s', 'less than 1 s')
    """
    if 0 < seconds < 1:
        return "less than 1 s"
    minutes, rest_s = divmod(half_up(seconds), 60)
    hours, rest_min = divmod(minutes, 60)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (rest_min, "min"), (rest_s, "s")) if n]
    return " ".join(parts) or "0 s"


def rounded(value: float, n_decimals: int, *, turns: Sequence[float] = ()) -> str:
    """Round a number, with more decimals where fewer would carry it over what decides.

    `n_decimals`: as few as this; `turns`: numbers at which a verdict turns.

    Examples
    --------
    >>> rounded(1.04, 0, turns=(1.0,)), rounded(0.4996, 1, turns=(0.5,)), rounded(-6.04, 1)
    ('1.04', '0.4996', '−6.0')
    """
    turns = [turn for turn in turns if abs(value - turn) > _ON_IT]  # what is on it crosses nothing
    while n_decimals < MOST_DECIMALS and any(
        (round(value, n_decimals) > turn) != (value > turn)
        or (round(value, n_decimals) < turn) != (value < turn)
        for turn in turns
    ):
        n_decimals += 1
    return number(value, f".{n_decimals}f")


def percent(share: float, *, turns: Sequence[float] = ()) -> str:
    """Write a share as a percentage that is 0 or 100 only where the share is.

    Parameters
    ----------
    share : float
        From 0 to 1.
    turns : sequence of float, optional
        Shares at which a verdict turns.

    Returns
    -------
    str
        With one decimal, or more where fewer would carry it over what decides.

    Examples
    --------
    >>> percent(0.048), percent(0.9999), percent(0.0499, turns=(0.05,)), percent(1.0)
    ('4.8%', '99.99%', '4.99%', '100%')
    """
    if share in {0, 1}:
        return f"{share:.0%}"
    ends = (0.0, 100.0, *(100 * turn for turn in turns))
    return f"{rounded(100 * share, 1, turns=ends)}%"


def stopped(text: str) -> str:
    """End what a person wrote as a sentence, if it does not end as one.

    `text`: A statement or a title.

    Examples
    --------
    >>> stopped("It goes on"), stopped("Who?"), stopped("He said “no.”"), stopped("Wait...")
    ('It goes on.', 'Who?', 'He said “no.”', 'Wait...')
    """
    return text if text.rstrip(_CLOSING)[-1:] in _ENDS else f"{text}."


def sentences_of(method: str) -> str:
    """Make sentences of what a measure says of its method, in parts between semicolons.

    Examples
    --------
    >>> sentences_of("one is counted; the other is not")
    'One is counted. The other is not.'
    """
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in method.rstrip(".").split("; "))


def id_ranges(ids: Sequence[str]) -> str:
    """Write identifiers, those that follow each other as a range.

    `ids`: of occurrences of one song, by film time; at least one.

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


def plain(text: str) -> str:
    r"""Escape one paragraph, or a part of one.

    `text`: anything; white space at its ends is left out, since a renderer would do so.

    Examples
    --------
    >>> plain("1. *Dreams* | my_song"), plain("a < b, 5 of 6")
    ('1\\. \\*Dreams\\* \\| my_song', 'a < b, 5 of 6')
    """
    text = _BACKSLASH.sub(r"\\\\", visible(text).strip())
    for mark in (_ANYWHERE, _WORD_EDGE_UNDERSCORE, _TAG, _ENTITY):
        text = mark.sub(lambda found: f"\\{found[0]}", text)
    start = _AT_START.match(text)
    return text if start is None else f"{start[0]}\\{text[start.end() :]}"


def plain_paragraphs(text: str) -> str:
    """Escape paragraphs that an empty line parts.

    `text`: such as a caption.
    """
    return "\n\n".join(map(plain, text.split("\n\n")))


def n_columns(text: str) -> int:
    """Return how many columns a text takes in a fixed-width face.

    Examples
    --------
    >>> n_columns("Dreams"), n_columns("夢中人")
    (6, 6)
    """
    return sum(_width(character) for character in text)


def shorten(text: str, limit: float, *, measure: Measure = n_columns) -> str:
    """Cut a text that is too long, with an ellipsis for what is missing.

    `text`: anything; its white space is made single; `limit`: how wide it may be; `measure`: the
    width of a text; in columns by default.

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

    `text`: anything; its white space is made single; `limit`: how wide each line may be;
    `max_lines`: how many there may be; `measure`: the width of a text; in columns by default.

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

r"""Text from outside, written so that it cannot act on what shows it, and read back as it was.

Titles and names come from files, which may be anybody's. A terminal obeys control characters, and
some that have no shape turn or hide the text around them. Such characters are written as Python
writes them (``\x1b``, ``\u202e``), all others stand as they are.
"""

import re
import sys
import unicodedata
from pathlib import Path

__all__ = ["as_text", "escaped", "escaped_lines", "isolated", "unescaped", "visible"]

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG = {mark: character for character, mark in _SHORT.items()} | {"\\\\": "\\"}
_SEQUENCE = re.compile(r"\\(?:[\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
# control, format, lone surrogate, line and paragraph separator
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # Persian, Hindi and some emoji are not spelt right without them
_JOINED = ("L", "M", "So", "Sk")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_FIRST_BYTE, _LAST_BYTE = 0xDC80, 0xDCFF  # how Python carries the bytes 0x80 to 0xff of such a name
_BYTES = re.compile("[\udc80-\udcff]+")
_FIRST_ISOLATE, _LAST_ISOLATE = "\u2068", "\u2069"
_ISOLATED = re.compile(f"{_FIRST_ISOLATE}([^\u2066-\u2069]*){_LAST_ISOLATE}")


def as_text(name: str | Path) -> str:
    r"""Return a name as text that can be written anywhere.

    Parameters
    ----------
    name : str or pathlib.Path
        As the system gave it.

    Returns
    -------
    str
        The same, with ``\xe9`` in place of a byte that is no text.

    Examples
    --------
    >>> print(as_text("n\udce9e.wav"))
    n\xe9e.wav
    """
    return "".join(map(_written, _recoded(str(name))))


def escaped(text: str) -> str:
    r"""Escape what cannot be seen, so that `unescaped` gives back the text.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        On one line. A backslash is doubled only where something is escaped, or seems to be.

    Examples
    --------
    >>> escaped("Dreams\x1b[31m"), escaped("C:\\films"), escaped("C:\\new")
    ('Dreams\\x1b[31m', 'C:\\films', 'C:\\\\new')
    """
    if _SEQUENCE.search(text) or any(_is_unseen(text, i) for i in range(len(text))):
        return visible(text.replace("\\", "\\\\"))
    return text


def unescaped(text: str) -> str:
    r"""Return what `escaped` was given.

    Parameters
    ----------
    text : str
        From `escaped`.

    Returns
    -------
    str
        The text as it was.

    Examples
    --------
    >>> unescaped("two\\nlines"), unescaped("C:\\films")
    ('two\nlines', 'C:\\films')
    """
    return _SEQUENCE.sub(lambda found: _character(found[0]), text)


def escaped_lines(text: str) -> str:
    r"""Escape what cannot be seen for a terminal; line breaks and backslashes stay.

    Parameters
    ----------
    text : str
        Lines whose breaks are meant; what the lines quote has passed `escaped` or `isolated`.

    Returns
    -------
    str
        Safe to print.

    Examples
    --------
    >>> escaped_lines("one\ntwo\x07")
    'one\ntwo\\x07'
    """
    return "\n".join(map(_line, text.split("\n")))


def isolated(text: str) -> str:
    r"""Escape a name for a terminal, and keep what is written from right to left within itself.

    Parameters
    ----------
    text : str
        A title, a name, a path.

    Returns
    -------
    str
        On one line, between isolates where a letter is written from right to left.

    Examples
    --------
    >>> isolated("Dreams\n"), isolated("\u05e9\u05d9\u05e8") == "\u2068\u05e9\u05d9\u05e8\u2069"
    ('Dreams\\n', True)
    """
    seen = visible(text)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in seen):
        return f"{_FIRST_ISOLATE}{seen}{_LAST_ISOLATE}"
    return seen


def visible(text: str) -> str:
    r"""Escape what cannot be seen, for people alone: backslashes stay as they are.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        On one line.

    Examples
    --------
    >>> visible("C:\\new\x00")
    'C:\\new\\x00'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _recoded(text)
    return "".join(_mark(c) if _is_unseen(text, i) else c for i, c in enumerate(text))


def _recoded(text: str) -> str:
    """Read as UTF-8 the bytes that a system without a language has carried as they are."""
    return _BYTES.sub(
        lambda run: run[0].encode(errors="surrogateescape").decode(errors="surrogateescape"), text
    )


def _line(text: str) -> str:
    # isolates that are closed within the line have done what they are for
    parts = _ISOLATED.split(text)
    seen = (visible(part) for part in parts)
    return "".join(
        f"{_FIRST_ISOLATE}{part}{_LAST_ISOLATE}" if i % 2 else part for i, part in enumerate(seen)
    )


def _is_unseen(text: str, index: int) -> bool:
    character = text[index]
    if unicodedata.category(character) not in _UNSEEN:
        return False
    if character in _JOINERS:
        around = text[index - 1 : index] + text[index + 1 : index + 2]
        return len(around) < 2 or not all(_is_joined(other) for other in around)  # noqa: PLR2004
    return True


def _is_joined(character: str) -> bool:
    return unicodedata.category(character).startswith(_JOINED)


def _mark(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:  # noqa: PLR2004 - what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _character(sequence: str) -> str:
    if sequence in _LONG:
        return _LONG[sequence]
    code = int(sequence[2:], 16)  # noqa: FURB166 - not a prefix that int knows
    return chr(code) if code <= sys.maxunicode else sequence


def _written(character: str) -> str:
    code = ord(character)
    if _FIRST_BYTE <= code <= _LAST_BYTE:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if 0xD800 <= code <= 0xDFFF else character  # noqa: PLR2004 - surrogates

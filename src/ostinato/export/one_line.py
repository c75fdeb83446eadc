r"""Any text on one line of a format that gives some characters a meaning, and back.

One rule holds for all: what cannot be seen, and what the format would obey, is written by its
number (``\x7c`` for a bar), and read back as it was.
"""

import re

from ostinato.legible import escaped, unescaped, visible

__all__ = ["from_line", "on_line"]

NO_TEXT = "\u2013"
"""What stands for a text that is empty, where a format knows no such row."""
_BLANK = re.compile(r"^\s+|\s+$")


def on_line(text: str, *, obeyed: str = "") -> str:
    r"""Write a text on one line.

    Parameters
    ----------
    text : str
        A title, a name.
    obeyed : str, optional
        Characters that the format would take for its own.

    Returns
    -------
    str
        Without such characters and without blanks at its ends; `from_line` gives back the text.

    Examples
    --------
    >>> on_line("two\nlines|"), on_line(" a|b", obeyed="|")
    ('two\\nlines|', '\\x20a\\x7cb')
    """
    if "\\" in obeyed:  # a reader makes a break of what follows one
        bare = visible(text.replace("\\", _number("\\")).replace("\n", _number("\n")))
        return _marked(bare, obeyed.replace("\\", ""))
    line = escaped(text)
    marked = _marked(line, obeyed)
    if marked == line or "\\" not in text:
        return marked
    # a backslash of the text's own must not run into a number
    return _marked(visible(text.replace("\\", "\\\\")), obeyed)


def from_line(line: str) -> str:
    r"""Return the text that `on_line` was given.

    Parameters
    ----------
    line : str
        As it was written.

    Returns
    -------
    str
        The text as it was.

    Examples
    --------
    >>> from_line("\\x20a\\x7cb")
    ' a|b'
    """
    return unescaped(line)


def _marked(line: str, obeyed: str) -> str:
    line = _BLANK.sub(lambda blanks: "".join(map(_number, blanks[0])), line)
    return "".join(_number(c) if c in obeyed else c for c in line)


def _number(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004

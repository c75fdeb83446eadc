"""How names of files are shown: bytes that are no text are escaped, so that they can be written.

A file system hands out names as bytes. Those that are not UTF-8 reach Python as lone surrogates,
which no file of text can hold.
"""

from pathlib import Path

__all__ = ["escaped"]

_FIRST, _LAST = 0xDC80, 0xDCFF  # how Python carries the bytes 0x80 to 0xff of such a name


def escaped(name: str | Path) -> str:
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
    >>> print(escaped("n\udce9e.wav"))
    n\xe9e.wav
    """
    return "".join(map(_written, str(name)))


def _written(character: str) -> str:
    code = ord(character)
    if _FIRST <= code <= _LAST:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if 0xD800 <= code <= 0xDFFF else character  # noqa: PLR2004 - surrogates

r"""Plain text as Markdown that renders as the same text.

Only what Markdown would take for a mark is escaped, so that the source reads as the text does.
What cannot be seen is escaped first, as everywhere.
"""

import re

from ostinato.legible import visible

_ANYWHERE = re.compile(r"[*`\[\]|]|~~|!(?=\[)")
_WORD_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"(\d{1,9})(?=[.)](?:\s|$))|(?=[-+>#=~])")


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

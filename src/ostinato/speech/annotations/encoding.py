"""Text files of unknown encoding become text.

Subtitles of Hong Kong films come in Unicode, Big5, GB 18030 and the code pages of the west. What
is not Unicode is read in each of them, and the reading wins in which most of the letters beyond
ASCII are common ones: a wrong reading of Chinese gives rare characters, not errors.
"""

import codecs
import re
from pathlib import Path

from ostinato.errors import StudyError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN_BOTH = "的一是不了在人有我他大上中到你出也好小心子去起看生天想知道和可能自己沒没什在多少再真今"
_HAN_TRADITIONAL = "這個們來說時會為過對還麼樣後嗎妳啊吧呢愛見電話聽誰問開"
_HAN_SIMPLIFIED = "这个们来说时会为过对还么样后吗啊吧呢爱见电话听谁问开"
_CJK_MARKS = r"，。？！：、（）「」『』《》…—～"  # noqa: RUF001
_WESTERN_MARKS = "‘’“”–—…«»¿¡"  # noqa: RUF001
# share of the characters beyond ASCII that these patterns cover is the score of a reading
_COMMON = {
    "big5hkscs": f"[{_HAN_BOTH}{_HAN_TRADITIONAL}{_CJK_MARKS}]",
    "gb18030": f"[{_HAN_BOTH}{_HAN_SIMPLIFIED}{_CJK_MARKS}]",
    "cp932": rf"[\u3041-\u30fe{_CJK_MARKS}]",
    "euc_kr": "[이다는을가에의고하지은도로한사나어서기아그내라요네거야있없해말너만]",
    # words in ordinary case: Chinese misread as Cyrillic mixes capitals into them
    "cp1251": r"\b[\u0401\u0410-\u042f]?[\u0430-\u0451]{2,}\b",
    # accents stand alone or in pairs among ASCII letters; runs of them are another alphabet
    "cp1252": (
        rf"(?<![^\x00-\x7f{_WESTERN_MARKS}])[À-ÖØ-öø-ÿŒœŠšŽž]{{1,2}}(?![^\x00-\x7f{_WESTERN_MARKS}])"
        rf"|[{_WESTERN_MARKS}]"
    ),
}
_MIN_SCORE = 0.1  # real Chinese scores .3 and more, a wrong reading less than .05
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x80-\x9f\ufffe\uffff]")


def read_text(path: Path) -> str:
    """Read a text file whose encoding nobody has noted down.

    Parameters
    ----------
    path : pathlib.Path
        Unicode with or without a byte order mark, Big5, GB 18030, Shift-JIS, EUC-KR, Windows 1251
        or 1252.

    Returns
    -------
    str
        Its text, with Unix line ends.

    Raises
    ------
    StudyError
        If it cannot be opened or is no text in any of these.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise StudyError(
            str(path), f"it cannot be read ({error.strerror})", "Give a file that exists"
        ) from error
    text = _decoded(data)
    if text is None:
        raise StudyError(
            str(path),
            "it is no text in any encoding that is tried (Unicode, Big5, GB 18030, Windows 1252 …)",
            "Open it in an editor and save it as UTF-8",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    # every other byte of western UTF-16 is zero, and no byte of other encodings is
    if data[:64:2].count(0) + data[1:64:2].count(0) > len(data[:64]) // 4:
        return _strict(data, "utf-16-le" if data[1:64:2].count(0) else "utf-16-be")
    if (text := _strict(data, "utf-8")) is not None:
        return text
    readings = ((_score(text, common), text) for text, common in _readings(data))
    score, text = max(readings, default=(0.0, None))
    return text if score >= _MIN_SCORE else None


def _readings(data: bytes) -> list[tuple[str, str]]:
    texts = [(_strict(data, encoding), common) for encoding, common in _COMMON.items()]
    return [(text, common) for text, common in texts if text is not None]


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _score(text: str, common: str) -> float:
    n_beyond = sum(not character.isascii() for character in text)
    n_common = sum(len(found) for found in re.findall(common, text))
    return n_common / n_beyond if n_beyond else 0.0

"""Text files of unknown encoding become text.

Unicode is known by its marks or its form. What is not Unicode is read in each of the encodings that
came before it, and the reading wins whose characters are the likeliest in a language that is
written so: a wrong reading of Chinese gives rare characters, not errors.

For each encoding, the languages that are written in it, each by its characters beyond ASCII, the
most frequent first. A reading in a wrong encoding gives characters that its languages do not have,
or has them where they do not stand.
"""

import codecs
import errno
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.whole_files import read_whole

_MOST_BYTES = 32_000_000  # a film's transcript has less than 1 MB
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")  # by which seven bits become Japanese
_MEND_FILE = "Give a file that exists"
_MENDS = {errno.EFBIG: "Give a text file", errno.EINVAL: "Give the name of a file"}
_LOOKED_AT = 4096  # characters beyond ASCII, and bytes that may show UTF-16: more says the same
_SAMPLE = 262_144  # bytes of a long file that are tried in every encoding
_LEAST_ZEROS = 3
_ODD = -9.0  # log probability of a character that the language has not, or not there
_MARK = -4.0
_UNCOMMON = -8.5  # one of the 3,755 or so characters of the first level that is in no list
_RARE = -14.0  # one of the thousands of the second level
_CAPITAL = -1.0
_IN_A_ROW = -3.0  # letters beyond ASCII seldom stand side by side in Latin script
_LEAST_LIKELY = -7.0  # below, hardly a character stands where its language would have it
_FIRST_LEVEL = {
    "gb18030": (0xB0, 0xD7),
    "big5hkscs": (0xA4, 0xC6),
    "cp932": (0x88, 0x97),
    "euc_jp": (0xB0, 0xCF),
    "cp949": (0xB0, 0xC8),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x80-\x9f\ufffe\uffff]")
_WORD_BEYOND_ASCII = re.compile(r"[^\W_]*[^\x00-\x7f][^\W_]*")
_C0 = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\ufffe\uffff]")
_C1 = re.compile(r"[\x80-\x9f]")
MARKS = "‘’“”„‚–—…«»‹›¿¡°§·´\u00a0♪♫"  # noqa: RUF001
"""Typographic marks, which any language may have."""
WITHIN_WORDS = "’–—…·\u00a0"  # noqa: RUF001
"""Those of them that may stand between two letters."""
CJK_MARKS = "，。？！：、；（）「」『』《》〈〉【】…—～·“”‘’\u3000♪"  # noqa: RUF001
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN = "оаинівтерслкдмупяьзгбчйхїцжєщшюґф"
_BULGARIAN = "аиоентрсвлкдпмзгъуцябчйжхщшюфь"
_GREEK = "αοιετσνηυρπκμλςωδγχθφβξζψάέήίόύώϊϋΐΰ"
_HAN = "的一是不了在人有我他大上中到你出也好小心子去起看生天想知道和可能自己什多少再真今"
_HAN_TRADITIONAL = _HAN + "這個們來說時會為過對還麼樣後嗎妳啊吧呢愛見電話聽誰問開沒裡"
_HAN_SIMPLIFIED = _HAN + "这个们来说时会为过对还么样后吗啊吧呢爱见电话听谁问开没里"
_KANA = (
    "いのんなたとるかてにはでしがっを、。ってもあれらこうそりくだけすきよどさまおえやわ"
    "みせごじめつちばねほろぞげひへびんぶふゆむょゃーンスルトアイクラリドシマタプ"
    "私何人見今日思言一本当前出来誰行時彼女事大"
)
_HANGUL = "이다는을가에의고하지은도로한사나어서기아그내라요네거야있없해말너만리니자대시면게일"
NAMES = {
    **{f"cp{n}": f"Windows-{n}" for n in range(1250, 1258)},
    "iso8859_2": "ISO 8859-2",
    "iso8859_5": "ISO 8859-5",
    "iso8859_7": "ISO 8859-7",
    "iso8859_15": "ISO 8859-15",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "cp866": "DOS 866",
    "cp850": "DOS 850",
    "cp874": "Windows-874",
    "mac_roman": "Mac Roman",
    "big5hkscs": "Big5",
    "gb18030": "GB 18030",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The text of a file; `guess` names an encoding that had to be guessed, None for Unicode."""

    text: str
    guess: str | None = None

    @property
    def note(self) -> str | None:
        """What to say of a guess, with a word by which a person can judge it."""
        if self.guess is None:
            return None
        found = _WORD_BEYOND_ASCII.search(self.text)
        return f"read as {self.guess}: {'' if found is None else found[0][:24]!r}"


def read_written(path: Path, *, mend: str = _MEND_FILE) -> Written:
    """Read a text file that a person wrote, and refuse what is no text.

    Parameters
    ----------
    path : pathlib.Path
        Unicode with or without a byte order mark, or any encoding of `alphabets`.
    mend : str, optional
        What to do where there is no such file.

    Returns
    -------
    Written
        Its text, with Unix line ends, and the encoding if it was guessed.

    Raises
    ------
    StudyError
        If it cannot be opened, is too large, or is no text in any of these.
    """
    written = _written(read_bytes(path, mend=mend))
    if written is None:
        raise StudyError(
            str(path),
            "it is no text in any encoding that is tried (Unicode, Big5, GB 18030, Windows 1252 …)",
            "Open it in an editor and save it as UTF-8",
        )
    return written


def read_text(path: Path) -> str:
    """Read a text file of which little matters but its form, as of subtitles.

    Raises StudyError if it cannot be opened or is too large.
    """
    data = read_bytes(path)
    if (written := _written(data)) is not None:
        return written.text
    plain = data.replace(b"\0", b"")
    encoding = _likeliest(plain, errors="replace")
    return _unix(_C0.sub("", _without_c1(plain.decode(encoding, errors="replace"))))


def read_bytes(path: Path, *, mend: str = _MEND_FILE) -> bytes:
    """Read a file that a person wrote, as long as it is no longer than such a file is.

    `mend`: what to do where there is no such file. Raises StudyError if it cannot be opened or is
    too large.
    """
    try:
        return read_whole(Path(path), most_bytes=_MOST_BYTES)
    except OSError as error:
        mend = _MENDS.get(error.errno or 0, mend)
        raise StudyError(str(path), f"it cannot be read ({error.strerror})", mend) from error


def _written(data: bytes) -> Written | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, guess=None)
    if (wide := _utf16(data)) is not None:
        return _strict(data, wide, guess=None)
    if (written := _strict(data, "utf-8", guess=None) or _in_seven_bits(data)) is not None:
        return written
    if (text := _text_with_c1(data)) is not None:
        return Written(text=text, guess="UTF-8 with marks of Windows-1252")
    if (written := _mixed(data)) is not None:
        return written
    likeliest = _likeliest(data, errors="strict")
    return _strict(data, likeliest, guess=NAMES[likeliest]) if likeliest in NAMES else None


def _in_seven_bits(data: bytes) -> Written | None:
    if not _JAPANESE_ESCAPE.search(data):
        return None
    return _strict(data, "iso2022_jp_ext", guess="ISO 2022-JP")


def _utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: of its zeros nearly all stand at one side of the pairs."""
    even, odd = (data[side:_LOOKED_AT:2].count(0) for side in (0, 1))
    few, many = sorted((even, odd))
    if len(data) % 2 or many < _LEAST_ZEROS or 16 * many < len(data[:_LOOKED_AT]) or 8 * few > many:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(data: bytes, encoding: str, *, guess: str | None) -> Written | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else Written(text=_unix(text), guess=guess)


def _text_with_c1(data: bytes) -> str | None:
    """Read UTF-8 that some program made of Windows-1252, taking it for Latin-1."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _C0.search(text) else _unix(_without_c1(text))


def _without_c1(text: str) -> str:
    return _C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "replace"), text)


def _mixed(data: bytes) -> Written | None:
    """Read a file most of whose lines are UTF-8 and some in an older encoding."""
    lines = data.split(b"\n")
    beyond = [line for line in lines if not line.isascii()]
    foreign = [line for line in beyond if _strict(line, "utf-8", guess=None) is None]
    if 2 * len(foreign) >= len(beyond):
        return None
    encoding = _likeliest(b"\n".join(foreign), errors="strict")
    if encoding not in NAMES:
        return None
    read = (
        _strict(line, "utf-8", guess=None) or _strict(line, encoding, guess=None) for line in lines
    )
    texts = [line.text for line in read if line is not None]
    if len(texts) < len(lines):
        return None
    guess = f"UTF-8 with {len(foreign)} of {len(lines)} lines in {NAMES[encoding]}"
    return Written(text=_unix("\n".join(texts)), guess=guess)


def _unix(text: str) -> str:
    # a file that was converted twice ends its lines in CR CR LF
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def _likeliest(data: bytes, *, errors: str) -> str:
    """Name the encoding in which the text is likeliest; UTF-8 where none fits."""
    if len(data) > _SAMPLE:
        data = data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    best, encoding = _LEAST_LIKELY, "utf-8"
    for candidate, languages in LANGUAGES.items():
        try:
            text = data.decode(candidate, errors=errors)
        except UnicodeDecodeError:
            continue
        if errors == "strict" and _CONTROL.search(text):
            continue
        neighbours = list(itertools.islice(_beyond_ascii(text), _LOOKED_AT))
        for language in languages:
            score = _likelihood(neighbours, candidate, language)
            if score > best:
                best, encoding = score, candidate
    return encoding


def _beyond_ascii(text: str) -> Iterator[tuple[str, str, str]]:
    """Characters beyond ASCII, each between those before and after it."""
    for found in re.finditer(r"[^\x00-\x7f]", text):
        i = found.start()
        yield text[i - 1 : i], found[0], text[i + 1 : i + 2]


@dataclass(frozen=True)
class Language:
    """One language as an encoding writes it.

    `letters` are its characters beyond ASCII by frequency; `ends_words` says that they stand at the
    end of words only; `is_script` that its words have no ASCII letters.
    """

    letters: str
    ends_words: bool = False
    is_script: bool = False

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Place of each character in the order of frequency, from 1."""
        return {letter: i for i, letter in enumerate(self.letters, start=1)}


def _likelihood(neighbours: list[tuple[str, str, str]], encoding: str, language: Language) -> float:
    """Mean log probability, for each byte, of characters in a language."""
    total, n_bytes = 0.0, 0
    for before, character, after in neighbours:
        code = character.encode(encoding, errors="replace")
        total += _log_p(before, character, after, code, encoding=encoding, language=language)
        n_bytes += len(code)
    return total / n_bytes if n_bytes else _ODD


def _log_p(
    before: str, character: str, after: str, code: bytes, *, encoding: str, language: Language
) -> float:
    if character in (CJK_MARKS if encoding in _FIRST_LEVEL else MARKS):
        is_within = character not in WITHIN_WORDS and before.isalpha() and after.isalpha()
        return _ODD if is_within and encoding not in _FIRST_LEVEL else _MARK
    lower = character if character in language.ranks else character.lower()
    rank = language.ranks.get(lower)
    if rank is None:
        return _unlisted(code, encoding)
    is_capital = lower != character
    if _is_out_of_place(before, after, is_capital=is_capital, language=language):
        return _ODD
    n = len(language.ranks)
    common = -math.log(rank + 2) - math.log(math.log((n + 2) / 2))
    is_beside = not language.is_script and (_is_beyond(before) or _is_beyond(after))
    return common + is_capital * _CAPITAL + is_beside * _IN_A_ROW


def _unlisted(code: bytes, encoding: str) -> float:
    first, last = _FIRST_LEVEL.get(encoding, (0x100, 0))
    if len(code) == 2 and first <= code[0] <= last:  # noqa: PLR2004 - bytes of a character
        return _UNCOMMON
    return _RARE if encoding in _FIRST_LEVEL else _ODD


def _is_out_of_place(before: str, after: str, *, is_capital: bool, language: Language) -> bool:
    if is_capital and before.isalpha() and before.islower():
        return True
    if language.ends_words and after.isalpha():
        return True
    beside = before + after
    return language.is_script and any(c.isascii() and c.isalpha() for c in beside)


def _is_beyond(character: str) -> bool:
    return not character.isascii() and character.isalpha()


def _latin(*letters: str) -> tuple[Language, ...]:
    return tuple(Language(text) for text in letters)


def _script(*letters: str) -> tuple[Language, ...]:
    return tuple(Language(text, is_script=True) for text in letters)


_WEST = (
    *_latin(
        "éèàêçâîôùûïëœ", "äüößé", "áéíóñúü", "ãçéáóíêõúâàô", "åäöé", "øåæé", "éëïöóèü", "áðíþöóæéúý"
    ),
    Language("èàòùìé", ends_words=True),
)
_CENTRAL = _latin(
    "íáěéřýžčšůúďťóň", "áíéčýúžšťľôňďäó", "łęąóżśćńź", "áéőöóüíúű", "ăîşţâșț", "čšžćđ"
)
_BALTIC = _latin("āīšēūņžļķģčō", "ėšžįųčūęą", "äõüöšž")
_TURKISH = _latin("ışüğçöİâ", "əışüğçöİ")
LANGUAGES: dict[str, tuple[Language, ...]] = {
    "cp1252": _WEST,
    "cp1250": _CENTRAL,
    "cp1251": _script(_CYRILLIC, _UKRAINIAN, _BULGARIAN),
    "cp1253": _script(_GREEK),
    "cp1254": _TURKISH,
    "cp1255": _script("יוהלאתמרשבנחעכדםקפצזטגןסךףץ"),
    "cp1256": _script("اليمنتروبةعدسفحكهجشقصخضذزغثطىظئءآأإؤ", "ایندرمهوتبسشکزپگچخقفعلحجطصغذثضظژئآ"),
    "cp1257": _BALTIC,
    "iso8859_2": _CENTRAL,
    "iso8859_5": _script(_CYRILLIC),
    "iso8859_7": _script(_GREEK),
    "koi8_r": _script(_CYRILLIC),
    "koi8_u": _script(_UKRAINIAN),
    "cp866": _script(_CYRILLIC),
    "cp874": _script("านรกอเงมยลวดทสตะปบคหแจพชขไใโซผถธณญฐภศษฟ่้ัีิืึุู์็๊๋ำ"),
    "iso8859_15": (*_WEST, Language("€éœ")),
    "mac_roman": _WEST,
    "cp850": _WEST,
    "big5hkscs": _script(_HAN_TRADITIONAL),
    "gb18030": _script(_HAN_SIMPLIFIED),
    "cp932": _script(_KANA),
    "euc_jp": _script(_KANA),
    "cp949": _script(_HANGUL),
}
"""By encoding; of two that read the same text alike, the first is meant."""

"""What common text looks like in the encodings that came before Unicode.

For each encoding, the languages that are written in it, each by its characters beyond ASCII, the
most frequent first. A reading in a wrong encoding gives characters that its languages do not have,
or has them where they do not stand.
"""

from dataclasses import dataclass
from functools import cached_property

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

"""What a tag says of who speaks: narrators, devices, lyrics, in the languages of the field.

The phrases are data, `tags.tsv`, a line each with its language and its source. Text and phrases
are compared without case, accents, width or punctuation: ``V.O.``, ``V/O`` and ``(v.o.)`` are one.
Columns of the table:

says
    *narration*, *soliloquy*; *device*: a radio, a telephone, which the scene hears; *scene*: off
    screen, in the scene; *sung*; *sign*: written; *person*: may stand beside a narrator's label.
how
    *within* a tag as words; *whole*: the tag, save for persons and numbers; *substring*, for
    scripts without spaces; *capitals*: the last word, in capitals; *possessive*: after a name's
    ``'s``; *bracket*: a bracket's whole content, in a Japanese text; *han*: the last word of a tag
    in a Chinese text; *style*: the name of a style.
"""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Said = Literal["narration", "soliloquy", "device", "scene", "sung"]

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "’": "'", "`": "'", "´": "'"})  # noqa: RUF001
_HAN = re.compile(r"[\u3400-\u9fff]")
_JAPANESE = re.compile(r"[\u3041-\u30ff\uff01-\uff5e]")
_PARTS = re.compile(r"[,;:/、，；|]|\s[-–—]\s")  # noqa: RUF001
_LINKS = {"as", "als", "comme", "como", "come", "jako", "som"}  # codespell:ignore als,som
_LONGEST_TAG = 300
_LONGEST_CONTEXT = 200  # enough to show in which script a text is
# a device takes the voice into the scene, whatever else the tag says of it
_ORDER: tuple[Said, ...] = ("sung", "device", "narration", "soliloquy", "scene")


def said_by_tag(tag: str, *, context: str = "") -> Said | None:
    """Tell what a tag in brackets, a WebVTT voice or an ASS name says.

    `context`: the text around it, for letters that mean one thing in one language only.
    """
    tag, context = tag[:_LONGEST_TAG], context[:_LONGEST_CONTEXT]
    return next((said for said in _ORDER if _says(said, tag, context)), None)


def said_by_name(name: str, *, context: str = "") -> Said | None:
    """Tell what a name before a colon says.

    `name`: A line as far as its colon, which may be the beginning of a sentence; `context`: the
    text around it.
    """
    name, context = name[:_LONGEST_TAG], context[:_LONGEST_CONTEXT]
    words = _words(name)
    is_label = name.isupper() or _is_caseless(name)
    for said in _ORDER:
        if _is_any(words, said, "whole") or _is_any(words, said, "within"):
            return said
        if is_label and _says(said, name, context):
            return said
    return "narration" if re.search(r"\bv\. ?o\.?\s*$|\bV/O\s*$", name, re.IGNORECASE) else None


def is_sign_style(style: str) -> bool:
    """Tell whether an ASS style is of what is written or sung, by its name."""
    words = set(_words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", style)))
    return bool(words & {phrase[0] for phrase in _phrases("sign", "style")})


def _says(said: str, tag: str, context: str) -> bool:
    words = _words(tag)
    if not words:
        return False
    joined = "".join(words)
    return (
        _holds_any(words, said, "within")
        or any(text in joined for text in _substrings(said))
        or _says_as_whole(said, tag)
        or _says_in_letters(said, tag, words, tag + context)
        or (said == "narration" and _is_possessive(tag))
    )


def _says_as_whole(said: str, tag: str) -> bool:
    """Tell a noun that is the tag, a part of it between commas, or its first word."""
    for part in (_words(part) for part in _PARTS.split(tag)):
        starts = [0, *(n + 1 for n, word in enumerate(part) if word in _LINKS)]
        if _is_any(part, said, "whole") or any(
            part[n : n + len(noun)] == noun
            for n in starts
            for noun in _beginning_with(said, "whole", part[n : n + 1])
        ):
            return True
    return False


def _says_in_letters(said: str, tag: str, words: tuple[str, ...], around: str) -> bool:
    """Tell letters that are a word in one language, and a name or another thing in others."""
    original = re.sub(r"\W+$", "", tag).split()
    last = original[-1] if original else ""
    if _HAN.search(around) and any(
        words[-len(p) :] == p or _ends(words[-1], p) for p in _phrases("narration", "han")
    ):
        return said == "narration"
    if _JAPANESE.search(around) and any(words == p for p in _phrases("narration", "bracket")):
        return said == "narration"
    is_capital = unicodedata.normalize("NFKC", last).isupper()
    return is_capital and any(words[-1:] == p for p in _phrases(said, "capitals"))


def _ends(word: str, phrase: tuple[str, ...]) -> bool:
    # 內心OS is written as one word
    return len(phrase) == 1 and word.endswith(phrase[0]) and bool(_HAN.match(word))


def _is_possessive(tag: str) -> bool:
    found = re.fullmatch(
        r"(.{0,80}?)(\S{1,40}?)(?:'s|s')\s+(\S.{0,40})", tag.translate(_LETTERS).lower()
    )
    if found is None or _words(found[3]) not in _phrases("narration", "possessive"):
        return False
    return not set(_words(found[2])) <= {phrase[0] for phrase in _phrases("person", "person")}


def _is_any(words: tuple[str, ...], said: str, how: str) -> bool:
    """Tell whether words are a phrase, save for persons and numbers beside it."""
    persons = {one[0] for one in _phrases("person", "person")}
    for i in range(len(words)):
        for phrase in _beginning_with(said, how, words[i : i + 1]):
            beside = words[:i] + words[i + len(phrase) :]
            if words[i : i + len(phrase)] == phrase and all(
                word in persons or word.isdigit() for word in beside
            ):
                return True
    return False


def _holds_any(words: tuple[str, ...], said: str, how: str) -> bool:
    return any(
        words[i : i + len(phrase)] == phrase
        for i in range(len(words))
        for phrase in _beginning_with(said, how, words[i : i + 1])
    )


def _is_caseless(text: str) -> bool:
    return any(c.isalpha() for c in text) and text.lower() == text.upper()


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Letters without case, accents and width, parted where neither letter nor digit is."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).translate(_LETTERS)
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", plain.replace("'", " "))))


@cache
def _table() -> dict[tuple[str, str], frozenset[tuple[str, ...]]]:
    text = (files(__package__) / "tags.tsv").read_text(encoding="utf-8")
    rows: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        rows.setdefault((row["says"], row["how"]), set()).add(_words(row["phrase"]))
    return {key: frozenset(phrases - {()}) for key, phrases in rows.items()}


def _phrases(said: str, how: str) -> frozenset[tuple[str, ...]]:
    return _table().get((said, how), frozenset())


@cache
def _by_first_word(said: str, how: str) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    firsts: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for phrase in sorted(_phrases(said, how)):
        firsts[phrase[:1]] = (*firsts.get(phrase[:1], ()), phrase)
    return firsts


def _beginning_with(said: str, how: str, word: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return _by_first_word(said, how).get(word, ())


@cache
def _substrings(said: str) -> tuple[str, ...]:
    return tuple(sorted("".join(phrase) for phrase in _phrases(said, "substring")))

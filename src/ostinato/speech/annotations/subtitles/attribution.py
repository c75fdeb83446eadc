"""Who speaks in a cue, by its names, tags, dashes and brackets.

A tag counts from where it stands: in a cue whose second line begins with ``NARRATOR:``, the first
line is still the other's, and has the share of the cue's time that its letters have.

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from ostinato.speech.annotations.subtitles.screen import Fragment, ScreenCue

_BRACKETED = re.compile(
    r"[(\[（【［〔＜〈]([^()\[\]（）【】［］〔〕＜＞〈〉\n]{0,160})[)\]）】］〕＞〉]"  # noqa: RUF001
)
_TURN = re.compile(r"^\s{0,20}(?:>>+|[-–—‐－])\s{0,20}(?=\S)")  # noqa: RUF001
_NAME = re.compile(r"^\s{0,20}([^\W\d_][^:：\n]{0,60}?)\s{0,5}[:：](?!\d)")  # noqa: RUF001
_HASHED = re.compile(r"^\s*#.*#\s*$", re.DOTALL)
_NOTES = re.compile(r"[♪♫♬♩]")
_STARS = re.compile(r"^\s{0,20}\*([^*\n]{1,60})\*")
_LONGEST_HEADING = 30
_MOST_WORDS_OF_NAME = 3
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one speaker says in a cue.

    `said` is what tags and names say of the speaker. `is_named` is whether the part begins with a
    name, in capitals before a colon or in brackets; `is_capitals` whether all of it is in capitals.
    `starts_speaker` is whether somebody begins to speak, as a dash, a name or another voice says;
    `may_start` whether a bracket might be another's name.
    """

    start_s: float
    end_s: float
    said: Said | None
    is_spoken: bool
    is_italic: bool
    is_named: bool
    is_name_in_capitals: bool
    is_dialogue: bool
    is_capitals: bool
    starts_speaker: bool
    may_start: bool


@dataclass(slots=True)
class _Line:
    text: str
    n_italic: int
    speaker: str


def parts_of(cue: ScreenCue, *, min_italic_share: float) -> tuple[Part, ...]:
    """Part a cue by who speaks.

    `min_italic_share`: share of the letters that must be italic before a part is in italics.
    """
    groups = _grouped(_lines(cue.fragments))
    total = sum(_n_signs(group) for group in groups)
    if total == 0:
        return ()
    n_turns = sum(_TURN.match(group[0].text) is not None for group in groups)
    out, position = [], 0
    for group in groups:
        n = _n_signs(group)
        bounds_s = [
            cue.start_s + share / total * (cue.end_s - cue.start_s)
            for share in (position, position + n)
        ]
        position += n
        if bounds_s[1] > bounds_s[0]:
            part = _part(group, bounds_s, cue.style, n_turns=n_turns, share=min_italic_share)
            out.append(part)
    return tuple(out)


def _lines(fragments: Sequence[Fragment]) -> list[_Line]:
    """Lines with their italic letters; another voice begins another line."""
    lines: list[_Line] = []
    is_open = False
    for fragment in fragments:
        for number, text in enumerate(fragment.text.split("\n")):
            if number or not is_open or lines[-1].speaker != fragment.speaker:
                lines.append(_Line("", 0, fragment.speaker))
            is_open = True
            lines[-1].text += text
            lines[-1].n_italic += _n_letters(text) if fragment.is_italic else 0
    return [line for line in lines if line.text.strip()]


def _grouped(lines: list[_Line]) -> list[list[_Line]]:
    """Join each line to the one before, unless somebody else begins with it."""
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and not _begins(line, groups[-1][-1]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _begins(line: _Line, before: _Line) -> bool:
    if line.speaker != before.speaker or _TURN.match(line.text):
        return True
    if _named(line.text) is not None:
        return True
    head = _BRACKETED.match(line.text.lstrip())
    if head is None:
        return False
    # a tag that stands between two lines speaks of the second
    return said_by_tag(head[1], context=line.text) is not None or _may_be_name(head[1])


def _part(
    group: list[_Line], bounds_s: list[float], style: str, *, n_turns: int, share: float
) -> Part:
    text = "\n".join(line.text for line in group)
    body = _TURN.sub("", text)
    outside = _BRACKETED.sub(" ", body)
    name = _named(text)
    said = _said(body, name, (group[0].speaker, style))
    is_italic = 0 < share * _n_letters(text) <= sum(line.n_italic for line in group)
    is_capital_name = name is not None and name.isupper() and _n_letters(name) > 1
    head = _BRACKETED.match(body.lstrip())
    may_be_name = head is not None and _may_be_name(head[1]) and any(map(str.isalnum, outside))
    is_turn = _TURN.match(text) is not None
    return Part(
        start_s=bounds_s[0],
        end_s=bounds_s[1],
        said=said,
        is_spoken=_is_spoken(text, outside, said) and not is_sign_style(style),
        is_italic=is_italic,
        is_named=is_capital_name or may_be_name,
        is_name_in_capitals=is_capital_name,
        is_dialogue=is_capital_name or (is_turn and n_turns > 1),
        is_capitals=name is None and outside.isupper(),
        starts_speaker=is_turn or is_capital_name,
        may_start=may_be_name,
    )


def _is_spoken(text: str, outside: str, said: Said | None) -> bool:
    if said == "sung" or _NOTES.search(text) or _HASHED.match(text):
        return False
    return any(c.isalnum() for c in outside)


def _said(body: str, name: str | None, beside: tuple[str, ...]) -> Said | None:
    """Return what is said in so many words, the scene's devices before all."""
    found = {said_by_tag(tag, context=body) for tag in _tags(body, name)}
    if name is not None:
        found.add(said_by_name(_BRACKETED.sub(" ", name).strip(), context=body))
    else:
        found.add(_said_by_heading(body))
    found |= {said_by_tag(text, context=body) for text in beside if text}
    order: tuple[Said, ...] = ("sung", "device", "narration", "soliloquy", "scene")
    return next((said for said in order if said in found), None)


def _tags(body: str, name: str | None) -> Iterator[str]:
    for bracket in _BRACKETED.finditer(body):
        yield bracket[1].strip()
    if (stars := _STARS.match(body)) is not None:
        yield stars[1]
    if name is not None and _BRACKETED.search(name):
        yield _BRACKETED.sub(lambda found: f" {found[1]} ", name)


def _said_by_heading(body: str) -> Said | None:
    """Return what a first line in capitals says that is a tag without brackets or colon."""
    first, _, rest = body.strip().partition("\n")
    if not rest.strip() or not first.isupper() or len(first) > _LONGEST_HEADING:
        return None
    said = said_by_name(first.strip())
    return said if said == "narration" else None


def _named(text: str) -> str | None:
    """Return what stands before a colon at the head of a line, without brackets around it."""
    body = _TURN.sub("", text.partition("\n")[0])
    rest = body
    # (V.O.) JONAS: and [Jonas] (V.O.):
    for _ in range(2):
        head = _BRACKETED.match(rest.lstrip())
        if head is None:
            break
        rest = rest.lstrip()[head.end() :]
    found = _NAME.match(rest[:100])
    if found is None:
        return None
    name = found[1].strip()
    plain = _BRACKETED.sub(" ", name).strip()
    is_name = plain.isupper() or said_by_name(plain, context=text) is not None
    return name if is_name or _BRACKETED.search(name) else None


def _may_be_name(tag: str) -> bool:
    """Tell whether a bracket may hold a name: it begins with a capital, and is short."""
    tag = tag.strip()
    return bool(tag) and tag[0].isupper() and len(tag.split()) <= _MOST_WORDS_OF_NAME


def _n_signs(group: Sequence[_Line]) -> int:
    return sum(len(line.text.strip()) for line in group)


def _n_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


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

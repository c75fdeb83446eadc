"""The lines of a cue are parted by who speaks: names, tags, dashes and brackets.

A tag counts from where it stands: in a cue whose second line begins with ``NARRATOR:``, the first
line is still the other's, and has the share of the cue's time that its letters have.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostinato.speech.annotations.subtitles.screen import Fragment, ScreenCue
from ostinato.speech.annotations.subtitles.tags import (
    Said,
    is_sign_style,
    said_by_name,
    said_by_tag,
)

_BRACKETED = re.compile(
    r"[(\[（【［〔＜〈]([^()\[\]（）【】［］〔〕＜＞〈〉\n]{0,160})[)\]）】］〕＞〉]"  # noqa: RUF001
)
_TURN = re.compile(r"^\s{0,20}(?:>>+|[-–—‐－])\s{0,20}(?=\S)")  # noqa: RUF001
_NAME = re.compile(r"^\s{0,20}([^\W\d_][^:：\n]{0,60}?)\s{0,5}[:：](?!\d)")  # noqa: RUF001
_HASHED = re.compile(r"^\s*#.*#\s*$", re.DOTALL)
_NOTES = re.compile(r"[♪♫♬♩]")
_STARS = re.compile(r"^\s{0,20}\*([^*\n]{1,60})\*")


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


_LONGEST_HEADING = 30


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


_MOST_WORDS_OF_NAME = 3


def _n_signs(group: Sequence[_Line]) -> int:
    return sum(len(line.text.strip()) for line in group)


def _n_letters(text: str) -> int:
    return sum(map(str.isalpha, text))

"""Subtitles: what their typography and tags give away about who speaks.

Marks of narration: most letters of a cue italic, by tag or by style; a tag such as ``(V.O.)`` or
``[narrating]``; a speaker called NARRATOR or VOICEOVER, before a colon, in a WebVTT voice, or as an
ASS style or name. Mark of soliloquy: ``(to himself)`` and its like. Marks of dialogue: two lines
that begin with a dash; a NAME in capitals before a colon.

- ``(O.S.)``, ``(on phone)``, ``[on TV]`` place a voice in the scene: italics of that cue then say
  nothing.
- A tag outweighs typography. Italics together with a mark of dialogue decide nothing.
- Where nearly all cues are italic, italics are the typeface and say nothing.
- Where the file marks narration at all, its plain cues are dialogue; where it marks none, they
  decide nothing.
- Lyrics (between ♪ or #, or tagged as sung) and descriptions of sounds are nobody's speech and
  decide nothing. Nor does a cue that ends when it starts.
"""

import html
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pysubs2
from pysubs2.formats.substation import parse_tags

from ostinato.errors import StudyError
from ostinato.results import LabelKind
from ostinato.speech.annotations.annotation import Annotation, Mark
from ostinato.speech.annotations.encoding import read_text
from ostinato.speech.parameters import SpeechParameters
from ostinato.timeline import Interval

_FORMATS = {"srt", "vtt", "ass", "ssa"}
_NARRATOR = (
    r"(?:narrat(?:or|ion|ing|es)\b|narrador|narrateur|erzähler|voice[- ]?over\b|voix off"
    r"|\bv\. ?o\.|\bvo\b|旁白|[画畫]外音|[独獨]白)"
)
_BRACKETED = re.compile(r"[(\[（【［]([^)\]）】］]*)[)\]）】］]")  # noqa: RUF001
_IS_NARRATION = re.compile(_NARRATOR, re.IGNORECASE)
_IS_SOLILOQUY = re.compile(r"\bto (?:him|her|my|them)?sel(?:f|ves)\b|自言自[语語]", re.IGNORECASE)
_IS_IN_SCENE = re.compile(
    r"\bo\. ?s\.|\boff[- ]?(?:screen|camera)\b"
    r"|\b(?:on|over|through|from|via) (?:the |a )?"
    r"(?:tele)?(?:phone|tv|television|radio|speakers?|pa|intercom|loudspeakers?|tape|recording)\b",
    re.IGNORECASE,
)
_IS_SUNG = re.compile(
    r"[♪♫]|^\s*#.*#\s*$|[(\[]\s*(?:\w+ )?(?:singing|sings|vocali[sz]ing|humming|hums)\b",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_SPEAKER = re.compile(r"^\s*[-–—‐－]?\s*([^\W\d_][^:：\n]{0,30}?)\s*[:：]")  # noqa: RUF001
_IS_NAMED = re.compile(r"^\s*[-–—‐－]?\s*[(\[（【［][^\W\da-z_][^\W\da-z_. ]*[)\]）】］]\s*\w")  # noqa: RUF001
_DASHED = re.compile(r"^\s*[-–—‐－]\s*\S", re.MULTILINE)  # noqa: RUF001
_VOICE = re.compile(r"<v[. ]([^>]*)>")


@dataclass(frozen=True, slots=True)
class _Cue:
    interval: Interval
    mark: Mark
    is_tagged: bool
    is_named: bool


def read_subtitles(path: Path, *, parameters: SpeechParameters) -> tuple[Annotation, ...]:
    """Read which stretches of film the subtitles mark as narration or dialogue.

    Parameters
    ----------
    path : pathlib.Path
        SubRip, WebVTT, ASS or SSA, told by its content.
    parameters : SpeechParameters
        Its shares of italics are used.

    Returns
    -------
    tuple of Annotation
        One for each cue, in film order, source "subtitles"; kind None where nothing is decided.

    Raises
    ------
    StudyError
        If the file cannot be read, is in another format, or holds no cue.
    """
    events = _events(Path(path))
    cues = [cue for event, styles in events if (cue := _cue(event, styles, parameters)) is not None]
    if not cues:
        raise StudyError(str(path), "it holds no cue", "Give subtitles with times and text")
    kinds = _kinds(cues, parameters)
    annotations = (
        Annotation(
            interval=cue.interval,
            kind=kinds[cue.mark],
            source="subtitles",
            mark=cue.mark,
            is_named=cue.is_named,
        )
        for cue in cues
    )
    return tuple(sorted(annotations, key=lambda a: (a.interval, a.kind or "")))


def _events(path: Path) -> list[tuple[pysubs2.SSAEvent, dict[str, pysubs2.SSAStyle]]]:
    # pysubs2 knows italics only as a bare, lower-case tag
    text = re.sub(r"<\s*(/?)\s*i\b[^>]*>", r"<\1i>", read_text(path), flags=re.IGNORECASE)
    try:
        with warnings.catch_warnings():
            # of margins and colours, which say nothing of who speaks
            warnings.simplefilter("ignore", RuntimeWarning)
            subtitles = pysubs2.SSAFile.from_string(text, keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, LookupError) as error:
        raise _foreign(path) from error
    if subtitles.format not in _FORMATS:
        raise _foreign(path)
    return [(event, subtitles.styles) for event in subtitles if event.is_text]


def _foreign(path: Path) -> StudyError:
    return StudyError(
        str(path), "it is not SubRip, WebVTT, ASS or SSA", "Convert it to .srt, .vtt or .ass"
    )


def _cue(
    event: pysubs2.SSAEvent, styles: dict[str, pysubs2.SSAStyle], parameters: SpeechParameters
) -> _Cue | None:
    # a blank line ends a cue; pysubs2 lets the next cue's name or note follow it
    text = event.text.split(r"\N\N")[0]
    style = styles.get(event.style, pysubs2.SSAStyle.DEFAULT_STYLE)
    fragments = [(_plain(part), s.italic) for part, s in parse_tags(text, style, styles)]
    words = "".join(part for part, _ in fragments).strip()
    if event.end <= event.start or event.start < 0 or not words:
        return None
    # ASS names the speaker beside the text, WebVTT in a tag around it
    speakers = " ".join((event.name, event.style, *_VOICE.findall(text)))
    tag = _tag(words, speakers)
    return _Cue(
        interval=Interval(event.start / 1000, event.end / 1000),
        mark=tag or _typography(fragments, words, parameters),
        is_tagged=tag is not None,
        is_named=_IS_NAMED.match(words) is not None or _is_name(words),
    )


def _plain(part: str) -> str:
    text = part.replace(r"\N", "\n").replace(r"\n", "\n").replace(r"\h", " ")
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def _tag(words: str, speakers: str) -> Mark | None:
    """Return what is said in so many words, before typography is asked."""
    tags = " | ".join((*_BRACKETED.findall(words), speakers))
    speaker = found[1] if (found := _SPEAKER.match(words)) else ""
    marks: tuple[tuple[bool, Mark], ...] = (
        (_IS_SUNG.search(words) is not None, "nothing"),
        (not any(c.isalnum() for c in _BRACKETED.sub("", words)), "nothing"),
        (_IS_NARRATION.search(f"{tags} | {speaker}") is not None, "narration"),
        (_IS_SOLILOQUY.search(tags) is not None, "soliloquy"),
        (_IS_IN_SCENE.search(f"{tags} | {speaker}") is not None, "plain"),
    )
    return next((mark for is_so, mark in marks if is_so), None)


def _typography(
    fragments: Sequence[tuple[str, bool]], words: str, parameters: SpeechParameters
) -> Mark:
    n_italic = sum(_n_letters(part) for part, is_italic in fragments if is_italic)
    is_italic = n_italic > 0 and n_italic >= parameters.min_italic_share * _n_letters(words)
    is_dialogue = _is_name(words) or len(_DASHED.findall(words)) > 1
    if is_italic:
        return "nothing" if is_dialogue else "italic"
    return "dialogue" if is_dialogue else "plain"


def _is_name(words: str) -> bool:
    speaker = found[1] if (found := _SPEAKER.match(words)) else ""
    return speaker.isupper() and _n_letters(speaker) > 1


def _n_letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _kinds(cues: Sequence[_Cue], parameters: SpeechParameters) -> dict[Mark, LabelKind | None]:
    spoken = [cue for cue in cues if cue.mark != "nothing"]
    share = sum(cue.mark == "italic" for cue in spoken) / len(spoken) if spoken else 0.0
    is_typeface = share > parameters.max_italic_cues
    is_convention = (not is_typeface and share > 0 and share >= parameters.min_italic_cues) or any(
        cue.is_tagged and cue.mark == "narration" for cue in spoken
    )
    plain: LabelKind | None = "dialogue" if is_convention else None
    return {
        "narration": "narration",
        "soliloquy": "soliloquy",
        "dialogue": "dialogue",
        "italic": plain if is_typeface else "narration",
        "plain": plain,
        "nothing": None,
    }

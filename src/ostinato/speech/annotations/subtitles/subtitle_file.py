"""A subtitle file becomes cues, and what these give away about who speaks.

- A tag decides: ``(V.O.)``, ``NARRATOR:``, a WebVTT voice, an ASS style or name (`tags`). It holds
  on for the cues without a tag that follow, until another speaker or a pause; unless the file sets
  the tag on each cue anew.
- A device (*voice over radio*, *on TV*) is heard in the scene, and dialogue. So is what two dashes
  or a NAME before a colon mark.
- Where the file marks narration by tags often enough, its plain cues are dialogue; where it does
  not, they decide nothing. Nor do those that follow a narrator's after a pause.
- Italics are evidence and decide nothing: guides ask for them for voice-over, and for lyrics,
  telephones, foreign words and titles too. Only where the study says that they are narration, and
  where not nearly all of the file is italic, they are.
- Lyrics, signs and descriptions of sounds are nobody's speech and decide nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.results import LabelKind
from ostinato.speech.annotations.encoding import read_bytes, read_text
from ostinato.speech.annotations.subtitles.attribution import Part, parts_of
from ostinato.speech.annotations.subtitles.cue_formats import (
    MEND_FORMAT,
    MICRODVD,
    MPL2,
    has_times,
    is_sbv,
    read_ass,
    read_microdvd,
    read_mpl2,
    read_sami,
    read_sbv,
    read_srt,
    read_ttml,
    read_vtt,
)
from ostinato.speech.annotations.subtitles.screen import Screen, ScreenCue, without_directions
from ostinato.speech.annotations.tiers import Annotation, Mark
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.timeline import Interval

_LONGEST_CUE = 5000  # characters: more fill no screen
_SAID: dict[str | None, Mark] = {
    "narration": "narration",
    "soliloquy": "soliloquy",
    "device": "dialogue",
    "scene": "plain",
}
_LEAST_AGAIN = 2  # two in a row may be two narrators, or a narrator after a pause
FORMATS = "SubRip, WebVTT, ASS, SSA, TTML, SAMI, SBV, MicroDVD or MPL2"
_PICTURES = {b"\x00\x00\x01\xba": "VobSub", b"# VobSub"[:4]: "VobSub", b"PG": "PGS"}
_LYRICS = re.compile(
    r"\[(?:\d{1,3}:\d{2}(?:[.:]\d{1,3})?|(?:ti|ar|al|by|offset|re|ve):[^\[\]]*)\].*"
)
_MOST_QUOTED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleFile:
    """What a subtitle file says, and how much of it was understood.

    `cues` are in the order of time, several of one cue on screen where several speak in it.
    `n_cues` stand on screen; `n_tagged` of them are narration or soliloquy by tag, including those
    on which a tag holds on; `n_italic` are in italics; `n_unspoken` are lyrics, signs and sounds.
    `n_skipped` could not be read, the first of them at line `skipped_line`.
    """

    format: str
    cues: tuple[Annotation, ...]
    n_cues: int
    n_tagged: int
    n_italic: int
    n_unspoken: int
    n_skipped: int
    skipped_line: int | None


def read_subtitles(path: Path, *, parameters: SpeechParameters) -> tuple[Annotation, ...]:
    """Read which stretches of film the subtitles mark as narration or dialogue.

    Parameters
    ----------
    path : pathlib.Path
        A subtitle file, told by its content.
    parameters : SpeechParameters
        Shares, pauses, and what italics mean.

    Returns
    -------
    tuple of Annotation
        One for each speaker in each cue, in film order, source "subtitles"; kind None where nothing
        is decided.

    Raises
    ------
    StudyError
        If the file cannot be read, is in another format, or holds no cue.
    """
    return read_subtitle_file(path, parameters=parameters).cues


def read_subtitle_file(path: Path, *, parameters: SpeechParameters) -> SubtitleFile:
    """Read a subtitle file, and count what was understood of it.

    Parameters
    ----------
    path : pathlib.Path
        A subtitle file, told by its content.
    parameters : SpeechParameters
        Shares, pauses, and what italics mean.

    Returns
    -------
    SubtitleFile
        Its cues and their number.

    Raises
    ------
    StudyError
        If the file cannot be read, is in another format, or holds no cue.
    """
    path = Path(path)
    screen = read_screen(path)
    shown = sorted(
        (cue for cue in screen.cues if cue.end_s > max(cue.start_s, 0.0)),
        key=lambda cue: (cue.start_s, cue.end_s),
    )
    in_parts = (
        parts_of(_beginning(cue), min_italic_share=parameters.min_italic_share) for cue in shown
    )
    by_cue = [one for one in in_parts if one]
    if not by_cue:
        raise StudyError(str(path), "it holds no cue", "Give subtitles with times and text")
    parts = list(chain.from_iterable(by_cue))
    marks = _marks(parts, parameters)
    kinds = _kinds(parts, marks, parameters)
    annotations = tuple(
        Annotation(
            interval=Interval(max(0.0, part.start_s), part.end_s),
            kind=kind,
            source="subtitles",
            mark=mark,
            is_named=part.is_named,
        )
        for part, mark, kind in zip(parts, marks, kinds, strict=True)
        if part.end_s > 0
    )
    counted = _by_cue(by_cue, marks)
    return SubtitleFile(
        format=screen.format,
        cues=tuple(sorted(annotations, key=lambda a: (a.interval, a.kind or ""))),
        n_cues=len(by_cue),
        n_tagged=sum(bool({"narration", "soliloquy"} & set(own)) for own in counted),
        n_italic=sum(any(part.is_italic for part in one) for one in by_cue),
        n_unspoken=sum(set(own) == {"nothing"} for own in counted),
        n_skipped=screen.n_skipped + len(screen.cues) - len(shown),
        skipped_line=screen.skipped_line,
    )


def _beginning(cue: ScreenCue) -> ScreenCue:
    """Return as much of a cue as is read."""
    n_left = _LONGEST_CUE
    fragments = []
    for fragment in cue.fragments:
        if n_left <= 0:
            break
        fragments.append(replace(fragment, text=fragment.text[:n_left]))
        n_left -= len(fragment.text)
    return replace(cue, fragments=tuple(fragments))


def _by_cue(by_cue: Sequence[Sequence[Part]], marks: Sequence[Mark]) -> list[list[Mark]]:
    rest = iter(marks)
    return [[next(rest) for _ in parts] for parts in by_cue]


def _marks(parts: Sequence[Part], parameters: SpeechParameters) -> list[Mark]:
    """Tell what each part shows, tags holding on."""
    is_shouting = sum(part.is_capitals for part in parts) > len(parts) / 2
    own = [_own_mark(part, is_shouting=is_shouting) for part in parts]
    if _is_set_anew(parts, own, parameters):
        return own
    carrier: Part | None = None
    last_s = 0.0
    marks = list(own)
    for n, (part, mark) in enumerate(zip(parts, own, strict=True)):
        if mark == "nothing":
            continue
        if mark == "narration":
            carrier = part
        elif carrier is not None and _holds_on(carrier, part, mark, last_s, parameters):
            marks[n] = "narration"
        else:
            carrier = None
        last_s = max(last_s, part.end_s)
    return marks


def _own_mark(part: Part, *, is_shouting: bool) -> Mark:
    if not part.is_spoken or (part.is_capitals and not is_shouting and part.said is None):
        return "nothing"
    if part.said in _SAID:
        return _SAID[part.said]
    if part.is_italic:
        return "nothing" if part.is_dialogue else "italic"
    return "dialogue" if part.is_dialogue else "plain"


def _is_set_anew(parts: Sequence[Part], own: Sequence[Mark], parameters: SpeechParameters) -> bool:
    """Tell whether the file sets its tag on each cue: then cues without it are not narration."""
    spoken = [(part, mark) for part, mark in zip(parts, own, strict=True) if mark != "nothing"]
    n_again = n_followed = 0
    for (part, mark), (following, next_mark) in pairwise(spoken):
        if mark == "narration" and following.start_s - part.end_s < parameters.tag_pause_s:
            n_followed += 1
            n_again += next_mark == "narration"
    return n_again >= _LEAST_AGAIN and 2 * n_again > n_followed


def _holds_on(
    carrier: Part, part: Part, mark: Mark, last_s: float, parameters: SpeechParameters
) -> bool:
    if mark in {"soliloquy", "dialogue"} or part.said is not None:
        return False
    if part.starts_speaker or part.may_start or part.is_italic != carrier.is_italic:
        return False
    return part.start_s - last_s < parameters.tag_pause_s


def _kinds(
    parts: Sequence[Part], marks: Sequence[Mark], parameters: SpeechParameters
) -> list[LabelKind | None]:
    spoken = [(part, mark) for part, mark in zip(parts, marks, strict=True) if mark != "nothing"]
    share = sum(mark == "italic" for _, mark in spoken) / len(spoken) if spoken else 0.0
    is_typeface = share > parameters.max_italic_cues
    takes_italics = parameters.italics == "narration" and not is_typeface
    n_tags = sum(part.said == "narration" for part, mark in spoken if mark == "narration")
    is_convention = (takes_italics and share > 0 and share >= parameters.min_italic_cues) or (
        n_tags >= parameters.min_tags and n_tags >= parameters.min_tagged_cues * len(spoken)
    )
    plain: LabelKind | None = "dialogue" if is_convention else None
    italic: LabelKind | None = "narration" if takes_italics else None
    if parameters.italics == "narration" and is_typeface:
        italic = plain
    by_mark: dict[Mark, LabelKind | None] = {
        "narration": "narration",
        "soliloquy": "soliloquy",
        "dialogue": "dialogue",
        "italic": italic,
        "plain": plain,
        "nothing": None,
    }
    doubtful = _doubtful(parts, marks, parameters)
    return [
        None if is_doubtful else by_mark[mark]
        for mark, is_doubtful in zip(marks, doubtful, strict=True)
    ]


def _doubtful(
    parts: Sequence[Part], marks: Sequence[Mark], parameters: SpeechParameters
) -> list[bool]:
    """Mark plain cues that follow a narrator's after a pause: the narrator may have gone on."""
    if _is_set_anew(parts, marks, parameters) and not _is_carried(parts, marks):
        return [False] * len(parts)
    out = []
    is_open = False
    last_s = 0.0
    for part, mark in zip(parts, marks, strict=True):
        if mark == "nothing":
            out.append(False)
            continue
        paused_s = part.start_s - last_s
        if mark == "narration":
            is_open = True
        elif (
            part.starts_speaker
            or mark != "plain"
            or paused_s >= parameters.scene_pause_s
            or (part.may_start and not part.is_capitals)
        ):
            is_open = False
        out.append(is_open and mark == "plain")
        last_s = max(last_s, part.end_s)
    return out


def _is_carried(parts: Sequence[Part], marks: Sequence[Mark]) -> bool:
    return any(
        mark == "narration" and part.said != "narration"
        for part, mark in zip(parts, marks, strict=True)
    )


def read_screen(path: Path) -> Screen:
    """Read what a subtitle file puts on screen.

    Raises StudyError if it cannot be read, is in another format, or holds no time.
    """
    _refuse_pictures(path)
    lines = [without_directions(line) for line in read_text(path).split("\n")]
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise StudyError(str(path), "it is empty", "Give subtitles with times and text")
    read = _reader(lines, first)
    if read is None:
        raise _foreign(path, lines, first)
    screen = read(path, lines[first:] if read is read_vtt else lines)
    if not screen.cues and screen.skipped_line is not None:
        line = lines[screen.skipped_line - 1 + (first if read is read_vtt else 0)].strip()
        raise StudyError(
            f"{path}, line {screen.skipped_line}",
            f"{line[:_MOST_QUOTED]!r} is no time of a cue, nor is any other",
            "Write times as 00:00:01,000 --> 00:00:02,000",
        )
    return screen


def _refuse_pictures(path: Path) -> None:
    head = read_bytes(path)[:4]
    for magic, name in _PICTURES.items():
        if head.startswith(magic):
            raise StudyError(
                str(path),
                f"it holds pictures of subtitles ({name}), and no text",
                "Turn it into text with a program such as Subtitle Edit, and give the .srt",
            )


def _reader(lines: list[str], first: int) -> Callable[[Path, list[str]], Screen] | None:
    line = lines[first].strip()
    low = line[:1000].lower()
    begins: tuple[tuple[bool, Callable[[Path, list[str]], Screen]], ...] = (
        (low.startswith("webvtt"), read_vtt),
        (low.startswith("[script info]"), read_ass),
        (MICRODVD.fullmatch(line) is not None, read_microdvd),
        (MPL2.fullmatch(line) is not None, read_mpl2),
        ("<sami" in low, read_sami),
        (low.startswith(("<?xml", "<tt", "<tt:")), read_ttml),
        (any(one.strip().lower() == "[events]" for one in lines), read_ass),
        (any(map(is_sbv, lines[first : first + 40])), read_sbv),
        (any(map(has_times, lines)), read_srt),
    )
    return next((read for is_so, read in begins if is_so), None)


def _foreign(path: Path, lines: list[str], first: int) -> StudyError:
    line = lines[first].strip()
    where = f"{path}, line {first + 1}"
    if _LYRICS.fullmatch(line[:1000]):
        return StudyError(
            where, "it is a file of lyrics (LRC), which are nobody's speech", "Give subtitles"
        )
    quoted = line[:_MOST_QUOTED] + (" …" if len(line) > _MOST_QUOTED else "")
    return StudyError(where, f"it is not {FORMATS} ({quoted!r})", MEND_FORMAT)

"""Which format a subtitle file is in, told by its content."""

import re
from collections.abc import Callable
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.encoding import read_bytes, read_text
from ostinato.speech.annotations.subtitles.other_formats import (
    MICRODVD,
    MPL2,
    read_ass,
    read_microdvd,
    read_mpl2,
    read_sami,
    read_ttml,
)
from ostinato.speech.annotations.subtitles.screen import Screen, without_directions
from ostinato.speech.annotations.subtitles.timed_text import (
    has_times,
    is_sbv,
    read_sbv,
    read_srt,
    read_vtt,
)

FORMATS = "SubRip, WebVTT, ASS, SSA, TTML, SAMI, SBV, MicroDVD or MPL2"
_PICTURES = {b"\x00\x00\x01\xba": "VobSub", b"# VobSub"[:4]: "VobSub", b"PG": "PGS"}
_LYRICS = re.compile(
    r"\[(?:\d{1,3}:\d{2}(?:[.:]\d{1,3})?|(?:ti|ar|al|by|offset|re|ve):[^\[\]]*)\].*"
)
_MEND = "Convert it to .srt, .vtt or .ass"
_MOST_QUOTED = 40


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
    return StudyError(where, f"it is not {FORMATS} ({quoted!r})", _MEND)

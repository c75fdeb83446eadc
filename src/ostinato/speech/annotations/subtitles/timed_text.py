"""Cues of SubRip, WebVTT, SubViewer and YouTube's SBV: lines of times, and text below them.

SubRip is read as players read it: text runs on to the next line of times, whatever blank lines lie
between. In WebVTT a blank line ends a cue. Times may lack milliseconds or have them after a point
or a colon; digits after it are a decimal fraction. Two digits after a colon are frames, of a rate
that the file does not say.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.subtitles.screen import Screen, ScreenCue, fragments_of

_ARROW = re.compile(r"-{1,3}>")
_TIME = r"(-?)(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:([.,:])(\d{1,9}))?"
_SRT_TIMES = re.compile(rf"{_TIME}-{{1,3}}>{_TIME}(?:[XxYy]\d.*|)")
_VTT_TIME = r"()(?:(\d{1,4}):)?([0-5]\d|\d(?=:\d\d[.,])):([0-5]\d)(?:([.,])(\d{3}))"
_VTT_TIMES = re.compile(rf"{_VTT_TIME}\s*-->\s*{_VTT_TIME}(?:\s.*|)")
_SBV_TIMES = re.compile(rf"{_TIME},{_TIME}")
_N_GROUPS = 6


def read_srt(path: Path, lines: list[str]) -> Screen:
    """Read SubRip.

    Raises StudyError if times count frames.
    """
    heads = [number for number, line in enumerate(lines) if _is_srt_head(line)]
    cues, skipped = [], []
    for head, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        found = _SRT_TIMES.fullmatch(re.sub(r"\s", "", lines[head][:200]))
        if found is None:
            skipped.append(head + 1)
            continue
        bounds_s = _bounds_s(path, head + 1, found)
        text = _without_number(lines[head + 1 : following], is_last=following == len(lines))
        cues.append(_cue(bounds_s, "\n".join(text)))
    return _screen("SubRip", cues, skipped)


def read_vtt(path: Path, lines: list[str]) -> Screen:
    """Read WebVTT."""
    cues, skipped = [], []
    for number, line in enumerate(lines):
        if "-->" not in line or number == 0:
            continue
        found = _VTT_TIMES.fullmatch(line.strip())
        if found is None:
            skipped.append(number + 1)
            continue
        cues.append(_cue(_bounds_s(path, number + 1, found), "\n".join(_block(lines, number + 1))))
    return _screen("WebVTT", cues, skipped)


def read_sbv(path: Path, lines: list[str]) -> Screen:
    """Read YouTube's SBV, or SubViewer, which differs in its line breaks.

    Raises StudyError if times count frames.
    """
    cues = []
    for number, line in enumerate(lines):
        found = _SBV_TIMES.fullmatch(line.strip())
        if found is not None:
            text = "\n".join(_block(lines, number + 1))
            cues.append(_cue(_bounds_s(path, number + 1, found), text))
    return _screen("SBV", cues, [])


def is_sbv(line: str) -> bool:
    """Tell a line of SBV's times."""
    return _SBV_TIMES.fullmatch(line.strip()[:100]) is not None


def has_times(line: str) -> bool:
    """Tell a line that is meant for the times of a cue."""
    return _is_srt_head(line)


def _is_srt_head(line: str) -> bool:
    found = _ARROW.search(line[:200])
    return found is not None and ":" in line[: found.start()] and ":" in line[found.end() : 200]


def _without_number(text: list[str], *, is_last: bool) -> list[str]:
    """Leave out the number of the next cue, and the blank lines around it."""
    text = [line.strip() for line in text]
    if is_last:
        return text
    while text and not text[-1]:
        text.pop()
    if text and re.fullmatch(r"\d{1,9}", text[-1]):
        text.pop()
    return text


def _block(lines: list[str], first: int) -> Iterator[str]:
    """Lines to the next blank one; where the first is blank, those behind it."""
    if first < len(lines) and not lines[first].strip():
        following = lines[first + 1 : first + 3]
        if any("-->" in line or is_sbv(line) for line in following):
            return
        if following and following[0].startswith(("NOTE", "STYLE", "REGION")):
            return
        first += 1
    for line in lines[first:]:
        if not line.strip() or "-->" in line:
            return
        yield line.strip()


def _bounds_s(path: Path, number: int, found: re.Match[str]) -> tuple[float, float]:
    groups = found.groups()
    starts, ends = groups[:_N_GROUPS], groups[_N_GROUPS : 2 * _N_GROUPS]
    return _seconds(path, number, starts), _seconds(path, number, ends)


def _seconds(path: Path, number: int, groups: tuple[str | None, ...]) -> float:
    sign, hours, minutes, seconds, mark, fraction = groups
    if mark == ":" and fraction is not None and len(fraction) < len("000"):
        raise StudyError(
            f"{path}, line {number}",
            "its times count frames, and the file does not say how many make a second",
            "Save it with milliseconds (hh:mm:ss,mmm) in the program that wrote it",
        )
    whole_s = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    time_s = whole_s + (float(f"0.{fraction}") if fraction else 0.0)
    return -time_s if sign else time_s


def _cue(bounds_s: tuple[float, float], text: str) -> ScreenCue:
    return ScreenCue(start_s=bounds_s[0], end_s=bounds_s[1], fragments=fragments_of(text))


def _screen(name: str, cues: list[ScreenCue], skipped: list[int]) -> Screen:
    return Screen(
        format=name,
        cues=tuple(cues),
        n_skipped=len(skipped),
        skipped_line=skipped[0] if skipped else None,
    )

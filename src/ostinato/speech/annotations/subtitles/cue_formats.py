"""Cues of each subtitle format: lines of times with text, and the others.

SubRip is read as players read it: text runs on to the next line of times, whatever blank lines lie
between. In WebVTT a blank line ends a cue. Times may lack milliseconds or have them after a point
or a colon; digits after it are a decimal fraction. Two digits after a colon are frames, of a rate
that the file does not say.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from ostinato.errors import StudyError
from ostinato.speech.annotations.subtitles.screen import (
    Fragment,
    Screen,
    ScreenCue,
    fragments_of,
)

_ARROW = re.compile(r"-{1,3}>")
_TIME = r"(-?)(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:([.,:])(\d{1,9}))?"
_SRT_TIMES = re.compile(rf"{_TIME}-{{1,3}}>{_TIME}(?:[XxYy]\d.*|)")
_VTT_TIME = r"()(?:(\d{1,4}):)?([0-5]\d|\d(?=:\d\d[.,])):([0-5]\d)(?:([.,])(\d{3}))"
_VTT_TIMES = re.compile(rf"{_VTT_TIME}\s*-->\s*{_VTT_TIME}(?:\s.*|)")
_SBV_TIMES = re.compile(rf"{_TIME},{_TIME}")
_N_GROUPS = 6
MICRODVD = re.compile(r"\{(\d{1,9})\}\{(\d{1,9})?\}(.*)")
MPL2 = re.compile(r"\[(\d{1,8})\]\[(\d{1,8})?\](.*)")
_ASS_TIME = re.compile(r"\s*(\d{1,4}):(\d{1,2}):(\d{1,2})(?:[.:,](\d{1,6}))?\s*")
_ASS_COLUMNS = [
    "layer",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
]
_ITALIC_COLUMN = 8  # of a style, in SSA as in ASS
_SYNC = re.compile(r"<sync\s{1,20}start\s{0,5}=\s{0,5}[\"']?(\d{1,9})[^<>]{0,200}>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|body|sami)\b[^<>]{0,200}>", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2}):(\d{2})(?:(\.\d{1,9})|:(\d{1,3})(?:\.\d{1,3})?)?")
_OFFSET = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|m|s|ms|f|t)")
_UNITS_S = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DEFAULT_FRAME_RATE = 30.0  # of TTML, where a file names none
_LAST_CUE_S = 4.0  # nothing says how long the last text of a file lasts
MEND_FORMAT = "Convert it to .srt, .vtt or .ass"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


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


def read_ass(path: Path, lines: list[str]) -> Screen:
    """Read ASS or SSA."""
    del path
    italic_styles = frozenset(_italic_styles(lines))
    cues, skipped = [], []
    columns = _ASS_COLUMNS
    for number, line in enumerate(lines, start=1):
        head, _, rest = line.partition(":")
        if head == "Format" and "text" in (given := _cells(rest.lower())):
            columns = given
        if head != "Dialogue":
            continue
        cells = dict(zip(columns, rest.strip().split(",", len(columns) - 1), strict=False))
        cue = _ass_cue(cells, italic_styles)
        if cue is None:
            skipped.append(number)
        else:
            cues.append(cue)
    return _screen("ASS or SSA", cues, skipped)


def read_microdvd(path: Path, lines: list[str]) -> Screen:
    """Read MicroDVD, whose times are frames.

    `lines`: of the file; the first says how many frames make a second. Raises StudyError if it does
    not say so.
    """
    rows = [found for line in lines if (found := MICRODVD.fullmatch(line.strip()))]
    rate = re.fullmatch(r"\s*(\d{2,3}(?:[.,]\d{1,6})?)\s*", rows[0][3])
    if rate is None or int(rows[0][1]) > 1:
        raise StudyError(
            f"{path}, line 1",
            "its times count frames, and the file does not say how many make a second",
            "Write the film's frame rate above it, as in {1}{1}25.000, or save it as .srt",
        )
    frame_s = 1 / float(rate[1].replace(",", "."))
    return _screen("MicroDVD", list(_counted(rows[1:], frame_s)), [])


def read_mpl2(path: Path, lines: list[str]) -> Screen:
    """Read MPL2, whose times are tenths of a second."""
    del path
    rows = [found for line in lines if (found := MPL2.fullmatch(line.strip()))]
    return _screen("MPL2", list(_counted(rows, 0.1)), [])


def read_sami(path: Path, lines: list[str]) -> Screen:
    """Read SAMI: each text lasts until the next."""
    del path
    text = "\n".join(lines)
    marks = list(_SYNC.finditer(text))
    cues = []
    for mark, following in _with_next(marks):
        end = len(text) if following is None else following.start()
        start_s = int(mark[1]) / 1000
        end_s = start_s + _LAST_CUE_S if following is None else int(following[1]) / 1000
        words = _PARAGRAPH.sub(" ", text[mark.end() : end])
        cues.append(ScreenCue(start_s=start_s, end_s=end_s, fragments=fragments_of(words)))
    return _screen("SAMI", cues, [])


def read_ttml(path: Path, lines: list[str]) -> Screen:
    """Read TTML, also called DFXP, IMSC or EBU-TT.

    Raises StudyError if it is no XML, has a document type, or is nested too deep.
    """
    root = _document(path, "\n".join(lines))
    if _name(root.tag) != "tt":
        raise StudyError(
            str(path), f"it is XML of another kind ({_name(root.tag)[:40]})", MEND_FORMAT
        )
    rates = _Rates(root)
    italic = {
        one.get(_XML_ID, "")
        for one in root.iter()
        if _name(one.tag) == "style" and _attribute(one, "fontStyle") in {"italic", "oblique"}
    }
    agents = {
        one.get(_XML_ID, ""): " ".join("".join(one.itertext()).split())
        for one in root.iter()
        if _name(one.tag) == "agent"
    }
    cues, n_skipped = [], 0
    for paragraph in (one for one in root.iter() if _name(one.tag) == "p"):
        start_s, end_s = (rates.seconds(paragraph.get(key, "")) for key in ("begin", "end"))
        lasts_s = rates.seconds(paragraph.get("dur", ""))
        if end_s is None and start_s is not None and lasts_s is not None:
            end_s = start_s + lasts_s
        if start_s is None or end_s is None:
            n_skipped += 1
            continue
        agent = agents.get(_attribute(paragraph, "agent"), "")
        runs = tuple(_runs(paragraph, italic, _is_italic(paragraph, italic, inherited=False)))
        fragments = tuple(Fragment(text=t, is_italic=i, speaker=agent) for t, i in runs if t)
        cues.append(ScreenCue(start_s=start_s, end_s=end_s, fragments=fragments))
    return Screen(format="TTML", cues=tuple(cues), n_skipped=n_skipped)


class _Rates:
    """How many frames and ticks make a second."""

    def __init__(self, root: ET.Element) -> None:
        top, bottom = (_attribute(root, "frameRateMultiplier") or "1 1").split()[:2] or ("1", "1")
        rate = _number(_attribute(root, "frameRate")) or _DEFAULT_FRAME_RATE
        self._units_s = dict(_UNITS_S)
        multiplier = (_number(top) or 1.0) / (_number(bottom) or 1.0)
        self._units_s["f"] = 1 / (rate * multiplier)
        self._units_s["t"] = 1 / (_number(_attribute(root, "tickRate")) or rate)

    def seconds(self, text: str) -> float | None:
        text = text.strip()
        if found := _CLOCK.fullmatch(text):
            whole_s = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
            frames_s = int(found[5]) * self._units_s["f"] if found[5] else 0.0
            return whole_s + frames_s + (float(f"0{found[4]}") if found[4] else 0.0)
        if found := _OFFSET.fullmatch(text):
            return float(found[1]) * self._units_s[found[2]]
        return None


def _number(text: str) -> float | None:
    found = re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text.strip())
    return float(found[0]) or None if found else None


def _document(path: Path, text: str) -> ET.Element:
    # a document type may name other files, or grow without bound
    if "<!DOCTYPE" in text.upper():
        raise StudyError(str(path), "it has a document type", MEND_FORMAT)
    try:
        return ET.fromstring(re.sub(r"^\s{0,100}<\?xml[^<>]{0,200}\?>", "", text, count=1))  # noqa: S314
    except ET.ParseError as error:
        raise StudyError(
            f"{path}, line {error.position[0]}", "it is no XML", MEND_FORMAT
        ) from error


def _runs(element: ET.Element, italic: set[str], is_italic: bool) -> Iterator[tuple[str, bool]]:  # noqa: FBT001
    """Texts below an element with their faces, without recursion: files may be nested deep."""
    waiting: list[tuple[ET.Element, bool] | tuple[str, bool]] = [(element, is_italic)]
    while waiting:
        one, face = waiting.pop()
        if isinstance(one, str):
            yield one, face
            continue
        if _name(one.tag) == "br":
            yield "\n", face
        below: list[tuple[ET.Element, bool] | tuple[str, bool]] = [(one.text or "", face)]
        for child in one:
            below.append((child, _is_italic(child, italic, inherited=face)))
            below.append((child.tail or "", face))
        waiting.extend(reversed(below))


def _is_italic(element: ET.Element, italic: set[str], *, inherited: bool) -> bool:
    style = _attribute(element, "fontStyle")
    if style:
        return style in {"italic", "oblique"}
    return inherited or bool(italic & set((element.get("style") or "").split()))


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str:
    return next((value for key, value in element.items() if _name(key) == name), "")


def _italic_styles(lines: list[str]) -> Iterator[str]:
    column = _ITALIC_COLUMN
    for line in lines:
        head, _, rest = line.partition(":")
        if head == "Format" and "italic" in (names := _cells(rest.lower())):
            column = names.index("italic")
        cells = _cells(rest)
        if head == "Style" and len(cells) > column and cells[column] not in {"0", ""}:
            yield cells[0]


def _cells(rest: str) -> list[str]:
    return [cell.strip() for cell in rest.split(",")]


def _ass_cue(cells: Mapping[str, str], italic_styles: frozenset[str]) -> ScreenCue | None:
    bounds_s = [_ass_seconds(cells.get(key, "")) for key in ("start", "end")]
    start_s, end_s = bounds_s
    if start_s is None or end_s is None or "text" not in cells:
        return None
    style = cells.get("style", "").strip().lstrip("*")
    fragments = fragments_of(
        cells["text"],
        speaker=cells.get("name", cells.get("actor", "")).strip(),
        is_italic=style in italic_styles,
        italic_styles=italic_styles,
    )
    return ScreenCue(start_s=start_s, end_s=end_s, fragments=fragments, style=style)


def _ass_seconds(text: str) -> float | None:
    found = _ASS_TIME.fullmatch(text)
    if found is None:
        return None
    whole_s = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return whole_s + (float(f"0.{found[4]}") if found[4] else 0.0)


def _with_next(
    found: list[re.Match[str]],
) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """Give each match with the one that follows, None after the last; nothing if there is none."""
    for number, one in enumerate(found, start=1):
        yield one, found[number] if number < len(found) else None


def _counted(rows: list[re.Match[str]], unit_s: float) -> Iterator[ScreenCue]:
    """Cues of a format in which a cue may last until the next, and a bar parts lines."""
    for row, following in _with_next(rows):
        start_s = int(row[1]) * unit_s
        if row[2]:
            end_s = int(row[2]) * unit_s
        else:
            end_s = start_s + _LAST_CUE_S if following is None else int(following[1]) * unit_s
        lines = [
            f"<i>{line[1:].strip('/')}</i>" if line.startswith("/") else line
            for line in row[3].split("|")
        ]
        yield ScreenCue(start_s=start_s, end_s=end_s, fragments=fragments_of("\n".join(lines)))

"""ELAN's annotation files (EAF) and its tab-delimited export.

A file with a document type is refused: it may name other files, or grow without bound when it is
read. ELAN writes none. Identifiers are looked up in the tier that an annotation refers to, since
files that were merged repeat them.

References
----------
.. [1] H. Brugman and A. Russel, "Annotating multimedia / multi-modal resources with ELAN",
       *LREC* 2004, 2065-2068.
.. [2] Max Planck Institute for Psycholinguistics, "ELAN Annotation Format", schema 2.8, 2014.

With a header, a column says of each row in which tier it is, or each tier has a column of its own.
Without one, the columns are tier, participant, and then begin, end and duration in each of the
formats that were chosen, before what is said.
"""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.encoding import read_bytes
from ostinato.speech.annotations.tables import (
    END_NAMES,
    START_NAMES,
    TimeColumn,
    is_time,
    name_and_unit,
    time_column,
)
from ostinato.speech.annotations.tiers import Tier, TierRow, Tiers

_MEND = "Save it again in ELAN"
_MILLISECONDS = re.compile(r"[-+]?\d{1,12}")
Times = tuple[float, float] | None
"""Start and end in seconds; None where they are not known."""
_Rows = Sequence[tuple[int, Sequence[str]]]
_TIER_NAMES = ("tier", "tier name", "tier-name", "layer")
_WORD_NAMES = ("annotation", "annotation value", "value", "text", "default")
_NO_TIERS = (*_TIER_NAMES, "participant", "annotator", "file", "file path", "id")
_TIMES_OF = (*START_NAMES, *END_NAMES, "duration")
BEGIN_OF_EXPORT = "begin time"
"""What ELAN, and hardly anybody else, calls a start."""
_NAME_AND_FORMAT = re.compile(r"(.+) - ([^\s:]+:[^\s:]+:[^\s:]+|ss\.msec|msec)", re.IGNORECASE)
_MEND_EXPORT = "Export again from ELAN with column headers"
_TOLERANCE_S = 0.002  # of a duration that is written to the millisecond


@dataclass(frozen=True, slots=True)
class _Medium:
    name: str
    origin_s: float


def read_elan(path: Path, *, film_name: str | None = None) -> Tiers:
    """Read the tiers of an ELAN file.

    `film_name`: by which the film is known among several linked media. Raises StudyError if the
    file cannot be read, is no EAF, has a document type, counts in frames, or is linked to several
    media with different origins.
    """
    return _read(path, read_bytes(path), film_name)


@lru_cache(maxsize=2)  # a long file takes seconds, and is asked for its labels and for its tiers
def _read(path: Path, data: bytes, film_name: str | None) -> Tiers:
    document = _parsed(path, data)
    header = document.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if document.tag != "ANNOTATION_DOCUMENT" or units != "milliseconds":
        reason = f"it counts in {units}" if document.tag == "ANNOTATION_DOCUMENT" else "it is none"
        raise StudyError(f"ELAN file {path}", reason, _MEND)
    film = _film(path, document, film_name)
    slots_s = _slots_s(path, document, film.origin_s)
    elements = document.findall("TIER")
    times = _times(elements, slots_s)
    tiers = [
        Tier(tier.get("TIER_ID", ""), tuple(map(_row, tier.iterfind("ANNOTATION/*"), times[i])))
        for i, tier in enumerate(elements)
    ]
    note = f"{film.origin_s:g} s added, the time origin of {film.name} in ELAN"
    return Tiers(tiers=tuple(tiers), notes=(note,) if film.origin_s else ())


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise _DoctypeError


class _DoctypeError(Exception):
    pass


def _parsed(path: Path, data: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see `_NoDoctype`
    try:
        return ET.parse(io.BytesIO(data), parser=parser).getroot()  # noqa: S314
    except _DoctypeError as error:
        raise StudyError(
            str(path), "it has a document type, which no file of ELAN has", _MEND
        ) from error
    except (ET.ParseError, LookupError, ValueError) as error:
        raise StudyError(str(path), f"it is no XML ({error})", _MEND) from error


def _film(path: Path, document: ET.Element, film_name: str | None) -> _Medium:
    """Find the film among the linked media; of media with one origin it does not matter which."""
    media = [
        _Medium(
            _file_name(one.get("MEDIA_URL") or one.get("RELATIVE_MEDIA_URL") or ""),
            _seconds(path, "time origin", one.get("TIME_ORIGIN") or "0"),
        )
        for one in document.iterfind("HEADER/MEDIA_DESCRIPTOR")
    ]
    named = [one for one in media if _stem(one.name) == _stem(film_name or "")]
    origins = {one.origin_s for one in named or media}
    if len(origins) > 1:
        listed = ", ".join(f"{one.name} at {one.origin_s:g} s" for one in media[:4])
        raise StudyError(
            str(path),
            f"its linked media have different origins ({listed}), and which is the film is unknown",
            "Leave only the film in Edit, Linked Files",
        )
    return (named or media or [_Medium("the film", 0.0)])[0]


def _file_name(url: str) -> str:
    return re.split(r"[/\\]", url)[-1].replace("%20", " ")


def _stem(name: str) -> str:
    return Path(name).stem.lower()


def _slots_s(path: Path, document: ET.Element, origin_s: float) -> dict[str, float]:
    slots_s: dict[str, float] = {}
    for slot in document.iterfind("TIME_ORDER/TIME_SLOT"):
        name, value = slot.get("TIME_SLOT_ID", ""), slot.get("TIME_VALUE")
        if value is None:
            continue
        time_s = _seconds(path, f"time slot {name}", value) + origin_s
        if slots_s.setdefault(name, time_s) != time_s:
            raise StudyError(
                f"{path}, time slot {name}", "it is there twice, with different times", _MEND
            )
    return slots_s


def _seconds(path: Path, what: str, value: str) -> float:
    if _MILLISECONDS.fullmatch(value.strip()) is None:
        shown = value if len(value) <= 24 else f"{value[:24]}…"  # noqa: PLR2004
        raise StudyError(f"{path}, {what}", f"{shown!r} is no number of milliseconds", _MEND)
    return int(value) / 1000


def _times(elements: Sequence[ET.Element], slots_s: dict[str, float]) -> list[list[Times]]:
    """Find the times of all annotations by tier, of parents before their children."""
    times: list[list[Times]] = [[] for _ in elements]
    known: dict[str, dict[str, Times]] = {}
    everywhere: dict[str, Times] = {}
    for i in _parents_first(elements):
        annotations = elements[i].findall("ANNOTATION/*")
        parents = known.get(elements[i].get("PARENT_REF", ""), {})
        chain = times_of_chain([(_slot(one, 1), _slot(one, 2)) for one in annotations], slots_s)
        pieces = pieces_of(
            [
                (one.get("ANNOTATION_ID", ""), one.get("ANNOTATION_REF"), _previous(one))
                for one in annotations
            ]
        )
        times[i] = [
            own if one.tag == "ALIGNABLE_ANNOTATION" else _part(one, piece, parents, everywhere)
            for one, own, piece in zip(annotations, chain, pieces, strict=True)
        ]
        here = known.setdefault(elements[i].get("TIER_ID", ""), {})
        for one, time in zip(annotations, times[i], strict=True):
            _remember(here, one.get("ANNOTATION_ID", ""), time)
            _remember(everywhere, one.get("ANNOTATION_ID", ""), time)
    return times


def _remember(known: dict[str, Times], name: str, time: Times) -> None:
    # an identifier that means two times means none
    known[name] = time if known.get(name, time) == time else None


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which of equal parts of another's time an annotation has: part `number`, from 0, of `n`."""

    number: int
    n: int

    def of(self, whole: tuple[float, float]) -> tuple[float, float]:
        """Return the part of a stretch."""
        start_s, end_s = whole
        if self.n == 1:
            return whole
        step_s = (end_s - start_s) / self.n
        return start_s + self.number * step_s, start_s + (self.number + 1) * step_s


def _part(
    one: ET.Element, piece: Pieces, parents: dict[str, Times], everywhere: dict[str, Times]
) -> Times:
    reference = one.get("ANNOTATION_REF", "")
    whole = parents[reference] if reference in parents else everywhere.get(reference)
    return None if whole is None else piece.of(whole)


def _parents_first(elements: Sequence[ET.Element]) -> list[int]:
    parent_of = {tier.get("TIER_ID", ""): tier.get("PARENT_REF") for tier in elements}
    depths: dict[str | None, int] = {None: 0}
    for name in parent_of:
        path: list[str | None] = []
        at: str | None = name
        while at not in depths and at in parent_of:
            depths[at] = 0  # a file that was edited by hand may refer in a circle
            path.append(at)
            at = parent_of[at]
        for step, one in enumerate(reversed(path), start=1):
            depths[one] = depths.get(at, 0) + step
    # a tier that names no parent may still refer to annotations: those come last
    return sorted(
        range(len(elements)),
        key=lambda i: (
            elements[i].get("PARENT_REF") is None
            and elements[i].find("ANNOTATION/REF_ANNOTATION") is not None,
            depths[elements[i].get("TIER_ID", "")],
        ),
    )


def _slot(annotation: ET.Element, number: int) -> str:
    return annotation.get(f"TIME_SLOT_REF{number}", "")


def _previous(annotation: ET.Element) -> str | None:
    return annotation.get("PREVIOUS_ANNOTATION")


def _row(annotation: ET.Element, times_s: Times) -> TierRow:
    return TierRow(
        f"annotation {annotation.get('ANNOTATION_ID', '?')}",
        times_s,
        annotation.findtext("ANNOTATION_VALUE") or "",
    )


def times_of_chain(slots: Sequence[tuple[str, str]], slots_s: dict[str, float]) -> list[Times]:
    """Find the times of a tier's annotations by their slots, of which some have no time.

    Annotations that share slots without a time form a chain between two slots that have one; they
    share the time between these evenly.

    `slots`: start and end of each annotation; `slots_s`: seconds of the slots that have a time.
    """
    times: list[Times] = [None] * len(slots)
    next_one = {start: i for i, (start, _) in enumerate(slots) if start not in slots_s}
    for first, (start, _) in enumerate(slots):
        if start not in slots_s:
            continue
        chain = [first]
        while (end := slots[chain[-1]][1]) not in slots_s and end in next_one:
            chain.append(next_one.pop(end))  # once only: a chain that bites its tail ends
        if end not in slots_s:
            continue
        whole = slots_s[start], slots_s[end]
        for k, i in enumerate(chain):
            times[i] = Pieces(k, len(chain)).of(whole)
    return times


def pieces_of(annotations: Sequence[tuple[str, str | None, str | None]]) -> list[Pieces]:
    """Find which part of its parent's time each annotation of a tier has.

    `annotations`: of each its identifier, to which it refers, and which one it follows within the
    same parent.
    """
    groups: dict[str | None, list[int]] = {}
    for i, (_, parent, _) in enumerate(annotations):
        groups.setdefault(parent, []).append(i)
    pieces = [Pieces(0, 1)] * len(annotations)
    for members in groups.values():
        if any(annotations[i][2] is not None for i in members):
            for number, i in enumerate(_in_order(annotations, members)):
                pieces[i] = Pieces(number, len(members))
    return pieces


def _in_order(
    annotations: Sequence[tuple[str, str | None, str | None]], members: Sequence[int]
) -> list[int]:
    """Follow the references from each to the one after it; what they do not reach comes last."""
    after = {annotations[i][2]: i for i in members if annotations[i][2] is not None}
    first = [i for i in members if annotations[i][2] is None]
    ordered: dict[int, None] = {}
    for i in (*first, *members):
        at: int | None = i
        while at is not None and at not in ordered:
            ordered[at] = None
            at = after.get(annotations[at][0])
    return list(ordered)


def tiers_of_export(path: Path, header: Sequence[str], rows: _Rows) -> list[Tier] | None:
    """Read an export that has a header.

    Raises StudyError if a time is none.
    """
    names = [name_and_unit(cell)[0] for cell in header]
    start, end = time_column(header, START_NAMES), time_column(header, END_NAMES)
    if start is None or end is None:
        return _of_any_language(path, header, rows)
    tier = next((i for i, name in enumerate(names) if name in _TIER_NAMES), None)
    word = next((i for i, name in enumerate(names) if name in _WORD_NAMES), None)
    if tier is not None and word is not None:
        return _by_tier(path, rows, tier=tier, start=start, end=end, word=word)
    if names[start.index] != BEGIN_OF_EXPORT:
        return None
    own = [i for i, name in enumerate(names) if name not in (*_TIMES_OF, *_NO_TIERS)]
    return [_of_column(path, header[i], rows, i, (start, end)) for i in own]


def _of_any_language(path: Path, header: Sequence[str], rows: _Rows) -> list[Tier] | None:
    """Read an export whose header is in a language that is not known, by the form of its times.

    ELAN writes a name, a dash and a format above each column of times: begin before end before
    duration, whatever their names. Before them stand tier and participant, or nothing where each
    tier has a column of its own behind them.
    """
    found = [_NAME_AND_FORMAT.fullmatch(cell.strip()) for cell in header]
    times = [(i, one[1], one[2]) for i, one in enumerate(found) if one is not None]
    names = list(dict.fromkeys(name for _, name, _ in times))
    if len(names) not in {2, 3}:
        return None
    start, end = (_timed(next(one for one in times if one[1] == name)) for name in names[:2])
    first, last = times[0][0], times[-1][0]
    if first > 0:
        return _by_tier(path, rows, tier=0, start=start, end=end, word=last + 1)
    own = range(last + 1, len(header))
    return [_of_column(path, header[i], rows, i, (start, end)) for i in own]


def _timed(column: tuple[int, str, str]) -> TimeColumn:
    index, _, form = column
    return TimeColumn(index, "ms" if form.lower() == "msec" else "time")


def tiers_without_header(path: Path, rows: _Rows) -> list[Tier] | None:
    """Read an export that has no header.

    Raises StudyError if it does, and which columns are times cannot be told.
    """
    n_columns = len(rows[0][1])
    if n_columns < 4 or any(len(cells) != n_columns for _, cells in rows):  # noqa: PLR2004
        return None
    is_times = [all(is_time(cells[i]) for _, cells in rows) for i in range(n_columns)]
    times = [i for i, is_so in enumerate(is_times) if is_so]
    if len(times) < 2 or times[0] not in {1, 2} or times[-1] != n_columns - 2:  # noqa: PLR2004
        return None
    found = _begin_and_end(rows, times)
    if found is None:
        raise StudyError(
            f"{path}, row {rows[0][0]}",
            "which of its columns are begin and end cannot be told",
            _MEND_EXPORT,
        )
    start, end = found
    return _by_tier(path, rows, tier=0, start=start, end=end, word=n_columns - 1)


def _begin_and_end(rows: _Rows, times: Sequence[int]) -> tuple[TimeColumn, TimeColumn] | None:
    """Find begin and end among columns of times: with durations they say so themselves."""
    n_formats, rest = divmod(len(times), 3)
    if not rest:
        start, end, duration = (_column(rows, times[k * n_formats]) for k in range(3))
        fits = all(
            math.isclose(
                end.seconds(cells[end.index]) - start.seconds(cells[start.index]),
                duration.seconds(cells[duration.index]),
                abs_tol=_TOLERANCE_S,
            )
            for _, cells in rows
        )
        if fits:
            return start, end
    if len(times) == 2:  # noqa: PLR2004 - begin and end, each in one format
        return _column(rows, times[0]), _column(rows, times[1])
    return None


def _column(rows: _Rows, index: int) -> TimeColumn:
    """Tell the unit by the form: ELAN writes whole numbers only of milliseconds."""
    is_whole = all(cells[index].isdigit() for _, cells in rows)
    return TimeColumn(index, "ms" if is_whole else "time")


def _by_tier(
    path: Path, rows: _Rows, *, tier: int, start: TimeColumn, end: TimeColumn, word: int
) -> list[Tier]:
    tiers: dict[str, list[TierRow]] = {}
    for n, cells in rows:
        if len(cells) <= tier:
            raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND_EXPORT)
        said = cells[word] if word < len(cells) else ""
        tiers.setdefault(cells[tier], []).append(_tier_row((path, n), cells, (start, end), said))
    return [Tier(name, tuple(own)) for name, own in tiers.items()]


def _of_column(
    path: Path, name: str, rows: _Rows, word: int, times: tuple[TimeColumn, TimeColumn]
) -> Tier:
    """Return the tier that has a column of its own."""
    own = ((n, cells) for n, cells in rows if word < len(cells) and cells[word])
    return Tier(name, tuple(_tier_row((path, n), cells, times, cells[word]) for n, cells in own))


def _tier_row(
    place: tuple[Path, int], cells: Sequence[str], times: tuple[TimeColumn, TimeColumn], word: str
) -> TierRow:
    (path, n), (start, end) = place, times
    if len(cells) <= max(start.index, end.index):
        raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND_EXPORT)
    try:
        times_s = start.seconds(cells[start.index]), end.seconds(cells[end.index])
    except ParameterError as error:
        raise StudyError(f"{path}, row {n}, {error.thing}", error.reason, error.mend) from error
    return TierRow(f"row {n}", times_s, word)

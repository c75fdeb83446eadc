"""Tables that other programs wrote, opened by what they hold.

A table has a header that names a start, and an end or a duration; Audacity's tracks have none.
Columns that are no times are texts, and one may say to which layer a row belongs. The tables of TIB
AV-Analytics have a column for each timeline; their clock times have lost the zeros of their
fractions, so that their seconds count.

References
----------
.. [1] NIST, *The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan*, appendix A.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.elan import read_elan
from ostinato.speech.annotations.encoding import read_bytes, read_written
from ostinato.speech.annotations.foreign.foreign_rows import (
    MOST_ROWS,
    Collector,
    ForeignFile,
    numbered,
    read_json,
    too_many,
)
from ostinato.speech.annotations.praat import read_praat
from ostinato.speech.annotations.subtitles.subtitle_file import read_screen
from ostinato.speech.annotations.tables import (
    END_NAMES,
    MARKS,
    START_NAMES,
    TimeColumn,
    is_time,
    name_and_unit,
    time_column,
)
from ostinato.speech.annotations.tiers import Tiers

_STARTS = (*START_NAMES, "time", "tmin", "start in seconds", "start in")
_ENDS = (*END_NAMES, "tmax", "end in seconds", "end in")
_DURATIONS = ("duration", "length", "dur", "duration in seconds", "duration in", "dauer", "durée")
_LAYERS = ("layer", "tier", "tier name", "row", "timeline")
_TEXTS = (
    *("text", "kind", "label", "annotation", "annotations", "value", "words", "transcript"),
    *("name", "scene", "title", "passage"),
)
_SPEAKERS = ("speaker", "voice", "participant", "who")
_IGNORED = ("#", "no", "number", "shot number", "by")
_MEND = "Give a header with start, end and text, or export labels from Audacity as they are"
_RTTM_CELLS = 9
_SUBTITLES = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp", ".sbv", ".smi", ".sub")
_TABLES = (".txt", ".tsv", ".csv", ".tab")
_JSON = (".json", ".jsonld")
_KNOWN = ".eaf, .TextGrid, .txt, .tsv, .csv, .srt, .vtt, .ass, .rttm or .json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    start: TimeColumn
    end: TimeColumn | None
    duration: TimeColumn | None
    layer: int | None
    speaker: int | None
    texts: tuple[int, ...]
    names: tuple[str, ...]
    is_tib: bool


def read_foreign_table(path: Path) -> ForeignFile:
    """Read any table of rows that have a start and an end.

    Raises StudyError if it is no text, has too many rows, or names no start and end.
    """
    written = read_written(path)
    notes = () if written.note is None else (written.note,)
    _check_length(path, written.text)
    lines = [line for line in written.text.split("\n") if line.strip()]
    if not lines:
        raise StudyError(str(path), "it is empty", _MEND)
    rows = Collector(path)
    if _is_track(lines):
        for number, line in numbered(lines):
            _take_track_row(rows, f"row {number}", line)
        return rows.found("Audacity", "anything", notes)
    cells = _cells(path, written.text)
    head = _head(path, cells)
    for number, row in enumerate(cells[1:], start=2):
        _take_row(rows, f"row {number}", row, head)
    return rows.found("TIB AV-A" if head.is_tib else "table", "anything", notes)


def _check_length(path: Path, text: str) -> None:
    if text.count("\n") > MOST_ROWS:
        raise too_many(path)


def _is_track(lines: Sequence[str]) -> bool:
    cells = lines[0].split("\t") if lines else []
    return len(cells) > 1 and all(map(is_time, cells[:2]))


def _take_track_row(rows: Collector, place: str, line: str) -> None:
    if line.startswith("\\"):  # a range of frequencies that belongs to the label before
        return
    cells = line.split("\t", 2)
    times = (_time(cells[0]), _time(cells[1])) if len(cells) > 1 else (None, None)
    rows.take("", place, times, cells[2] if len(cells) > 2 else "")  # noqa: PLR2004


def _time(cell: str) -> float | None:
    try:
        return TimeColumn(0).seconds(cell)
    except ParameterError:
        return None


def _cells(path: Path, text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    mark = next((one for one in MARKS if one in first), "\t")
    # cells parted by tabs are quoted by nobody but spreadsheets, and begin so
    is_quoted = mark != "\t" or '\t"' in text or text.startswith('"')
    lines = io.StringIO(text, newline="")
    try:
        if is_quoted:
            found = list(csv.reader(lines, delimiter=mark))
        else:
            found = list(csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise StudyError(str(path), f"it cannot be split into cells ({error})", _MEND) from error
    return [row for row in found if any(cell.strip() for cell in row)]


def _head(path: Path, cells: Sequence[Sequence[str]]) -> _Head:
    header = [cell.strip().lstrip("\ufeff") for cell in cells[0]] if cells else []
    names = tuple(name_and_unit(cell)[0] for cell in header)
    _refuse_own(path, names)
    is_tib = "start hh:mm:ss.ms" in map(str.lower, header) or "start in seconds" in map(
        str.lower, header
    )
    start, end, duration = (
        _column(header, cells, wanted, is_tib=is_tib) for wanted in (_STARTS, _ENDS, _DURATIONS)
    )
    if start is None or (end is None and duration is None):
        shown = ", ".join(header)[:80]
        raise StudyError(f"{path}, row 1", f"its columns are {shown}", _MEND)
    taken = {i for i, name in enumerate(names) if _is_time_name(name)}
    layer, speaker = (_index(names, wanted) for wanted in (_LAYERS, _SPEAKERS))
    ignored = {i for i, name in enumerate(names) if name in _IGNORED}
    free = [i for i in range(len(names)) if i not in taken | ignored | {layer, speaker}]
    named = [names.index(name) for name in _TEXTS if name in names]
    return _Head(
        start=start,
        end=end,
        duration=duration,
        layer=layer,
        speaker=speaker,
        texts=tuple(free if is_tib else named[:1] or free[:1]),
        names=tuple(header),
        is_tib=is_tib,
    )


def _refuse_own(path: Path, names: Sequence[str]) -> None:
    """Refuse tables of results: what stands there the program has said, and no person."""
    if {"p inclusion", "p_inclusion"} & set(names):
        raise StudyError(
            str(path),
            "it is the table of a random sample, whose labels count otherwise",
            "Take it back with ostinato label DIR --from FILE",
        )
    if {"decided by", "decided_by", "playing id", "playing_id"} & set(names):
        raise StudyError(
            str(path),
            "it is a table of results, which the program has written",
            "Export to Audacity, ELAN or a table of layers, and change that",
        )


def _is_time_name(name: str) -> bool:
    return name in (*_STARTS, *_ENDS, *_DURATIONS) or name.startswith(
        ("start ", "end ", "duration ")
    )


def _index(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _column(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    wanted: Sequence[str],
    *,
    is_tib: bool,
) -> TimeColumn | None:
    if not is_tib:
        return time_column(header, wanted)
    # of its columns one holds seconds, whatever stands above it
    kind = wanted[0]
    own = [i for i, name in enumerate(header) if name.lower().startswith(f"{kind} ")]
    own = [i for i in own if "next segment" not in header[i].lower()]
    plain = [
        i for i in own if all(":" not in row[i] for row in cells[1:] if i < len(row) and row[i])
    ]
    return TimeColumn((plain or own)[0]) if own else None


def _take_row(rows: Collector, place: str, cells: Sequence[str], head: _Head) -> None:
    try:
        start_s = head.start.seconds(cells[head.start.index])
        if head.end is not None:
            end_s = head.end.seconds(cells[head.end.index])
        else:
            assert head.duration is not None  # noqa: S101 - one of them is there
            end_s = start_s + head.duration.seconds(cells[head.duration.index])
    except (ParameterError, IndexError):
        rows.miss(place)
        return
    details = {
        name: cells[i]
        for i, name in enumerate(head.names)
        if i < len(cells) and i not in head.texts and not _is_time_name(name)
    }
    speaker = _cell(cells, head.speaker)
    for i in head.texts or (None,):
        layer, text = _layer_and_text(cells, i, head, details)
        if text or not head.is_tib:
            times_s = start_s, end_s
            rows.take(layer, place, times_s, text or speaker, speaker=speaker, details=details)


def _layer_and_text(
    cells: Sequence[str], text: int | None, head: _Head, details: Mapping[str, str]
) -> tuple[str, str]:
    said = _cell(cells, text)
    if not head.is_tib:
        layer = _cell(cells, head.layer)
        own = details.get("id", "")
        # in our own table number and title stand apart
        return layer, f"{own} {said}" if own and layer.endswith("@ostinato") else said
    name = head.names[text] if text is not None else ""
    layer = "" if name.lower() == "annotations" else name
    return layer, _of_list(said)


def _of_list(said: str) -> str:
    """Return the words of a cell that is a list in JSON; nothing where none was given."""
    if said.startswith("["):
        try:
            found = json.loads(said.replace("'", '"'))
        except (ValueError, RecursionError):
            return said
        return "+".join(str(one) for one in found) if isinstance(found, list) else said
    return "" if said in {"None", "0", ""} else said


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index].strip() if index is not None and index < len(cells) else ""


def read_rttm(path: Path, *, film_name: str | None = None) -> ForeignFile:
    """Read who speaks when.

    `film_name`: by which the film is known where a file is about several recordings. Raises
    StudyError if it is no RTTM, or is about several recordings of which none is the film.
    """
    written = read_written(path)
    _check_length(path, written.text)
    lines = [(n, line.split()) for n, line in numbered(written.text.split("\n"))]
    spoken = [(n, cells) for n, cells in lines if cells and cells[0] == "SPEAKER"]
    names = {cells[1] for _, cells in spoken if len(cells) > 1}
    own = {name for name in names if name == Path(film_name or "").stem} or names
    if len(own) > 1:
        raise StudyError(
            str(path),
            f"it is about {len(own)} recordings, and which is the film is unknown",
            "Keep only the lines of the film",
        )
    rows = Collector(path)
    for n, cells in spoken:
        if len(cells) < _RTTM_CELLS:
            rows.miss(f"line {n}")
        elif cells[1] in own:
            _take_turn(rows, f"line {n}", cells)
    return rows.found("RTTM", "speakers")


def _take_turn(rows: Collector, place: str, cells: Sequence[str]) -> None:
    try:
        start_s, length_s = float(cells[3]), float(cells[4])
    except ValueError:
        rows.miss(place)
        return
    rows.take("", place, (start_s, start_s + length_s), cells[7], speaker=cells[7])


def read_foreign(path: Path, *, film_name: str | None = None) -> ForeignFile:
    """Read a file of another program.

    Parameters
    ----------
    path : pathlib.Path
        Of ELAN, Praat, Audacity, a table, subtitles, RTTM, Web Annotation, or a speech recogniser.
    film_name : str, optional
        By which the film is known where a file names several recordings.

    Returns
    -------
    ForeignFile
        At least one row.

    Raises
    ------
    StudyError
        If it cannot be read, is of another kind, or holds no row with a start and an end.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in {".eaf", ".textgrid"}:
        return _with_tiers(path, film_name)
    if suffix == ".rttm":
        return read_rttm(path, film_name=film_name)
    if suffix in _JSON:
        return read_json(path)
    if suffix in _SUBTITLES:
        return _subtitles(path)
    if suffix in _TABLES:
        return read_foreign_table(path)
    raise StudyError(
        str(path),
        f"no program is known whose files end in {suffix or 'nothing'}",
        f"Give a file that ends in {_KNOWN}",
    )


def _with_tiers(path: Path, film_name: str | None) -> ForeignFile:
    is_elan = path.suffix.lower() == ".eaf"
    marks = (b"<ANNOTATION_VALUE",) if is_elan else (b"text =", b"mark =")
    data = read_bytes(path)
    if sum(map(data.count, marks)) > MOST_ROWS or data.count(b"\n") > 8 * MOST_ROWS:
        raise too_many(path)
    read: Callable[..., Tiers] = read_elan if is_elan else read_praat
    found = read(path, film_name=film_name)
    rows = Collector(path)
    for tier in found.tiers:
        for one in tier.rows:
            rows.take(tier.name, one.place, one.times_s or (None, None), one.word)
    return rows.found("ELAN" if is_elan else "Praat", "anything", found.notes)


def _subtitles(path: Path) -> ForeignFile:
    data = read_bytes(path)
    if max(map(data.count, (b"-->", b"Dialogue:", b"<p", b"<P", b"\n{", b"\n["))) > MOST_ROWS:
        raise too_many(path)
    screen = read_screen(path)
    rows = Collector(path)
    for number, cue in enumerate(screen.cues, start=1):
        speaker = next((one.speaker for one in cue.fragments if one.speaker), "")
        text = cue.words.strip()
        rows.take("", f"cue {number}", (cue.start_s, cue.end_s), text, speaker=speaker)
    rows.n_unread += screen.n_skipped
    if rows.first_unread is None and screen.skipped_line is not None:
        rows.first_unread = f"line {screen.skipped_line}"
    return rows.found(screen.format, "words")

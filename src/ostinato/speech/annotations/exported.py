"""ELAN's tab-delimited export, with a header or without, as tiers.

With a header, a column says of each row in which tier it is, or each tier has a column of its own.
Without one, the columns are tier, participant, and then begin, end and duration in each of the
formats that were chosen, before what is said.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.speech.annotations.columns import (
    END_NAMES,
    START_NAMES,
    TimeColumn,
    name_and_unit,
    time_column,
)
from ostinato.speech.annotations.tables import is_time
from ostinato.speech.annotations.tiers import Tier, TierRow

_Rows = Sequence[tuple[int, Sequence[str]]]
_TIER_NAMES = ("tier", "tier name", "tier-name", "layer")
_WORD_NAMES = ("annotation", "annotation value", "value", "text", "default")
_NO_TIERS = (*_TIER_NAMES, "participant", "annotator", "file", "file path", "id")
_TIMES_OF = (*START_NAMES, *END_NAMES, "duration")
BEGIN_OF_EXPORT = "begin time"
"""What ELAN, and hardly anybody else, calls a start."""
_NAME_AND_FORMAT = re.compile(r"(.+) - ([^\s:]+:[^\s:]+:[^\s:]+|ss\.msec|msec)", re.IGNORECASE)
_MEND = "Export again from ELAN with column headers"
_TOLERANCE_S = 0.002  # of a duration that is written to the millisecond


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
            _MEND,
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
            raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND)
        said = cells[word] if word < len(cells) else ""
        tiers.setdefault(cells[tier], []).append(_row((path, n), cells, (start, end), said))
    return [Tier(name, tuple(own)) for name, own in tiers.items()]


def _of_column(
    path: Path, name: str, rows: _Rows, word: int, times: tuple[TimeColumn, TimeColumn]
) -> Tier:
    """Return the tier that has a column of its own."""
    own = ((n, cells) for n, cells in rows if word < len(cells) and cells[word])
    return Tier(name, tuple(_row((path, n), cells, times, cells[word]) for n, cells in own))


def _row(
    place: tuple[Path, int], cells: Sequence[str], times: tuple[TimeColumn, TimeColumn], word: str
) -> TierRow:
    (path, n), (start, end) = place, times
    if len(cells) <= max(start.index, end.index):
        raise StudyError(f"{path}, row {n}", f"it has {len(cells)} columns", _MEND)
    try:
        times_s = start.seconds(cells[start.index]), end.seconds(cells[end.index])
    except ParameterError as error:
        raise StudyError(f"{path}, row {n}, {error.thing}", error.reason, error.mend) from error
    return TierRow(f"row {n}", times_s, word)

"""Label files of a random sample: tables that say with which probability each row was drawn.

Such a table has, beside the columns of any label file, ``predicted``, ``stratum`` and
``p_inclusion``. A label track that was exported from Audacity or ELAN has lost them; its rows are
found again in the table that was drawn.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.results import OPEN, SAMPLE_COLUMNS, LabelKind, SampledLabel
from ostinato.speech.annotations.annotation import LABEL_KINDS
from ostinato.speech.annotations.tables import read_rows
from ostinato.timeline import Interval, parse_timecode, timecode

_SAME_S = 0.05
"""Editors round times, and a hand moves a bound by accident: by no more than this."""
_MEND = "Take the table that `ostinato label` wrote, and change nothing but the kinds"


def read_sample(path: Path) -> tuple[SampledLabel, ...]:
    """Read the labels of a random sample.

    Parameters
    ----------
    path : pathlib.Path
        Any label file.

    Returns
    -------
    tuple of SampledLabel
        In film order; empty if the file does not say how its rows were drawn. A kind that is still
        open is *undetermined*.

    Raises
    ------
    StudyError
        If it cannot be read, or a probability, time or kind is none.
    """
    rows = read_rows(path)
    names = [name.lower() for name in rows[0][1]] if rows else []
    if not set(SAMPLE_COLUMNS) <= set(names):
        return ()
    columns = {name: names.index(name) for name in SAMPLE_COLUMNS}
    labels = [_sampled(path, n, cells, columns) for n, cells in rows[1:]]
    return tuple(sorted(labels, key=lambda label: label.start_s))


def answered(sample: Sequence[SampledLabel], path: Path) -> tuple[SampledLabel, ...]:
    """Give a sample the kinds that a label file has for it.

    Parameters
    ----------
    sample : sequence of SampledLabel
        As it was drawn.
    path : pathlib.Path
        The table that was drawn, filled in, or a label track exported from an editor.

    Returns
    -------
    tuple of SampledLabel
        The sample, each row with its kind from the file; *undetermined* where it is still open.

    Raises
    ------
    StudyError
        If the file cannot be read, has rows that were not drawn, lacks rows that were, or a word
        is no kind.
    """
    kinds: dict[int, LabelKind] = {}
    for n, cells in _data_rows(path):
        where = f"{path}, row {n}"
        interval = _interval(where, cells[0], cells[1])
        drawn = [i for i, one in enumerate(sample) if _is_same(one, interval)]
        if not drawn:
            raise StudyError(
                where, f"nothing was drawn at {timecode(interval.start_s, decimals=2)}", _MEND
            )
        kinds[drawn[0]] = _kind(where, cells[2])
    missing = [one for i, one in enumerate(sample) if i not in kinds]
    if missing:
        raise StudyError(
            str(path),
            f"{len(missing)} of {len(sample)} rows that were drawn are missing, the first at "
            f"{timecode(missing[0].start_s, decimals=2)}",
            _MEND,
        )
    return tuple(replace(one, kind=kinds[i]) for i, one in enumerate(sample))


def is_open(word: str) -> bool:
    """Tell whether a cell still waits for its kind.

    Parameters
    ----------
    word : str
        What stands in the column of kinds.

    Returns
    -------
    bool
        True for nothing and for a question mark, whatever follows it.
    """
    return not word.strip() or word.strip().startswith(OPEN)


def n_open(path: Path) -> int:
    """Count the rows of a label file whose kind is still open.

    Parameters
    ----------
    path : pathlib.Path
        As for `answered`.

    Returns
    -------
    int
        0 when all are labelled.
    """
    return sum(is_open(cells[2]) for _, cells in _data_rows(path))


def _data_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Rows of start, end and kind, with or without a header."""
    rows = read_rows(path)
    columns = [0, 1, 2]
    names = [name.lower() for name in rows[0][1]] if rows else []
    if set(SAMPLE_COLUMNS[:3]) <= set(names):
        columns, rows = [names.index(name) for name in SAMPLE_COLUMNS[:3]], rows[1:]
    if not rows:
        raise StudyError(str(path), "it holds no labels", _MEND)
    return [(n, [cells[i] if i < len(cells) else "" for i in columns]) for n, cells in rows]


def _sampled(path: Path, n: int, cells: Sequence[str], columns: dict[str, int]) -> SampledLabel:
    where = f"{path}, row {n}"
    values = {name: cells[i] if i < len(cells) else "" for name, i in columns.items()}
    interval = _interval(where, values["start_s"], values["end_s"])
    try:
        p_inclusion = float(values["p_inclusion"])
    except ValueError:
        p_inclusion = 0.0
    if not 0 < p_inclusion <= 1:
        raise StudyError(
            where, f"{values['p_inclusion']!r} is no probability of being drawn", _MEND
        )
    return SampledLabel(
        start_s=interval.start_s,
        end_s=interval.end_s,
        predicted=_kind(where, values["predicted"]),
        kind=_kind(where, values["kind"]),
        stratum=values["stratum"],
        p_inclusion=p_inclusion,
    )


def _interval(where: str, start: str, end: str) -> Interval:
    try:
        return Interval(parse_timecode(start), parse_timecode(end))
    except ParameterError as error:
        raise StudyError(f"{where}, {error.thing}", error.reason, error.mend) from error


def _is_same(one: SampledLabel, interval: Interval) -> bool:
    return (
        abs(one.start_s - interval.start_s) <= _SAME_S
        and abs(one.end_s - interval.end_s) <= _SAME_S
    )


def _kind(where: str, word: str) -> LabelKind:
    if is_open(word):
        return "undetermined"
    known = LABEL_KINDS.get(" ".join(word.lower().replace("_", " ").split()))
    if known is None:
        raise StudyError(where, f"{word!r} is no kind", f"Write one of {', '.join(LABEL_KINDS)}")
    return known

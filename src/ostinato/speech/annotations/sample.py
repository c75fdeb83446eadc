"""Label files of a random sample: tables that say with which probability each row was drawn.

Such a table has, beside the columns of any label file, ``predicted``, ``stratum`` and
``p_inclusion``. A file of Audacity, ELAN or Praat has not got them; its rows are found again in the
table that was drawn.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.results import SAMPLE_COLUMNS, LabelKind, SampledLabel, SpeechSegment
from ostinato.speech.annotations.rows import is_table, read_label_rows
from ostinato.speech.annotations.tables import read_rows
from ostinato.speech.annotations.tiers import is_open, kind_named
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
    rows = read_rows(path) if is_table(path) else []
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
        The table that was drawn, filled in, or a file of any editor.

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
    kinds = _kinds(sample, path)
    missing = [one for i, one in enumerate(sample) if i not in kinds]
    if missing:
        raise StudyError(
            str(path),
            f"{len(missing)} of {len(sample)} rows that were drawn are missing, the first at "
            f"{timecode(missing[0].start_s, decimals=2)}",
            _MEND,
        )
    return tuple(replace(one, kind=kinds[i]) for i, one in enumerate(sample))


def chosen(segments: Sequence[SpeechSegment], path: Path) -> tuple[SampledLabel, ...]:
    """Find the labels that a file has for segments which were not drawn at random.

    Parameters
    ----------
    segments : sequence of SpeechSegment
        That may be labelled.
    path : pathlib.Path
        A label file of any editor.

    Returns
    -------
    tuple of SampledLabel
        Of the segments that have a kind there: no sample, and to be counted as none.

    Raises
    ------
    StudyError
        If the file cannot be read, a row is none of the segments, or a word is no kind.
    """
    rows = [
        SampledLabel(
            start_s=segment.start_s,
            end_s=segment.end_s,
            predicted=segment.predicted or segment.kind,
            kind="undetermined",
            stratum="chosen",
            p_inclusion=1.0,
        )
        for segment in segments
    ]
    kinds = _kinds(rows, path)
    return tuple(
        replace(rows[i], kind=kind) for i, kind in sorted(kinds.items()) if kind != "undetermined"
    )


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
    return sum(row.is_open for row in read_label_rows(path))


def _kinds(sample: Sequence[SampledLabel], path: Path) -> dict[int, LabelKind]:
    """Kinds that a file has, by the number of the row that it was drawn as."""
    kinds: dict[int, LabelKind] = {}
    for row in read_label_rows(path):
        drawn = [i for i, one in enumerate(sample) if _is_same(one, row.interval)]
        if not drawn:
            raise StudyError(
                f"{row.path}, {row.place}",
                f"nothing was drawn at {timecode(row.interval.start_s, decimals=2)}",
                _MEND,
            )
        kinds[drawn[0]] = "undetermined" if row.is_open else row.kind
    return kinds


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
    return "undetermined" if is_open(word) else kind_named(where, word)

"""Label files of a random sample: tables that say with which probability each row was drawn.

Such a table has, beside the columns of any label file, ``predicted``, ``stratum`` and
``p_inclusion``, and says of each row which segment of which film it is. A row is found again by
that identity, whatever a spreadsheet has made of its times; rows of Audacity, ELAN and Praat, which
have no identity, by how far they overlap what was drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.results import (
    SAMPLE_COLUMNS,
    LabelKind,
    SampledLabel,
    SpeechSegment,
    best_match,
    interval_of_key,
    segment_key,
)
from ostinato.speech.annotations.annotation import Annotation
from ostinato.speech.annotations.labels import read_labels
from ostinato.speech.annotations.rows import is_table, read_label_rows
from ostinato.speech.annotations.tables import read_rows
from ostinato.speech.annotations.tiers import is_open, kind_named
from ostinato.timeline import Interval, parse_timecode, timecode

_MEND = "Take the table that `ostinato label` wrote, and change nothing but the kinds"
_HASH = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of any label file, as it came back."""

    where: str
    place: str
    interval: Interval
    word: str
    key: str = ""
    film: str = ""
    values: dict[str, str] | None = None

    @property
    def is_open(self) -> bool:
        return is_open(self.word)

    @property
    def kind(self) -> LabelKind:
        return "undetermined" if self.is_open else kind_named(self.where, self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What came back of a sample, or of a choice.

    Parameters
    ----------
    rows : tuple of SampledLabel
        All that was drawn or chosen, in film order; those without a kind `is_open`.
    n_missing : int
        Of how many the file says nothing.
    """

    rows: tuple[SampledLabel, ...]
    n_missing: int

    @property
    def n_open(self) -> int:
        """How many have no kind, missing or not."""
        return sum(row.is_open for row in self.rows)


def film_cell(film_sha256: str) -> str:
    """Return how a table names its film, in a form that no spreadsheet takes for a number.

    Parameters
    ----------
    film_sha256 : str
        Of the film's file.

    Returns
    -------
    str
        For the column ``film``.
    """
    return _HASH + film_sha256


def read_sample(path: Path, *, film_sha256: str | None = None) -> tuple[SampledLabel, ...]:
    """Read the labels of a random sample.

    Parameters
    ----------
    path : pathlib.Path
        Any label file.
    film_sha256 : str, optional
        Of the film that they should be of.

    Returns
    -------
    tuple of SampledLabel
        In film order; empty if the file does not say how its rows were drawn. One without a kind
        `is_open`.

    Raises
    ------
    StudyError
        If it cannot be read, a probability, time or kind is none, one stretch has two kinds, or it
        was drawn from another film.
    """
    rows = _rows_of_table(path)
    if rows is None or any(row.values is None for row in rows):
        return ()
    _check_film(rows, film_sha256)
    labels: list[SampledLabel] = []
    kept: list[_Row] = []
    for row in rows:
        same = best_match(row.interval, kept)
        if same is None:
            labels.append(_sampled(row))
            kept.append(row)
        elif kept[same].is_open:
            labels[same], kept[same] = _sampled(row), row
        else:
            _check_agreement(path, kept[same], row)
    return tuple(sorted(labels, key=lambda label: label.start_s))


def read_labels_and_sample(
    path: Path, *, film_sha256: str | None = None, film_name: str | None = None
) -> tuple[tuple[Annotation, ...], tuple[SampledLabel, ...]]:
    """Read a label file for an analysis.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat.
    film_sha256 : str, optional
        Of the film that is analysed.
    film_name : str, optional
        By which the film is known among the media that an ELAN file names.

    Returns
    -------
    labels : tuple of Annotation
        What a person says of the speech; what still waits for its kind is left out.
    sample : tuple of SampledLabel
        The same where the file is the table of a random sample, else empty.

    Raises
    ------
    StudyError
        As for `read_labels` and `read_sample`.
    """
    sample = read_sample(path, film_sha256=film_sha256)
    return (labels_of_sample(sample) if sample else read_labels(path, film_name=film_name)), sample


def labels_of_sample(sample: Sequence[SampledLabel]) -> tuple[Annotation, ...]:
    """Return what a sample says of the speech.

    Parameters
    ----------
    sample : sequence of SampledLabel
        With kinds, or open.

    Returns
    -------
    tuple of Annotation
        One for each row that has a kind.
    """
    return tuple(
        Annotation(interval=one.interval, kind=one.kind, source="label")
        for one in sample
        if not one.is_open
    )


def answered(
    sample: Sequence[SampledLabel], path: Path, *, film_sha256: str | None = None
) -> TakenBack:
    """Give a sample the kinds that a label file has for it.

    Parameters
    ----------
    sample : sequence of SampledLabel
        As it was drawn.
    path : pathlib.Path
        The table that was drawn, filled in, or a file of any editor.
    film_sha256 : str, optional
        Of the film.

    Returns
    -------
    TakenBack
        The sample, each row with its kind from the file.

    Raises
    ------
    StudyError
        If the file cannot be read, has rows that were not drawn, a word is no kind, one stretch has
        two kinds, or it was drawn from another film.
    """
    rows = _matched(sample, path, film_sha256)
    return TakenBack(
        rows=tuple(_with_kind(one, rows.get(i)) for i, one in enumerate(sample)),
        n_missing=len(sample) - len(rows),
    )


def chosen(
    segments: Sequence[SpeechSegment], path: Path, *, film_sha256: str | None = None
) -> TakenBack:
    """Find the labels that a file has for segments which were not drawn at random.

    Parameters
    ----------
    segments : sequence of SpeechSegment
        That may be labelled.
    path : pathlib.Path
        A label file of any editor.
    film_sha256 : str, optional
        Of the film.

    Returns
    -------
    TakenBack
        The rows of the file, which are no sample, and to be counted as none.

    Raises
    ------
    StudyError
        If the file cannot be read, a row is none of the segments, a word is no kind, or one stretch
        has two kinds.
    """
    members = [
        SampledLabel(
            start_s=segment.start_s,
            end_s=segment.end_s,
            predicted=segment.predicted or segment.kind,
            kind="undetermined",
            stratum="chosen",
            p_inclusion=1.0,
            segment=None if film_sha256 is None else segment_key(film_sha256, segment.interval),
            is_open=True,
        )
        for segment in segments
    ]
    rows = _matched(members, path, film_sha256)
    return TakenBack(
        rows=tuple(_with_kind(members[i], row) for i, row in sorted(rows.items())), n_missing=0
    )


def _with_kind(one: SampledLabel, row: _Row | None) -> SampledLabel:
    if row is None or row.is_open:
        return replace(one, kind="undetermined", is_open=True)
    return replace(one, kind=row.kind, is_open=False)


def _matched(
    members: Sequence[SampledLabel], path: Path, film_sha256: str | None
) -> dict[int, _Row]:
    """Rows of a file, by the number of the member that each is."""
    rows = _rows(path)
    _check_film(rows, film_sha256)
    by_key = {one.segment: i for i, one in enumerate(members) if one.segment is not None}
    found: dict[int, _Row] = {}
    for row in rows:
        index = by_key.get(row.key)
        if index is None:
            index = best_match(row.interval, members)
        if index is None:
            raise StudyError(
                row.where,
                f"nothing was drawn at {timecode(row.interval.start_s, decimals=2)}",
                _MEND,
            )
        if index not in found or found[index].is_open:
            found[index] = row
        elif not row.is_open:
            _check_agreement(path, found[index], row)
    return found


def _check_agreement(path: Path, one: _Row, other: _Row) -> None:
    if not other.is_open and one.kind != other.kind:
        raise StudyError(
            f"{path}, {one.place} and {other.place}",
            f"at {timecode(one.interval.start_s)} they say {one.kind} and {other.kind}",
            "Keep one of them",
        )


def _check_film(rows: Sequence[_Row], film_sha256: str | None) -> None:
    for row in rows:
        is_other = row.film.startswith(_HASH) and row.film.removeprefix(_HASH) != film_sha256
        if film_sha256 is not None and is_other:
            raise StudyError(
                row.where,
                f"it was drawn from another film ({row.film[: len(_HASH) + 12]} …)",
                "Give the labels of the film that these results are of",
            )


def _rows(path: Path) -> list[_Row]:
    rows = _rows_of_table(path)
    if rows is not None:
        return rows
    return [
        _Row(
            where=f"{row.path}, {row.place}",
            place=row.place,
            interval=row.interval,
            word=row.word,
        )
        for row in read_label_rows(path)
    ]


def _rows_of_table(path: Path) -> list[_Row] | None:
    """Return the rows of a table that says what was drawn, or which segments; None for others."""
    rows = read_rows(path) if is_table(path) else []
    names = [name.lower() for name in rows[0][1]] if rows else []
    is_sample = set(SAMPLE_COLUMNS) <= set(names)
    cells = [(n, dict(zip(names, row, strict=False))) for n, row in rows[1:]]
    has_identity = (
        "kind" in names
        and bool(cells)
        and all(interval_of_key(values.get("segment", ""), None) for _, values in cells)
    )
    if not is_sample and not has_identity:
        return None
    return [_row(path, n, values, is_sample=is_sample) for n, values in cells]


def _row(path: Path, n: int, values: dict[str, str], *, is_sample: bool) -> _Row:
    where = f"{path}, row {n}"
    key = values.get("segment", "")
    interval = interval_of_key(key, None)
    if interval is None:
        interval = _interval(where, values.get("start_s", ""), values.get("end_s", ""))
    return _Row(
        where=where,
        place=f"row {n}",
        interval=interval,
        word=values.get("kind", ""),
        key=key,
        film=values.get("film", ""),
        values=values if is_sample else None,
    )


def _sampled(row: _Row) -> SampledLabel:
    values = row.values or {}
    text = values.get("p_inclusion", "")
    try:
        p_inclusion = float(text.replace(",", "."))
    except ValueError:
        p_inclusion = 0.0
    if not 0 < p_inclusion <= 1:
        raise StudyError(row.where, f"{text!r} is no probability of being drawn", _MEND)
    predicted = values.get("predicted", "")
    return SampledLabel(
        start_s=row.interval.start_s,
        end_s=row.interval.end_s,
        predicted="undetermined" if is_open(predicted) else kind_named(row.where, predicted),
        kind=row.kind,
        stratum=values.get("stratum", ""),
        p_inclusion=p_inclusion,
        segment=row.key or None,
        is_open=row.is_open,
    )


def _interval(where: str, start: str, end: str) -> Interval:
    try:
        return Interval(parse_timecode(start), parse_timecode(end))
    except ParameterError as error:
        raise StudyError(f"{where}, {error.thing}", error.reason, error.mend) from error

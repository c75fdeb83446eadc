"""Label files of a random sample: tables that say with which probability each row was drawn.

Such a table has, beside the columns of any label file, ``predicted``, ``stratum`` and
``p_inclusion``, and says of each row which segment of which film it is. A row is found again by
that identity, whatever a spreadsheet has made of its times; rows of Audacity, ELAN and Praat, which
have no identity, by how far they overlap what was drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.results import (
    Recording,
    SampledLabel,
    SpeechSegment,
    best_match,
    files_of_same_sound,
    segment_key,
)
from ostinato.speech.annotations.labels import read_label_file, read_labels
from ostinato.speech.annotations.sample_rows import (
    HASH,
    ReturnedRow,
    check_agreement,
    check_rows_film,
    distinct_rows,
    rows_of_file,
    rows_of_table,
)
from ostinato.speech.annotations.tables import read_table
from ostinato.speech.annotations.tiers import (
    Annotation,
    LabelReading,
    LabelRow,
    is_open,
    kind_named,
)
from ostinato.timeline import timecode

_MEND = "Take the table that `ostinato label` wrote, and change nothing but the kinds"


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
    return HASH + film_sha256


def read_sample(path: Path) -> tuple[SampledLabel, ...]:
    """Read the labels of a random sample.

    Parameters
    ----------
    path : pathlib.Path
        Any label file.

    Returns
    -------
    tuple of SampledLabel
        In film order; empty if the file does not say how its rows were drawn. One without a kind
        `is_open`.

    Raises
    ------
    StudyError
        If it cannot be read, a probability, time or kind is none, or one stretch has two kinds.
    """
    rows = rows_of_table(path)
    if rows is None or any(row.values is None for row in rows):
        return ()
    labels = [_sampled(row) for row in distinct_rows(path, rows)]
    return tuple(sorted(labels, key=lambda label: label.start_s))


def read_label_reading(path: Path, *, film_name: str | None = None) -> LabelReading:
    """Read a label file as `read_label_file` does, and tables of segments by their identities.

    Parameters
    ----------
    path : pathlib.Path
        Any label file.
    film_name : str, optional
        By which the film is known among the media that an ELAN file names.

    Returns
    -------
    LabelReading
        To be said to a person.

    Raises
    ------
    StudyError
        As for `read_label_file`.
    """
    rows = rows_of_table(path)
    if not rows:
        return read_label_file(path, film_name=film_name)
    found = (LabelRow(path, row.place, row.interval, row.word) for row in rows)
    note = read_table(path).note
    return LabelReading(rows=tuple(found), notes=() if note is None else (note,))


def read_labels_and_sample(
    path: Path, *, film: Recording | None = None, film_name: str | None = None
) -> tuple[tuple[Annotation, ...], tuple[SampledLabel, ...]]:
    """Read a label file for an analysis.

    Parameters
    ----------
    path : pathlib.Path
        A table, an Audacity label track, or a file of ELAN or Praat.
    film : Recording, optional
        That is analysed; None if any will do.
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
    rows = rows_of_table(path)
    if not rows:
        return read_labels(path, film_name=film_name), ()
    check_rows_film(rows, () if film is None else files_of_same_sound(path, film))
    sample = read_sample(path)
    if sample:
        return labels_of_sample(sample), sample
    labels = [
        Annotation(interval=row.interval, kind=row.kind, source="label")
        for row in distinct_rows(path, rows)
        if not row.is_open
    ]
    return tuple(sorted(labels, key=lambda label: label.interval)), ()


def check_film_of_labels(path: Path, film: Recording) -> None:
    """Refuse a label file that says it was drawn from another film.

    Parameters
    ----------
    path : pathlib.Path
        Any label file; those of editors say nothing of it.
    film : Recording
        By its file, or by its sound where what lies beside the table tells that.

    Raises
    ------
    StudyError
        Naming the row.
    """
    check_rows_film(rows_of_table(path) or (), files_of_same_sound(path, film))


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


def _with_kind(one: SampledLabel, row: ReturnedRow | None) -> SampledLabel:
    if row is None or row.is_open:
        return replace(one, kind="undetermined", is_open=True)
    return replace(one, kind=row.kind, is_open=False)


def _matched(
    members: Sequence[SampledLabel], path: Path, film_sha256: str | None
) -> dict[int, ReturnedRow]:
    """Rows of a file, by the number of the member that each is."""
    rows = rows_of_file(path)
    check_rows_film(rows, () if film_sha256 is None else (film_sha256,))
    by_key = {one.segment: i for i, one in enumerate(members) if one.segment is not None}
    found: dict[int, ReturnedRow] = {}
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
            check_agreement(path, found[index], row)
    return found


def _sampled(row: ReturnedRow) -> SampledLabel:
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

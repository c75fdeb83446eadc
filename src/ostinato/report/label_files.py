"""A random sample as files to label: a table, and one for each editor.

Audacity opens the track with File, Import, Labels. None but the table shows what was predicted,
which would colour what is heard.
"""

from collections.abc import Sequence
from pathlib import Path

from ostinato.export import Labelled, write_labels
from ostinato.results import (
    IDENTITY_COLUMNS,
    OPEN,
    RUN_BY_SPREADSHEETS,
    SAMPLE_COLUMNS,
    Results,
    SampledLabel,
    SpeechSegment,
    segment_key,
    write_atomically,
)
from ostinato.timeline import seconds_text

TABLE_NAME = "sample.tsv"
EDITORS = (".txt", ".eaf", ".TextGrid")
_COLUMNS = (*SAMPLE_COLUMNS, *IDENTITY_COLUMNS)


def sample_names(number: int) -> tuple[str, ...]:
    """Return the names of the files of a sample.

    Parameters
    ----------
    number : int
        1 for the first; more if those are in use.

    Returns
    -------
    tuple of str
        Table, and a file each for Audacity, ELAN and Praat.
    """
    table = Path(TABLE_NAME)
    if number > 1:
        table = table.with_stem(f"{table.stem}-{number}")
    return (table.name, *(table.with_suffix(suffix).name for suffix in EDITORS))


def write_label_files(
    folder: Path, sample: Sequence[SampledLabel], results: Results, *, number: int = 1
) -> tuple[Path, ...]:
    """Write what a person needs to label a sample.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    sample : sequence of SampledLabel
        As it was drawn; kinds that are known already are filled in.
    results : Results
        Of the film.
    number : int, optional
        As for `sample_names`.

    Returns
    -------
    tuple of pathlib.Path
        Table, and a file each for Audacity, ELAN and Praat.

    Raises
    ------
    MediaError
        If the folder cannot be written to.
    """
    table = folder / sample_names(number)[0]
    write_atomically(table, _table(sample, results).encode())
    return (table, *_write_for_editors(table, sample, results, EDITORS))


def write_next(path: Path, chosen: Sequence[SpeechSegment], results: Results) -> tuple[Path, ...]:
    """Write segments that were chosen to train the classifier, and were not drawn at random.

    Parameters
    ----------
    path : pathlib.Path
        Of the table; the other files stand beside it.
    chosen : sequence of SpeechSegment
        In film order.
    results : Results
        Of the film.

    Returns
    -------
    tuple of pathlib.Path
        The table, and a file each for Audacity, ELAN and Praat.

    Raises
    ------
    MediaError
        If the folder cannot be written to.
    """
    lines = ["\t".join(["start_s", "end_s", "kind", *IDENTITY_COLUMNS])]
    for one in chosen:
        key = segment_key(results.film.sha256, one.interval)
        cells = (repr(one.start_s), repr(one.end_s), OPEN, key, *_of_film(results))
        lines.append("\t".join(cells))
    table = write_atomically(path, ("\n".join(lines) + "\n").encode())
    return (table, *_write_for_editors(path, chosen, results, EDITORS))


def _write_for_editors(
    path: Path,
    stretches: Sequence[SampledLabel] | Sequence[SpeechSegment],
    results: Results,
    suffixes: Sequence[str],
) -> tuple[Path, ...]:
    """Write a file with each suffix, in which stretches wait for their kinds."""
    rows = [Labelled(one.start_s, one.end_s, _word(one)) for one in stretches]
    return tuple(write_labels(path.with_suffix(suffix), rows, results) for suffix in suffixes)


def _word(one: SampledLabel | SpeechSegment) -> str:
    return one.kind if isinstance(one, SampledLabel) and not one.is_open else OPEN


def _table(sample: Sequence[SampledLabel], results: Results) -> str:
    lines = ["\t".join(_COLUMNS)]
    for one in sample:
        cells = (
            seconds_text(one.start_s),
            seconds_text(one.end_s),
            _word(one),
            one.predicted,
            one.stratum,
        )
        identity = (seconds_text(one.p_inclusion), one.segment or "", *_of_film(results))
        lines.append("\t".join([*cells, *identity]))
    return "\n".join(lines) + "\n"


def _of_film(results: Results) -> tuple[str, str]:
    """Return the cells that say of which film a row is; none that a spreadsheet would run."""
    edition = " ".join((results.film.edition or "").split())
    return f"sha256:{results.film.sha256}", f"'{edition}" if edition.startswith(
        RUN_BY_SPREADSHEETS
    ) else edition

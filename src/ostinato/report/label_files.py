"""A random sample as files to label: a table, one for each editor, a page to listen to.

Audacity opens the track with File, Import, Labels. None but the table shows what was predicted,
which would colour what is heard.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ostinato.report.editors import Labelled, write_labels
from ostinato.results import (
    OPEN,
    SAMPLE_COLUMNS,
    Results,
    SampledLabel,
    SpeechSegment,
    write_atomically,
)
from ostinato.timeline import seconds_text, timecode

TABLE_NAME = "sample.tsv"
EDITORS = (".txt", ".eaf", ".TextGrid")
PAGE_NAME = "listen.html"


def write_label_files(
    folder: Path, sample: Sequence[SampledLabel], results: Results
) -> tuple[Path, ...]:
    """Write what a person needs to label a sample.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    sample : sequence of SampledLabel
        As it was drawn.
    results : Results
        Of the film.

    Returns
    -------
    tuple of pathlib.Path
        Table, page, and a file each for Audacity, ELAN and Praat.

    Raises
    ------
    MediaError
        If the folder cannot be written to.
    """
    contents = {
        TABLE_NAME: _table(sample),
        PAGE_NAME: _page(sample, results),
    }
    written = [write_atomically(folder / name, text.encode()) for name, text in contents.items()]
    return (*written, *_write_open(folder / TABLE_NAME, sample, results, EDITORS))


def write_next(path: Path, chosen: Sequence[SpeechSegment], results: Results) -> tuple[Path, ...]:
    """Write segments that were chosen to teach, and were not drawn at random.

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
    return _write_open(path, chosen, results, (".tsv", *EDITORS))


def _write_open(
    path: Path,
    stretches: Sequence[SampledLabel] | Sequence[SpeechSegment],
    results: Results,
    suffixes: Sequence[str],
) -> tuple[Path, ...]:
    """Write a file with each suffix, in which stretches wait for their kinds."""
    rows = [Labelled(one.start_s, one.end_s, OPEN) for one in stretches]
    return tuple(write_labels(path.with_suffix(suffix), rows, results) for suffix in suffixes)


def _table(sample: Sequence[SampledLabel]) -> str:
    lines = ["\t".join(SAMPLE_COLUMNS)]
    for one in sample:
        cells = (
            seconds_text(one.start_s),
            seconds_text(one.end_s),
            OPEN,
            one.predicted,
            one.stratum,
        )
        lines.append("\t".join([*cells, seconds_text(one.p_inclusion)]))
    return "\n".join(lines) + "\n"


def _page(sample: Sequence[SampledLabel], results: Results) -> str:
    rows = [{**dataclasses.asdict(one), "time": timecode(one.start_s)} for one in sample]
    template = files("ostinato.report").joinpath("label_page.html").read_text(encoding="utf-8")
    drawn = json.dumps(rows, ensure_ascii=False)
    # a closing tag within the data would end the script
    replacements = {
        "ROWS_JSON": drawn.replace("</", "<\\/"),
        "STORE_JSON": json.dumps(hashlib.sha256(drawn.encode()).hexdigest()[:16]),
        "FILM_NAME": _escaped(results.film.name),
    }
    for place, text in replacements.items():
        template = template.replace(place, text)
    return template


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

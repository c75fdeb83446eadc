"""A random sample as files to label: a table, a track for Audacity and ELAN, a page to listen to.

Audacity opens the track with File, Import, Labels; ELAN with File, Import, Tab-delimited text.
Neither shows what was predicted, which would colour what is heard.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ostinato.results import OPEN, SAMPLE_COLUMNS, Results, SampledLabel, write_atomically
from ostinato.timeline import timecode

TABLE_NAME = "sample.tsv"
TRACK_NAME = "sample.txt"
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
        Table, track and page.

    Raises
    ------
    MediaError
        If the folder cannot be written to.
    """
    contents = {
        TABLE_NAME: _table(sample),
        TRACK_NAME: "".join(f"{one.start_s:.6f}\t{one.end_s:.6f}\t{OPEN}\n" for one in sample),
        PAGE_NAME: _page(sample, results),
    }
    return tuple(write_atomically(folder / name, text.encode()) for name, text in contents.items())


def _table(sample: Sequence[SampledLabel]) -> str:
    lines = ["\t".join(SAMPLE_COLUMNS)]
    for one in sample:
        cells = (repr(one.start_s), repr(one.end_s), OPEN, one.predicted, one.stratum)
        lines.append("\t".join([*cells, repr(one.p_inclusion)]))
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

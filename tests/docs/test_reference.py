"""Pages of the reference are as the code has it."""

import dataclasses
import runpy
from pathlib import Path

import pytest

from ostinato.results import Results, results_schema

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_reference.py"))


@pytest.mark.parametrize("name", sorted(MADE["PAGES"]))
def test_a_page_is_as_docs_make_reference_writes_it(name):
    assert (DOCS / name).read_text(encoding="utf-8") == MADE["PAGES"][name]()


def test_every_field_has_a_meaning():
    records = MADE["_records"](Results, [])
    lacking = [
        f"{record.__name__}.{one.name}"
        for record in records
        for one in dataclasses.fields(record)
        if not MADE["meaning"](record, one.name)
    ]
    assert lacking == []
    assert {record.__name__ for record in records} == set(results_schema()["$defs"])

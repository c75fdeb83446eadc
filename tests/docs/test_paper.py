"""The paper: what it cites is in its bibliography, and what it counts was measured."""

import re
from pathlib import Path

import pytest
from pybtex.database import parse_file

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")


def test_what_is_cited_is_in_the_bibliography_and_nothing_else():
    cited = set(re.findall(r"@(\w+)", PAPER.partition("# Summary")[2]))
    assert cited == set(parse_file(str(ROOT / "paper" / "paper.bib")).entries)


def test_the_comparison_is_the_one_that_was_measured():
    measured = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w ,-]+) \| (\d+) \| (\d+) \| (\d+) \|$", PAPER, flags=re.MULTILINE)
    assert len(rows) == 6
    for tool, *counts in rows:
        for kind, n in zip(("clean", "broadcast", "dense"), counts, strict=True):
            assert re.search(rf"^\| {kind} \| {tool} \| {n} of ", measured, flags=re.MULTILINE)


def test_the_files_of_the_repository_name_nobody_else_as_author():
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    head = yaml.safe_load(PAPER.split("---")[1])
    assert cited["title"] == head["title"]
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in head["authors"]]

"""The tutorial quotes what the program prints of the demonstration."""

import re
import runpy
from pathlib import Path

import pytest

from ostinato.cli.demo import compare
from ostinato.report import citation, describe
from ostinato.results import read_results
from ostinato.simulate import DEMO_NAMES

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
SAME = runpy.run_path(str(DOCS / "same_as_tutorial.py"))["differences"]


@pytest.fixture(scope="module")
def stored():
    return read_results(DOCS / "demo")


def quoted():
    blocks = re.findall(r"```text\n(.*?)```", TUTORIAL, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_every_line_that_is_explained_is_printed(stored):
    truth = read_results(DOCS / "demo" / "truth.json")
    printed = f"{describe(stored)}\n{compare(truth, stored)}".splitlines()
    assert len(quoted()) > 15
    assert [line for line in quoted() if line not in printed] == []


def test_the_findings_that_are_quoted_are_those_that_are_cited(stored):
    first = re.search(r"^> In .*?\n\n", TUTORIAL, flags=re.DOTALL | re.MULTILINE)[0]
    text = " ".join(line.removeprefix("> ") for line in first.split("\n")).strip()
    assert text in citation(stored)


def test_every_file_that_is_named_is_written():
    named = re.findall(r"`([\w-]+\.(?:mka|opus|srt|tsv|toml))`", TUTORIAL)
    assert set(named) <= {*DEMO_NAMES, "war-of-freedom.opus", "feelings.opus"}


def test_a_run_that_finds_otherwise_is_named(stored):
    truth = read_results(DOCS / "demo" / "truth.json")
    assert list(SAME(stored, stored)) == []
    assert any("lies elsewhere" in one for one in SAME(stored, truth))

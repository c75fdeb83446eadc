"""The pages: what they link to is there, their commands are taken, and none is out of reach."""

import re
import shlex
from pathlib import Path

import pytest

from ostinato.cli.main import COMMANDS
from ostinato.cli.parser import parse

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = {"generated", "gallery"}
PAGES = sorted(page for page in DOCS.rglob("*.md") if not MADE & set(page.relative_to(DOCS).parts))
FOLLOWED = (DOCS / "tutorial.md", DOCS / "installing.md", *sorted((DOCS / "how-to").glob("*.md")))
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")


def named(page):
    return page.relative_to(DOCS).as_posix()


def slug(heading):
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower().replace("`", "")
    return re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-")


def headings(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {slug(one) for one in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_links_to_is_there(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target, anchor in LINK.findall(text):
        path = (page.parent / target).resolve() if target else page
        if MADE & set(path.parts):  # copied or drawn when the site is built, which checks them
            continue
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor in headings(path), f"{target}#{anchor}"


@pytest.mark.parametrize("page", FOLLOWED, ids=named)
def test_the_command_takes_every_line_that_a_reader_is_told_to_give(page):
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^ {4,}ostinato (?!--)(.+)$", text, flags=re.MULTILINE)
    for line in lines:
        arguments = parse(shlex.split(line), {name: name for name in COMMANDS})
        assert arguments.handler == shlex.split(line)[0]


def test_every_page_is_in_the_contents():
    listed = (DOCS / "index.md").read_text(encoding="utf-8").splitlines()
    for page in PAGES:
        assert named(page) == "index.md" or named(page).removesuffix(".md") in listed


def test_every_figure_that_is_written_is_in_the_gallery():
    shown = {path.stem[len("draw_01_") :] for path in (DOCS / "examples").glob("draw_*.py")}
    written = {path.stem for path in (ROOT / "figures").glob("*.txt")}
    assert {name.replace("-", "_") for name in written} <= shown

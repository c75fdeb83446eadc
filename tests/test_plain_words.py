"""What people read is plain: sentences are short, and no everyday verb stands for a term."""

import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MADE = ("generated", "gallery")  # when the site is built, from what is checked where it stands
PAGES_OF_DOCS = (
    page
    for page in (ROOT / "docs").rglob("*.md")
    if page.relative_to(ROOT / "docs").parts[0] not in MADE
)
PAGES = (ROOT / "README.md", *sorted(PAGES_OF_DOCS))
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.txt"))
MOST_WORDS = 40
MOST_WORDS_AT_THE_MEDIAN = 22
TURNS = {
    "chance asks nothing": r"[Cc]hance (is|was|were) asked",
    "nobody holds anything against a film": r"held against|hold against|holds the film against",
    "a person's word": r"what you say of the speech|taken at their word|on your word",
    "sounds are distinguished": r"told apart|told from",
    "a song is matched": r"\bmet by\b|is met there|spectrum is met|may be met\b",
    "against": r"\bre (speech|full scale|film|its)\b",
    "a dash in place of a number": r"\b(had|of|at) – ",
    "a classifier is trained": r"[Tt]aught by|(taught|teach|teaches) the program",
    "strewn": r"strewn",
}


def prose_of(markdown):
    """Return paragraphs and list items, without code, tables, headings and links' targets."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    blocks, block = [], []
    for line in [*text.splitlines(), ""]:
        is_prose = bool(line.strip()) and not re.match(r"\||    |#|!\[|<", line)
        if not is_prose or re.match(r"\s*([-*]|\d+\.) ", line):
            blocks.append(" ".join(block))
            block = []
        if is_prose:
            block.append(re.sub(r"^\s*([-*]|\d+\.) ", "", line).strip())
    return [block for block in blocks if block]


def sentences_of(text):
    """Part paragraphs into sentences; a colon or a semicolon does not end one."""
    stop = re.compile(r"(?<=[\w)\]”*`%])[.?!](?:\s+(?=[A-Z“*`\[(])|$)")
    return [one for block in prose_of(text) for one in stop.split(block) if len(one.split()) > 1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_sentence_of_a_page_is_too_long(page):
    sentences = sentences_of(page.read_text(encoding="utf-8"))
    long = [one for one in sentences if len(one.split()) > MOST_WORDS]
    assert not long, "\n\n".join(long)
    assert statistics.median(len(one.split()) for one in sentences) <= MOST_WORDS_AT_THE_MEDIAN


@pytest.mark.parametrize("page", [*PAGES, *GOLDEN], ids=lambda page: page.name)
def test_common_words_have_their_common_meaning(page):
    text = " ".join(page.read_text(encoding="utf-8").split())
    for turn in TURNS.values():
        found = re.search(turn, text)
        assert found is None, text[max(0, found.start() - 60) : found.end() + 60]


def test_the_glossary_is_linked_where_terms_are_used():
    for page in (ROOT / "README.md", ROOT / "docs" / "claims.md", ROOT / "docs" / "results.md"):
        assert "glossary.md" in page.read_text(encoding="utf-8")
    golden = (ROOT / "tests" / "golden" / "citation-mla.txt").read_text(encoding="utf-8")
    assert "docs/glossary.md" in golden


def test_the_glossary_explains_each_term_once():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", text, flags=re.MULTILINE)
    assert len(terms) == len(set(terms))
    for term in (
        "playing",
        "occurrence",
        "transition",
        "LU",
        "z",
        "p",
        "Holm's correction",
        "kappa",
        "gamma",
        "power",
        "null model",
        "held out",
        "specification",
    ):
        assert term in terms

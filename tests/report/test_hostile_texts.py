"""Titles that would act on what reads them, through every writer and opened by its reader."""

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from tests.report.claims import with_claims
from tests.report.examples import a_feature_film
from tests.test_legible import texts

from ostinato.legible import escaped, unescaped, visible
from ostinato.report import citation, describe, write_figures
from ostinato.report.essay_tables import essay_tables, markdown_rows, tables_alone
from ostinato.report.wording import plain
from ostinato.results import Scene

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TITLES = (
    "\x1b[31mRED\x1b]0;x\x07\nostinato: all is well",
    "a | b\n| c | d |",
    "{open",
    "close} @misc{x, title={y}}",
    "\\} % $ # & ~ ^ _",
    "<script>alert(1)</script> &amp; [x](http://x) ![y](z) `code` **b** _i_ ~~s~~",
    "# heading",
    "1. one",
    "- one",
    "a\x00b",
    "-->\x00",
    "=cmd",
    "\u202egpj.exe",
    "שיר | *",
    "a\\",
    "_under_ score_d __x__",
)
titles = st.one_of(st.sampled_from(TITLES), texts.filter(str.strip))


def hostile(title):
    feature = a_feature_film()
    film = replace(
        feature.film, name=title, title=title, edition=title, director=title, distributor=title
    )
    songs = tuple(replace(song, title=f"{title}{song.id}") for song in feature.songs)
    scenes = (Scene(name=title, start_s=0.0, end_s=1000.0, story=title, day=None),)
    claimed = with_claims(replace(feature, film=film, songs=songs, scenes=scenes))
    claims = tuple(replace(claim, statement=title) for claim in claimed.claims)
    return replace(claimed, claims=claims)


def rendered(markdown):
    """Return what a reader sees of each block."""
    return [
        "".join(part.content for part in token.children if part.type in {"text", "text_special"})
        for token in MARKDOWN.parse(markdown)
        if token.type == "inline"
    ]


@given(titles)
@example("".join(TITLES))
def test_plain_text_is_rendered_as_it_is(text):
    shown = MARKDOWN.parse(plain(text))
    assert [token.type for token in shown] == ["paragraph_open", "inline", "paragraph_close"]
    assert {part.type for part in shown[1].children} <= {"text", "text_special"}
    assert rendered(plain(text)) == [visible(text).strip()]


@given(titles)
@settings(max_examples=25)
@example(TITLES[1])
def test_a_table_of_claims_keeps_its_rows_and_columns_whatever_they_state(title):
    results = hostile(title)
    table = essay_tables(results)[1]
    text = markdown_rows(table)
    tokens = MARKDOWN.parse(text)
    assert tokens[0].type == "table_open"
    assert sum(token.type == "tr_open" for token in tokens) == 1 + len(results.claims)
    n_columns = sum(token.type == "th_open" for token in tokens)
    assert rendered(text)[n_columns] == f"C1: {visible(title)}".strip()


@given(titles)
@settings(max_examples=25)
@example(TITLES[1])
@example(TITLES[11])
def test_a_table_of_its_own_holds_a_title_as_its_readers_want_it(title):
    results = hostile(title)
    n_rows = 1 + len(results.occurrences)
    rows = list(csv.reader(io.StringIO(tables_alone(results, table_format="csv"), newline="")))
    assert len(rows) == n_rows
    assert not any((cell + " ").startswith(tuple("=+-@")) for cell in rows[1][:2])
    assert unescaped(rows[1][0].removeprefix("'")) in {f"{title}S1", f"'{title}S1"}
    page = ET.fromstring(f"<x>{tables_alone(results, table_format='html')}</x>")  # noqa: S314
    assert page.findall("table/tbody/tr/td")[0].text == visible(f"{title}S1")
    tex = tables_alone(results, table_format="latex")
    for line in tex.splitlines():
        bare = re.sub(r"\\\\$|\\[&%$#_{}]|\\[a-z]+\{\}|\$-\$|\$\\leq\$", "", line)
        if not line.startswith(("%", "\\")):
            assert not set(bare) & set("%#$_^~{}\\"), line


@given(titles)
@settings(max_examples=25)
@example(TITLES[2])
@example(TITLES[3])
def test_a_reference_manager_reads_three_entries_and_the_title(title):
    entries = parse_string(citation(hostile(title), style="bibtex"), "bibtex").entries
    assert list(entries) == ["film", "ostinato", "ostinato-run"]
    read = entries["film"].fields["title"][1:-1]
    for tex, mark in {
        r"\textasciitilde{}": "~",
        r"\textasciicircum{}": "^",
        r"\textbraceleft{}": "{",
        r"\textbraceright{}": "}",
        r"\textbackslash{}": "\x00",
    }.items():
        read = read.replace(tex, mark)
    read = re.sub(r"\\([&%$#_])", r"\1", read).replace("\x00", "\\")
    assert read.split() == escaped(title).split()


@given(titles)
@settings(max_examples=25)
def test_csl_gives_back_the_title(title):
    assert json.loads(citation(hostile(title), style="csl"))[0]["title"] == title


@pytest.mark.parametrize("title", TITLES)
def test_figures_are_xml_whatever_titles_hold(title, tmp_path):
    paths = write_figures(hostile(title), tmp_path, formats=("svg",))
    for path in paths:
        if path.suffix == ".svg":
            ET.parse(path)  # noqa: S314 - our own
        else:
            assert not set(path.read_text(encoding="utf-8")) & set("\x00\x1b\x07\u202e")


@given(titles)
@settings(max_examples=25)
@example(TITLES[0])
def test_a_terminal_is_told_the_title_on_one_line(title):
    told = describe(hostile(title))
    assert not set(told) & set("\x00\x07\x1b\x9b\r\t\u202e\u2028")
    assert "\nostinato:" not in told
    assert unescaped(told.partition("\n")[0]) or not title

"""Every sentence of every silly film: no leftovers, none too long, nothing rounded over."""

import re
from functools import cache

import pytest
from tests.report.pages import Page, check
from tests.report.silly import SILLY

from ostinato.report import (
    STYLES,
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
    citation,
    describe,
    page_html,
    tables_alone,
)

MOST_WORDS = 40
_THINGS = "(occurrence|playing|segment|song|label|transition|claim|voice)"
LEFTOVERS = {
    "not a number": r"\b(nan|NaN|inf|None|null)\b",
    "a dash for a word": r"\s–\s|–[.,;)]|\(–",
    "one in the plural": rf"\b1 {_THINGS}s\b",
    "a plural in the singular": rf"\b(0|[2-9]|\d\d+) {_THINGS}\b",
    "none of none": r"\b0 of 0\b",
    "two blanks": r"\S  +\S",
    "two stops": r"(?<!\.)\.\.(?!\.)|\.;|;\.|,\.",
    "no undetermined speech": r"[uU]ndetermined (0:00:00|0 s)",
    "an empty pair of brackets": r"\(\s*\)|“”",
    "a minus that is nothing": r"[−-]0(\.0+)?(?![\d.:])",
}


@cache
def results_of(name):
    return SILLY[name]()


@cache
def texts_of(name):
    """Return what a person reads of a film, by where it stands."""
    results = results_of(name)
    texts = {style: citation(results, style=style) for style in STYLES}
    texts |= {f"table {one}": tables_alone(results, table_format=one) for one in ("html", "latex")}
    texts |= {
        "map": caption_repetition_map(results),
        "timeline": caption_timeline(results),
        "voices": caption_voices(results),
        "specifications": caption_specifications(results),
        "terminal": describe(results),
    }
    return texts


def sentences_of(text):
    """Return sentences of prose: no tables, no lists of hashes, no aligned columns."""
    prose = [
        line
        for line in text.splitlines()
        if line.strip() and not re.match(r"\||  |[#@{}\[\]]|<|\\", line)
    ]
    stops = re.compile(r"(?<=[a-z\d)”\]])\.(?:\[\^1\])?(?=\s+[A-Z“*]|$)")
    return [one.strip() for line in prose for one in stops.split(line) if one.strip()]


@pytest.mark.parametrize("name", SILLY)
@pytest.mark.parametrize("kind", LEFTOVERS)
def test_no_sentence_holds_what_only_a_program_would_say(name, kind):
    for where, text in texts_of(name).items():
        if where in {"csl", "bibtex", "table latex"} and kind in {"two blanks", "two stops"}:
            continue
        for sentence in sentences_of(text):
            held = sentence.replace("Mr. Blue... (feat. J.R.)", "Mr Blue")
            assert not re.search(LEFTOVERS[kind], held), (where, sentence)


@pytest.mark.parametrize("name", SILLY)
def test_no_cell_and_no_sentence_holds_a_minus_that_is_nothing(name):
    for where, text in texts_of(name).items():
        assert not re.search(LEFTOVERS["a minus that is nothing"], text), where


@pytest.mark.parametrize("name", SILLY)
def test_no_sentence_is_too_long_to_read(name):
    for where in ("mla", "map", "timeline", "voices"):
        for sentence in sentences_of(texts_of(name)[where]):
            if "SHA-256" not in sentence and not sentence.startswith("[^1]"):
                assert len(sentence.split()) <= MOST_WORDS, (where, sentence)


def test_no_number_is_rounded_over_what_decides():
    text = citation(results_of("on-the-edge"), style="mla")
    findings = text.partition("## Method")[0]
    assert "a ratio of 1.004" in findings
    assert "4.996% of the film" in findings
    for cell in ("0.004", "1.004"):
        assert f"| {cell} |" in text, cell
    assert "C1: The song fills 4.996% of the film" in text
    shown = describe(results_of("on-the-edge"))
    for number in ("or 4.996% of the film", "  1.004  ", "  50.1%", "Found: 1.004."):
        assert number in shown, number


@pytest.mark.parametrize("name", SILLY)
def test_findings_are_three_to_five_sentences_without_film_times(name):
    findings = citation(results_of(name), style="mla").partition("## Method")[0]
    body = findings.removeprefix("## Findings\n\n").replace("Mr. Blue... (feat. J.R.)", "Mr Blue")
    assert 3 <= len(sentences_of(body)) <= 5, body
    assert not re.search(r"\d:\d\d", body)


def test_titles_stand_as_they_are_in_every_table_and_sentence():
    results = results_of("odd-titles")
    csv = tables_alone(results, table_format="csv")
    for song in results.songs:
        assert song.title.replace('"', '""') in csv
        assert song.title in describe(results).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("name", SILLY)
def test_every_silly_film_has_a_page(name):
    check(Page(page_html(results_of(name))))

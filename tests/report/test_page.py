"""The page: one file that asks for nothing, says what results hold, and lets no title act."""

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.report.claims import with_claims
from tests.report.examples import a_feature_film, an_occurrence
from tests.report.extremes import EXTREMES
from tests.report.pages import Page, check
from tests.report.test_hostile_texts import hostile, titles

from ostinato.legible import visible
from ostinato.report import page_html
from ostinato.report.page import page_view
from ostinato.report.page.drawing import map_panels
from ostinato.report.page.view import from_markdown, with_names
from ostinato.report.wording import plain
from ostinato.results import SongSection, SpeechSegment


@pytest.fixture(scope="module")
def feature():
    return with_claims(a_feature_film())


@pytest.fixture(scope="module")
def page(feature):
    return Page(page_html(feature))


def test_the_page_is_whole_and_each_link_leads_somewhere(page):
    assert not page.amiss
    assert not page.opened
    assert len(page.ids) == len(set(page.ids))
    links = [a["href"] for a in page.all("a")]
    assert len(links) > 20
    assert {link.removeprefix("#") for link in links} <= set(page.ids)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_film_has_a_page(name, feature):
    check(Page(page_html(EXTREMES[name](feature))))


def test_the_page_asks_for_nothing(feature):
    html = page_html(feature)
    assert not re.search(r"""(src|srcset|data|action)\s*=\s*["']?(?!data:)[a-z]+:""", html)
    assert "@import" not in html
    assert "url(" not in html
    found = Page(html)
    assert not found.all("link")
    assert not found.all("img")
    assert "default-src 'none'" in next(
        a["content"] for a in found.all("meta") if a.get("http-equiv")
    )


def test_each_occurrence_is_a_stroke_and_a_row_that_lead_to_each_other(page, feature):
    for one in feature.occurrences:
        assert {one.id, f"on-map-{one.id}"} <= set(page.ids)
        stroke = next(a for a in page.all("a") if a.get("id") == f"on-map-{one.id}")
        assert stroke["href"] == f"#{one.id}"
        assert stroke["aria-label"].startswith(f"{one.id}, ")


def test_a_stroke_runs_from_where_the_song_starts_to_where_it_stops(feature):
    panel, song = page_view(feature).panels[0], feature.songs[0]
    stroke = panel.strokes[0]
    one = next(one for one in feature.occurrences if one.id == stroke.id)
    first, last = (tuple(map(float, pair.split(","))) for pair in stroke.points.split())
    # song time runs up
    assert first == pytest.approx((one.film_start_s, song.duration_s - one.song_start_s), abs=0.01)
    assert last == pytest.approx((one.film_end_s, song.duration_s - one.song_end_s), abs=0.01)


def test_a_drifting_record_is_a_stroke_that_bends(feature):
    knots = ((10.0, 5.0), (20.0, 15.01), (30.0, 25.0))
    bent = an_occurrence(
        id="O1", film_start_s=10.0, film_end_s=30.0, song_start_s=5.0, song_end_s=25.0, knots=knots
    )
    results = replace(feature, occurrences=(bent,), transitions=(), claims=())
    (stroke, *_) = page_view(results).panels[0].strokes
    assert len(stroke.points.split()) == len(knots)


def test_what_goes_on_is_joined_and_nothing_else(feature):
    n_joins = sum(len(panel.joins) for panel in page_view(feature).panels)
    assert n_joins == sum(move.continues for move in feature.transitions) > 0


def test_the_page_says_what_results_hold(page, feature):
    view = page_view(feature)
    rows = {table.id: table.rows for table in (*view.tables, view.claims)}
    assert len(rows["occurrences"]) == len(feature.occurrences)
    assert len(rows["ratio"]) == len(feature.ratio)
    assert [row.id for row in rows["speech"]] == [one.id for one in feature.speech]
    assert len(rows["candidates"]) == len(feature.candidates)
    assert [(v.id, v.verdict) for v in view.verdicts] == [(c.id, c.verdict) for c in feature.claims]
    for claim in feature.claims:
        assert visible(claim.statement) in page.text
    bars = {lane.name: lane.bars for lane in view.lanes}
    for kind in ("narration", "dialogue"):
        own = [one for one in feature.speech if one.kind == kind]
        assert [(bar.row, bar.start_s) for bar in bars[kind]] == [
            (one.id, round(one.start_s, 2)) for one in own
        ]


def test_names_are_set_apart_from_the_direction_of_the_sentence(feature):
    shir = "\u05e9\u05d9\u05e8"
    songs = (replace(feature.songs[0], title=shir), *feature.songs[1:])
    html = page_html(replace(feature, songs=songs))
    body = re.sub(r'(aria-label|title)="[^"]*"|<title>[^<]*|<div class="copyable.*?</div>', "",
                  html, flags=re.DOTALL)  # fmt: skip
    # attributes can hold no mark, and references isolate themselves as blocks
    assert body.count(shir) == body.count(f"<bdi>{shir}</bdi>") > len(feature.occurrences) / 2


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=5), max_size=4))
def test_a_sentence_that_is_parted_into_names_stays_the_same_sentence(text, names):
    parts = with_names(text, names)
    assert "".join(part.text for part in parts) == text
    assert {part.text for part in parts if part.is_name} <= set(names)


@given(titles)
def test_references_are_shown_as_their_markdown_renders(title):
    line = f"*{plain(title)}*. Seen in {plain(title)}."
    runs = from_markdown(line)
    shown = " ".join(visible(title).split())
    assert " ".join("".join(run.text for run in runs).split()) == f"{shown}. Seen in {shown}."
    assert " ".join(runs[0].text.split()) == shown
    assert runs[0].is_italic


@cache
def _quiet():
    return Page(page_html(hostile("Dreams")))


@given(titles)
@example("</title></script><script>alert(1)</script>")
@example("</style><img src=x onerror=alert(1)>")
@example("{{ 7 * 7 }}{% for %}")
@example('" onmouseover="alert(1)')
@settings(max_examples=8, deadline=None)
def test_no_title_acts(title):
    quiet, loud = _quiet(), Page(page_html(hostile(title)))
    assert not loud.amiss
    assert len(loud.all("script")) == len(quiet.all("script"))
    assert [tag for tag, _ in loud.elements if tag not in {"bdi", "i"}] == [
        tag for tag, _ in quiet.elements if tag not in {"bdi", "i"}
    ]
    attributes = {name for _, found in loud.elements for name in found}
    assert attributes == {name for _, found in quiet.elements for name in found}


def test_a_long_film_stays_below_a_megabyte(feature):
    plays = tuple(
        an_occurrence(
            id=f"O{i + 1}",
            playing_id=f"P{i + 1}",
            film_start_s=50.0 * i,
            film_end_s=50.0 * i + 20,
            song_start_s=10.0,
            song_end_s=30.0,
        )
        for i in range(200)
    )
    speech = tuple(
        SpeechSegment(
            id=f"T{i + 1}",
            start_s=5.0 * i,
            end_s=5.0 * i + 3,
            kind=("narration", "dialogue")[i % 2],
            p_narration=None,
            decided_by="subtitles",
            voice=None,
        )
        for i in range(2000)
    )
    film = replace(feature.film, duration_s=10_800.0)
    results = replace(feature, film=film, occurrences=plays, transitions=(), speech=speech)
    assert len(page_html(results).encode()) < 1_000_000


def test_sections_of_a_song_stand_beside_its_map_where_they_have_room(a_feature):
    first, *others = a_feature.songs
    whole_s = first.duration_s
    bounds = {"verse": (0.0, whole_s / 2), "break": (whole_s / 2, whole_s / 2 + 1)}
    sections = tuple(
        SongSection(name=name, start_s=start_s, end_s=end_s)
        for name, (start_s, end_s) in bounds.items()
    )
    songs = (replace(first, sections=sections), *others)
    panel, *rest = map_panels(replace(a_feature, songs=songs))
    assert [(one.name, one.bottom_percent, one.has_room) for one in panel.sections] == [
        ("verse", 0.0, True),
        ("break", 50.0, False),
    ]
    assert all(one.sections == () for one in rest)

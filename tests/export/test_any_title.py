"""Any title that can be written goes through every format, and comes back from those that do."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.export.films import HOSTILE, a_hostile_film
from tests.export.oracles import CHECKED

from ostinato.choices import EXPORT_FORMATS
from ostinato.export import (
    EXPORTS,
    ExportSheet,
    Layer,
    LayerRow,
    exported_files,
    frame_rate,
    from_line,
)
from ostinato.speech import read_foreign

FILM = a_hostile_film()
titles = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
        st.sampled_from(" \t\n\r\x00\x0b\x0c\x1b\x85\u2028\ufeff\"'|<>&{}[]\\nNhxu;,:-=#*/`٠夢🎵ש"),
    ),
    max_size=20,
)
BY = {"ostinato": "occurrences", "person": "scenes"}


def a_sheet(title, by):
    row = LayerRow(id="O1" if by == "ostinato" else "", start_s=12.5, end_s=14.25, text=title)
    layer = Layer(name=BY[by], by=by, rows=(row,))
    return ExportSheet(results=FILM, layers=(layer,), rate=frame_rate("24"))


@pytest.mark.parametrize("name", [name for name in EXPORT_FORMATS if name != "crate"])
@settings(max_examples=12)
@given(titles, st.sampled_from(["ostinato", "person"]))
@example("\\N\\n\\h{\\an8}<i>&amp;-->", "person")
@example("0:00:01.0 0:00:02.0", "person")
def test_a_title_goes_through(name, title, by):
    sheet = a_sheet(title, by)
    rows = CHECKED[name][1](exported_files(sheet, [name]), sheet)
    ((layer, ((start_s, end_s, text),)),) = rows.items()
    assert layer == sheet.layers[0].title
    assert start_s == pytest.approx(12.5, abs=0.021)
    assert end_s is None or end_s == pytest.approx(14.25, abs=0.021)
    if name != "rttm":
        is_bare = name in {"web-annotation", "iiif", "jams"}
        came_back = text if is_bare else from_line(text)
        words = sheet.layers[0].words(sheet.layers[0].rows[0])
        assert came_back == words or (not words and came_back == "\u2013")


@pytest.mark.parametrize("name", [name for name, one in EXPORTS.items() if one.comes_back])
@settings(max_examples=12)
@given(title=titles, by=st.sampled_from(["ostinato", "person"]))
@example(title="\\N\\n\\h{\\an8}<i>&amp;-->", by="person")
@example(title="0:00:01.0 0:00:02.0", by="person")
def test_a_title_comes_back(tmp_path_factory, name, title, by):
    sheet = a_sheet(title, by)
    ((place, content),) = exported_files(sheet, [name]).items()
    path = tmp_path_factory.mktemp("back") / place.replace("/", "-")
    path.write_bytes(content)
    (layer,) = read_foreign(path).layers
    (row,) = layer.rows
    words = sheet.layers[0].words(sheet.layers[0].rows[0])
    if name != "rttm":
        came_back = row.text if name in {"web-annotation", "iiif"} else from_line(row.text)
        assert came_back == words or (not words and came_back == "\u2013")


@pytest.mark.parametrize("title", HOSTILE)
def test_no_line_of_an_edit_list_has_a_bar_that_is_not_its_own(title):
    text = exported_files(a_sheet(title, "person"), ["edl"])["edl/scenes.person.edl"].decode()
    (line,) = re.findall(r"^ \|C:.*$", text, flags=re.MULTILINE)
    assert line.count("|") == 3

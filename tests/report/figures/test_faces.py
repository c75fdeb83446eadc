import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from ostinato.report.figures import style
from ostinato.report.figures.style import (
    FALLBACK_FAMILY,
    drawable,
    families,
    text_width,
    undrawable,
)


def ink(text, *, size=20):
    """How much is drawn of a text; a glyph that is missing is a warning, and so an error."""
    figure = Figure(figsize=(4, 1))
    figure.text(0.1, 0.4, text, family=families(), fontsize=size, parse_math=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=72)
    return int((np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, 4)[:, 0] < 128).sum())


@pytest.mark.parametrize(
    "text",
    ["夢中人", "重慶森林", "重庆森林", "恋する惑星", "カタカナ", "중경삼림", "Dreams 夢中人, été"],
)
def test_titles_in_chinese_japanese_and_korean_are_drawn(text):
    assert drawable(text) == text
    assert ink(text) > 100


def test_different_characters_are_drawn_differently():
    assert len({ink(c) for c in "夢中人重慶森林"}) > 4  # boxes would all be alike


@pytest.fixture
def no_other_font(monkeypatch):
    """A system that has no font but those that are always there."""
    monkeypatch.setattr(style, "system_family", lambda _: None)


@pytest.mark.usefixtures("no_other_font")
def test_what_no_face_can_draw_is_a_box_and_no_warning():
    assert drawable("हि 夢\n\U0001f3b5") == "□□ 夢\n□"
    assert ink(drawable("\U0001f3b5")) > 0


def test_the_callers_face_is_kept_for_what_it_has():
    with mpl.rc_context({"font.family": ["STIXGeneral"]}):
        assert families()[0] == "STIXGeneral"
        assert families()[-1] == FALLBACK_FAMILY


def test_the_fallback_is_known_once_however_often_it_is_asked_for():
    assert families() == families()
    assert [entry.name for entry in fontManager.ttflist].count(FALLBACK_FAMILY) == 1
    assert "ostinato" in fontManager.findfont(FontProperties(family=FALLBACK_FAMILY))


def test_a_text_is_as_wide_as_it_is_drawn():
    figure = Figure(dpi=72)
    for text in ("the counter", "重慶森林", "WWW iii"):
        drawn = figure.text(0, 0, text, family=families(), fontsize=30).get_window_extent().width
        assert text_width(text, size=30) == pytest.approx(drawn, rel=0.05)  # hinting


@pytest.mark.usefixtures("no_other_font")
def test_what_no_face_can_draw_is_named_once():
    assert undrawable(["夢 \U0001f3b5 x", "\U0001f3b5 हि□"]) == "\U0001f3b5हि"


def test_a_font_of_the_system_draws_what_ours_cannot(monkeypatch):
    name, letter = "A font of the system", "\u0939"  # of Devanagari, which ours do not have
    monkeypatch.setattr(style, "system_family", lambda c: name if c == letter else None)
    assert families(f"a{letter}")[-2:] == [FALLBACK_FAMILY, name]
    assert families("a")[-1] == FALLBACK_FAMILY


def test_fonts_of_the_system_are_asked_in_an_order_that_stays():
    style.system_faces.cache_clear()
    first = style.system_faces()
    style.system_faces.cache_clear()
    assert [entry.fname for entry in style.system_faces()] == [entry.fname for entry in first]
    assert all(entry.style == "normal" for entry in first)
    assert not [entry for entry in first if "Last Resort" in entry.name]


def test_a_character_of_no_script_is_a_box_on_every_system():
    assert drawable("a\U000f0000\n") == "a□\n"
    assert "Last Resort High-Efficiency" not in families("a\U000f0000\n")

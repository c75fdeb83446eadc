import os
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from PIL import Image
from tests.report.extremes import EXTREMES

from ostinato.errors import MediaError, ParameterError
from ostinato.report import FORMATS, write_figures
from ostinato.report.figures import COLUMN, PAGE, SLIDE, style
from ostinato.results import write_results

SVG = "{http://www.w3.org/2000/svg}"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_figure_in_each_format_and_its_caption_are_written(tmp_path, some_results):
    paths = write_figures(some_results, tmp_path / "new", formats=FORMATS)
    assert [path.name for path in paths] == [
        f"{name}.{suffix}"
        for name in ("repetition-map", "timeline", "self-similarity", "level-against-speech")
        for suffix in ("svg", "pdf", "png", "txt")
    ]
    files = contents(tmp_path / "new")
    assert len(files) == 16
    assert files["timeline.svg"].startswith(b"<?xml")
    assert files["timeline.pdf"].startswith(b"%PDF")
    assert files["timeline.png"].startswith(b"\x89PNG")


def test_only_the_formats_asked_for_are_written(tmp_path, some_results):
    write_figures(some_results, tmp_path, formats=("svg",))
    assert {path.suffix for path in tmp_path.iterdir()} == {".svg", ".txt"}


def test_a_format_that_figures_do_not_have_is_refused_before_anything_is_drawn(
    tmp_path, some_results
):
    with pytest.raises(ParameterError, match=r"format 'jpg'.*Choose from svg, pdf and png"):
        write_figures(some_results, tmp_path, formats=("svg", "jpg"))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path, some_results):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(MediaError, match=r"taken.*cannot be written"):
        write_figures(some_results, tmp_path / "taken", formats=("svg",))


def test_what_the_caller_has_set_changes_no_byte_and_stays_set(tmp_path, some_results):
    formats = ("svg", "png")
    write_figures(some_results, tmp_path / "one", formats=formats)
    strange = {"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": None, "savefig.dpi": 50}
    with mpl.rc_context(strange):
        write_figures(some_results, tmp_path / "two", formats=formats)
        assert mpl.rcParams["font.size"] == 20
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_process_gives_the_same_bytes_and_needs_no_pyplot(tmp_path, a_feature):
    write_results(tmp_path / "results", a_feature)
    how = {"formats": FORMATS, "formats_of_measures": ("svg",)}
    write_figures(a_feature, tmp_path / "one", **how)
    code = (
        "import sys; from pathlib import Path; from ostinato.report import *; "
        "from ostinato.results import read_results; source, out = map(Path, sys.argv[1:]); "
        "write_figures(read_results(source), out, formats=FORMATS, formats_of_measures=('svg',)); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, tmp_path / "results", tmp_path / "two"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_text_of_an_svg_is_text_with_a_title_and_a_description(tmp_path, a_feature):
    write_figures(a_feature, tmp_path, formats=("svg",))
    for name in ("repetition-map", "timeline", "song-coverage"):
        root = ET.parse(tmp_path / f"{name}.svg").getroot()  # noqa: S314 - it is ours
        caption = (tmp_path / f"{name}.txt").read_text(encoding="utf-8")
        title, described = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
        assert caption.startswith(title.text)
        assert described.text.split() == caption.split()
        assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
        texts = {"".join(one.itertext()) for one in root.iter(f"{SVG}text")}
        assert {"California Dreamin'", "夢中人 (Dreams)"} <= texts


def test_text_of_an_svg_has_faces_that_every_system_knows(tmp_path, a_feature):
    write_figures(a_feature, tmp_path, formats=("svg",))
    svg = (tmp_path / "timeline.svg").read_text(encoding="utf-8")
    styles = re.findall(r"font-family: ([^;\"]*)", svg)
    assert styles
    assert all(style.endswith("sans-serif") and "Verdana" in style for style in styles)
    assert "Ostinato Fallback" not in svg


def test_a_pdf_holds_its_faces(tmp_path, some_results):
    write_figures(some_results, tmp_path, formats=("pdf",), formats_of_measures=())
    assert "/FontFile2" in (tmp_path / "repetition-map.pdf").read_text("latin-1")


@pytest.mark.parametrize(("sheet", "mm"), [(COLUMN, 85), (PAGE, 177.8), (SLIDE, 338.67)])
def test_a_figure_is_as_wide_as_it_is_printed(tmp_path, some_results, sheet, mm):
    write_figures(some_results, tmp_path, formats=("svg", "png"), sheet=sheet)
    root = ET.parse(tmp_path / "timeline.svg").getroot()  # noqa: S314 - it is ours
    assert float(root.get("width").removesuffix("pt")) / 72 * 25.4 == pytest.approx(mm, abs=0.2)
    with Image.open(tmp_path / "timeline.png") as picture:
        dots = float(picture.info["dpi"][0])
        assert picture.width / dots * 25.4 == pytest.approx(mm, abs=0.3)


def test_a_film_without_songs_has_no_figure_of_what_songs_do(tmp_path, a_feature):
    write_figures(EXTREMES["no songs"](a_feature), tmp_path, formats=("svg",))
    assert {path.stem for path in tmp_path.iterdir()} <= {
        "repetition-map",
        "timeline",
        "voices",
        "narration-share",
    }


def test_a_title_that_no_font_draws_is_said_to_be_boxes(tmp_path, some_results, monkeypatch):
    monkeypatch.setattr(style, "system_family", lambda _: None)
    songs = (replace(some_results.songs[0], title="\U0001f3b5 हि"), *some_results.songs[1:])
    write_figures(replace(some_results, songs=songs), tmp_path, formats=("svg",))
    text = (tmp_path / "timeline.txt").read_text(encoding="utf-8")
    assert "No font of this system draws \U0001f3b5 ह ि: boxes stand in their place." in text


@pytest.mark.parametrize("case", EXTREMES)
def test_extremes_are_written_without_a_warning(case, tmp_path, a_feature):
    results = EXTREMES[case](a_feature)
    write_figures(results, tmp_path, formats=("svg",))
    for name in ("repetition-map", "timeline"):
        assert (tmp_path / f"{name}.svg").read_text().rstrip().endswith("</svg>")
        assert results.film.name in (tmp_path / f"{name}.txt").read_text()

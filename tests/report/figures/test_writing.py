import os
import subprocess
import sys

import matplotlib as mpl
import pytest
from tests.report.extremes import EXTREMES

from ostinato.errors import MediaError, ParameterError
from ostinato.report import FORMATS, write_figures
from ostinato.results import write_results


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_figure_in_each_format_and_its_caption_are_written(tmp_path, some_results):
    paths = write_figures(some_results, tmp_path / "new", formats=FORMATS)
    assert [path.name for path in paths] == [
        "repetition-map.svg",
        "repetition-map.pdf",
        "repetition-map.png",
        "repetition-map.txt",
        "timeline.svg",
        "timeline.pdf",
        "timeline.png",
        "timeline.txt",
    ]
    files = contents(tmp_path / "new")
    assert len(files) == 8
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
    write_figures(a_feature, tmp_path / "one", formats=FORMATS)
    code = (
        "import sys; from pathlib import Path; from ostinato.report import *; "
        "from ostinato.results import read_results; source, out = map(Path, sys.argv[1:]); "
        "write_figures(read_results(source), out, formats=FORMATS); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, tmp_path / "results", tmp_path / "two"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_vector_figure_needs_no_font_of_the_reader(tmp_path, a_feature):
    write_figures(a_feature, tmp_path, formats=("svg", "pdf"))
    svg = (tmp_path / "repetition-map.svg").read_text()
    assert "<text" not in svg
    assert "/FontFile2" in (tmp_path / "repetition-map.pdf").read_text("latin-1")


@pytest.mark.parametrize("case", EXTREMES)
def test_extremes_are_written_without_a_warning(case, tmp_path, a_feature):
    results = EXTREMES[case](a_feature)
    write_figures(results, tmp_path, formats=("svg",))
    for name in ("repetition-map", "timeline"):
        assert (tmp_path / f"{name}.svg").read_text().rstrip().endswith("</svg>")
        assert results.film.name in (tmp_path / f"{name}.txt").read_text()

import dataclasses
import html
import sys
from types import SimpleNamespace

import pytest
from tests.report.examples import a_feature_film

import ostinato as ost
from ostinato.errors import StudyError
from ostinato.results import write_results


@pytest.fixture
def folder(results, tmp_path):
    write_results(tmp_path / "results", results)
    return tmp_path / "results"


def test_the_whole_page_is_shown_with_excerpts_from_what_is_kept(folder, bar, results):
    page = ost.show(folder, cache_dir=bar.cache)
    shown = html.unescape(page._repr_html_().partition('srcdoc="')[2].partition('" style')[0])
    assert shown == page.html
    assert shown.count("<audio") == len(results.occurrences) > 0
    assert ost.show(folder / "results.json", cache_dir=bar.cache).html == page.html


def test_without_the_sound_the_page_is_shown_in_silence(folder, tmp_path):
    page = ost.show(folder, cache_dir=tmp_path / "none")
    assert "<audio" not in page.html
    assert "O1" in page.html
    with pytest.raises(StudyError):
        ost.show(tmp_path / "nothing")


def test_a_file_of_results_is_read_alone(folder, results, tmp_path):
    alone = tmp_path / "copy.json"
    alone.write_bytes((folder / "results.json").read_bytes())
    assert ost.read_results(alone) == results
    alone.write_text("{}")
    with pytest.raises(StudyError, match=r"copy\.json: it does not hold results"):
        ost.read_results(alone)


def test_a_notebook_draws_a_map_of_each_song_and_writes_titles_as_text():
    film = a_feature_film()
    song = dataclasses.replace(film.songs[0], title="<script>alert(1)</script>\u202e")
    hostile = dataclasses.replace(film, songs=(song, *film.songs[1:]))
    shown = hostile._repr_html_()
    assert "<script" not in shown
    assert "\u202e" not in shown
    heard = [one for one in film.songs if film.occurrences_of(one)]
    assert shown.count("<svg") == len(heard)
    assert shown.count("<polyline") == len(film.occurrences)


def test_a_long_film_is_cut_short_in_a_notebook():
    film = a_feature_film()
    rows = tuple(
        dataclasses.replace(film.occurrences[0], id=f"O{number}") for number in range(1, 101)
    )
    shown = dataclasses.replace(film, occurrences=rows)._repr_html_()
    assert "40 more" in shown


def test_progress_is_a_line_for_each_tenth_outside_of_a_notebook(capsys):
    watch = ost.notebook_progress()
    for n in range(101):
        watch("cues", n / 100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[-1] == "ostinato: cues, 100%"


def test_progress_is_one_bar_in_a_notebook(monkeypatch):
    shown = []
    handle = SimpleNamespace(update=lambda said, **_: shown.append(said))

    def display(said, **_):
        shown.append(said)
        return handle

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=object))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    watch = ost.notebook_progress()
    for share in (0.0, 0.001, 0.5):
        watch("cues & more", share)
    assert [one["text/plain"] for one in shown] == ["cues & more: 0 %", "cues & more: 50 %"]
    assert "cues &amp; more" in shown[0]["text/html"]

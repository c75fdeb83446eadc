"""Results go out to other programs by one command, and come back by another."""

import json
import re

import pytest
from tests.report.examples import a_feature_film

from ostinato.pipeline import review_folder
from ostinato.results import read_results, write_atomically, write_results


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of results; figures and page are not drawn."""
    monkeypatch.setattr(review_folder, "write_figures", lambda *_args, **_how: ())
    monkeypatch.setattr(
        review_folder,
        "write_page",
        lambda _results, place: write_atomically(place / "report.html", b"a page"),
    )
    path = tmp_path / "results"
    path.mkdir()
    write_results(path, a_feature_film())
    return path


def test_all_formats_go_out_at_once(folder, ostinato):
    done = ostinato("export", folder, "--to", "all")
    assert (done.status, done.err) == (0, "")
    assert "occurrences@ostinato 11" in done.out
    assert "Frames are counted at 24 a second" in done.out
    assert "https://example.org/" in done.out
    described = json.loads((folder / "export" / "ro-crate-metadata.json").read_text())
    named = {one["name"] for one in described["@graph"] if one["@type"] == "File"}
    there = {
        path.relative_to(folder / "export").as_posix()
        for path in (folder / "export").rglob("*")
        if path.is_file()
    }
    assert there - {"ro-crate-metadata.json", "ostinato-manifest.json"} == named


def test_what_a_person_has_changed_is_not_written_over(folder, ostinato):
    ostinato("export", folder, "--to", "audacity")
    path = folder / "export" / "audacity" / "occurrences.ostinato.txt"
    path.write_text("1\t2\tmine\n")
    again = ostinato("export", folder, "--to", "audacity,tsv")
    assert again.status == 2
    assert "somebody has changed it since" in again.err
    assert path.read_text() == "1\t2\tmine\n"
    assert not (folder / "export" / "layers.tsv").exists()
    elsewhere = ostinato("export", folder, "--to", "audacity", "--out", folder / "second")
    assert elsewhere.status == 0


REFUSED = {
    ("--to", "docx"): "there is no format 'docx'",
    ("--to", "all,docx"): "there is no format 'docx'",
    ("--to", ""): "it names no format",
    ("--to", "edl", "--fps", "26"): "no film is shown at such a rate",
    ("--to", "edl", "--fps", "25", "--drop"): "no frame numbers are dropped at it",
    ("--to", "edl", "--tc-start", "noon"): "it is none at 24 frames a second",
    ("--to", "iiif", "--base-url", "film"): "begin with http:// or https://",
    (): "the following arguments are required: --to",
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_cannot_be_exported_is_refused_in_one_line(folder, ostinato, options):
    done = ostinato("export", folder, *options)
    assert (done.status, done.out) == (2, "")
    assert REFUSED[options] in done.err
    assert done.err.count("\n") == 1
    assert not (folder / "export").exists()


def moved(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_boundary_that_is_moved_in_elan_comes_back_with_its_author(folder, ostinato):
    ostinato("export", folder, "--to", "eaf")
    path = folder / "export" / "layers.eaf"
    moved(path, 'TIME_VALUE="2890000"', 'TIME_VALUE="2892500"')
    done = ostinato("import", folder, path, "--author", "Anna")
    assert done.status == 0
    assert "1 edit in" in done.out
    lines = (folder / "review" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[-1])
    assert (entry["who"], entry["on"], entry["act"]) == ("Anna", "occurrence", "move")
    assert path.name in entry["note"]
    assert re.search(r"sha256 [0-9a-f]{12}", entry["note"])
    results = read_results(folder)
    (one,) = [o for o in results.occurrences if o.review == "moved"]
    assert (one.id, one.film_start_s, one.decided_by) == ("O1", 2892.5, "person")
    again = ostinato("import", folder, path)
    assert "Nothing was changed." in again.out
    ostinato("export", folder, "--to", "tsv", "--out", folder / "second")
    table = (folder / "second" / "layers.tsv").read_text(encoding="utf-8")
    assert "occurrences@ostinato\tostinato\tO1\t2890.0\t" in table
    assert "occurrences@person\tperson\tO1\t2892.5\t" in table


def test_words_that_were_imported_are_found_again_and_stay_out_of_the_results(folder, ostinato):
    path = folder / "words.json"
    segments = [{"start": 61, "end": 62, "text": "If memories could be canned", "speaker": "S1"}]
    path.write_text(json.dumps({"segments": segments}))
    before = (folder / "results.json").read_bytes()
    for n in ("1 row", "no rows"):  # once only
        done = ostinato("import", folder, path, "--author", "Anna")
        assert f"{n} of evidence" in done.out.splitlines()[-1]
    assert (folder / "results.json").read_bytes() == before
    found = ostinato("import", folder, "--find", "MEMORIES s1")
    assert found.out == "0:01:01  S1: If memories could be canned  (words.json, Anna)\n"
    assert "Nothing that was imported" in ostinato("import", folder, "--find", "nobody").out


def test_what_cannot_be_imported_is_refused_in_one_line(folder, ostinato):
    path = folder / "a.docx"
    path.write_bytes(b"PK")
    track = folder / "a.txt"
    track.write_text("1\t2\tnarration\n")
    authors = [track, "--author", " "], [track, "--author", "A" * 101]
    for given in ([path], [folder / "none.txt"], [], ["--find", "a", "--author", "b"], *authors):
        done = ostinato("import", folder, *given)
        assert (done.status, done.out) == (2, "")
        assert done.err.count("\n") == 1
    assert not (folder / "review").exists()


def test_rows_that_could_not_be_read_are_counted(folder, ostinato):
    path = folder / "labels.txt"
    path.write_text("-3\t-1\tnarration\nnan\t2\tnarration\n1811\t1812\tdialogue\n5\t4\tdialogue\n")
    done = ostinato("import", folder, path)
    assert done.status == 0
    assert "1 row; 3 rows could not be read, the first at row 1." in done.out

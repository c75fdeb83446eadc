import json
import re
from dataclasses import replace

import pytest
from tests.report.claims import with_claims
from tests.report.examples import a_feature_film

from ostinato.pipeline import review_folder
from ostinato.results import Stage, read_results, write_atomically, write_results


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Results of a feature film, as `analyze` leaves them."""

    def write(_results, out, *, formats, **_how):
        return tuple(write_atomically(out / f"map.{name}", b"a map") for name in formats)

    monkeypatch.setattr(review_folder, "write_figures", write)
    results = with_claims(a_feature_film())
    stages = tuple(Stage(name=name, seconds=1.0, cached=False) for name in ("cues", "speech"))
    object.__setattr__(results.run, "stages", stages)
    write_results(tmp_path / "results", results)
    return tmp_path / "results"


def fill(table, kind_of):
    header, *rows = table.read_text().splitlines()
    filled = []
    for row in rows:
        cells = row.split("\t")
        filled.append("\t".join([*cells[:2], kind_of(cells[3]), *cells[3:]]))
    table.write_text("\n".join([header, *filled]) + "\n")


def test_a_sample_is_drawn_for_editors_and_nothing_waits_for_a_person(folder, ostinato):
    outcome = ostinato("label", folder, "-n", 60)
    assert outcome.status == 0
    table, track, tiers = (
        folder / "labels" / name for name in ("sample.tsv", "sample.txt", "sample.eaf")
    )
    for path in (table, track, tiers):
        assert str(path) in outcome.out
    rows = [line.split("\t") for line in track.read_text().splitlines()]
    assert all(len(row) == 3 and float(row[0]) < float(row[1]) for row in rows)
    assert {row[2] for row in rows} == {"?"}
    assert len(rows) == pytest.approx(60, abs=6)
    assert tiers.read_text(encoding="utf-8").count("<ALIGNABLE_ANNOTATION") == len(rows)


def test_a_second_sample_would_spoil_the_first(folder, ostinato):
    ostinato("label", folder)
    outcome = ostinato("label", folder)
    assert outcome.status == 2
    assert "a sample is drawn already" in outcome.err


def test_labels_narrow_the_range_to_an_estimate(folder, ostinato):
    ostinato("label", folder, "-n", 120)
    table = folder / "labels" / "sample.tsv"
    # who has the subtitles right and tells what they leave open to be dialogue
    fill(table, lambda predicted: "dialogue" if predicted == "undetermined" else predicted)
    outcome = ostinato("label", folder, "--from", table, "--width", "0.02")
    assert outcome.status == 0, outcome.err
    assert "labels in all would make it 2 points wide" in outcome.out
    results = read_results(folder)
    film = next(row for row in results.ratio if row.scope == "film")
    assert film.estimator == "prediction-powered"
    assert film.low < film.share < film.high
    assert film.n_random_labels == len(results.labels) > 100
    assert {s.predicted for s in results.speech if s.decided_by == "label"} >= {"undetermined"}
    assert f"{film.n_random_labels} labels taken over" in outcome.out
    again = ostinato("label", folder, "--from", table, "--width", "0.02")
    assert again.out == outcome.out
    assert read_results(folder) == results


def test_labels_that_are_still_open_are_said_to_be(folder, ostinato):
    ostinato("label", folder, "-n", 60)
    table = folder / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace("?", "dialogue", 20))
    outcome = ostinato("label", folder, "--from", table)
    assert outcome.status == 0
    assert "20 of 60 labelled" in outcome.out
    assert "40 segments of the sample still without a kind" in outcome.out
    assert sum(one.is_open for one in read_results(folder).labels) == 40


def test_a_sample_that_nobody_has_filled_in_changes_nothing(folder, ostinato):
    ostinato("label", folder, "-n", 60)
    before = (folder / "results.json").read_bytes()
    outcome = ostinato("label", folder, "--from", folder / "labels" / "sample.tsv")
    assert outcome.status == 0
    assert "0 of 60 labelled" in outcome.out
    assert (folder / "results.json").read_bytes() == before


def test_labels_without_a_sample_are_refused(folder, ostinato):
    outcome = ostinato("label", folder, "--from", folder / "speech.tsv")
    assert outcome.status == 2
    assert "no sample was drawn" in outcome.err


def test_nothing_is_drawn_of_nothing(folder, ostinato):
    assert ostinato("label", folder, "-n", 0).status == 2
    assert "between 0 and 1" in ostinato("label", folder, "--width", 5).err


@pytest.mark.parametrize("style", ["mla", "chicago", "apa"])
def test_a_citation_has_all_that_an_essay_needs(folder, ostinato, style):
    outcome = ostinato("cite", folder, "--style", style)
    assert outcome.status == 0
    titles = re.findall(r"^## (.*)$", outcome.out, re.MULTILINE)
    assert [title.partition(".")[0] for title in titles] == [
        *("Findings", "Method", "Footnote", "References"),
        *("Table 1", "Table 2", "Table 3", "Captions"),
    ]


def test_a_film_without_a_title_has_a_placeholder_and_a_word_on_how_to_mend_it(folder, ostinato):
    outcome = ostinato("cite", folder)
    assert outcome.status == 0
    assert r"*\[title of the film\]*" in outcome.out
    assert "the references lack title, director, year, distributor of the film" in outcome.err
    assert "--title" in outcome.err
    results = read_results(folder)
    named = {"title": "Night", "director": "A B", "year": 1994, "distributor": "C"}
    write_results(folder, replace(results, film=replace(results.film, **named)))
    outcome = ostinato("cite", folder)
    assert outcome.err == ""
    assert "*Night*. Directed by A B, C, 1994." in outcome.out


@pytest.mark.parametrize(
    ("table", "start"),
    [
        ("markdown", "Table 1. "),
        ("csv", "song,id,film from,"),
        ("latex", "% needs "),
        ("html", "<table>"),
    ],
)
def test_tables_can_be_written_alone(folder, ostinato, table, start):
    outcome = ostinato("cite", folder, "--table", table)
    assert outcome.status == 0
    assert outcome.out.startswith(start)
    assert "0:48:10" in outcome.out
    assert "Findings" not in outcome.out
    assert "7c" * 32 in outcome.out


def test_a_reference_manager_gets_nothing_but_references(folder, ostinato):
    items = json.loads(ostinato("cite", folder, "--style", "csl").out)
    assert [item["type"] for item in items] == ["motion_picture", "software", "dataset"]
    entries = ostinato("cite", folder, "--style", "bibtex").out
    assert re.findall(r"^@(\w+){", entries, re.MULTILINE) == ["misc", "software", "misc"]
    assert entries.count("{") == entries.count("}")


def test_an_empty_folder_cannot_be_cited(tmp_path, ostinato):
    outcome = ostinato("cite", tmp_path)
    assert (outcome.status, outcome.out) == (2, "")


def test_what_is_chosen_teaches_and_is_no_sample(folder, ostinato):
    outcome = ostinato("label", folder, "--next", 12)
    assert outcome.status == 0, outcome.err
    chosen = folder / "labels" / "next-1.tsv"
    chosen.write_text(chosen.read_text().replace("?", "dialogue", 5))
    outcome = ostinato("label", folder, "--from", chosen)
    assert outcome.status == 0, outcome.err
    assert "5 labels taken over" in outcome.out
    results = read_results(folder)
    assert sum(s.decided_by == "label" for s in results.speech) == 5
    assert results.labels == ()
    drawn = ostinato("label", folder, "-n", 30)
    assert drawn.status == 0
    later = ostinato("label", folder, "--next", 12)
    assert later.status == 2
    assert "a random sample is drawn" in later.err


def test_two_people_are_compared(folder, ostinato, tmp_path):
    rows = [(s.start_s, s.end_s) for s in read_results(folder).speech]
    for name in ("hers", "his"):
        lines = [f"{a}\t{b}\t{'narration' if i % 3 else 'none'}" for i, (a, b) in enumerate(rows)]
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n")
    outcome = ostinato("label", folder, "--compare", tmp_path / "hers.txt", tmp_path / "his.txt")
    assert outcome.status == 0, outcome.err
    assert "they agree on 100.0%" in outcome.out
    assert re.search(r"Cohen's kappa 1\.00 \(95% interval 0\.\d\d to 1\.00\)", outcome.out)
    alone = ostinato("label", folder, "--compare", tmp_path / "hers.txt")
    assert alone.status == 2
    assert "there are none" in alone.err


def test_three_people_are_compared_in_pairs_and_together(folder, ostinato, tmp_path):
    rows = [(s.start_s, s.end_s) for s in read_results(folder).speech]
    for step, name in enumerate(("one", "two", "three"), 2):
        lines = [
            f"{a}\t{b}\t{'narration' if i % step else 'dialogue'}" for i, (a, b) in enumerate(rows)
        ]
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n")
    paths = [tmp_path / f"{name}.txt" for name in ("one", "two", "three")]
    outcome = ostinato("label", folder, "--compare", *paths)
    assert outcome.status == 0, outcome.err
    assert re.search(r"All 3 people together:\n  Krippendorff's alpha -?0\.\d\d", outcome.out)
    assert outcome.out.count("Cohen's kappa") >= 3
    assert re.search(r"of whose labels \d+\.\d% are wrong, if both err as often", outcome.out)
    assert "one.txt is given twice" in ostinato("label", folder, "--compare", *paths, paths[0]).err


def test_compare_refuses_what_labels_refuse(folder, ostinato, tmp_path):
    (tmp_path / "hers.txt").write_text("1\t5\tnarration\n")
    for name, rows in {
        "twice": "2\t4\tnarration\n6\t8\tnone\n2\t4\tdialogue\n",
        "laps": "2\t4\tnarration\n3\t8\tdialogue\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(rows)
        given = ("label", folder, "--compare", tmp_path / "hers.txt", tmp_path / f"{name}.txt")
        outcome = ostinato(*given)
        assert outcome.status == 2
        assert "they say narration and dialogue" in outcome.err


def test_labels_are_written_for_an_editor(folder, ostinato, tmp_path):
    assert "it holds no labels" in ostinato("label", folder, "--to", tmp_path / "a.eaf").err
    ostinato("label", folder, "-n", 40)
    table = folder / "labels" / "sample.tsv"
    fill(table, lambda _: "narration")
    ostinato("label", folder, "--from", table)
    outcome = ostinato("label", folder, "--to", tmp_path / "a.eaf")
    assert outcome.status == 0, outcome.err
    assert (tmp_path / "a.eaf").read_text().count("<ALIGNABLE_ANNOTATION") >= 30

"""Labels that were taken back, and stems, over real runs."""

import pytest

from ostinato.results import read_results


@pytest.fixture
def results(bar, analyze):
    assert analyze().status == 0
    return bar.path("results")


def test_labels_that_were_taken_back_stay_when_the_film_is_analysed_again(
    analyze, results, ostinato
):
    assert ostinato("label", results, "-n", 3).status == 0
    table = results / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace("?", "narration"))
    assert ostinato("label", results, "--from", table).status == 0
    before = read_results(results)
    assert any(s.decided_by == "label" for s in before.speech)
    outcome = analyze()
    assert outcome.status == 0, outcome.err
    after = read_results(results)
    assert "taken back" in outcome.out
    assert [(s.start_s, s.kind, s.decided_by) for s in after.speech] == [
        (s.start_s, s.kind, s.decided_by) for s in before.speech
    ]
    assert after.labels == before.labels
    assert table.read_text().count("narration") >= 1


def test_a_sample_whose_times_a_spreadsheet_rounded_doubles_nothing(
    bar, analyze, results, ostinato
):
    n_before = len(read_results(results).speech)
    ostinato("label", results, "-n", 3)
    rows = [
        line.split("\t") for line in (results / "labels" / "sample.tsv").read_text().splitlines()
    ]
    for row in rows[1:]:
        row[:3] = [f"{float(row[0]):.0f}", f"{float(row[1]):.1f}".replace(".", ","), "dialogue"]
    rounded = bar.write("rounded.tsv", "\n".join("\t".join(row) for row in rows) + "\n")
    outcome = ostinato("label", results, "--from", rounded)
    assert outcome.status == 0, outcome.err
    taken_back = read_results(results)
    assert len(taken_back.speech) == n_before
    outcome = analyze("--labels", rounded, out="second")
    assert outcome.status == 0, outcome.err
    assert len(read_results(bar.path("second")).speech) == n_before


def test_stems_of_an_earlier_run_are_never_mixed_in(analyze, results, ostinato):
    assert analyze("--stems").status == 0
    assert ostinato("excerpts", results).status == 0
    other = results / "stems" / "S2.flac"
    other.write_bytes((results / "stems" / "S1.flac").read_bytes())
    assert ostinato("excerpts", results).status == 0
    stem = results / "stems" / "S1.flac"
    content = stem.read_bytes()
    stem.write_bytes(content[:-1] + b"x")
    outcome = ostinato("excerpts", results)
    assert outcome.status == 2
    assert f"{stem}: it is not as it was written" in outcome.err
    stem.write_bytes(content)
    assert analyze().status == 0
    assert not (results / "excerpts").exists()
    assert "the stems are not there" in ostinato("excerpts", results).err


def test_a_sample_whose_times_are_lost_is_read_alike_by_every_command(
    bar, analyze, results, ostinato
):
    ostinato("label", results, "-n", 3)
    lines = (results / "labels" / "sample.tsv").read_text().replace("?", "dialogue").splitlines()
    rows = [["1.002,5", "Jan 02", *line.split("\t")[2:]] for line in lines[1:]]
    mangled = bar.write("mangled.tsv", "\n".join([lines[0], *map("\t".join, rows)]) + "\n")
    assert ostinato("label", results, "--from", mangled).status == 0
    n_labels = len(read_results(results).labels)
    assert "agree on 100.0%" in ostinato("label", results, "--compare", mangled).out
    outcome = analyze("--labels", mangled, out="second")
    assert outcome.status == 0, outcome.err
    assert f"{n_labels} labels" in outcome.out
    assert len(read_results(bar.path("second")).labels) == n_labels


def test_a_sample_of_another_film_is_refused_by_every_command(bar, analyze, results, ostinato):
    ostinato("label", results, "-n", 3)
    text = (results / "labels" / "sample.tsv").read_text().replace("?", "dialogue")
    sha256 = read_results(results).film.sha256
    other = bar.write("other.tsv", text.replace(sha256, "0" * 64))
    for outcome in (
        ostinato("label", results, "--compare", other, other.with_name("film.wav")),
        analyze("--labels", other, "--dry-run"),
        analyze("--labels", other),
    ):
        assert outcome.status == 2
        assert "it was drawn from another film" in outcome.err


def test_a_table_that_another_film_left_is_told_before_a_sample_is_drawn(results, ostinato):
    ostinato("label", results, "-n", 3)
    table = results / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace(read_results(results).film.sha256, "0" * 64))
    (results / "labels" / "drawn.json").unlink()
    outcome = ostinato("label", results, "-n", 3)
    assert outcome.status == 2
    assert f"{table}: it was drawn from another film. Move {table} away" in outcome.err


def test_how_many_there_were_to_draw_from_is_said_and_not_how_many_are_left(results, ostinato):
    n = len(read_results(results).speech)
    ostinato("label", results, "-n", 2)
    table = results / "labels" / "sample.tsv"
    table.write_text(table.read_text().replace("?", "none"))
    assert ostinato("label", results, "--from", table).status == 0
    assert f"{n} of {n} to label" in ostinato("label", results, "-n", n).out.replace(
        "segments ", ""
    ).replace("segment ", "")

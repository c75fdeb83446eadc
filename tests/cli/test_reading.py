"""What a run says of the files in which a person said something of the film."""

from pathlib import Path

import pytest

from ostinato.cli.dry_run import what_was_read
from ostinato.study import Study


def test_tiers_encodings_and_what_was_skipped_are_said(tmp_path):
    labels, scenes = tmp_path / "labels.TextGrid", tmp_path / "scenes.tsv"
    labels.write_text(
        'File type = "ooTextFile"\nObject class = "TextGrid"\n0 9 <exists> 3\n'
        '"IntervalTier" "VO" 0 9 1\n1 2 "If memories could be canned"\n'
        '"TextTier" "dialogue" 0 9 1\n3 "x"\n"IntervalTier" "gloss" 0 9 1\n1 2 "cans"\n'
    )
    scenes.write_bytes("start\tend\tname\n0:00\t2:00\tTěch\n".encode("cp1250"))
    said = what_was_read(Study(film=Path("film.mkv"), labels=labels, scenes=scenes))
    assert said == [
        f"Read from {labels}: 1 label; tiers read: VO, dialogue; tiers left alone: gloss; "
        "point labels and slivers skipped: 1.",
        f"Read from {scenes}: 1 scene; read as Windows-1250: 'Těch'.",
    ]
    assert what_was_read(Study(film=Path("film.mkv"))) == []


@pytest.mark.parametrize("name", ["x" * 300, "a" * 250 + "/b" * 3000])
def test_a_study_cannot_begin_under_a_name_that_no_folder_can_have(ostinato, name):
    outcome = ostinato("init", name)
    assert outcome.status == 2
    assert "no folder can be made there (File name too long)" in outcome.err


def test_a_dry_run_says_what_was_read_of_labels(bar, ostinato):
    labels = bar.path("mine.tsv")
    labels.write_text("start\tend\tkind\n1\t2\tnarration\n2\t2\tdialogue\n")
    song = f"The song={bar.song}"
    given = ("--labels", labels, "--out", bar.path("out"), "--dry-run")
    outcome = ostinato("analyze", bar.film, "--song", song, *given)
    assert outcome.status == 0, outcome.err
    assert f"Read from {labels}: 1 label; point labels and slivers skipped: 1." in outcome.out


def test_a_label_file_that_cannot_be_is_refused(bar, ostinato):
    song = f"The song={bar.song}"
    given = ("--labels", "x" * 300, "--out", bar.path("out"))
    outcome = ostinato("analyze", bar.film, "--song", song, *given)
    assert outcome.status == 2
    assert "it cannot be read (File name too long)" in outcome.err


def test_a_study_in_an_old_encoding_is_read_and_the_guess_named(bar, ostinato):
    text = f'[film]\npath = "{bar.film}"\nedition = "Těch, pět šípů"\n[[songs]]\n'
    bar.path("study.toml").write_bytes(
        (text + f'title = "One"\npath = "{bar.song}"\n').encode("cp1250")
    )
    given = ("--study", bar.path("study.toml"), "--out", bar.path("out"), "--dry-run")
    outcome = ostinato("analyze", *given)
    assert outcome.status == 0, outcome.err
    assert "study.toml was read as Windows-1250: 'Těch'" in outcome.err

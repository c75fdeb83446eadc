"""What comes back from other programs is a person's word where a person has said something."""

import dataclasses
import re

import pytest
from tests.export.films import a_hostile_film

from ostinato.errors import StudyError
from ostinato.export import export_sheet, exported_files, layers_of
from ostinato.pipeline import plan_import
from ostinato.speech import read_foreign

FILM = a_hostile_film()
BACK = ["tsv", "audacity", "eaf", "textgrid", "sv", "tilia", "srt", "vtt", "web-annotation", "iiif"]


def planned(path, film=FILM, **how):
    return plan_import(read_foreign(path), film, program=film, path=path, **how)


def written(folder, name, film=FILM):
    paths = []
    for place, content in exported_files(export_sheet(film), [name]).items():
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def typed(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BACK)
def test_what_nobody_has_changed_says_nothing(tmp_path, name):
    for path in written(tmp_path, name):
        plan = planned(path)
        assert plan.edits == ()
        assert plan.not_understood == ()
        assert plan.n_open == 0


MOVES = {
    # the file of an occurrence at 20.000 s, and how a person moves its start
    "audacity/occurrences.ostinato.txt": ("\n20.000432\t", "\n21.500000\t"),
    "layers.eaf": ('TIME_VALUE="20000"', 'TIME_VALUE="21500"'),
    "layers.tsv": ("\tO2\t20.0004321\t", "\tO2\t21.5\t"),
    "sv/occurrences.ostinato.csv": ("\n20.0004321,1.5,7.123023900", "\n21.5,1.5,5.623456000"),
    "web-annotation/occurrences.ostinato.json": ("t=20.0004321,", "t=21.5,"),
    "srt/occurrences.ostinato.srt": ("00:00:20,000 -->", "00:00:21,500 -->"),
}


@pytest.mark.parametrize("place", MOVES)
def test_a_bound_that_is_moved_comes_back_as_a_persons_word(tmp_path, place):
    before, after = MOVES[place]
    name = {"layers": place.rpartition(".")[2]}.get(place.split(".")[0], place.split("/")[0])
    written(tmp_path, name)
    path = tmp_path / place
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    plan = planned(path)
    moves = [edit for edit in plan.edits if edit.on == "occurrence"]
    (edit,) = moves
    assert edit.act == "move"
    (content,) = edit.becomes
    # the end that nobody has moved is as exact as before
    assert (content.start_s, content.end_s) == (21.5, 20.0 + 7.123456)
    assert edit.note


def test_a_bound_of_speech_that_is_moved_in_praat_comes_back(tmp_path):
    (path,) = written(tmp_path, "textgrid")
    segment = FILM.speech[1]
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if '"T2 dialogue"' in line)
    assert lines[at - 1].strip() == f"xmax = {segment.end_s}"
    lines[at - 1] = "            xmax = 625.25"
    lines[at + 2] = "            xmin = 625.25"
    path.write_text("\n".join(lines), encoding="utf-8")
    (edit,) = planned(path).edits
    assert (edit.on, edit.act) == ("speech", "move")
    assert (edit.becomes[0].start_s, edit.becomes[0].end_s) == (segment.start_s, 625.25)


def test_a_kind_that_is_written_in_place_of_another_is_a_label(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "narration.ostinato.txt"]
    path.write_text(path.read_text().replace("T1 narration", "T1 dialogue"))
    (edit,) = planned(path).edits
    assert (edit.on, edit.act, edit.becomes[0].kind) == ("speech", "kind", "dialogue")


def test_a_song_that_is_added_to_the_track_is_an_occurrence(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "occurrences.ostinato.txt"]
    path.write_text(path.read_text() + f"800.0\t820.0\t{FILM.songs[2].title}\n")
    (edit,) = planned(path).edits
    assert (edit.on, edit.act) == ("occurrence", "add")
    assert edit.becomes[0].song == FILM.songs[2].title


def test_tracks_that_audacity_has_joined_are_parted_by_their_words(tmp_path):
    tracks = [p.read_text() for p in written(tmp_path, "audacity") if "scenes" not in p.name]
    path = typed(tmp_path, "all.txt", "".join(tracks))
    assert planned(path).edits == ()


def joined(folder, *, without=()):
    """Return all tracks in one file, as Audacity exports labels."""
    tracks = [p.read_text() for p in written(folder, "audacity") if p.name not in without]
    return "".join(tracks)


def test_every_row_of_tracks_that_audacity_has_joined_is_accounted_for(tmp_path):
    path = typed(tmp_path, "corrected.txt", joined(tmp_path))
    found, plan = read_foreign(path), planned(path)
    assert plan.edits == ()
    assert plan.n_unchanged + plan.n_open + len(plan.not_understood) == found.n_rows
    assert plan.not_understood == ()


@pytest.mark.parametrize("kind", ["dialogue", "soliloquy", "none"])
@pytest.mark.parametrize("taken_as", [None, "labels"])
def test_a_kind_that_is_changed_behind_its_number_is_a_label_in_whatever_file(
    tmp_path, kind, taken_as
):
    (track,) = [p for p in written(tmp_path, "audacity") if p.name == "narration.ostinato.txt"]
    for name, text in (("all.txt", joined(tmp_path)), ("one.txt", track.read_text())):
        path = typed(tmp_path, name, text.replace("T1 narration", f"T1 {kind}"))
        plan = planned(path, taken_as=taken_as)
        (edit,) = plan.edits
        assert edit.act == ("remove" if kind == "none" else "kind")
        assert kind == "none" or edit.becomes[0].kind == kind
        assert plan.n_unchanged == read_foreign(path).n_rows - 1


def test_a_number_of_another_place_is_no_row_of_the_program(tmp_path):
    plan = planned(typed(tmp_path, "mine.txt", "900\t910\tT1 dialogue\n"), taken_as="labels")
    assert plan.edits == ()
    assert len(plan.not_understood) == 1


def test_a_kind_and_an_edge_that_are_changed_at_once_are_both_taken(tmp_path):
    line = next(one for one in joined(tmp_path).split("\n") if one.endswith("\tT1 narration"))
    start, end, _ = line.split("\t")
    changed = f"{float(start) + 0.5}\t{end}\tT1 dialogue"
    path = typed(tmp_path, "all.txt", joined(tmp_path).replace(line, changed))
    assert [edit.act for edit in planned(path).edits] == ["kind", "move"]


def test_a_row_behind_whose_number_nothing_known_stands_is_named(tmp_path):
    path = typed(tmp_path, "all.txt", joined(tmp_path).replace("T1 narration", "T1 whispering"))
    plan = planned(path)
    assert plan.edits == ()
    (left,) = plan.not_understood
    assert "T1 whispering" in left


def test_labels_are_given_to_the_speech_that_they_cover(tmp_path):
    path = typed(tmp_path, "mine.txt", "605\t650\tnarration\n900\t910\tdialogue\n1\t2\t?\n")
    plan = planned(path)
    assert plan.acts == {"speech: kind": 4, "speech: add": 1}
    assert {edit.becomes[0].kind for edit in plan.edits[:4]} == {"narration"}
    assert plan.n_open == 1


def test_a_label_that_was_exported_and_moved_moves_its_speech(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "labels.person.txt"]
    path.write_text(path.read_text().replace("700.000000", "701.000000"))
    (edit,) = planned(path).edits
    assert (edit.on, edit.act, edit.becomes[0].start_s) == ("speech", "move", 701.0)


def test_scenes_are_drawn_moved_and_named(tmp_path):
    name = FILM.scenes[2].name
    path = typed(
        tmp_path,
        "scenes.tsv",
        "start\tend\tname\tstory\n"
        f"41\t59.5\t{name}\tI\n"  # moved
        "80.0\t99.5\tthe bar\tII\n"  # named
        "900\t950\tthe kitchen\tII\n"  # drawn
        "1\t1\tnothing\t\n",
    )
    plan = planned(path, taken_as="scenes")
    assert [edit.act for edit in plan.edits] == ["move", "name", "draw"]
    assert plan.edits[2].becomes[0].story == "II"
    assert len(plan.not_understood) == 1


def test_words_are_evidence(tmp_path):
    path = typed(tmp_path, "film.srt", "1\n00:00:01,000 --> 00:00:02,000\nIf memories\n")
    plan = planned(path)
    assert plan.edits == ()
    assert [row.text for row in plan.evidence] == ["If memories"]


def test_what_rows_are_is_asked_where_it_cannot_be_told(tmp_path):
    path = typed(tmp_path, "film.txt", "1\t2\tsomething\n")
    with pytest.raises(StudyError, match="what its rows are cannot be told"):
        planned(path)
    assert len(planned(path, taken_as="evidence").evidence) == 1


def test_a_layer_is_chosen_by_its_name(tmp_path):
    (path,) = written(tmp_path, "eaf")
    path.write_text(re.sub(r'TIME_VALUE="20000"', 'TIME_VALUE="21500"', path.read_text()))
    assert planned(path, only=["labels@person"]).edits == ()
    with pytest.raises(StudyError, match="it has no layer 'songs'"):
        planned(path, only=["songs"])


def test_what_was_taken_over_says_nothing_a_second_time(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "occurrences.ostinato.txt"]
    path.write_text(path.read_text().replace("\n20.000432\t", "\n21.500000\t"))
    moved = [
        dataclasses.replace(one, film_start_s=21.5) if one.id == "O2" else one
        for one in FILM.occurrences
    ]
    reviewed = dataclasses.replace(FILM, occurrences=tuple(moved))
    plan = plan_import(read_foreign(path), reviewed, program=FILM, path=path)
    assert plan.edits == ()


def test_a_row_of_the_program_that_has_moved_where_no_word_is_kept_is_counted(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "singing.ostinato.txt"]
    path.write_text(path.read_text().replace("11.000000", "12.000000"))
    plan = planned(path)
    assert plan.edits == ()
    assert plan.not_understood == ("row 1, 'SV1 singing'",)


def shifted(film, by_s):
    """Return a film whose occurrences were found elsewhere, and numbered from the end."""
    numbered = reversed(range(1, len(film.occurrences) + 1))
    return dataclasses.replace(
        film,
        occurrences=tuple(
            dataclasses.replace(
                one,
                id=f"O{n}",
                film_start_s=one.film_start_s + by_s,
                film_end_s=one.film_end_s + by_s,
            )
            for one, n in zip(film.occurrences, numbered, strict=True)
        ),
    )


def test_an_export_of_an_earlier_analysis_says_nothing_of_what_has_moved_since(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "occurrences.ostinato.txt"]
    now = shifted(FILM, 0.5)
    earlier = [layers_of(FILM)]
    plan = plan_import(read_foreign(path), now, program=now, path=path, earlier=earlier)
    assert plan.edits == ()
    # what a person has moved there is placed by the song and the time, not by its number
    path.write_text(path.read_text().replace("\n20.000432\t", "\n21.500000\t"))
    (edit,) = plan_import(read_foreign(path), now, program=now, path=path, earlier=earlier).edits
    assert edit.seen[0].song == FILM.songs[1].title
    assert edit.becomes[0].start_s == 21.5


def test_a_file_of_another_film_is_refused(tmp_path):
    (path,) = [p for p in written(tmp_path, "audacity") if p.name == "occurrences.ostinato.txt"]
    moved = shifted(FILM, 100.0)
    other = dataclasses.replace(
        moved,
        occurrences=tuple(
            dataclasses.replace(one, id=f"O{n}") for n, one in enumerate(moved.occurrences, start=1)
        ),
    )
    with pytest.raises(StudyError, match="it seems to be of another film"):
        planned(path, other)


def test_a_table_of_results_is_nobodys_word(tmp_path):
    for head in ("id\tstart_s\tend_s\tkind\tdecided_by", "start_s\tend_s\tkind\tp_inclusion"):
        path = typed(tmp_path, "speech.tsv", f"{head}\n1\t2\t3\tnarration\tclassifier\n")
        with pytest.raises(StudyError, match=r"ostinato label DIR --from|table of results"):
            read_foreign(path)

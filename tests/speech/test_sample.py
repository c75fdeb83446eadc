import pytest

from ostinato.errors import StudyError
from ostinato.results import IDENTITY_COLUMNS, SAMPLE_COLUMNS, Hashes, segment_key
from ostinato.speech import (
    answered,
    film_cell,
    read_label_reading,
    read_labels,
    read_labels_and_sample,
    read_sample,
)
from ostinato.timeline import Interval

FILM = "a" * 64
HEADER = "\t".join(SAMPLE_COLUMNS)
ROWS = (
    "1.5\t3.25\t?\tdialogue\tdialogue, third 1\t0.25",
    "10.0\t12.0\t?\tnarration\tnarration, third 1\t0.5",
)


@pytest.fixture
def write(tmp_path):
    def written(*lines, name="sample.tsv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def test_a_sample_says_how_it_was_drawn(write):
    first, second = read_sample(write(HEADER, *ROWS))
    assert (first.start_s, first.end_s, first.p_inclusion) == (1.5, 3.25, 0.25)
    assert (first.predicted, first.kind) == ("dialogue", "undetermined")
    assert second.stratum == "narration, third 1"


def test_an_ordinary_label_file_is_no_sample(write):
    assert read_sample(write("start\tend\tkind", "1\t2\tnarration")) == ()
    assert read_sample(write("1\t2\tnarration")) == ()


def test_a_filled_sample_is_a_label_file_too(write):
    path = write(HEADER, ROWS[0].replace("?", "narration"), ROWS[1].replace("?", "none"))
    assert [label.kind for label in read_labels(path)] == ["narration", "none"]
    assert [one.kind for one in read_sample(path)] == ["narration", "none"]


def test_labels_come_back_from_an_editor_by_their_times(write):
    sample = read_sample(write(HEADER, *ROWS))
    track = write("10.000000\t12.000000\tsoliloquy", "1.500001\t3.249999\t", name="track.txt")
    labelled = answered(sample, track)
    assert [one.kind for one in labelled.rows] == ["undetermined", "soliloquy"]
    assert [one.p_inclusion for one in labelled.rows] == [0.25, 0.5]
    assert labelled.n_open == 1


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["1.5\t3.25\tsong"], "row 1: 'song' is no kind"),
        (["4\t5\tnone"], r"row 1: nothing was drawn at 0:00:04.00"),
        (["1.5\t3.25\tnone", "1.5\t3.3\tdialogue"], "row 1 and row 2: at .* none and dialogue"),
        (["# only a remark"], "it holds no labels"),
        (["x\t3.25\tnone"], "time 'x': it is no timecode"),
    ],
)
def test_what_does_not_belong_to_the_sample_is_refused(write, lines, reason):
    sample = read_sample(write(HEADER, *ROWS))
    with pytest.raises(StudyError, match=reason):
        answered(sample, write(*lines, name="track.txt"))


@pytest.mark.parametrize("p_inclusion", ["0", "1.5", "often", ""])
def test_a_probability_that_is_none_is_refused(write, p_inclusion):
    path = write(HEADER, f"1\t2\tnone\tdialogue\tall\t{p_inclusion}")
    with pytest.raises(StudyError, match="is no probability of being drawn"):
        read_sample(path)


def test_rows_that_are_not_in_the_file_stay_open(write):
    sample = read_sample(write(HEADER, *ROWS))
    back = answered(sample, write("1.5\t3.25\tnone", name="track.txt"))
    assert [(one.kind, one.is_open) for one in back.rows] == [
        ("none", False),
        ("undetermined", True),
    ]
    assert back.n_missing == 1


def test_undetermined_is_an_answer_and_a_question_mark_is_none(write):
    sample = read_sample(write(HEADER, *ROWS))
    back = answered(sample, write(HEADER, ROWS[0].replace("?", "undetermined"), ROWS[1]))
    assert [one.is_open for one in back.rows] == [False, True]


WITH_IDENTITY = "\t".join([*SAMPLE_COLUMNS, *IDENTITY_COLUMNS])


def sample_of(path, film_sha256):
    return read_labels_and_sample(path, film=Hashes(sha256=film_sha256))[1]


def with_identity(start, end, kind, *, times_s, film=FILM):
    key = segment_key(FILM, Interval(*times_s))
    return f"{start}\t{end}\t{kind}\tdialogue\tall\t0.5\t{key}\t{film_cell(film)}\ta disc"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("1.2", "2.3"),
        ("1,2345", "2,3456"),
        ("0:01", "0:02"),
        ("1", "2"),
        ("12345", "23456"),
        ("", ""),
    ],
)
def test_a_row_is_found_by_its_identity_whatever_became_of_its_times(write, start, end):
    row = with_identity(start, end, "narration", times_s=(1.2345, 2.3456))
    (one,) = sample_of(write(WITH_IDENTITY, row), FILM)
    assert (one.start_s, one.end_s, one.kind) == (1.2345, 2.3456, "narration")


def test_a_sample_of_another_film_is_refused(write):
    row = with_identity(1, 2, "narration", times_s=(1, 2), film="b" * 64)
    path = write(WITH_IDENTITY, row)
    with pytest.raises(StudyError, match=r"row 2: it was drawn from another film \(sha256:bbbb"):
        sample_of(path, FILM)


def test_a_stretch_with_two_kinds_names_both_rows(write):
    narration, dialogue = (ROWS[0].replace("?", kind, 1) for kind in ("narration", "dialogue"))
    with pytest.raises(StudyError, match="row 2 and row 4: at 0:00:02 they say narration and dia"):
        read_sample(write(HEADER, narration, ROWS[1], dialogue))


def test_a_stretch_that_comes_twice_counts_once(write):
    narration = ROWS[0].replace("?", "narration", 1)
    for rows in ([narration, narration], [ROWS[0], narration], [narration, ROWS[0]]):
        (one,) = read_sample(write(HEADER, *rows))
        assert one.kind == "narration"


def test_what_is_still_open_says_nothing_in_an_analysis(write):
    assert (
        read_labels(write("start\tend\tkind", "1\t2\t?", "3\t4\tnarration"))[0].kind == "narration"
    )


def test_rows_whose_cells_were_mixed_up_are_refused(write):
    one = with_identity("1.2345", "2.3456", "narration", times_s=(1.2345, 2.3456))
    mixed = with_identity("1.23", "2.35", "dialogue", times_s=(7, 9))
    with pytest.raises(StudyError, match=r"row 3: by its times it is the one at 0:00:01, by the c"):
        sample_of(write(WITH_IDENTITY, one, mixed), FILM)


@pytest.mark.parametrize("film", ["b" * 64, "sha256:" + "B" * 64])
def test_another_film_is_told_however_its_hash_is_written(write, film):
    row = with_identity(1, 2, "narration", times_s=(1, 2)).replace(film_cell(FILM), film)
    with pytest.raises(StudyError, match="another film"):
        sample_of(write(WITH_IDENTITY, row), FILM)


def test_another_film_is_told_by_the_identities_alone(write):
    row = with_identity(1, 2, "narration", times_s=(1, 2)).replace(film_cell(FILM), "")
    path = write(WITH_IDENTITY, row)
    assert len(sample_of(path, FILM)) == 1
    with pytest.raises(StudyError, match="row 2: it was drawn from another film"):
        sample_of(path, "b" * 64)


CHOSEN = "\t".join(["start_s", "end_s", "kind", *IDENTITY_COLUMNS])


def a_choice(start, end, kind, *, times_s):
    key = segment_key(FILM, Interval(*times_s))
    return f"{start}\t{end}\t{kind}\t{key}\t{film_cell(FILM)}\t"


def test_what_was_chosen_is_read_by_its_identity_and_for_its_film(write):
    rows = (a_choice("12.345", "5", "none", times_s=(1, 2)), a_choice(3, 4, "?", times_s=(3, 4)))
    path = write(CHOSEN, *rows)
    labels, sample = read_labels_and_sample(path, film=Hashes(sha256=FILM))
    assert [(one.interval, one.kind) for one in labels] == [(Interval(1, 2), "none")]
    assert sample == ()
    assert str(read_label_reading(path)) == "1 label; 1 of 2 rows have no kind yet"
    with pytest.raises(StudyError, match="another film"):
        read_labels_and_sample(path, film=Hashes(sha256="b" * 64))

import pytest

from ostinato.errors import StudyError
from ostinato.results import SAMPLE_COLUMNS
from ostinato.speech import answered, n_open, read_labels, read_sample

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
    assert [one.kind for one in labelled] == ["undetermined", "soliloquy"]
    assert [one.p_inclusion for one in labelled] == [0.25, 0.5]
    assert n_open(track) == 1


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["1.5\t3.25\tsong"], "row 1: 'song' is no kind"),
        (["2.5\t3.25\tnone"], r"row 1: nothing was drawn at 0:00:02.50"),
        (["1.5\t3.25\tnone"], r"1 of 2 rows that were drawn are missing, the first at 0:00:10.00"),
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

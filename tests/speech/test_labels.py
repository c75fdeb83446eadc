import pytest

from ostinato.errors import StudyError
from ostinato.speech.annotations import Annotation, read_labels
from ostinato.timeline import Interval


def a_file(tmp_path, text, *, name="labels.tsv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def spoken(path):
    return [(a.interval.start_s, a.interval.end_s, a.kind) for a in read_labels(path)]


EXPECTED = [(1.5, 4.0, "narration"), (62.0, 70.25, "dialogue"), (6792.0, 6800.0, "none")]


@pytest.mark.parametrize(
    "text",
    [
        "start_s\tend_s\tkind\n62\t70.25\tdialogue\n1.5\t4\tnarration\n6792\t6800\tnone\n",
        "start,end,label\n0:01.5,0:04,Narration\n1:02,1:10.25, dialogue \n"
        "1:53:12,1:53:20,silence\n",
        "Start;End;Label;Note\n1,5;4;narration;He Qiwu\n62;70,25;dialogue;\n6792;6800;singing;\n",
        "1.500000\t4.000000\tnarration\n62.000000\t70.250000\tdialogue\n"
        "\\\t100.0\t3400.0\n6792.000000\t6800.000000\tnot speech\n",
        "# marked by ear\r\nid\tstart_s\tend_s\tkind\r\nT1\t1.5\t4\tnarration\r\n\r\n"
        "T2\t62\t70.25\tdialogue\r\nT3\t6792\t6800\tnot_speech\r\n",
        '"start","end","label"\n"1.5","4","narration"\n"62","70.25","dialogue"\n6792,6800,none\n',
    ],
    ids=["tsv", "csv with timecodes", "spreadsheet", "audacity", "our own table", "quoted"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_one_set_of_labels_in_many_files(tmp_path, text, encoding):
    assert spoken(a_file(tmp_path, text, encoding=encoding)) == EXPECTED


def test_a_label_is_a_persons_word(tmp_path):
    (label,) = read_labels(a_file(tmp_path, "1\t2\tsoliloquy\n"))
    assert label == Annotation(interval=Interval(1.0, 2.0), kind="soliloquy", source="label")


def test_labels_that_agree_may_overlap_and_touch(tmp_path):
    path = a_file(tmp_path, "0\t4\tdialogue\n3\t6\tdialogue\n6\t7\tnarration\n")
    assert [kind for _, _, kind in spoken(path)] == ["dialogue", "dialogue", "narration"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start_s\tend_s\tkind\n1\t2\tvoiceover\n", r"row 2: 'voiceover' is no kind\. Write one"),
        ("start_s\tend_s\tkind\n\n2\t1\tnarration\n", r"row 3, interval .*: it ends at or before"),
        ("1\t1\tnarration\n", r"it holds no labels .points and slivers: 1."),
        ("1\t2\tnarration\nnow\t4\tnarration\n", r"row 2, time 'now': it is no timecode"),
        ("1\t2\n", r"row 1: it has 2 columns\. Give columns start_s"),
        ("time\tkind\n1\tnarration\n", r"row 1: its columns are time, kind\. Give columns"),
        ("", r"it holds no labels"),
        ("start_s\tend_s\tkind\n", r"it holds no labels"),
        (
            "5\t9\tdialogue\n1\t20\tnarration\n",
            r"row 2 and row 1: at 0:00:05 they say narr",
        ),
        (
            "0\t9\tdialogue\n1\t2\tdialogue\n3\t4\tnone\n",
            r"row 1 and row 3: at 0:00:03 they say dialogue and none\. Keep one of them",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path, text, message):
    with pytest.raises(StudyError, match=message):
        read_labels(a_file(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"nowhere\.tsv: it cannot be read"):
        read_labels(tmp_path / "nowhere.tsv")

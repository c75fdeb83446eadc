import pytest

from ostinato.errors import StudyError
from ostinato.results import Scene
from ostinato.study import read_scenes, study_template


@pytest.fixture
def read(tmp_path):
    def written(content):
        path = tmp_path / "scenes.tsv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_scenes(path)

    return written


def test_scenes_come_in_film_order_with_story_and_day(read):
    table = (
        "name\tstart\tend\tstory\tday\n"
        "the counter\t0:42:00\t0:44:30\ttwo\t3\n"
        "the bar\t90\t2:30\tone\t\n"
    )
    assert read(table) == (
        Scene(name="the bar", start_s=90.0, end_s=150.0, story="one"),
        Scene(name="the counter", start_s=2520.0, end_s=2670.0, story="two", day="3"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", [("start_s", "end_s", "scene"), ("From", "To", "Passage")])
def test_tables_of_any_spreadsheet_are_read(read, delimiter, header):
    rows = [header, ("0", "10,5" if delimiter != "," else "10.5", "the bar")]
    table = "\r\n".join(delimiter.join(row) for row in rows)
    assert read(table) == (Scene(name="the bar", start_s=0.0, end_s=10.5),)


def test_chinese_names_in_an_old_encoding_are_read(read):
    table = "start,end,name\n0,10,他們在這裡說話的時候\n"
    assert read(table.encode("big5")) == read(table)


def test_the_table_that_init_writes_is_read(read):
    assert read(study_template("blank")["scenes.tsv"]) == (
        Scene(name="the first scene", start_s=0.0, end_s=60.0, story="one", day="1"),
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", r"scenes\.tsv: it holds no scenes\. Give columns start, end and name"),
        ("# only a remark\n", "it holds no scenes"),
        ("start\tend\tname\n", "it holds no scenes"),
        ("0\t10\tthe bar\n", r"it has no column start or end or name, only 0, 10, the bar"),
        ("start\tend\n0\t10\n", "it has no column name, only start, end"),
        ("start\tend\tname\n0\t10\n", r"row 2: the scene has no name\. Name every scene"),
        (
            "start\tend\tname\nsoon\t10\tbar\n",
            r"row 2, scene 'bar', time 'soon': it is no timecode\. Write h",
        ),
        (
            "start\tend\tname\n20\t10\tbar\n",
            r"row 2, scene 'bar': it ends at 0:00:10\.0, not after its start",
        ),
        ("start\tend\tname\n" + "9" * 400 + "\t10\tbar\n", "row 2, scene 'bar', time '999"),
        ("start\tend\tname\n0\t" + "9" * 5000 + ":00:00\tbar\n", "row 2, scene 'bar', time '999"),
        ("start\tend\tname\n0\t10\t" + "x" * 200_000, r"row 2: it cannot be split into cells"),
        (b"\x00\x01\x02\x03", "it is no text in any encoding that is tried"),
    ],
)
def test_what_is_no_scene_table_is_named_with_its_row(read, table, message):
    with pytest.raises(StudyError, match=message):
        read(table)


def test_a_table_that_is_missing_or_a_folder_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"none\.tsv: it cannot be read .*Give a file that exists"):
        read_scenes(tmp_path / "none.tsv")
    with pytest.raises(StudyError, match=r"it cannot be read \(Is a directory\)"):
        read_scenes(tmp_path)

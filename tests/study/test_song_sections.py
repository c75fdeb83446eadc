import pytest

from ostinato.errors import StudyError
from ostinato.results import SongSection
from ostinato.study import read_song_sections, read_study


@pytest.fixture
def read(tmp_path):
    def written(content):
        path = tmp_path / "sections.tsv"
        path.write_text(content)
        return read_song_sections(path)

    return written


def test_sections_come_in_song_order(read):
    table = "start\tend\tsection\n0:20\t1:00\tchorus\n0\t20\tverse\n"
    assert read(table) == (
        SongSection(name="verse", start_s=0.0, end_s=20.0),
        SongSection(name="chorus", start_s=20.0, end_s=60.0),
    )


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("start\tend\tname\n", "it holds no sections"),
        ("start\tend\tname\n0\t5\t\n", "the section has no name"),
        ("start\tend\tname\n-3\t5\tverse\n", "before the song"),
        ("start\tend\tname\n9\t5\tverse\n", "not after its start"),
    ],
)
def test_a_table_that_cannot_be_used_speaks_of_sections_and_of_the_song(read, table, reason):
    with pytest.raises(StudyError, match=reason):
        read(table)


def test_a_study_names_the_table_beside_its_song(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        '[film]\npath = "film.mkv"\n[[songs]]\ntitle = "One"\npath = "one.flac"\n'
        'sections = "one.tsv"\n[[songs]]\ntitle = "Two"\npath = "two.flac"\n'
    )
    study = read_study(path)
    assert [song.sections for song in study.songs] == [tmp_path / "one.tsv", None]
    assert study.files == tuple(
        tmp_path / name for name in ("film.mkv", "one.flac", "one.tsv", "two.flac")
    )

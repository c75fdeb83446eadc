import pytest
from tests.report.examples import an_occurrence
from tests.report.figures.test_measures_drawn import a_picture

from ostinato.errors import StudyError
from ostinato.results import PICTURE_NAME, encode_picture, read_picture


def test_a_picture_is_read_as_it_was_written(tmp_path):
    picture = a_picture(an_occurrence())
    (tmp_path / PICTURE_NAME).write_bytes(encode_picture(picture))
    assert read_picture(tmp_path) == picture


def test_a_folder_of_an_earlier_version_has_none(tmp_path):
    assert read_picture(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"n_bands": 3}', b"\xff"])
def test_a_damaged_picture_is_named_with_what_to_do(tmp_path, content):
    (tmp_path / PICTURE_NAME).write_bytes(content)
    with pytest.raises(StudyError, match=r"before-after\.json: it holds no picture .*Remove it"):
        read_picture(tmp_path)


def test_a_picture_holds_a_level_for_each_band_and_frame():
    with pytest.raises(ValueError, match="it does not hold 4 bands of 6 frames"):
        a_picture(an_occurrence(), film=b"1234")

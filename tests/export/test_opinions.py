"""What the program says comes back from no editor as a person's label."""

import dataclasses

import pytest
from tests.export.films import a_hostile_film

from ostinato.errors import StudyError
from ostinato.export import export_sheet, exported_files
from ostinato.speech import read_labels


@pytest.mark.parametrize("name", ["tsv", "eaf", "textgrid"])
def test_labels_alone_come_back_from_a_file_of_all_layers(tmp_path, name):
    film = a_hostile_film()
    ((place, content),) = exported_files(export_sheet(film), [name]).items()
    path = tmp_path / place
    path.write_bytes(content)
    labels = read_labels(path)
    assert [(round(one.interval.start_s, 3), one.kind) for one in labels] == [
        (500.0, "none"),
        (700.0, "narration"),
    ]


@pytest.mark.parametrize("name", ["tsv", "eaf", "textgrid"])
def test_a_file_without_labels_holds_none(tmp_path, name):
    film = a_hostile_film()
    film = dataclasses.replace(film, speech=film.speech[:4], labels=())
    ((place, content),) = exported_files(export_sheet(film), [name]).items()
    path = tmp_path / place
    path.write_bytes(content)
    with pytest.raises(StudyError, match="no tier of it holds labels"):
        read_labels(path)


@pytest.mark.parametrize("kind", ["narration", "dialogue", "soliloquy", "undetermined"])
def test_a_track_of_the_program_is_no_track_of_labels(tmp_path, kind):
    files = exported_files(export_sheet(a_hostile_film()), ["audacity"])
    path = tmp_path / "track.txt"
    path.write_bytes(files[f"audacity/{kind}.ostinato.txt"])
    with pytest.raises(StudyError, match="is no kind"):
        read_labels(path)

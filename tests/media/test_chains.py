"""Parts of a file that do not follow one another are told, since FFmpeg says nothing of it."""

import pytest
from tests.attack.mutants import is_told, make_source

from ostinato.media import open_working_copy


@pytest.fixture
def told(tmp_path):
    def read(source, damage):
        path = make_source(tmp_path, source)
        path.write_bytes(damage(path.read_bytes()))
        return is_told(open_working_copy(path, cache_dir=tmp_path / "cache"))

    return read


def exchanged(data):
    third = len(data) // 3 + 11
    return data[:third] + data[2 * third :] + data[third : 2 * third]


def overwritten(data):
    middle, length = len(data) // 2, len(data) // 10
    return data[:middle] + b"\x55" * length + data[middle + length :]


def doubled(data):
    middle = len(data) // 2
    return data[:middle] + data[middle - 9999 : middle] + data[middle:]


def whole(data):
    return data


def halved(data):
    return data[: len(data) // 2 - 7]


CHAINED = ["avi-mp3", "avi-ac3", "flv-mp3", "flv-aac"]


@pytest.mark.parametrize("source", CHAINED)
@pytest.mark.parametrize("damage", [exchanged, overwritten, doubled])
def test_sound_that_was_moved_or_lost_within_is_told(told, source, damage):
    assert told(source, damage)


@pytest.mark.parametrize("source", ["mpg-mp2", "vob-ac3"])
def test_a_program_stream_that_breaks_off_is_told(told, source):
    assert told(source, halved)


@pytest.mark.parametrize("source", [*CHAINED, "mpg-mp2", "vob-ac3", "flac"])
def test_of_a_whole_file_nothing_is_told(told, source):
    assert not told(source, whole)


def test_a_frame_that_is_missing_from_flac_is_told(told):
    def without_a_frame(data):
        # frames begin with the bits of a sync code; their numbers say which is which
        starts = [i for i in range(len(data) - 1) if data[i : i + 2] == b"\xff\xf8"]
        middle = len(starts) // 2
        return data[: starts[middle]] + data[starts[middle + 1] :]

    assert told("flac", without_a_frame)

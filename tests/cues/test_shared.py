"""Songs that share samples, and songs that merely play at once."""

from dataclasses import replace

import pytest
import soundfile

from ostinato.cues import SharedParameters, shared_material
from ostinato.media import open_working_copy
from ostinato.simulate import Level, PlannedOccurrence, PlannedSong

PARAMETERS = SharedParameters()


def heard(song_id, film_start_s, song_start_s, level_lufs=-26.0):
    return PlannedOccurrence(
        song_id=song_id,
        film_start_s=film_start_s,
        duration_s=14.0,
        song_start_s=song_start_s,
        level=Level(level_lufs),
    )


@pytest.fixture(scope="module")
def recordings(song, other_song, working_copies, tmp_path_factory):
    """The two songs, and one that is the second over a loop taken from the first."""
    copies = {
        one.id: open_working_copy(one.path, cache_dir=working_copies) for one in (song, other_song)
    }
    first, second = (copy.mono(0, 50 * copy.rate_hz) for copy in copies.values())
    path = tmp_path_factory.mktemp("remix") / "remix.wav"
    soundfile.write(path, 0.5 * (first + second), copies["S1"].rate_hz)
    remix = PlannedSong(id="S3", title="Remix", path=path)
    copies["S3"] = open_working_copy(path, cache_dir=working_copies)
    return copies, remix


def test_what_fits_by_shared_samples_is_no_find(search, recordings):
    copies, remix = recordings
    film = (heard("S1", 4.0, 10.0),)
    _, of_song = search(*film, duration_s=22.0)
    _, of_remix = search(*film, duration_s=22.0, of=remix)
    assert (len(of_song), len(of_remix)) == (1, 1)
    ((index, row),) = shared_material([*of_remix, *of_song], copies, parameters=PARAMETERS)
    assert index == 0
    assert (row.song_id, row.with_song_id) == ("S3", "S1")
    assert row.film_start_s == pytest.approx(4.0, abs=0.3)
    assert row.song_start_s == pytest.approx(10.0, abs=0.3)


def test_two_songs_at_once_are_two_finds(search, recordings, song, other_song):
    copies, _ = recordings
    film = (heard("S1", 4.0, 10.0), heard("S2", 4.0, 20.0))
    both = [
        one
        for of in (song, other_song)
        for one in search(*film, duration_s=22.0, of=of, songs=(song, other_song))[1]
    ]
    assert [one.song_id for one in both] == ["S1", "S2"]
    assert shared_material(both, copies, parameters=PARAMETERS) == ()


def test_occurrences_of_one_song_never_explain_each_other(search, recordings):
    copies, _ = recordings
    _, (one,) = search(heard("S1", 4.0, 10.0), duration_s=22.0)
    twin = replace(one, score=one.score / 2)
    assert shared_material([one, twin], copies, parameters=PARAMETERS) == ()

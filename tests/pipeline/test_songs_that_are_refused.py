import shutil

import numpy as np
import pytest
import soundfile as sf
from tests.media.conftest import write_media
from tests.small_films import RATE_HZ, a_song

from ostinato.errors import MediaError, StudyError
from ostinato.study import SongFile


def transcoded(bar, name, codec, *, source, gain=1.0, pad_s=0.0):
    y, _ = sf.read(source)
    y = gain * np.pad(y, (round(pad_s * RATE_HZ), 0))
    path = bar.path(name)
    return write_media(path, [y[np.newaxis]], codec, sample_rate_hz=RATE_HZ, layout="mono")


def titled(path, title="The song"):
    return SongFile(title=title, path=path)


def test_the_film_is_not_its_own_song(bar, run):
    with pytest.raises(StudyError, match=r"film\.wav\): it is the film itself\. Give a recording"):
        run(songs=(titled(bar.film),))


@pytest.mark.parametrize(
    ("name", "codec", "changes"),
    [
        ("same.flac", "flac", {}),
        ("same.m4a", "aac", {}),
        ("same.mp3", "libmp3lame", {}),
        ("quieter.ogg", "libopus", {"gain": 0.2}),
        ("later.mka", "flac", {"pad_s": 0.4}),
    ],
)
def test_the_film_is_known_again_in_another_container(bar, run, name, codec, changes):
    copy = transcoded(bar, name, codec, source=bar.film, **changes)
    with pytest.raises(StudyError, match="it is the film itself"):
        run(songs=(titled(copy),))


def test_a_song_as_long_as_the_film_is_still_a_song(bar, run):
    sf.write(bar.path("long.flac"), 0.2 * a_song(duration_s=40, seed=3), RATE_HZ)
    assert run(songs=(titled(bar.path("long.flac")),), stages=("cues",)).occurrences == ()


def test_a_song_that_plays_under_talk_all_through_is_not_the_film(bar, run):
    song, _ = sf.read(bar.song)
    talk = np.random.default_rng(5).standard_normal(song.size)
    sf.write(bar.path("short-film.wav"), 0.5 * song + 0.1 * talk, RATE_HZ)
    (one,) = run(film=bar.path("short-film.wav"), stages=("cues",)).occurrences
    assert (one.film_start_s, one.film_end_s) == pytest.approx((0.0, 20.0), abs=0.1)


def test_a_song_that_outlasts_the_film_is_refused(bar, run):
    sf.write(bar.path("longer.flac"), 0.2 * a_song(duration_s=42, seed=3), RATE_HZ)
    with pytest.raises(StudyError, match=r"it lasts 42 s and the film 40 s\. Check that film and"):
        run(songs=(titled(bar.path("longer.flac")),))


def test_one_song_in_two_formats_is_one_song(bar, run):
    copy = transcoded(bar, "song.mp3", "libmp3lame", source=bar.song)
    with pytest.raises(StudyError, match=r"'Again' .* it is the same recording as 'The song'"):
        run(songs=(titled(bar.song), titled(copy, "Again")))


def test_a_song_that_is_missing_is_named(bar, run):
    with pytest.raises(MediaError, match=r"none\.mp3: there is no such file\. Check the name"):
        run(songs=(titled(bar.path("none.mp3")),))


def test_a_silent_song_is_named(bar, run):
    shutil.copy(bar.song, bar.path("silent.wav"))
    sf.write(bar.path("silent.wav"), np.zeros(10 * RATE_HZ), RATE_HZ)
    with pytest.raises(MediaError, match=r"silent\.wav, stream 0: it is silent from beginning"):
        run(songs=(titled(bar.path("silent.wav")),))


def test_a_song_that_is_missing_is_told_before_the_film_is_decoded(bar, run):
    shutil.rmtree(bar.cache)
    with pytest.raises(MediaError, match=r"none\.mp3: there is no such file"):
        run(songs=(titled(bar.path("none.mp3")),))
    assert not bar.cache.exists()

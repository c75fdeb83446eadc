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
    results = run(songs=(titled(copy),), stages=("cues",))
    (notice,) = results.songs[0].condition.notices
    assert "it may be the film itself" in notice


def test_a_song_as_long_as_the_film_is_still_a_song(bar, run):
    sf.write(bar.path("long.flac"), 0.2 * a_song(duration_s=40, seed=3), RATE_HZ)
    assert run(songs=(titled(bar.path("long.flac")),), stages=("cues",)).occurrences == ()


def test_a_song_that_plays_under_talk_all_through_is_not_the_film(bar, run):
    song, _ = sf.read(bar.song)
    talk = np.random.default_rng(5).standard_normal(song.size)
    sf.write(bar.path("short-film.wav"), 0.5 * song + 0.1 * talk, RATE_HZ)
    (one,) = run(film=bar.path("short-film.wav"), stages=("cues",)).occurrences
    assert (one.film_start_s, one.film_end_s) == pytest.approx((0.0, 20.0), abs=0.1)


def test_a_song_that_outlasts_the_film_is_found_and_said_to_be_longer(bar, run):
    y, _ = sf.read(bar.film)
    sf.write(bar.path("part.wav"), y[10 * RATE_HZ : 25 * RATE_HZ], RATE_HZ)
    results = run(film=bar.path("part.wav"), stages=("cues",))
    (one,) = results.occurrences
    assert (one.film_start_s, one.film_end_s) == pytest.approx((2.0, 12.0), abs=0.1)
    (notice,) = results.songs[0].condition.notices
    assert notice == "it lasts 0:00:20 and the film 0:00:15, so that they may be exchanged"


def test_a_film_that_breaks_off_is_not_said_to_be_exchanged(bar, run):
    content = bar.film.read_bytes()
    bar.path("cut.wav").write_bytes(content[: 44 + 2 * 15 * RATE_HZ])
    results = run(film=bar.path("cut.wav"), stages=("cues",))
    (notice,) = results.songs[0].condition.notices
    assert notice == "it lasts 0:00:20 and the film 0:00:15, which breaks off there"


@pytest.mark.parametrize("duration_s", [0.4, 0.95])
def test_what_is_too_short_to_be_found_is_said_before_the_film_is_decoded(bar, run, duration_s):
    y, _ = sf.read(bar.song)
    sf.write(bar.path("short.wav"), y[: round(duration_s * RATE_HZ)], RATE_HZ)
    shutil.rmtree(bar.cache)
    with pytest.raises(StudyError, match=r"what lasts less than 1 s cannot be found\. Give a long"):
        run(songs=(titled(bar.path("short.wav")),))
    assert len(list(bar.cache.iterdir())) == 1


def test_a_song_of_one_second_is_found(bar, run):
    y, _ = sf.read(bar.song)
    sf.write(bar.path("second.wav"), y[:RATE_HZ], RATE_HZ)
    (one,) = run(songs=(titled(bar.path("second.wav")),), stages=("cues",)).occurrences
    assert one.film_start_s == pytest.approx(12.0, abs=0.1)


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

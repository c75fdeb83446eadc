"""What people give by mistake: one message, exit status 2, and nothing left behind."""

import io
import zipfile

import av
import numpy as np
import pytest
import soundfile as sf
from tests.media.conftest import write_media
from tests.media.test_bad_input import LOCKED
from tests.small_films import RATE_HZ, a_song

NOISE = np.random.default_rng(0).bytes(200_000)


def an_image(codec, container, pixels):
    file = io.BytesIO()
    with av.open(file, "w", format=container) as picture:
        stream = picture.add_stream(codec, rate=25, options={"threads": "1"})
        stream.width = stream.height = 64
        stream.pix_fmt = pixels
        black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        picture.mux(stream.encode(black.reformat(format=pixels)))
        picture.mux(stream.encode(None))
    return file.getvalue()


def an_archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("film.mkv", NOISE)
    return file.getvalue()


def a_wav(y):
    file = io.BytesIO()
    sf.write(file, y, RATE_HZ, "FLOAT", format="WAV")
    return file.getvalue()


def a_locked_film(path):
    y = 0.1 * a_song(duration_s=3, seed=4)[None]
    write_media(path, [y], "aac", sample_rate_hz=RATE_HZ, layout="mono", options=LOCKED)


def with_sample(value):
    y = 0.1 * a_song(duration_s=3, seed=4)
    y[20_000] = value
    return a_wav(y)


BAD_RECORDINGS = {
    "missing.mkv": (None, "there is no such file. Check the name and the folder"),
    "folder": ("folder", "it is a folder, not a recording. Give one media file inside it"),
    "empty.mkv": (b"", "the file is empty. Copy or download it again"),
    "truncated.mkv": (b"\x1aE\xdf\xa3\x01\x00", "no sound or film can be recognised in it"),
    "truncated.wav": (a_wav(np.zeros(100))[:30], "can"),
    "corrupt.mkv": (NOISE, "no sound or film can be recognised in it"),
    "corrupt.mp3": (NOISE, "nothing in it can be decoded"),
    "silent.wav": (a_wav(np.zeros(3 * RATE_HZ)), "it is silent from beginning to end. Choose an"),
    "video.mkv": (
        an_image("mpeg4", "matroska", "yuv420p"),
        "it has no audio stream, only video (mpeg4). Give the file that holds the film's sound",
    ),
    "locked.mp4": (a_locked_film, "its sound is encrypted. Use a copy without copy protection"),
    "essay.txt": (b"California Dreamin' is heard eight times.\n" * 99, "it is a text, not a reco"),
    "notes": (b"start\tend\n1\t2\n" * 99, "it"),
    "still.jpg": (an_image("mjpeg", "mjpeg", "yuvj420p"), "it is a picture"),
    "still.png": (an_image("png", "image2pipe", "rgb24"), "it is a picture, not a recording"),
    "films.zip": (an_archive(), "no sound or film can be recognised in it"),
    "nan.wav": (with_sample(np.nan), "its sample at 0:00:01.250 is not a finite number. Export"),
    "infinite.wav": (with_sample(np.inf), "its sample at 0:00:01.250 is not a finite number"),
}


@pytest.fixture(params=BAD_RECORDINGS)
def recording(request, bar):
    """A file that is no film and no song, and what has to be said of it."""
    path = bar.path(request.param)
    content, reason = BAD_RECORDINGS[request.param]
    if callable(content):
        content(path)
    elif content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    return path, reason


def test_a_film_that_is_none_is_named_with_reason_and_mend(recording, refused):
    path, reason = recording
    message = refused(film=path)
    assert str(path) in message
    assert reason in message


def test_a_song_that_is_none_is_named_with_reason_and_mend(recording, refused):
    path, reason = recording
    message = refused(songs=[f"夢中人={path}"])
    assert str(path) in message
    assert reason in message


@pytest.mark.parametrize("option", ["--subtitles", "--labels", "--scenes"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "it cannot be read (No such file or directory)"),
        ("folder", "it cannot be read (Is a directory)"),
        (b"", "it "),
        (b"\n\n\n", "it "),
        (NOISE, "it is no"),
        (an_image("mjpeg", "mjpeg", "yuvj420p"), "it is no"),
        (b"Dear diary, today I heard the song again.\n" * 9, "it"),
        ("今天我又聽到那首歌。\n".encode("big5") * 9, "it"),
        (b"{\"film\": [1, 2, 3]}", "it"),
        (b"0\n", "it"),
        (b'"' * 500, "it"),
    ],
)  # fmt: skip
def test_a_text_that_is_none_is_named(bar, refused, option, content, reason):
    path = bar.path("notes.txt")
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    message = refused(option, path)
    assert str(path) in message
    assert reason in message


@pytest.mark.parametrize("content", [None, b"", NOISE, b"film = ", b"[film]\n", b"[[songs]]"])
def test_a_study_that_is_none_is_named(bar, ostinato, content):
    path = bar.path("study.toml")
    if content is not None:
        path.write_bytes(content)
    outcome = ostinato("analyze", "--study", path, "--out", bar.path("results"))
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert outcome.err.startswith(f"ostinato: {path}: ")
    assert not bar.path("results").exists()


def test_a_file_that_a_study_names_is_looked_for_beside_it(bar, ostinato):
    path = bar.write("study.toml", '[film]\npath = "gone.mkv"\n[[songs]]\ntitle="a"\npath="b"')
    outcome = ostinato("analyze", "--study", path, "--out", bar.path("results"))
    assert f"{bar.path('gone.mkv')}: there is no such file" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--song", "=song.flac"], "--song =song.flac: a title or a file is missing. Write --so"),
        (["--song", "The song="], "--song The song=: a title or a file is missing"),
        (["--stages", "cues,voices"], "stage 'voices': there is no such stage. Choose from cues"),
        (["--stages", ""], "stage '': there is no such stage"),
        (["--stream", "1"], "stream 1: there is no such audio stream, only 0: pcm_s16le, mono"),
        (["--stream", "-1"], "stream -1: there is no such audio stream"),
        (["--colour"], "analyze: it has no option --colour. `ostinato"),
        (["--song"], "argument --song: expected one argument. Give it what it needs"),
        (["--stream", "two"], "argument --stream: 'two' is neither a number nor two, such as 1"),
    ],
)
def test_an_argument_that_cannot_be_is_named(refused, arguments, message):
    assert message in refused(*arguments)


def test_two_songs_of_one_title_are_one_too_many(bar, refused):
    songs = [f"The song={bar.song}", f"The song={bar.stranger}"]
    assert "song 'The song': two songs have this title. Give each song its own" in refused(
        songs=songs
    )


def test_songs_or_speech_must_be_asked_for(refused):
    message = refused(songs=[])
    assert "no song is given. Give one with --song" in message
    assert "--stages speech" in message


def test_a_film_must_be_given(ostinato, tmp_path):
    outcome = ostinato("analyze", "--song", "a=b.flac", "--out", tmp_path / "results")
    assert outcome.err == (
        "ostinato: analyze: neither a film nor a study is given. "
        "Give a film, or --study study.toml.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyse"], "the following arguments are required: --out"),
        (["anolyse"], "there is no command 'anolyse'. Did you mean analyze?"),
        (["analyze", "film.mkv"], "the following arguments are required: --out"),
        (["figures", "results", "--format", "gif"], "argument --format: invalid choice: 'gif'"),
        (["init"], "the following arguments are required: DIR"),
    ],
)
def test_a_command_that_cannot_be_is_told_in_one_line(ostinato, arguments, message):
    outcome = ostinato(*arguments)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert message in outcome.err


def test_a_cache_that_cannot_be_is_named(bar, ostinato):
    given = ["analyze", bar.film, "--song", bar.song, "--out", bar.path("results")]
    outcome = ostinato(*given, "--cache", bar.film)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert f"cache folder {bar.film}: " in outcome.err
    assert not bar.path("results").exists()


def test_the_film_is_not_its_own_song(bar, refused):
    assert "it is the film itself. Give a recording of the song alone" in refused(songs=[bar.film])

import errno
import os

import av
import numpy as np
import pytest
import soundfile

from ostinato.errors import MediaError
from ostinato.media import decode, probe
from ostinato.media.faults import cache_faults, media_faults

LOCKED = {
    "encryption_scheme": "cenc-aes-ctr",
    "encryption_key": "00112233445566778899aabbccddeeff",
    "encryption_kid": "ffeeddccbbaa99887766554433221100",
}


def test_a_missing_film(tmp_path, open_film):
    with pytest.raises(MediaError, match=r"none\.mkv: there is no such file\. Check the name"):
        open_film(tmp_path / "none.mkv")


def test_a_folder(tmp_path, open_film):
    with pytest.raises(MediaError, match=r"it is a folder.*Give one media file inside it"):
        open_film(tmp_path)


def test_a_pipe(tmp_path, open_film):
    os.mkfifo(tmp_path / "film.wav")
    with pytest.raises(MediaError, match=r"a device or a pipe.*Save the recording to a file"):
        open_film(tmp_path / "film.wav")


def test_an_empty_file(tmp_path, open_film):
    (tmp_path / "film.mkv").touch()
    with pytest.raises(MediaError, match=r"the file is empty\. Copy or download it again"):
        open_film(tmp_path / "film.mkv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else(make_film, open_film):
    path = make_film()
    path.chmod(0)
    with pytest.raises(MediaError, match=r"you may not read it\. Change its permissions"):
        open_film(path)


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
def test_noise_that_is_no_media(tmp_path, open_film, name):
    (tmp_path / name).write_bytes(np.random.default_rng(0).bytes(200_000))
    with pytest.raises(MediaError, match=r"no sound or film can be recognised.*fetch it again"):
        open_film(tmp_path / name)


@pytest.mark.parametrize("name", ["film.mp3", "film.flac"])
def test_noise_that_calls_itself_music(tmp_path, open_film, name):
    (tmp_path / name).write_bytes(np.random.default_rng(0).bytes(200_000))
    with pytest.raises(MediaError, match="nothing in it can be decoded; the file holds 0: "):
        open_film(tmp_path / name)


def test_a_text_is_not_sound(tmp_path, open_film):
    (tmp_path / "essay.txt").write_text("California Dreamin' is heard eight times.\n" * 100)
    with pytest.raises(MediaError, match=r"it is a text, not a recording\. Give the file"):
        open_film(tmp_path / "essay.txt")


def test_a_film_without_sound(tmp_path, open_film):
    with av.open(str(tmp_path / "film.mkv"), "w") as file:
        stream = file.add_stream("mpeg4", rate=25, options={"threads": "1"})
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        file.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        file.mux(stream.encode(None))
    with pytest.raises(MediaError, match=r"no audio stream, only video \(mpeg4\)\. Give the file"):
        open_film(tmp_path / "film.mkv")


def test_a_stream_that_is_not_there(make_film, open_film):
    path = make_film("film.mka", metadata=[{"language": "eng", "title": "Commentary"}])
    with pytest.raises(
        MediaError, match=r"only 0: flac, stereo, 48000 Hz, eng, “Commentary”, commentary\. Ch"
    ):
        open_film(path, stream=1)


def test_a_codec_that_nobody_knows(make_film, open_film):
    path = make_film("film.mka", "aac")
    path.write_bytes(path.read_bytes().replace(b"A_AAC", b"A_ZZZ"))
    assert probe(path).streams[0].sample_rate_hz is None
    with pytest.raises(MediaError, match="nothing in it can be decoded; the file holds 0: unknown"):
        open_film(path)


def test_an_encrypted_film(make_film, open_film):
    with pytest.raises(MediaError, match=r"its sound is encrypted\. Use a copy without"):
        open_film(make_film("film.mp4", "aac", options=LOCKED))


def test_a_film_that_is_silent(open_film, tmp_path):
    soundfile.write(tmp_path / "film.wav", np.zeros((48000, 2)), 48000)
    with pytest.raises(MediaError, match=r"stream 0: it is silent from beginning to end\. Choose"):
        open_film(tmp_path / "film.wav")
    assert not list((tmp_path / "cache").iterdir())


def test_a_telephone_is_the_least_that_is_read(make_film, open_film):
    path = make_film("film.wav", "pcm_s16le", sample_rate_hz=4000, layout="mono")
    with pytest.raises(MediaError, match="its sample rate is 4000 Hz"):
        open_film(path)


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_named(tmp_path, open_film, subtype, wrong):
    y = np.full((144_000, 2), 0.1)
    y[120_000, 1] = wrong
    soundfile.write(tmp_path / "film.wav", y, 48000, subtype)
    with pytest.raises(MediaError, match=r"its sample at 0:00:02\.500 is not a finite number"):
        open_film(tmp_path / "film.wav")


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("film.mka", "aac", {}),
        ("film.mp4", "aac", {"movflags": "faststart"}),
        ("film.flac", "flac", {}),
        ("film.mp3", "libmp3lame", {}),
        ("film.wav", "pcm_s24le", {}),
        ("film.wav", "pcm_s24le", {"rf64": "always"}),
        ("film.avi", "libmp3lame", {}),
    ],
)
def test_what_is_left_of_a_film_that_was_cut_short_is_kept(
    make_film, open_film, name, codec, options
):
    path = make_film(name, codec, (0.5, 1.0, 5.0), duration_s=6.0, options=options)
    whole = path.read_bytes()
    assert open_film(path).truncated_at_s is None
    path.write_bytes(whole[: int(0.5 * len(whole))])
    copy = open_film(path)
    assert copy.truncated_at_s == copy.duration_s == pytest.approx(3.0, abs=1.0)


def test_a_download_that_lacks_its_index_is_refused(make_film, open_film):
    path = make_film("film.mp4", "aac")
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(MediaError, match=r"was cut short\. Try it in a player"):
        open_film(path)


@pytest.mark.parametrize("name", ["film.mp4", "film.mka"])
def test_damage_in_the_middle_is_silence_and_moves_nothing(make_film, open_film, hear, name):
    path = make_film(name, "aac", (0.5, 7.5), duration_s=8.0)
    content = bytearray(path.read_bytes())
    middle = len(content) * 2 // 5
    content[middle : middle + 4000] = np.random.default_rng(0).bytes(4000)
    path.write_bytes(content)
    assert open_film(path).condition.n_damaged > 0
    assert hear(path) == pytest.approx([0.5, 7.5], abs=2e-3)


def test_a_film_that_is_mostly_damage_is_refused(make_film, open_film):
    path = make_film("film.mp4", "aac", duration_s=4.0, options={"movflags": "faststart"})
    content = bytearray(path.read_bytes())
    begin = content.index(b"mdat") + 500
    content[begin:] = np.random.default_rng(0).bytes(len(content) - begin)
    path.write_bytes(content)
    with pytest.raises(MediaError, match="packets cannot be decoded: it is damaged"):
        open_film(path)


def test_a_thunderclap_out_of_damaged_packets_is_silence(make_film, open_film, monkeypatch):
    monkeypatch.setattr(decode, "MAX_PEAK", 0.3)  # as if the bursts were far too loud
    copy = open_film(make_film())
    assert copy.peak < 0.3
    assert copy.condition.n_damaged == 2


@pytest.mark.parametrize(
    ("fault", "error", "mend"),
    [
        (media_faults, PermissionError(errno.EACCES, "Permission denied"), "Change its permission"),
        (media_faults, OSError(errno.EIO, "Input/output error"), "copy the file again"),
        (media_faults, av.error.DecoderNotFoundError(0, "no decoder"), "Convert its sound"),
        (cache_faults, OSError(errno.EROFS, "Read-only file system"), "you may write to"),
        (cache_faults, OSError(errno.EIO, "Input/output error"), "Choose another cache folder"),
    ],
)
def test_every_fault_of_the_system_comes_with_a_mend(tmp_path, fault, error, mend):
    with pytest.raises(MediaError, match=mend) as raised, fault(tmp_path):
        raise error
    assert raised.value.__cause__ is error

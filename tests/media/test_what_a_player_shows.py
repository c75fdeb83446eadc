"""Kinds of files whose sound was refused, moved, or passed over without a word."""

import os
import shutil
import struct
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from tests.media.conftest import a_track, write_media

from ostinato.errors import MediaError
from ostinato.media import probe
from ostinato.media.faults import media_faults


def after(time_s, shift_s):
    return lambda stamp_s: shift_s if stamp_s >= time_s else 0.0


@pytest.mark.parametrize(
    ("name", "codec", "delay_s"),
    [
        ("film.ts", "ac3", 256 / 48000),
        ("film.m2ts", "ac3", 256 / 48000),
        ("film.m2ts", "pcm_bluray", 0.0),
        ("film.avi", "aac", 1024 / 48000),
    ],
)
def test_a_codec_whose_tag_is_no_text_is_read(make_film, hear, name, codec, delay_s):
    path = make_film(name, codec)
    assert hear(path) == pytest.approx([t + delay_s for t in (0.5, 2.0)], abs=1e-3)


def test_aac_in_wav_is_read(make_film, hear, tmp_path):
    frames = make_film("film.aac", "aac").read_bytes()
    form = struct.pack("<HHIIHHH", 0xFF, 2, 48000, 16000, 1, 16, 0)
    path = a_riff(tmp_path / "film.wav", (b"fmt ", form), (b"data", frames))
    assert hear(path) == pytest.approx([0.5 + 1024 / 48000, 2.0 + 1024 / 48000], abs=1e-3)


def a_riff(path, *chunks):
    body = b"".join(name + struct.pack("<I", len(of)) + of for name, of in chunks)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body)
    return path


@pytest.mark.parametrize("gap_s", [9.0, 12.0, 40.0, 600.0])
def test_a_stretch_that_a_broadcast_lost_is_silence_and_is_named(make_film, open_film, hear, gap_s):
    path = make_film("film.ts", "mp2", (0.5, 11.5), duration_s=24.0, shifts=[after(11.0, gap_s)])
    assert hear(path) == pytest.approx([0.51, 11.51 + gap_s], abs=2e-3)
    condition = open_film(path).condition
    assert condition.silenced_s == pytest.approx(gap_s, abs=0.05)
    (gap,) = condition.gaps
    assert (gap.at_s, gap.seconds) == pytest.approx((11.0, gap_s), abs=0.05)
    assert condition.jumps == ()


def test_recordings_that_were_joined_go_on_without_a_gap_and_the_leap_is_named(
    make_film, open_film, hear, tmp_path
):
    parts = [
        make_film("one.ts", "mp2", (0.5,), duration_s=12.0),
        make_film("two.ts", "mp2", (1.0,), duration_s=12.0, shifts=[lambda _: 50_000.0]),
        make_film("three.ts", "mp2", (1.5,), duration_s=12.0),
    ]
    path = tmp_path / "film.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert hear(path) == pytest.approx([0.51, 13.03, 25.53], abs=0.06)
    condition = open_film(path).condition
    assert [leap.at_s for leap in condition.jumps] == pytest.approx([12.0, 24.0], abs=0.1)
    assert condition.jumps[0].seconds == pytest.approx(50_000.0 - 12.0, abs=0.1)
    assert condition.silenced_s < 0.1


def test_an_mp3_of_joined_parts_is_not_cut_short(make_film, open_film, tmp_path):
    one, two = make_film("one.mp3", "libmp3lame"), make_film("two.mp3", "libmp3lame")
    path = tmp_path / "film.mp3"
    path.write_bytes(one.read_bytes() + two.read_bytes())
    copy = open_film(path)
    assert copy.duration_s == pytest.approx(6.1, abs=0.1)
    assert copy.truncated_at_s is None


@pytest.mark.parametrize("rates_hz", [(44100, 22050), (22050, 44100), (48000, 32000)])
def test_an_mp3_whose_rate_changes_is_not_cut_short(make_film, open_film, tmp_path, rates_hz):
    parts = [
        make_film(f"{hz}.mp3", "libmp3lame", sample_rate_hz=hz, options={"write_xing": xing})
        for hz, xing in zip(rates_hz, ("1", "0"), strict=True)
    ]
    path = tmp_path / "film.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    copy = open_film(path)
    assert copy.truncated_at_s is None
    assert copy.duration_s == pytest.approx(6.1, abs=0.2)


def test_a_header_that_states_more_frames_than_its_bytes_hold_is_not_believed(make_film, open_film):
    path = make_film("film.mp3", "libmp3lame")
    content = bytearray(path.read_bytes())
    at = max(content.find(b"Xing"), content.find(b"Info"))
    frames = struct.unpack_from(">I", content, at + 8)[0]
    struct.pack_into(">I", content, at + 8, 9 * frames)
    path.write_bytes(content)
    copy = open_film(path)
    assert copy.truncated_at_s is None
    assert copy.duration_s == pytest.approx(3.0, abs=0.1)


def test_matroska_that_states_no_length_is_not_cut_short(make_film, open_film):
    # loud, then nearly nothing: an estimate from the first packets' bit rate is far off
    path = make_film("film.mka", "flac", (0.1,), duration_s=6.0)
    content = path.read_bytes()
    assert content.count(b"\x44\x89\x88") == 1
    path.write_bytes(content.replace(b"\x44\x89\x88", b"\xec\x40\x08"))  # a void of that size
    assert open_film(path).truncated_at_s is None


def test_flac_that_states_no_length_is_not_cut_short(make_film, open_film):
    path = make_film("film.flac", "flac")
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    copy = open_film(path)
    assert (copy.truncated_at_s, copy.duration_s) == (None, 3.0)


@pytest.mark.parametrize(
    ("file", "zero"),
    [
        (("film.flv", "libmp3lame"), (10.0, 0.0)),
        (("film.ts", "mp2"), (10.0, 0.0)),
        (("film.mkv", "flac"), (0.0, 10.0)),
    ],
)
def test_a_file_that_starts_at_ten_seconds(make_film, open_film, hear, file, zero):
    (name, codec), (origin_s, start_s) = file, zero
    path = make_film(name, codec, shifts=[lambda _: 10.0])
    priming_s = {"libmp3lame": 1105 / 48000, "mp2": 481 / 48000}.get(codec, 0.0)
    at_s = np.array([0.5, 2.0]) + priming_s
    assert hear(path) == pytest.approx(at_s + start_s, abs=2e-3)
    # the container's clock knows of priming, which players cannot leave out
    assert hear(path, clock="container") == pytest.approx([10.5, 12.0], abs=2e-3)
    assert hear(path, clock="first-sample") == pytest.approx(at_s, abs=2e-3)
    copy = open_film(path)
    assert (copy.origin_s, copy.start_s) == pytest.approx((origin_s, start_s), abs=0.03)
    assert open_film(path, clock="first-sample").origin_s == pytest.approx(10.0, abs=0.03)
    assert probe(path).origin_s == pytest.approx(origin_s, abs=0.03)


@pytest.mark.parametrize(
    ("codec", "second"),
    [
        ("libopus", {"layout": "mono"}),
        ("flac", {"layout": "mono"}),
        ("vorbis", {"sample_rate_hz": 44100}),
        ("vorbis", {"layout": "stereo"}),
    ],
)
def test_a_chain_of_ogg_is_read_to_its_end(make_film, open_film, hear, codec, second):
    experimental = {"strict": "experimental"} if codec == "vorbis" else {}
    one = make_film("one.ogg", codec, codec_options=experimental)
    two = make_film("two.ogg", codec, codec_options=experimental, **second)
    path = one.with_name("film.ogg")
    path.write_bytes(one.read_bytes() + two.read_bytes() + one.read_bytes())
    copy = open_film(path)
    assert copy.duration_s == pytest.approx(9.0, abs=0.05)
    assert copy.truncated_at_s is None
    heard_s = [t for t in hear(path) if not 3 <= t < 6 or "sample_rate_hz" not in second]
    middle = [] if "sample_rate_hz" in second else [3.5, 5.0]
    assert heard_s == pytest.approx([0.5, 2.0, *middle, 6.5, 8.0], abs=0.03)
    assert "a chain of 3 recordings" in copy.condition.notices[0]


@pytest.mark.parametrize("tail", [b"", b"LIST\x04\x00\x00\x00INFO", b"TAG" + bytes(125)])
def test_a_wav_file_whose_size_wrapped_is_read_to_its_end(tmp_path, open_film, hear, tail):
    rate_hz = 48000
    y = (a_track((0.5, 2.0)).T * 2**15).astype("<i2").tobytes()
    path = a_riff(
        tmp_path / "film.wav",
        (b"fmt ", struct.pack("<HHIIHH", 1, 2, rate_hz, 4 * rate_hz, 4, 16)),
        (b"data", y),
    )
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert open_film(path).condition.notices == ()
    lying = bytearray(whole)
    struct.pack_into("<I", lying, 40, 96_000)  # as if the rest were beyond 4 GB
    struct.pack_into("<I", lying, 4, 96_036)
    path.write_bytes(lying)
    assert hear(path) == pytest.approx([0.5, 2.0], abs=1e-3)
    copy = open_film(path)
    assert copy.truncated_at_s is None
    (notice,) = copy.condition.notices
    assert "96,000" in notice
    assert "576,000" in notice


@pytest.fixture
def three_tracks(tmp_path):
    """A film whose first stream is a commentary, and whose third is marked as its main one."""
    path = tmp_path / "film.mkv"
    metadata = [
        {"title": "Director's Commentary", "language": "eng"},
        {"language": "yue"},
        {"language": "cmn"},
    ]
    bursts = [(0.5,), (1.0,), (1.5,)]
    disposition = [0, 0, av.stream.Disposition.default]
    tracks = [a_track(at_s) for at_s in bursts]
    return write_media(path, tracks, "flac", metadata=metadata, disposition=disposition)


def test_the_stream_that_is_marked_as_the_main_one_is_taken(three_tracks, hear):
    info = probe(three_tracks)
    assert info.taken == 2
    assert [stream.is_default for stream in info.streams] == [False, False, True]
    assert [stream.is_commentary for stream in info.streams] == [True, False, False]
    assert hear(three_tracks) == pytest.approx([1.5], abs=1e-3)
    assert hear(three_tracks, stream=0) == pytest.approx([0.5], abs=1e-3)


def test_a_commentary_is_not_taken_even_if_nothing_is_marked(tmp_path, hear):
    tracks = [a_track((0.5,)), a_track((1.0,))]
    titles = [{"title": "Audiokommentar"}, {"title": "Original"}]
    path = write_media(tmp_path / "film.mkv", tracks, "flac", metadata=titles, disposition=[0, 0])
    assert hear(path) == pytest.approx([1.0], abs=1e-3)


@pytest.fixture
def a_pair(tmp_path):
    tracks = [a_track((0.5,), speakers=("FC",)), a_track((1.0,), duration_s=2.0, speakers=("FC",))]
    return write_media(tmp_path / "film.mov", tracks, "pcm_s16le", layout="mono")


def test_two_mono_streams_are_left_and_right(a_pair, open_film):
    copy = open_film(a_pair, stream=(0, 1))
    assert copy.channel_names == ("left", "right")
    assert (copy.stream, copy.second_stream, copy.n_source_channels) == (0, 1, 2)
    left, right = copy.read(0, copy.n_samples)
    assert np.argmax(np.abs(left) > 0.1) / 48000 == pytest.approx(0.5, abs=1e-3)
    assert np.argmax(np.abs(right) > 0.1) / 48000 == pytest.approx(1.0, abs=1e-3)
    assert copy.duration_s == 3.0
    assert open_film(a_pair, stream=(1, 0)).folder != copy.folder


@pytest.mark.parametrize("streams", [(0, 0), (0, 5)])
def test_a_pair_that_is_none_is_refused(a_pair, open_film, streams):
    with pytest.raises(MediaError, match=r"the file holds 0: |only 0: "):
        open_film(a_pair, stream=streams)


@pytest.mark.parametrize(("channel", "at_s"), [("left", [0.5]), ("right", [1.5])])
def test_one_of_two_channels_is_analysed_alone(make_film, open_film, hear, channel, at_s):
    path = make_film("film.flac", "flac", {"FL": 0.5, "FR": 1.5})
    assert hear(path, channel=channel) == pytest.approx(at_s, abs=1e-3)
    copy = open_film(path, channel=channel)
    assert (copy.channel_names, copy.taken_channel) == (("mono",), channel)


def test_a_channel_of_a_mono_film_is_refused(make_film, open_film):
    with pytest.raises(MediaError, match=r"it has 1 channels?, and one of two is asked for"):
        open_film(make_film("film.flac", "flac", layout="mono"), channel="left")


@pytest.fixture
def a_disc(make_film, tmp_path):
    """The folder of a DVD: menus, a short title, and the film in two files."""
    folder = tmp_path / "disc" / "VIDEO_TS"
    folder.mkdir(parents=True)
    film = make_film("film.vob", "mp2", (0.5, 2.5), duration_s=3.0).read_bytes()
    other = make_film("other.vob", "mp2", (0.2,), duration_s=1.0).read_bytes()
    half = len(film) // 2
    contents = {
        "VIDEO_TS.VOB": other,
        "VTS_01_0.VOB": other,
        "VTS_01_1.VOB": other,
        "VTS_02_0.VOB": other * 9,
        "VTS_02_1.VOB": film[:half],
        "VTS_02_2.VOB": film[half:],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("inside", [True, False])
def test_the_folder_of_a_disc_is_its_longest_title(a_disc, open_film, hear, inside):
    folder = a_disc if inside else a_disc.parent
    assert hear(folder) == pytest.approx([0.51, 2.51], abs=2e-3)
    copy = open_film(folder)
    assert copy.files == ("VTS_02_1.VOB", "VTS_02_2.VOB")
    assert any("VTS_02" in notice for notice in copy.condition.notices)


def test_one_file_of_a_title_says_that_there_are_more(a_disc):
    notices = probe(a_disc / "VTS_02_1.VOB").notices
    assert "one of 2 files of a DVD's title" in notices[0]


def test_a_folder_of_vobs_without_a_discs_names_is_read_in_order(a_disc, hear):
    for path in a_disc.iterdir():
        if not path.name.startswith("VTS_02") or path.name == "VTS_02_0.VOB":
            path.unlink()
    (a_disc / "VTS_02_1.VOB").rename(a_disc / "part 9.vob")
    (a_disc / "VTS_02_2.VOB").rename(a_disc / "part 10.vob")
    assert hear(a_disc) == pytest.approx([0.51, 2.51], abs=2e-3)


def an_element(name, *content):
    body = b"".join(content)
    return name + bytes([0x08]) + len(body).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (b"\x10\x43\xa7\x70|\x45\xb9|\x45\xdd\x81\x01", "its chapters are ordered"),
        (b"\x10\x43\xa7\x70|\x45\xb9|\xb6|\x6e\x67\x81\x01", "lie in other files"),
    ],
)
def test_chapters_that_a_player_follows_are_named(make_film, open_film, element, words):
    path = make_film("film.mka", "flac")
    *outer, inner = element.split(b"|")
    for name in reversed(outer):
        inner = an_element(name, inner)
    content = path.read_bytes()
    at = content[:4096].rindex(b"\x15\x49\xa9\x66")  # Info, behind the index that names it
    size_at = content.index(b"\x18\x53\x80\x67") + 4
    size = int.from_bytes(content[size_at + 1 : size_at + 8], "big") + len(inner)
    grown = content[:size_at] + b"\x01" + size.to_bytes(7, "big") + content[size_at + 8 : at]
    path.write_bytes(grown + inner + content[at:])
    assert words in " ".join(open_film(path).condition.notices)
    assert probe(make_film("plain.mka", "flac")).notices == ()


@pytest.mark.parametrize("share", [-1.0, -0.9])
def test_a_film_in_antiphase_is_heard_in_mono(tmp_path, open_film, share):
    y = 0.2 * np.random.default_rng(0).standard_normal(20 * 48000)
    soundfile.write(tmp_path / "film.wav", np.stack([y, share * y], axis=1), 48000)
    copy = open_film(tmp_path / "film.wav")
    (flip,) = copy.condition.flips
    assert (flip.start_s, flip.end_s, flip.channel) == (0.0, 20.0, "right")
    mono = copy.mono(0, copy.n_samples)
    assert np.corrcoef(mono, y)[0, 1] > 0.999
    assert np.std(mono) == pytest.approx((1 - share) / 2 * np.std(y), rel=0.01)


def test_a_reel_in_antiphase_is_flipped_alone(tmp_path, open_film):
    y = 0.2 * np.random.default_rng(0).standard_normal(60 * 48000)
    signs = np.ones(y.size)
    signs[20 * 48000 : 45 * 48000] = -1
    soundfile.write(tmp_path / "film.wav", np.stack([y, signs * y], axis=1), 48000)
    copy = open_film(tmp_path / "film.wav")
    (flip,) = copy.condition.flips
    assert (flip.start_s, flip.end_s) == pytest.approx((20.0, 45.0), abs=0.2)
    assert np.corrcoef(copy.mono(0, copy.n_samples), y)[0, 1] > 0.99


def test_a_centre_that_cancels_left_and_right_is_flipped(tmp_path, open_film):
    y = 0.1 * np.random.default_rng(0).standard_normal((1, 20 * 48000))
    centre = -np.sqrt(2) * y
    tracks = np.concatenate([y, y, centre])
    path = write_media(tmp_path / "film.wav", [tracks], "pcm_f32le", layout="3.0")
    copy = open_film(path)
    (flip,) = copy.condition.flips
    assert flip.channel == "centre"
    assert np.corrcoef(copy.mono(0, copy.n_samples), y[0])[0, 1] > 0.999


@pytest.mark.parametrize("likeness", [1.0, 0.5, 0.0, -0.5])
def test_a_film_in_stereo_keeps_its_channels_to_the_bit(tmp_path, open_film, likeness):
    rng = np.random.default_rng(0)
    left, other = 0.1 * rng.standard_normal((2, 20 * 48000))
    right = likeness * left + np.sqrt(1 - likeness**2) * other
    y = np.stack([left, right]).astype(np.float32)
    soundfile.write(tmp_path / "film.wav", y.T, 48000, "FLOAT")
    copy = open_film(tmp_path / "film.wav")
    assert copy.condition.flips == ()
    np.testing.assert_array_equal(copy.read(0, copy.n_samples), y)


def test_a_good_file_has_no_damage(make_film, open_film):
    for name, codec in [("a.flv", "libmp3lame"), ("a.flac", "flac"), ("a.mka", "aac")]:
        condition = open_film(make_film(name, codec)).condition
        assert (condition.n_damaged, condition.silenced_s, condition.trimmed_s) == (0, 0.0, 0.0)


def test_seconds_that_damage_took_are_counted(make_film, open_film):
    path = make_film("film.mka", "aac", (0.5, 7.5), duration_s=8.0)
    content = bytearray(path.read_bytes())
    middle = len(content) * 2 // 5
    content[middle : middle + 4000] = np.random.default_rng(0).bytes(4000)
    path.write_bytes(content)
    condition = open_film(path).condition
    assert condition.n_damaged > 0
    assert 0.01 < condition.silenced_s < 3.0


def test_a_defect_of_ours_is_no_fault_of_the_file(tmp_path):
    with pytest.raises(ValueError, match="ours"), media_faults(tmp_path):
        raise ValueError("ours")


def test_a_name_that_is_no_text_is_opened(make_film, open_film, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mka"))
    shutil.copy(make_film(), path)
    assert open_film(path).duration_s == 3.0
    with pytest.raises(MediaError, match=r"caf\\xe9\.mka, stream 7: there is no such"):
        open_film(path, stream=7)

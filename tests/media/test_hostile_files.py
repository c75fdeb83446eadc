"""Files that lead elsewhere, ask for everything, or say what is not so."""

import os
import struct
import time

import av
import numpy as np
import pytest
import soundfile
from tests.media.conftest import a_track, write_media

from ostinato.dsp.loudness import slot_energies, start_loudness
from ostinato.errors import MediaError
from ostinato.media import probe
from ostinato.media.faults import media_faults
from ostinato.media.stamps import ClockRules, Stamp, place

LISTS = {
    "ffconcat": "ffconcat version 1.0\nfile '{other}'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:31\n#EXTINF:30,\n{other}\n#EXT-X-ENDLIST\n",
    "hls of itself": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n{itself}\n",
    "hls behind a mark": "\ufeff\n#EXTM3U\n#EXTINF:30,\n{other}\n",
    "dash": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("name", ["film.wav", "film.m3u8", "film"])
def test_a_list_is_refused_and_nothing_that_it_names_is_opened(make_film, tmp_path, kind, name):
    other = make_film("other.ts", "mp2")
    path = tmp_path / name
    path.write_text(LISTS[kind].format(other=other, itself=name), encoding="utf-8")
    before = other.stat().st_atime_ns
    os.utime(other, ns=(0, other.stat().st_mtime_ns))
    with pytest.raises(MediaError, match=r"it is a list of files\. Join them into one first"):
        probe(path)
    assert before > 0
    assert other.stat().st_atime_ns == 0


def test_a_list_that_names_a_pipe_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "pipe.ts")
    (tmp_path / "film.wav").write_text("#EXTM3U\n#EXTINF:30,\npipe.ts\n")
    with pytest.raises(MediaError, match="it is a list of files"):
        probe(tmp_path / "film.wav")


def test_a_list_in_words_that_are_not_known_is_not_opened_either(make_film, tmp_path):
    path = tmp_path / "film.wav"
    path.write_text(f"# a remark\nffconcat version 1.0\nfile '{make_film('o.ts', 'mp2').name}'\n")
    with pytest.raises(MediaError, match=r"list of files|no sound or film can be recognised"):
        probe(path)


def test_silence_that_a_file_asks_for_is_bounded(tmp_path, open_film):
    y = a_track((0.5,), duration_s=3.0)
    leaps = [lambda at_s: 3500.0 * int(at_s / 0.5)]
    path = write_media(tmp_path / "film.mka", [y], "pcm_s16le", shifts=leaps, sample_rate_hz=8000)
    with pytest.raises(MediaError, match=r"without sound .*damaged: remux it"):
        open_film(path)


def test_a_clock_whose_every_frame_disagrees_takes_linear_time():
    rules = ClockRules(tolerance=240, horizon=10**9, max_overlap=10**9)

    def cpu_s(n_frames):
        stamps = [Stamp(i * 33, 40) for i in range(n_frames)]
        start = time.process_time()
        assert sum(1 for _ in place(stamps, rules)) == n_frames
        return time.process_time() - start

    # quadratic, this would be hours: the horizon holds all frames
    assert cpu_s(200_000) < 60


def test_zeros_after_sound_leave_no_denormal_numbers_behind():
    state = start_loudness(sample_rate_hz=48000, n_channels=1)
    noise = np.random.default_rng(0).standard_normal((1, 48000))
    _, state = slot_energies(noise, state)
    for _ in range(10):
        _, state = slot_energies(np.zeros((1, 65536)), state)
    assert not state.delays.any()


@pytest.mark.parametrize("absurd", [3e38, 1e6, -100.0])
def test_a_sample_that_no_film_has_is_silenced_and_counted(tmp_path, open_film, absurd):
    y = 0.1 * np.random.default_rng(0).standard_normal((48000 * 3, 2)).astype(np.float32)
    y[70_000, 1] = absurd
    soundfile.write(tmp_path / "film.wav", y, 48000, "FLOAT")
    copy = open_film(tmp_path / "film.wav")
    assert copy.peak < 1
    assert copy.condition.n_damaged == 1
    assert copy.condition.silenced_s > 0


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("film.aiff", "pcm_s16be", {}),
        ("film.au", "pcm_s16be", {}),
        ("film.caf", "pcm_s16be", {}),
        ("film.w64", "pcm_s16le", {}),
        ("film.flv", "libmp3lame", {}),
        ("film.tta", "tta", {}),
        ("film.wv", "wavpack", {}),
        ("film.nut", "flac", {}),
        ("film.ogg", "flac", {}),
        ("film.opus", "libopus", {}),
        ("film.mp4", "aac", {"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}),
        ("film.ts", "mp2", {}),
        ("film.ac3", "ac3", {}),
        ("film.eac3", "eac3", {}),
        ("film.mp2", "mp2", {}),
        ("film.aac", "aac", {}),
    ],
)
def test_a_file_that_was_cut_says_so_and_a_whole_one_does_not(
    make_film, open_film, name, codec, options
):
    path = make_film(name, codec, (0.5, 1.0, 5.0), duration_s=6.0, options=options)
    whole = path.read_bytes()
    good = open_film(path).condition
    assert (good.truncated_at_s, good.n_damaged, good.silenced_s, good.notices) == (None, 0, 0, ())
    path.write_bytes(whole[: len(whole) // 2 - 7])
    cut = open_film(path).condition
    assert cut.truncated_at_s is not None or cut.n_damaged > 0


def test_a_quarter_that_is_missing_is_told(make_film, open_film):
    path = make_film("film.mkv", "ac3", (0.5, 19.0), duration_s=20.0)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 5] + content[len(content) * 13 // 20 :])
    # what is broken at either side is lost as well, up to a cluster of 5 s
    assert 4.5 < open_film(path).condition.silenced_s < 10


def test_a_broadcast_whose_codec_changes_says_so(make_film, open_film, tmp_path):
    codecs = [("1.ts", "mp2"), ("2.ts", "aac"), ("3.ts", "ac3"), ("4.ts", "ac3")]
    parts = [make_film(*file, duration_s=6.0).read_bytes() for file in codecs]
    (tmp_path / "film.ts").write_bytes(b"".join(parts))
    with pytest.raises(MediaError, match=r"its codec changes on the way, from mp[23] to ac3"):
        open_film(tmp_path / "film.ts")


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac"])
def test_seven_channels_in_matroska_are_read(make_film, open_film, codec):
    copy = open_film(make_film("film.mkv", codec, layout="7.0"))
    assert (copy.n_source_channels, copy.duration_s) == (7, 3.0)


def test_a_wav_file_without_samples_is_empty_and_not_damaged(tmp_path, open_film):
    soundfile.write(tmp_path / "film.wav", np.zeros((0, 2)), 48000)
    with pytest.raises(MediaError, match=r"it holds no sound|no sound or film can be recognised"):
        open_film(tmp_path / "film.wav")


def test_a_length_that_lies_does_not_ask_for_a_disk(make_film, open_film):
    path = make_film("film.mka", "flac")
    content = path.read_bytes()
    at = content.index(b"\x44\x89\x88") + 3
    path.write_bytes(content[:at] + struct.pack(">d", 2e12) + content[at + 8 :])
    assert open_film(path).duration_s == 3.0


def test_a_disk_that_is_nearly_full_stops_the_copy(make_film, open_film, monkeypatch):
    from ostinato.media import copy_cache  # noqa: PLC0415 - patched here alone

    monkeypatch.setattr(copy_cache, "RESERVE_BYTES", 10**18)
    with pytest.raises(MediaError, match="the disk is nearly full"):
        open_film(make_film())


def test_a_file_that_asks_for_too_much_memory_says_so(tmp_path):
    with (
        pytest.raises(MediaError, match="reading it takes more memory than there is"),
        media_faults(tmp_path),
    ):
        raise MemoryError


SEED, N_MUTANTS = 1895, 4
MUTATED = [
    ("film.mka", "flac"),
    ("film.mkv", "ac3"),
    ("film.ts", "mp2"),
    ("film.ogg", "libopus"),
    ("film.flv", "libmp3lame"),
    ("film.flac", "flac"),
    ("film.mp3", "libmp3lame"),
    ("film.nut", "aac"),
]


def mutant(content, rng):
    at, length = int(rng.integers(400, len(content))), int(len(content) * rng.uniform(0.1, 0.3))
    kinds = {
        "cut": content[: max(at, 2000)],
        "less": content[:at] + content[at + length :],
        "noise": content[:at] + rng.bytes(min(length, len(content) - at)) + content[at + length :],
        "more": content[:at] + rng.bytes(length) + content[at:],
    }
    kind = sorted(kinds)[int(rng.integers(len(kinds)))]
    return kind, kinds[kind]


def seconds_in_place(whole, other, rate_hz):
    """Seconds of the first that are heard at their place in the second."""
    block, n_same = rate_hz // 4, 0
    for start in range(0, whole.size - block, block):
        x, y = whole[start : start + block], other[start : start + block]
        if y.size == block and np.linalg.norm(y - x) < 0.9 * np.linalg.norm(x):
            n_same += 1
    return n_same / 4


@pytest.mark.parametrize(("name", "codec"), MUTATED)
def test_a_damaged_file_is_right_or_told_or_refused(tmp_path, open_film, name, codec):
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, 8 * 48000))
    path = write_media(tmp_path / name, [noise], codec, layout="mono")
    content, whole = path.read_bytes(), open_film(path)
    y = whole.mono(0, whole.n_samples)
    rng = np.random.default_rng([SEED, len(name)])
    for _ in range(N_MUTANTS):
        kind, mutated = mutant(content, rng)
        path.write_bytes(mutated)
        try:
            copy = open_film(path)
        except MediaError:
            continue
        lost_s = 7.75 - seconds_in_place(y, copy.mono(0, copy.n_samples), copy.rate_hz)
        condition = copy.condition
        is_told = (
            condition.truncated_at_s is not None
            or condition.n_damaged > 0
            or condition.silenced_s + condition.trimmed_s >= 0.05
            or bool(condition.jumps + condition.notices)
        )
        assert lost_s < 1 or is_told, (kind, lost_s)


def test_the_tests_have_a_decoder_for_what_they_write():
    assert {"flac", "ac3", "mp2", "opus", "mp3", "aac"} <= set(av.codec.codecs_available)

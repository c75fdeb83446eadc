import av
import numpy as np
import pytest
import soundfile

from ostinato.media import probe

BURSTS_S = (0.5, 2.0, 2.7)
PRIMING_S = 1024 / 48000  # of FFmpeg's AAC encoder, where a container cannot say it: players too


@pytest.mark.parametrize(
    ("name", "codec", "delay_s"),
    [
        ("film.mkv", "ac3", 0.0),
        ("film.mkv", "aac", 0.0),
        ("film.mka", "libopus", 0.0),
        ("film.mka", "libmp3lame", 0.0),
        ("film.webm", "libopus", 0.0),
        ("film.mp4", "aac", 0.0),
        ("film.mp4", "eac3", 0.0),
        ("film.m4a", "alac", 0.0),
        ("film.opus", "libopus", 0.0),
        ("film.ogg", "flac", 0.0),
        ("film.mp3", "libmp3lame", 0.0),
        ("film.flac", "flac", 0.0),
        ("film.wav", "pcm_s16le", 0.0),
        ("film.aiff", "pcm_s16be", 0.0),
        ("film.mov", "pcm_s24le", 0.0),
        ("film.ac3", "ac3", 256 / 48000),
        ("film.eac3", "eac3", 256 / 48000),
        ("film.vob", "ac3", 256 / 48000),
        ("film.aac", "aac", PRIMING_S),
        ("film.ts", "aac", PRIMING_S),
        ("film.avi", "libmp3lame", 1105 / 48000),
    ],
)
def test_a_click_is_heard_when_a_player_plays_it(make_film, hear, name, codec, delay_s):
    path = make_film(name, codec, BURSTS_S)
    # 1 ms: Matroska rounds its stamps to it, and FFmpeg's own clocks are finer
    assert hear(path) == pytest.approx([t + delay_s for t in BURSTS_S], abs=1e-3)


@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("pcm_u8", {}),
        ("pcm_s24le", {}),
        ("pcm_s32le", {}),
        ("pcm_s64le", {}),
        ("pcm_f32le", {}),
        ("pcm_f64le", {}),
        ("pcm_s16le", {"rf64": "always"}),
    ],
)
def test_the_samples_of_a_wav_file_come_back(make_film, open_film, codec, options):
    path = make_film("film.wav", codec, BURSTS_S, options=options)
    copy = open_film(path)
    expected = open_film(make_film("exact.wav", "pcm_f64le", BURSTS_S)).read(0, copy.n_samples)
    step = {"pcm_u8": 2**-7, "pcm_s16le": 2**-15}.get(codec, 2**-23)
    np.testing.assert_allclose(copy.read(0, copy.n_samples), expected, atol=1.01 * step)
    assert copy.duration_s == 3.0


def test_a_lossless_codec_keeps_what_sixteen_bits_hold(make_film, open_film):
    copy = open_film(make_film("film.mka", "flac", sample_format="s16"))
    steps = copy.read(0, copy.n_samples) * 2**15
    np.testing.assert_array_equal(steps, np.round(steps))


@pytest.mark.parametrize(
    ("file", "layout", "kept"),
    [
        (("film.flac", "flac"), "mono", ("mono",)),
        (("film.wav", "pcm_s16le"), "2.1", ("left", "right")),
        (("film.flac", "flac"), "3.0", ("left", "right", "centre")),
        (("film.flac", "flac"), "quad", ("left", "right", "side")),
        (("film.ac3", "ac3"), "5.1(side)", ("left", "right", "centre", "side")),
        (("film.m4a", "aac"), "5.1", ("left", "right", "centre", "side")),
        (("film.mka", "libopus"), "7.1", ("left", "right", "centre", "side")),
        (("film.m4a", "aac"), "7.1", ("left", "right", "centre", "side")),
        (("film.wav", "pcm_s24le"), "7.1", ("left", "right", "centre", "side")),
    ],
)
def test_the_layout_says_which_channels_are_kept(make_film, open_film, file, layout, kept):
    copy = open_film(make_film(*file, at_s=(0.1,), duration_s=0.5, layout=layout))
    assert copy.channel_names == kept
    assert copy.n_source_channels == av.AudioLayout(layout).nb_channels
    assert copy.read(0, 100).shape == (len(kept), 100)


@pytest.mark.parametrize(
    ("name", "codec", "sample_rate_hz"),
    [
        ("film.wav", "pcm_s16le", 8000),
        ("film.mp3", "libmp3lame", 11025),
        ("film.m4a", "aac", 22050),
        ("film.flac", "flac", 44100),
    ],
)
def test_sample_rates_up_to_48_khz_are_kept(make_film, hear, name, codec, sample_rate_hz):
    path = make_film(name, codec, sample_rate_hz=sample_rate_hz, layout="mono")
    # `hear` listens at the rate of the copy, and would find no burst at another
    assert hear(path) == pytest.approx([0.5, 2.0], abs=1e-3)


@pytest.mark.parametrize("sample_rate_hz", [88200, 96000, 192000])
def test_sample_rates_above_are_lowered_and_nothing_moves(make_film, open_film, sample_rate_hz):
    path = make_film("film.flac", "flac", sample_rate_hz=sample_rate_hz, layout="mono")
    copy = open_film(path)
    assert (copy.rate_hz, copy.duration_s) == (48000, 3.0)
    y = copy.mono(0, copy.n_samples)
    onset_s = np.flatnonzero(np.abs(y) > 0.1 * copy.peak)[0] / 48000
    assert onset_s == pytest.approx(0.5, abs=1e-3)


def test_a_film_with_a_colon_in_its_title_opens(make_film, hear):
    assert hear(make_film("2046: a film.mka")) == pytest.approx([0.5, 2.0], abs=1e-3)


def test_a_name_in_chinese_opens(make_film, hear):
    assert hear(make_film("重慶森林.mka")) == pytest.approx([0.5, 2.0], abs=1e-3)


def test_the_codecs_of_discs_can_be_decoded():
    for codec in ("dca", "truehd", "mlp", "pcm_dvd", "pcm_bluray", "mp2", "ac3", "eac3"):
        assert av.Codec(codec, "r").type == "audio"


def test_the_loudness_of_a_copy_is_that_of_its_samples(tmp_path, open_film):
    tone = np.sin(2 * np.pi * 1000 * np.arange(5 * 48000) / 48000) * 10 ** (-23 / 20)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], axis=1), 48000, "FLOAT")
    copy = open_film(tmp_path / "tone.wav")
    assert copy.loudness_lufs == pytest.approx(-23.0, abs=0.05)
    np.testing.assert_allclose(np.median(copy.short_term_lufs()), -23.0, atol=0.05)
    assert copy.peak == pytest.approx(10 ** (-23 / 20), abs=1e-5)


def test_probing_lists_every_stream_without_decoding(make_film):
    info = probe(make_film("film.mkv", "ac3", layout="5.1(side)", metadata=[{"language": "yue"}]))
    (stream,) = info.streams
    assert (stream.codec, stream.layout, stream.language) == ("ac3", "5.1(side)", "yue")
    assert (stream.ordinal, stream.channels, stream.sample_rate_hz) == (0, 6, 48000)
    assert stream.start_s == pytest.approx(0.0, abs=1e-3)
    assert info.duration_s == pytest.approx(3.0, abs=0.05)
    assert str(stream) == "0: ac3, 5.1(side), 48000 Hz, yue"

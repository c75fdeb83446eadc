from fractions import Fraction

import av
import numpy as np
import pytest

from ostinato.errors import MediaError
from ostinato.media import probe
from ostinato.media.decode import open_decoding


def after(time_s, shift_s):
    """Shift what lies at or after a time: a gap, or an overlap."""
    return lambda stamp_s: shift_s if stamp_s >= time_s else 0.0


@pytest.mark.parametrize(
    ("name", "codec"), [("film.mkv", "ac3"), ("film.mka", "flac"), ("film.mp4", "aac")]
)
def test_sound_that_starts_late_in_the_file_starts_late_in_the_film(
    make_film, open_film, hear, name, codec
):
    path = make_film(name, codec, shifts=[lambda _: 1.5])
    assert hear(path) == pytest.approx([2.0, 3.5], abs=2e-3)
    copy = open_film(path)
    # AAC and AC-3 begin with priming, which lies before the sound
    assert copy.start_s == pytest.approx(1.5, abs=0.025)
    assert probe(path).streams[0].start_s == pytest.approx(1.5, abs=0.025)
    assert not copy.read(0, int(1.45 * copy.rate_hz)).any()
    assert copy.truncated_at_s is None


@pytest.mark.parametrize("gap_s", [0.02, 0.5, 40.0])
def test_a_gap_in_the_stamps_is_silence(make_film, hear, gap_s):
    path = make_film(codec="pcm_s16le", shifts=[after(1.0, gap_s)])
    assert hear(path) == pytest.approx([0.5, 2.0 + gap_s], abs=2e-3)


def test_a_gap_keeps_its_length_whatever_the_codec(make_film, hear):
    path = make_film("film.mkv", "ac3", shifts=[after(1.0, 0.7)])
    assert hear(path) == pytest.approx([0.5, 2.7], abs=2e-3)


def test_an_overlap_is_heard_once(make_film, hear):
    path = make_film(codec="pcm_s16le", shifts=[after(1.0, -0.25)])
    assert hear(path) == pytest.approx([0.5, 1.75], abs=2e-3)


def test_a_gap_of_hours_is_refused_before_it_fills_the_disk(make_film, open_film):
    path = make_film(codec="pcm_s16le", shifts=[after(1.0, 7200.5)])
    with pytest.raises(MediaError, match="leave 2:00:00 without sound at 0:00:01"):
        open_film(path)


def test_a_broadcast_counts_from_its_earliest_stream(two_streams, hear):
    path = two_streams("film.ts", "mp2", [lambda _: 1000.0, lambda _: 1000.5])
    priming_s = 481 / 48000  # of the MP2 encoder; MPEG-TS cannot say it
    assert hear(path, stream=0) == pytest.approx([0.5 + priming_s], abs=2e-3)
    assert hear(path, stream=1) == pytest.approx([1.5 + priming_s], abs=2e-3)


def test_the_second_stream_of_a_film_is_its_own(two_streams, hear, open_film):
    path = two_streams("film.mkv", "flac", [lambda _: 0.0, lambda _: 0.0])
    assert hear(path) == hear(path, stream=0) == pytest.approx([0.5], abs=2e-3)
    assert hear(path, stream=1) == pytest.approx([1.0], abs=2e-3)
    assert open_film(path, stream=1).folder != open_film(path, stream=0).folder


def test_a_broadcast_in_two_parts_goes_on_where_the_first_ends(make_film, hear, tmp_path):
    first = make_film("one.ts", "mp2").read_bytes()
    second = make_film("two.ts", "mp2", at_s=(1.0,)).read_bytes()
    (tmp_path / "film.ts").write_bytes(first + second)
    priming_s = 481 / 48000
    heard_s = hear(tmp_path / "film.ts")
    # the first part lasts a whole number of frames of 24 ms, three seconds and its last frame
    assert heard_s == pytest.approx([0.5 + priming_s, 2.0 + priming_s, 4.02], abs=0.03)


@pytest.mark.parametrize(
    ("second", "bursts_s"),
    [
        ({"layout": "mono"}, [0.5, 2.0, 3.5, 5.0]),
        ({"layout": "5.1(side)"}, [0.5, 2.0, 3.5, 5.0]),
        ({"sample_rate_hz": 44100}, [0.5, 2.0]),  # a burst at another rate sounds otherwise
    ],
)
def test_a_format_that_changes_on_the_way_is_followed(make_film, open_film, hear, second, bursts_s):
    first = make_film("one.ac3", "ac3").read_bytes()
    path = make_film("two.ac3", "ac3", **second)
    path.write_bytes(first + path.read_bytes())
    delay_s = 256 / 48000
    # the first part ends with a whole frame, 24 ms after its third second
    assert hear(path) == pytest.approx([t + delay_s for t in bursts_s], abs=0.026)
    copy = open_film(path)
    assert copy.channel_names == ("left", "right")
    assert copy.duration_s == pytest.approx(6.04, abs=0.03)


def test_a_click_at_the_end_of_three_hours_is_where_the_player_plays_it(three_hours):
    path, clicks_s = three_hours
    with open_decoding(path, 0) as decoding:
        heard_s, n_before = [], 0
        for block in decoding.blocks():
            loud = np.flatnonzero(np.abs(block[0]) > 0.4)
            heard_s += [(n_before + k) / decoding.sample_rate_hz for k in loud.tolist()]
            n_before += block.shape[1]
    assert heard_s == pytest.approx(clicks_s, abs=1e-3)


@pytest.fixture
def two_streams(tmp_path, write_tracks):
    """Write a film of two streams, with a burst at 0.5 s and at 1 s; its path."""

    def made(name, codec, shifts):
        return write_tracks(tmp_path / name, [(0.5,), (1.0,)], codec, shifts=shifts)

    return made


@pytest.fixture
def three_hours(tmp_path):
    """A film of three hours, in packets that last no whole number of Matroska's milliseconds."""
    rate_hz, packet_length = 8000, 16_381
    n_packets = 3 * 3600 * rate_hz // packet_length
    clicks = {0: 100, n_packets // 2: 200, n_packets - 1: 300}
    path = tmp_path / "long.mka"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_u8", rate=rate_hz, layout="mono")
        for i in range(n_packets):
            y = np.full((1, packet_length), 128, dtype=np.uint8)
            if i in clicks:
                y[0, clicks[i]] = 192
            frame = av.AudioFrame.from_ndarray(y, format="u8", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, i * packet_length
            frame.time_base = Fraction(1, rate_hz)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path, [(i * packet_length + k) / rate_hz for i, k in clicks.items()]

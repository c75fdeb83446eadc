"""What is played is what was analysed, to the sample."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.browser.long_film import RATE_HZ, telling
from tests.review_page.conftest import SECONDS

from ostinato.review_page.app import Stretch, wanted_bytes
from ostinato.review_page.sound import VirtualWav, as_pcm

N = SECONDS * RATE_HZ


def stereo(first, stop):
    y = telling(first, stop).astype(np.float32) / 2**15
    return np.stack([y, -y])


def a_wav(first=0, stop=1000):
    return VirtualWav(read=stereo, n_channels=2, sample_rate_hz=48_000, first=first, stop=stop)


def test_a_file_is_a_wav_of_these_samples():
    wav = a_wav(100, 400)
    content = b"".join(wav.blocks(0, wav.n_bytes))
    assert len(content) == wav.n_bytes
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 48_000, 300)
        y = np.frombuffer(file.readframes(300), "<i2").reshape(-1, 2)
    np.testing.assert_array_equal(y[:, 0], telling(100, 400))


@given(st.integers(0, 4_044), st.integers(0, 4_044))
def test_any_bytes_are_those_of_the_whole(one, other):
    wav = a_wav()
    whole = b"".join(wav.blocks(0, wav.n_bytes))
    start, stop = sorted((one, other))
    assert b"".join(wav.blocks(start, stop)) == whole[start:stop]


def test_what_was_16_bit_comes_back_and_what_is_too_loud_does_not_turn_over():
    every = np.arange(-(2**15), 2**15, dtype=np.int16)
    y = every.astype(np.float32)[np.newaxis] / 2**15
    np.testing.assert_array_equal(np.frombuffer(as_pcm(y), "<i2"), every)
    loud = np.array([[1.5, -1.5]], np.float32)
    np.testing.assert_array_equal(np.frombuffer(as_pcm(loud), "<i2"), [2**15 - 1, -(2**15)])


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, Stretch(0, 100)),
        ("bytes=0-9", Stretch(0, 10)),
        ("bytes=90-", Stretch(90, 100)),
        ("bytes=90-1000", Stretch(90, 100)),
        ("bytes=-10", Stretch(90, 100)),
        ("bytes=-1000", Stretch(0, 100)),
        ("Bytes = 5 - 5", Stretch(5, 6)),
        ("lines=1-2", Stretch(0, 100)),
    ],
)
def test_a_range_is_read_as_the_standard_says(header, wanted):
    assert wanted_bytes(header, 100) == wanted


@pytest.mark.parametrize(
    "header",
    ["bytes=0-1,5-6", "bytes=100-", "bytes=9-5", "bytes=-0", "bytes=a-b", "bytes=", "bytes=-"],
)
def test_what_is_no_range_is_refused_with_a_reason(header):
    assert isinstance(wanted_bytes(header, 100), str)


def frames_of(answer, *, skipped=0):
    return np.frombuffer(answer.body[skipped:], "<i2")


@pytest.mark.parametrize("first", [0, 1, 7_999, N // 2, N - 400])
def test_a_slice_of_the_film_is_exact(client, first):
    answer = client.ask(f"/sound/mix.wav?from={first}&to={first + 400}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "audio/wav"
    np.testing.assert_array_equal(frames_of(answer, skipped=44), telling(first, first + 400))


@pytest.mark.parametrize("start", [44, 45, 46, 44 + 2 * 123_457, 44 + 2 * N - 31])
def test_a_range_of_the_film_is_exact(client, start):
    answer = client.ask("/sound/mix.wav", headers={"range": f"bytes={start}-{start + 99}"})
    whole = telling(0, N).astype("<i2").tobytes()
    stop = min(start + 100, 44 + 2 * N)
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{44 + 2 * N}"
    assert int(answer.headers["content-length"]) == len(answer.body) == stop - start
    assert answer.body == whole[start - 44 : stop - 44]


def test_one_range_a_request_and_none_beyond_the_end(client):
    for header in ("bytes=0-1,4-5", f"bytes={44 + 2 * N}-"):
        answer = client.ask("/sound/mix.wav", headers={"range": header})
        assert answer.status == 416
        assert answer.headers["content-range"] == f"bytes */{44 + 2 * N}"
        assert answer.text


@pytest.mark.parametrize("query", ["from=-1", "from=x", "from=5&to=5", "from=9&to=2", f"from={N}"])
def test_what_is_no_slice_is_refused(client, query):
    answer = client.ask(f"/sound/mix.wav?{query}")
    assert answer.status == 404
    assert answer.text


def test_a_head_has_the_size_and_no_sound(client):
    answer = client.ask("/sound/mix.wav", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) == 44 + 2 * N


def test_a_film_of_which_nothing_was_taken_out_says_so(client):
    answer = client.ask("/sound/remainder.wav")
    assert answer.status == 404
    assert "no song was taken out" in answer.text


@pytest.mark.parametrize("samples", [1, 64, 256, 1024])
def test_peaks_are_the_least_and_the_largest(client, samples):
    index = 1 if samples < 256 else 0
    answer = client.ask(f"/tiles/peaks/{samples}/{index}")
    peaks = np.frombuffer(answer.body, np.int8).reshape(-1, 2)
    first = index * 1024 * samples
    y = telling(first, min(N, first + 1024 * samples)) / 2**15
    blocks = y[: len(y) // samples * samples].reshape(-1, samples)[: len(peaks)]
    np.testing.assert_array_equal(
        peaks[: len(blocks), 0], np.floor(blocks.min(axis=1) * 127).clip(-127)
    )
    np.testing.assert_array_equal(peaks[: len(blocks), 1], np.ceil(blocks.max(axis=1) * 127))


def test_columns_that_are_kept_and_those_that_are_made_agree(client):
    kept = np.frombuffer(client.ask("/tiles/columns/2048/0").body, np.uint8).reshape(-1, 64)
    finer = np.frombuffer(client.ask("/tiles/columns/512/0").body, np.uint8).reshape(-1, 64)
    assert len(finer) == 256
    # every fourth of the finer ones, moved by less than a column
    assert abs(kept[4:60].astype(int).mean() - finer[16:240].astype(int).mean()) < 2


@pytest.mark.parametrize("address", ["peaks/3/0", "peaks/256/-1", "columns/64/0", "other/256/0"])
def test_there_are_no_other_tiles(client, address):
    assert client.ask(f"/tiles/{address}").status == 404

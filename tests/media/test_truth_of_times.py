"""A noise whose every stretch tells which samples it is, through containers, codecs and clocks."""

import numpy as np
import pytest
from scipy.signal import correlate
from tests.media.conftest import write_media

RATE_HZ = 48_000
DURATION_S = 6.0
PROBE_S = 0.1
PLACES_S = (0.3, 3.0, 5.5)


@pytest.fixture(scope="module")
def noise():
    return 0.2 * np.random.default_rng(1895).standard_normal(round(DURATION_S * RATE_HZ))


def index_at(y, noise, at_s):
    """Which sample of the noise is heard at a place of the film."""
    first = round(at_s * RATE_HZ)
    heard = y[first : first + round(PROBE_S * RATE_HZ)]
    return int(np.argmax(correlate(noise, heard, mode="valid", method="fft")))


CASES = [
    ("film.wav", "pcm_s16le", 0),
    ("film.flac", "flac", 0),
    ("film.mka", "flac", 0),
    ("film.mkv", "ac3", 0),
    ("film.mkv", "aac", 0),
    ("film.mp4", "aac", 0),
    ("film.m4a", "alac", 0),
    ("film.mov", "pcm_s24le", 0),
    ("film.webm", "libopus", 0),
    ("film.opus", "libopus", 0),
    ("film.mp3", "libmp3lame", 0),
    ("film.caf", "pcm_s16be", 0),
    ("film.w64", "pcm_s16le", 0),
    ("film.aiff", "pcm_s16be", 0),
    ("film.wv", "wavpack", 0),
    ("film.nut", "flac", 0),
    # priming that these cannot say, so that players play it as well
    ("film.ts", "ac3", 256),
    ("film.ts", "mp2", 481),
    ("film.m2ts", "pcm_bluray", 0),
    ("film.vob", "ac3", 256),
    ("film.flv", "aac", 1024),
    ("film.flv", "libmp3lame", 1105),
    ("film.avi", "aac", 1024),
    ("film.aac", "aac", 1024),
]


@pytest.mark.parametrize("case", CASES)
def test_every_sample_is_where_a_player_plays_it(tmp_path, open_film, noise, case):
    name, codec, delay = case
    path = write_media(tmp_path / name, [np.stack([noise, noise])], codec)
    y = open_film(path).mono(0, open_film(path).n_samples)
    offsets = [round(at_s * RATE_HZ) - index_at(y, noise, at_s) for at_s in PLACES_S]
    # a millisecond: Matroska and FLV round their stamps to it
    assert offsets == pytest.approx([delay] * len(PLACES_S), abs=48)
    assert max(offsets) == min(offsets)


@pytest.mark.parametrize(("clock", "start_s"), [("player", 2.5), ("first-sample", 0.0)])
def test_a_late_start_counts_by_the_clock_that_is_chosen(
    tmp_path, open_film, noise, clock, start_s
):
    shift = [lambda _: 2.5]
    path = write_media(tmp_path / "film.mkv", [np.stack([noise, noise])], "flac", shifts=shift)
    copy = open_film(path, clock=clock)
    y = copy.mono(0, copy.n_samples)
    for at_s in PLACES_S:
        index = index_at(y, noise, at_s + start_s)
        assert index == pytest.approx(at_s * RATE_HZ, abs=48)

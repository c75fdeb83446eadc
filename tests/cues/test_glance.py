"""A first look passes what the whole band would find, and the whole band drops the rest."""

from dataclasses import replace

import numpy as np
import pytest
import soxr

from ostinato.cues import first_look
from ostinato.cues.first_look import asked, bands_of, still_shown
from ostinato.cues.peaks import DetectParameters, Peaks, Scale
from ostinato.cues.plane import find_peaks
from ostinato.cues.tracks import LOW_STEP, Track
from ostinato.cues.views import RATE_HZ

LOOK = Scale(block_s=4.0, hop_s=2.0)
SHORT, LONG = Scale(block_s=2.0, hop_s=1.0), Scale(block_s=8.0, hop_s=4.0)
AT = 11 * RATE_HZ + 3
"""Film sample of the song's sixth second."""


@pytest.fixture(scope="module")
def song():
    return {"mid": np.random.default_rng(0).standard_normal(20 * RATE_HZ).astype(np.float32)}


@pytest.fixture(scope="module")
def film(song, tmp_path_factory):
    return film_with(song, 0.1, tmp_path_factory.mktemp("glance"))


@pytest.fixture(scope="module")
def louder(song, tmp_path_factory):
    return film_with(song, 0.3, tmp_path_factory.mktemp("louder"))


def film_with(song, gain, folder):
    y = np.random.default_rng(1).standard_normal(40 * RATE_HZ).astype(np.float32)
    y[AT : AT + 3 * RATE_HZ] += gain * song["mid"][6 * RATE_HZ : 9 * RATE_HZ]
    path = folder / "track"
    y.tofile(path)
    track = Track(path, ("mid",), y.size)
    low(y).tofile(track.low_path)
    return track


def low(y):
    """The lower band at its own rate, of unit variance."""
    return 2 * soxr.resample(y, RATE_HZ, RATE_HZ / LOW_STEP)


def seen(*lags):
    n = len(lags)
    blocks, z = np.full(n, 3), np.full(n, 5.1, np.float32)
    return Peaks(1.0, LOOK, np.array(lags), z, np.ones((n, 1), np.float32), blocks, 1.0)


def answers(film, song, *lags):
    bands = bands_of(film.views, song, decimations=(2,))
    return asked(film, bands, seen(*lags), scales=(SHORT, LONG), parameters=DetectParameters())


def test_short_blocks_within_a_place_are_told_exact_to_a_sample(film, song):
    short, _ = answers(film, song, AT - 1)
    whole = [number for number in (6, 7) if number in short.blocks]
    assert whole == [6, 7]
    offsets = short.lags - short.blocks * RATE_HZ
    assert set(offsets.tolist()) == {AT - 6 * RATE_HZ}
    assert short.z[np.isin(short.blocks, whole)].min() > 9  # 0.1 of the noise over 2 s give 12.6


def test_long_blocks_are_those_around_a_place(film, song):
    _, long = answers(film, song, AT)
    assert set(long.blocks.tolist()) <= {1}  # from 4 to 12 s, which holds 6 to 10 s
    assert long.z.max() > 5


def test_a_place_where_the_whole_band_shows_nothing_is_dropped(film, song):
    assert all(peaks.z.size == 0 for peaks in answers(film, song, 25 * RATE_HZ))


def test_a_block_that_is_nothing_in_the_lower_band_is_left_out(louder, song):
    look = Scale(block_s=4.0, hop_s=4.0, decimation=8)
    lags, blocks = np.array([AT - 2 * RATE_HZ, 25 * RATE_HZ, AT - 2 * RATE_HZ]), np.array([1, 1, 3])
    z = np.full(3, 6.0, np.float32)
    passed = Peaks(1.0, look, lags, z, np.ones((3, 1), np.float32), blocks, 1.0)
    # the first holds the excerpt; another place, and another block that was looked for with it
    kept = still_shown(louder, {"mid": low(song["mid"])}, passed)
    assert (kept.lags.tolist(), kept.blocks.tolist()) == ([AT - 2 * RATE_HZ], [1])


def test_the_lower_band_shows_a_block_where_it_is(louder, song):
    scale, parameters = Scale(block_s=4.0, hop_s=4.0, decimation=4), DetectParameters(min_z=7.0)
    views = {"mid": low(song["mid"])}
    (peaks,) = find_peaks(
        louder, lambda _: views, speeds=(1.0,), scale=scale, parameters=parameters
    )
    (lag,) = set(peaks.lags[peaks.blocks == 1].tolist())
    assert abs(lag - (AT - 2 * RATE_HZ)) <= LOW_STEP
    assert peaks.n_cells == louder.n_samples / 4 * 5


def test_a_place_is_counted_among_all_that_might_have_been_passed(film, song):
    short, long = answers(film, song, AT)
    assert short.n_cells == film.n_samples / SHORT.decimation * 20
    assert long.n_cells == film.n_samples / LONG.decimation * 5


def test_blocks_that_are_looked_for_together_are_each_said_to_be_there(film, song):
    scale, parameters = Scale(block_s=2.0, hop_s=2.0, decimation=1), DetectParameters(min_z=7.0)
    (peaks,) = find_peaks(
        film, lambda _: song, speeds=(1.0,), scale=scale, parameters=parameters, together=2
    )
    assert set(peaks.blocks.tolist()) == {3, 8}  # of ten, 6 to 8 s and its fellow
    assert set(peaks.lags.tolist()) == {AT}


def test_a_peak_in_film_that_another_explains_far_better_is_not_asked(film, song):
    both = seen(AT - 1, AT - 1 + RATE_HZ // 4)
    both.z[:] = 40.0, 5.1
    bands = bands_of(film.views, song)
    scales, parameters = (SHORT, LONG), DetectParameters()
    alone = asked(
        film, bands, replace(both, **first_of(both)), scales=scales, parameters=parameters
    )
    together = asked(film, bands, both, scales=scales, parameters=parameters)
    assert [one.lags.tolist() for one in together] == [one.lags.tolist() for one in alone]


def test_places_far_apart_are_answered_as_those_that_read_the_same_film(film, song, monkeypatch):
    places = AT - 1, AT + 9 * RATE_HZ, AT + 20 * RATE_HZ
    held = answers(film, song, *places)
    monkeypatch.setattr(first_look, "_MOST_HELD", 0)
    apart = answers(film, song, *places)
    for one, other in zip(held, apart, strict=True):
        np.testing.assert_array_equal(one.lags, other.lags)
        np.testing.assert_array_equal(one.z, other.z)


def first_of(peaks):
    return {name: getattr(peaks, name)[:1] for name in ("lags", "z", "shares", "blocks")}

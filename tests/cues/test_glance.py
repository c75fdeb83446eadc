"""A first look passes what the whole band would find, and the whole band drops the rest."""

from dataclasses import replace

import numpy as np
import pytest

from ostinato.cues.first_look import asked, bands_of
from ostinato.cues.peaks import DetectParameters, Peaks, Scale, find_peaks
from ostinato.cues.tracks import Track
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
    y = np.random.default_rng(1).standard_normal(40 * RATE_HZ).astype(np.float32)
    y[AT : AT + 3 * RATE_HZ] += 0.1 * song["mid"][6 * RATE_HZ : 9 * RATE_HZ]
    path = tmp_path_factory.mktemp("glance") / "track"
    y.tofile(path)
    return Track(path, ("mid",), y.size)


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


def first_of(peaks):
    return {name: getattr(peaks, name)[:1] for name in ("lags", "z", "shares", "blocks")}

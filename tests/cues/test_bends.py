"""Where a map that bends runs, and how far its song times may be off."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from ostinato.cues.bends import BendParameters, carried_to_their_ends, settled_knots
from ostinato.cues.song_finds import Found
from ostinato.cues.time_errors import song_error_s
from ostinato.cues.tracks import Track, whitened_reference
from ostinato.cues.views import RATE_HZ
from ostinato.results import TimeMap

PLAYED = ((0.0, 5.0), (10.0, 15.0 - 0.0015), (20.0, 25.0 - 0.0015), (30.0, 35.0))
"""A tape that is slow for a leg, right, and then fast."""


@pytest.fixture(scope="module")
def aligned():
    """Film and song; the film plays the song along `PLAYED`."""
    rng = np.random.default_rng(3)
    song = gaussian_filter1d(rng.standard_normal(41 * RATE_HZ), 1.5)
    at_s = np.arange(song.size) / RATE_HZ
    film_s, song_s = zip(*PLAYED, strict=True)
    film = np.interp(np.interp(at_s[: 30 * RATE_HZ], film_s, song_s), at_s, song)
    film += 0.3 * rng.standard_normal(film.size) * film.std()

    def heard(stretch, time_map):
        first, last = round(stretch.start_s * RATE_HZ), round(stretch.end_s * RATE_HZ)
        played = np.interp(time_map.song_s(at_s[first:last]), at_s, song)
        yield film[first:last].astype(np.float32), played.astype(np.float32)

    return heard


def found(*knots):
    one = Found(0.0, 30.0, TimeMap(-5.0, 1.0), 500.0, 1e-9, 0.006, 0.006, (), 1.0)
    return one.through(knots)


def off_s(one):
    at_s = np.linspace(0, 30, 61)
    mapped, played = (np.interp(at_s, *zip(*knots, strict=True)) for knots in (one.knots, PLAYED))
    return np.abs(mapped - played)


def test_knots_that_two_fits_left_uncertain_are_put_where_all_blocks_say(aligned):
    one = found((0.0, 5.001), (10.0, 15.0005), (20.0, 24.9995), (30.0, 35.001))
    (settled,) = settled_knots(aligned, [one], parameters=BendParameters())
    assert off_s(one).max() > 1e-3
    assert off_s(settled).max() < 4e-4
    assert settled.start_s == one.start_s
    assert settled.end_s == one.end_s


def test_a_bend_that_was_not_met_is_added_where_it_explains_most(aligned):
    one = found((0.0, 5.0), (10.0, 15.0 - 0.0015), (30.0, 35.0))
    (settled,) = settled_knots(aligned, [one], parameters=BendParameters())
    assert off_s(one).max() > 7e-4
    assert off_s(settled).max() < 5e-4


@pytest.mark.parametrize("lost_s", [0.0, 1.4])
def test_a_drifting_record_is_carried_on_to_where_it_ends(tmp_path, lost_s):
    rng = np.random.default_rng(5)
    song = gaussian_filter1d(rng.standard_normal(30 * RATE_HZ), 0.7)
    at_s = np.arange(song.size) / RATE_HZ
    # ever faster, by half a percent over 20 s
    played_s = 5 + at_s[: 20 * RATE_HZ] + 1.25e-4 * at_s[: 20 * RATE_HZ] ** 2
    film = rng.standard_normal(26 * RATE_HZ) * 0.7 * song.std()
    film[2 * RATE_HZ : 22 * RATE_HZ] += np.interp(played_s, at_s, song)
    film.astype(np.float32).tofile(tmp_path / "track.f32")
    track = Track(tmp_path / "track.f32", ("mid",), film.size)
    reference = whitened_reference({"mid": song.astype(np.float32)}, speed=1.0)
    ends_s = np.linspace(2, 22 - lost_s, 12)
    knots = [(t, 5 + t - 2 + 1.25e-4 * (t - 2) ** 2) for t in ends_s.tolist()]
    one = replace(found(*knots), start_s=2.0, end_s=22 - lost_s)
    (carried,) = carried_to_their_ends(track, reference, [one], parameters=BendParameters())
    assert carried.start_s == 2.0
    assert carried.end_s == pytest.approx(22.0, abs=2 * 0.05)
    end_s = carried.end_s - 2
    assert carried.knots[-1][1] == pytest.approx(5 + end_s + 1.25e-4 * end_s**2, abs=2e-3)


def test_a_steady_map_is_left_as_it_is(aligned):
    steady = SimpleNamespace(knots=())
    assert settled_knots(aligned, [steady], parameters=BendParameters()) == (steady,)


def test_a_map_that_is_off_for_seconds_on_end_says_so(aligned):
    straight = found((0.0, 5.0), (30.0, 35.0))
    right = found(*PLAYED)
    errors_s = [
        song_error_s(
            [pair for leg in one.steady for pair in aligned(*leg)],
            block_s=1.0,
        )
        for one in (straight, right)
    ]
    assert errors_s[0] > off_s(straight).mean() / 2
    assert errors_s[1] < 5e-4

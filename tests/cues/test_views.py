"""Where a song is looked for in a recording of any layout."""

from types import SimpleNamespace

import numpy as np
import pytest

from ostinato.cues.views import RATE_HZ, film_views, likeliest, pairs, song_views
from ostinato.simulate import Level, PlannedOccurrence


def recording(names, y):
    return SimpleNamespace(
        channel_names=names,
        rate_hz=RATE_HZ,
        n_samples=y.shape[1],
        n_channels=y.shape[0],
        read=lambda start, stop: y[:, start:stop],
    )


def noise(seed, n_channels):
    return np.random.default_rng(seed).standard_normal((n_channels, 1000)).astype(np.float32)


def test_a_mono_film_is_seen_as_it_is():
    y = noise(0, 1)
    names, views = film_views(recording(("mono",), y))
    assert names == ("mid",)
    np.testing.assert_array_equal(views.read(10, 20), y[:, 10:20])


def test_the_side_holds_nothing_of_what_is_centred():
    y = np.repeat(noise(1, 1), 2, axis=0)
    names, views = film_views(recording(("left", "right"), y))
    assert names == ("mid", "side")
    np.testing.assert_allclose(views.read(0, 1000), [y[0], np.zeros(1000)], atol=1e-6)


def test_the_front_holds_nothing_of_the_centre_loudspeaker():
    left, right, centre, surround = noise(2, 4)
    half = np.float32(np.sqrt(0.5))
    y = np.stack([left + half * centre, right + half * centre, centre, surround])
    names, views = film_views(recording(("left", "right", "centre", "side"), y))
    assert names == ("front", "centre", "side")
    front, middle, side = views.read(0, 1000)
    np.testing.assert_allclose(front, (left + right) / 2, atol=1e-5)
    np.testing.assert_allclose(middle, half * centre, atol=1e-5)
    np.testing.assert_allclose(side, (left - right) / 2, atol=1e-5)


@pytest.mark.parametrize(("difference", "views"), [(1.0, {"mid", "side"}), (1e-3, {"mid"})])
def test_a_song_has_a_side_only_if_its_channels_differ(difference, views):
    mid, side = noise(3, 2)
    y = np.stack([mid + difference * side, mid - difference * side])
    assert set(song_views(recording(("left", "right"), y))) == views


def test_a_mono_song_may_be_heard_in_either_view():
    song = {"mid": noise(4, 1)[0]}
    assert pairs(("mid", "side"), song) == ((0, "mid"), (1, "mid"))
    assert all(y is song["mid"] for y in likeliest(("mid", "side"), song))


class WithoutItsMiddle:
    """What a karaoke machine leaves of a song."""

    def apply(self, y, place):  # noqa: ARG002 - alike everywhere
        return y - y.mean(axis=0)

    def gain(self, place):
        return np.ones(place.n_samples)


def test_a_song_that_is_heard_only_in_the_side_is_found_far_under_talk(search):
    planned = PlannedOccurrence(
        song_id="S1",
        film_start_s=6.0,
        song_start_s=12.0,
        duration_s=10.0,
        level=Level(-25.0, re="speech"),
        chain=(WithoutItsMiddle(),),
    )
    (truth,), (found,) = search(planned, duration_s=22.0)
    assert found.film_start_s == pytest.approx(truth.film_start_s, abs=0.3)
    assert found.film_end_s == pytest.approx(truth.film_end_s, abs=0.3)
    assert found.time_map.offset_s == pytest.approx(truth.time_map.offset_s, abs=0.002)

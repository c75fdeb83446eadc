from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.media import Derived
from ostinato.separation import new_stem, remainder, song_of
from ostinato.separation.extraction import chunk_bounds, fade_into


def film(start, stop):
    """Two channels of 1000 samples that tell where they are."""
    samples = np.arange(start, min(stop, 1000), dtype=np.float32)
    return np.stack([samples, -samples])


FILM = Derived(rate_hz=100, n_samples=1000, n_channels=2, read=film)


@given(st.integers(0, 900), st.integers(0, 100))
def test_a_stem_is_silent_but_where_it_was_written(tmp_path_factory, start, n_read):
    stem = new_stem(
        tmp_path_factory.mktemp("s") / "a.f32", start_sample=100, n_samples=300, n_channels=2
    )
    stem.write(150, film(150, 250))
    wanted = film(start, start + n_read)
    at = np.arange(start, start + wanted.shape[1])
    wanted[:, (at < 150) | (at >= 250)] = 0
    np.testing.assert_array_equal(stem.read(start, start + wanted.shape[1]), wanted)


def test_song_and_remainder_add_up_to_the_film(tmp_path):
    stems = [
        new_stem(tmp_path / f"{start}.f32", start_sample=start, n_samples=200, n_channels=2)
        for start in (100, 250)
    ]
    for stem in stems:
        stem.write(stem.start_sample, 0.5 * film(stem.start_sample, stem.stop_sample))
    rest = remainder(FILM, stems)
    for start, stop in ((0, 1000), (120, 260), (600, 700), (950, 1200)):
        whole = film(start, stop)
        song = song_of(stems, start, start + whole.shape[1])
        np.testing.assert_allclose(rest.read(start, stop) + song, whole, atol=1e-4)


def test_without_stems_the_film_remains():
    np.testing.assert_array_equal(remainder(FILM, []).read(10, 20), film(10, 20))


@given(st.integers(0, 500), st.integers(1, 3000), st.integers(50, 200), st.integers(0, 40))
def test_chunks_cover_the_cue_and_overlap(start, n_samples, length, overlap):
    bounds = chunk_bounds(start, start + n_samples, length=length, overlap=overlap)
    assert bounds[0][0] == start
    assert bounds[-1][1] == start + n_samples
    for (_, stop), (following, _) in pairwise(bounds):
        assert stop - following == overlap
    assert max(stop - first for first, stop in bounds) <= length + 1


@pytest.mark.parametrize("n_shared", [0, 50])
def test_chunks_that_agree_are_joined_without_a_seam(tmp_path, n_shared):
    stem = new_stem(tmp_path / "a.f32", start_sample=100, n_samples=300, n_channels=2)
    fade_into(stem, 100, film(100, 250), n_shared=0)
    fade_into(stem, 250 - n_shared, film(250 - n_shared, 400), n_shared=n_shared)
    np.testing.assert_allclose(stem.read(100, 400), film(100, 400), atol=1e-3)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter

from ostinato.dsp import moving
from ostinato.dsp.moving import moving_mean

sizes = st.tuples(st.integers(1, 10), st.integers(1, 10))
shapes = st.tuples(st.integers(1, 40), st.integers(1, 40))


@given(shapes, sizes, st.booleans())
def test_a_moving_mean_is_that_of_scipy(shape, size, is_real):
    parts = np.random.default_rng(0).standard_normal((*shape, 2)).astype(np.float32)
    y = parts[:, :, 0] if is_real else parts.view(np.complex64)[:, :, 0]
    np.testing.assert_allclose(
        moving_mean(y, size), uniform_filter(y, size, mode="nearest"), atol=2e-6
    )


@given(shapes, sizes, st.integers(1, 300))
def test_the_size_of_a_strip_never_changes_a_mean(shape, size, strip_cells):
    y = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    whole = moving_mean(y, size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "_STRIP_CELLS", strip_cells)
        np.testing.assert_array_equal(moving_mean(y, size), whole)


def test_a_mean_of_powers_is_never_below_zero():
    y = np.zeros((30, 30), np.float32)
    y[3, 3] = 1e6
    assert moving_mean(y, (5, 8)).min() == 0

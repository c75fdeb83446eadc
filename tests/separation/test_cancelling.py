import numpy as np
from tests.small_films import RATE_HZ

from ostinato.separation import CancelParameters, cancel
from ostinato.separation.canceller import normal


def test_what_is_shorter_than_a_window_tells_nothing():
    rng, parameters = np.random.default_rng(0), CancelParameters()
    context = parameters.n_fft(RATE_HZ)
    film = (0.1 * rng.standard_normal((2, 3 * context - 1))).astype(np.float32)
    heard = slice(context, 2 * context - 1)
    one = cancel(film, film, heard=heard, rate_hz=RATE_HZ, parameters=parameters)
    assert (one.quality.song_energy, one.quality.best_db) == (0, 0)


def test_small_and_large_normal_equations_are_those_of_products():
    rng = np.random.default_rng(0)
    weight = rng.random((3, 40)).astype(np.float32)
    for n_inputs in (1, 2, 4, 5, 16):
        film, inputs = (
            rng.standard_normal((3, n, 80)).astype(np.float32).view(np.complex64)
            for n in (2, n_inputs)
        )
        found = normal(film, inputs, weight)
        weighted = (inputs * weight[:, np.newaxis]).conj().swapaxes(1, 2)
        np.testing.assert_allclose(found.gram, inputs @ weighted, rtol=1e-4, atol=1e-3)
        np.testing.assert_allclose(found.cross, film @ weighted, rtol=1e-4, atol=1e-3)

"""How alike a piece of sound is to its surroundings in another recording, and by what lag."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

_LEAST_ENERGY = 1e-12


def best_place(
    piece: NDArray[np.floating], surroundings: NDArray[np.floating]
) -> tuple[float, int]:
    """Find where in its surroundings a piece fits best, whatever its level or polarity.

    Parameters
    ----------
    piece : ndarray, shape (n_samples,)
        Not silent.
    surroundings : ndarray, shape (n_around,)
        At the same rate; as long as the piece or longer.

    Returns
    -------
    tuple of float and int
        Height of the normalised correlation, 0 to 1, and the sample of the surroundings at which
        the piece begins.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(400)
    >>> height, lag = best_place(-0.5 * y[100:300], y)
    >>> round(height, 6), lag
    (1.0, 100)
    """
    n_fft = scipy.fft.next_fast_len(piece.size + surroundings.size, real=True)
    spectra = scipy.fft.rfft(surroundings, n_fft) * np.conj(scipy.fft.rfft(piece, n_fft))
    product = scipy.fft.irfft(spectra, n_fft)
    n_lags = max(1, surroundings.size - piece.size + 1)
    energy = np.concatenate([[0.0], np.cumsum(surroundings.astype(np.float64) ** 2)])
    stops = np.minimum(np.arange(n_lags) + piece.size, surroundings.size)
    local = (energy[stops] - energy[:n_lags]) * float(np.sum(piece.astype(np.float64) ** 2))
    heights = np.abs(product[:n_lags]) / np.sqrt(np.maximum(local, _LEAST_ENERGY))
    lag = int(np.argmax(heights))
    return float(heights[lag]), lag

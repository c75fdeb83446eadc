"""How far the song times of a find may be off: by how much its blocks disagree about the lag."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.track import FILM_WHITENING, SONG_WHITENING
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import lag_spectra
from ostinato.dsp.spectra import whiten


def song_error_s(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]], *, block_s: float
) -> float | None:
    """Return the standard error of a find's song time.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches of one find, aligned, at `RATE_HZ`.
    block_s : float
        Length of the blocks.

    Returns
    -------
    float or None
        Of the mean of what the blocks say, each by its evidence, and at least a quarter of a
        millisecond, two samples of what is correlated; None where no whole block is heard.
    """
    block, reach = round(block_s * RATE_HZ), round(_REACH_S * RATE_HZ)
    powers = [
        lag_spectra(
            whiten(film_y, FILM_WHITENING),
            whiten(song_y, SONG_WHITENING),
            block_length=block,
            hop_length=block,
            max_lag=reach,
        )
        ** 2
        for film_y, song_y in pairs
        if film_y.size >= block
    ]
    power = np.concatenate(powers) if powers else np.zeros((0, 2 * reach + 1), np.float32)
    if power.shape[0] == 0:
        return None
    lag_s = (power.argmax(axis=1) - reach) / RATE_HZ
    weight = np.maximum(power.max(axis=1) - _CHANCE_POWER, 1e-3)
    mean_s = float(np.average(lag_s, weights=weight))
    spread_s = float(np.sqrt(np.average((lag_s - mean_s) ** 2, weights=weight)))
    n_blocks = float(weight.sum() ** 2 / np.sum(weight**2))
    return float(np.hypot(spread_s / np.sqrt(n_blocks), _LEAST_ERROR_S))


_REACH_S = 0.02
_CHANCE_POWER = 9.0  # what the best of so many lags gives in noise
_LEAST_ERROR_S = 2.5e-4

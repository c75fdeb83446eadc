"""The response of the playback chain, as far as whitened correlation shows it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.linalg import solve_toeplitz

from ostinato.cues.parameters import DECOY_SHIFTS_S, TraceParameters
from ostinato.cues.track import RATE_HZ
from ostinato.dsp.correlate import lag_spectra


def playback_response(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    *,
    reach_s: float,
    parameters: TraceParameters,
) -> NDArray[np.float32]:
    """Response of the playback chain over a stretch in which the song is heard.

    Parameters
    ----------
    x, y : ndarray of float32, shape (n_samples,)
        Whitened film and song, aligned by the strongest arrival.
    reach_s : float
        Longest lag, either side.
    parameters : TraceParameters
        Length of the blocks that are averaged.

    Returns
    -------
    ndarray of float32, shape (2 * n_lags + 1,)
        Lag 0 in its middle, unit norm; only lags that stand out of the noise are kept, so a dry
        chain is one tap, and polarity is part of it.
    """
    max_lag = round(reach_s * RATE_HZ)
    block = min(round(parameters.lag_block_s * RATE_HZ), x.size)
    lags, *decoys = (
        lag_spectra(x, shifted, block_length=block, hop_length=block, max_lag=max_lag)
        for shifted in (y, *(np.roll(y, round(s * RATE_HZ)) for s in DECOY_SHIFTS_S[::2]))
    )
    weight = np.maximum(lags @ lags.sum(axis=0), 0)  # a block counts as it agrees with the others
    weight /= max(float(np.linalg.norm(weight)), 1e-9)
    unsmear = _unsmearing(y, max_lag)
    mean = unsmear(weight @ lags)
    noise = float(np.median([np.std(unsmear(weight @ decoy)) for decoy in decoys]))
    main = int(np.abs(mean).argmax())
    keep = np.abs(mean) > max(_TAP_Z * noise, _TAP_SHARE * abs(float(mean[main])))
    keep[main] = True
    response = np.where(keep, mean, 0.0)
    return np.asarray(response / max(float(np.linalg.norm(response)), 1e-9), np.float32)


def _unsmearing(
    y: NDArray[np.float32], max_lag: int
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Return the function that takes a song's own autocorrelation out of a correlation with it.

    A bass note of 50 Hz correlates with itself 20 ms earlier: that is no earlier arrival.
    Solves the normal equations of the least-squares response, with a ridge against noise.
    """
    n_fft = next_fast_len(y.size + 2 * max_lag, real=True)
    power = np.abs(rfft(y, n_fft)) ** 2
    auto = irfft(power, n_fft)[: 2 * max_lag + 1].astype(np.float64)
    auto /= max(float(auto[0]), 1e-9)
    auto[0] += _RIDGE

    def unsmear(correlation: NDArray[np.float32]) -> NDArray[np.float64]:
        response: NDArray[np.float64] = solve_toeplitz(auto, correlation.astype(np.float64))
        return response

    return unsmear


_RIDGE = 0.1  # 10 dB: bins of the song weaker than that are not blown up
_TAP_Z = 4.0
_TAP_SHARE = 0.08

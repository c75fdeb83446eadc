"""The response of the playback chain, as far as whitened correlation shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import oaconvolve

from ostinato.cues.parameters import DECOY_SHIFTS_S, TraceParameters
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import lag_spectra


def heard_through(
    response: "Response", song: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return the song as the playback chain puts it into each view of the film.

    Parameters
    ----------
    response : Response
        Of the chain.
    song : mapping of str to ndarray of float32, shape (n_samples,)
        The song's views, whitened.

    Returns
    -------
    ndarray of float32, shape (n_film_views, n_samples)
        Zero in a view that holds nothing of the song.
    """
    n_samples = next(iter(song.values())).size
    heard = np.zeros((response.n_film_views, n_samples), np.float32)
    for (view, name), taps in zip(response.pairs, response.taps, strict=True):
        if taps.any():
            heard[view] += oaconvolve(song[name], taps, mode="same").astype(np.float32)
    return heard


@dataclass(frozen=True, slots=True)
class Response:
    """From each view of a song to each view of the film that it is heard in.

    Parameters
    ----------
    n_film_views : int
        Views of the film.
    pairs : tuple of (int, str)
        From `ostinato.cues.views.pairs`.
    taps : ndarray of float32, shape (n_pairs, 2 * n_lags + 1)
        Lag 0 in the middle, unit norm over all; polarity is part of it.
    """

    n_film_views: int
    pairs: tuple[tuple[int, str], ...]
    taps: NDArray[np.float32]


def playback_response(
    x: NDArray[np.float32],
    song: Mapping[str, NDArray[np.float32]],
    which: tuple[tuple[int, str], ...],
    *,
    reach_s: float,
    parameters: TraceParameters,
) -> Response:
    """Response of the playback chain over a stretch in which the song is heard.

    Parameters
    ----------
    x : ndarray of float32, shape (n_film_views, n_samples)
        The whitened film, aligned by the strongest arrival.
    song : mapping of str to ndarray of float32, shape (n_samples,)
        The whitened song's views.
    which : tuple of (int, str)
        Pairs to look at, from `ostinato.cues.views.pairs`.
    reach_s : float
        Longest lag, either side.
    parameters : TraceParameters
        Length of the blocks that are averaged.

    Returns
    -------
    Response
        Only lags that stand out of the noise are kept, so a dry chain is one tap.
    """
    max_lag = round(reach_s * RATE_HZ)
    block = min(round(parameters.lag_block_s * RATE_HZ), x.shape[1])

    def lags(view: int, y: NDArray[np.float32]) -> NDArray[np.float32]:
        return lag_spectra(x[view], y, block_length=block, hop_length=block, max_lag=max_lag)

    each = [lags(view, song[name]) for view, name in which]
    # a block counts as it agrees with the others
    weight = np.maximum(np.sum([one @ one.sum(axis=0) for one in each], axis=0), 0)
    weight /= max(float(np.linalg.norm(weight)), 1e-9)
    taps = np.zeros((len(which), 2 * max_lag + 1))
    noise = np.zeros(len(which))
    for index, ((view, name), one) in enumerate(zip(which, each, strict=True)):
        unsmear = _unsmearing(song[name], max_lag)
        taps[index] = unsmear(weight @ one)
        shifts = (np.roll(song[name], round(s * RATE_HZ)) for s in DECOY_SHIFTS_S[::4])
        noise[index] = np.median([np.std(unsmear(weight @ lags(view, y))) for y in shifts])
    height = np.abs(taps)
    keep = height > np.maximum(_TAP_Z * noise, _TAP_SHARE * height.max())[:, np.newaxis]
    keep.flat[height.argmax()] = True
    kept = np.where(keep, taps, 0.0)
    kept /= max(float(np.linalg.norm(kept)), 1e-9)
    return Response(x.shape[0], which, kept.astype(np.float32))


def _unsmearing(
    y: NDArray[np.float32], max_lag: int
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Return the function that takes a song's own autocorrelation out of a correlation with it.

    A bass note of 50 Hz correlates with itself 20 ms earlier: that is no earlier arrival.
    Divides by the song's power, smoothed as the lags' reach demands, with a ridge against noise.
    """
    n_fft = next_fast_len(y.size + 2 * max_lag, real=True)
    auto = irfft(np.abs(rfft(y, n_fft)) ** 2, n_fft)[: 2 * max_lag + 1].astype(np.float64)
    auto *= np.linspace(1.0, 0.0, auto.size) / max(float(auto[0]), 1e-9)
    n_lags = next_fast_len(4 * max_lag + 1, real=True)
    padded = np.zeros(n_lags)
    padded[: auto.size] = auto
    padded[n_lags - auto.size + 1 :] = auto[:0:-1]
    power = np.maximum(rfft(padded).real, 0) + _RIDGE

    def unsmear(correlation: NDArray[np.float32]) -> NDArray[np.float64]:
        response: NDArray[np.float64] = irfft(rfft(correlation, n_lags) / power, n_lags)
        return response[: correlation.size]

    return unsmear


_RIDGE = 0.1  # 10 dB: bins of the song weaker than that are not blown up
_TAP_Z = 4.0
_TAP_SHARE = 0.08

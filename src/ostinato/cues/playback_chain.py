"""What a playback chain does to a song, and evidence that a response did not make up.

A response is fitted to what is heard, and makes the most of tones that meet by chance: its taps are
those lags that happen to agree. A chain stays what it is from one second to the next, so that a
response that is read off some parts of a stretch must serve for the others as well.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import oaconvolve

from ostinato.cues.path import DECOY_SHIFTS_S, TraceParameters
from ostinato.cues.tracks import Views
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import blocks_around, blocks_to_find, lags_fft_length

_RIDGE = 0.1  # 10 dB: bins of the song weaker than that are not blown up
_TAP_Z = 4.0
_TAP_SHARE = 0.08
_FEW_TAPS = 12  # more, and transforms are cheaper
_MOST_PARTS = 8
_COHERENT_S = 0.5
_AROUND = round(1.4 * RATE_HZ)  # samples beside a part: as far as decoys are shifted, and a lag


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
            heard[view] += _convolved(song[name], taps)
    return heard


def _convolved(y: NDArray[np.float32], taps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convolve a signal with taps about the middle one, of which a dry chain has one or a few."""
    which = np.flatnonzero(taps)
    if which.size > _FEW_TAPS:
        return oaconvolve(y, taps, mode="same").astype(np.float32, copy=False)
    out = np.zeros_like(y)
    for tap in which.tolist():
        late = tap - taps.size // 2
        n = max(0, y.size - abs(late))
        out[max(0, late) :][:n] += taps[tap] * y[max(0, -late) :][:n]
    return out


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
    block = min(round(parameters.lag_block_s * RATE_HZ), x.shape[1])
    return agreement(
        x, song, which, reach_s=reach_s, block_length=block, hop_length=block
    ).response()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Film and song correlated block by block, at each lag that the chain may have.

    Parameters
    ----------
    n_film_views : int
        Views of the film.
    pairs : tuple of (int, str)
        From `ostinato.cues.views.pairs`.
    lags : ndarray of float32, shape (n_pairs, n_blocks, n_lags)
        Lag 0 in the middle.
    decoys : ndarray of complex64, shape (n_pairs, n_shifts, n_blocks, n_bins)
        Spectra of the same at times at which the song is not heard: only their sums are looked at.
    fft_length : int
        Of these.
    unsmear : tuple of callable
        For each pair: takes the song's own autocorrelation out of a correlation with it.
    """

    n_film_views: int
    pairs: tuple[tuple[int, str], ...]
    lags: NDArray[np.float32]
    decoys: NDArray[np.complex64]
    fft_length: int
    unsmear: tuple[Callable[[NDArray[np.float32]], NDArray[np.float64]], ...]

    def response(self, without: slice = slice(0, 0)) -> Response:
        """Return what most blocks agree on, some of them left out."""
        blocks = np.ones(self.lags.shape[1], np.bool_)
        blocks[without] = False
        lags, decoys = self.lags[:, blocks], self.decoys[:, :, blocks]
        # a block counts as it agrees with the others
        weight = np.maximum(np.sum([one @ one.sum(axis=0) for one in lags], axis=0), 0)
        weight /= max(float(np.linalg.norm(weight)), 1e-9)
        taps = np.stack(
            [unsmear(weight @ one) for unsmear, one in zip(self.unsmear, lags, strict=True)]
        )
        sums = np.tensordot(decoys, weight, axes=(2, 0))
        others = irfft(sums, self.fft_length)[:, :, : taps.shape[1]]
        noise = np.array(
            [
                np.median([np.std(unsmear(shifted)) for shifted in each])
                for unsmear, each in zip(self.unsmear, others, strict=True)
            ]
        )
        height = np.abs(taps)
        keep = height > np.maximum(_TAP_Z * noise, _TAP_SHARE * height.max())[:, np.newaxis]
        keep.flat[height.argmax()] = True
        kept = np.where(keep, taps, 0.0)
        kept /= max(float(np.linalg.norm(kept)), 1e-9)
        return Response(self.n_film_views, self.pairs, kept.astype(np.float32))


def agreement(
    x: NDArray[np.float32],
    song: Mapping[str, NDArray[np.float32]],
    which: tuple[tuple[int, str], ...],
    *,
    reach_s: float,
    block_length: int,
    hop_length: int,
) -> Agreement:
    """Correlate film and song block by block.

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
    block_length, hop_length : int
        In samples.

    Returns
    -------
    Agreement
        From which the response of the playback chain is read off.
    """
    max_lag = round(reach_s * RATE_HZ)
    cut = {"block_length": block_length, "hop_length": hop_length, "max_lag": max_lag}
    names = dict.fromkeys(name for _, name in which)
    films = [blocks_around(row, **cut) for row in x]
    shifts = [0, *(round(shift_s * RATE_HZ) for shift_s in DECOY_SHIFTS_S[::4])]
    songs = {
        name: [blocks_to_find(np.roll(song[name], shift), **cut) for shift in shifts]
        for name in names
    }
    unsmear = {name: _unsmearing(song[name], max_lag) for name in names}
    fft_length = lags_fft_length(block_length, max_lag)
    n_lags = 2 * max_lag + 1
    return Agreement(
        x.shape[0],
        which,
        np.stack(
            [irfft(films[view] * songs[name][0], fft_length)[:, :n_lags] for view, name in which]
        ),
        np.stack([[films[view] * shifted for shifted in songs[name][1:]] for view, name in which]),
        fft_length,
        tuple(unsmear[name] for _, name in which),
    )


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


def held_out_evidence(
    x: NDArray[np.float32],
    song: Views,
    which: tuple[tuple[int, str], ...],
    inside: slice,
    *,
    parameters: TraceParameters,
) -> float:
    """Nats of a stretch, each part by the response of the others.

    Parameters
    ----------
    x : ndarray of float32, shape (n_film_views, n_samples)
        The whitened film.
    song : dict of str to ndarray of float32, shape (n_samples,)
        The whitened song's views, aligned.
    which : tuple of (int, str)
        From `ostinato.cues.views.pairs`.
    inside : slice
        The stretch, in samples.
    parameters : TraceParameters
        Length of the parts, and reach of the response.

    Returns
    -------
    float
        Parts that disagree in polarity count against it.

    References
    ----------
    .. [1] M. Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of
       the Royal Statistical Society B 36(2), 1974.
    """
    n_samples = inside.stop - inside.start
    n_parts = round(n_samples / RATE_HZ / parameters.held_out_part_s)
    n_parts = min(max(2, n_parts), _MOST_PARTS)
    each = max(1, round(n_samples / n_parts / RATE_HZ / parameters.lag_block_s))
    hop = n_samples // (n_parts * each)
    # blocks keep off each other's film, so that no lag of one reaches into a part that is held out
    reach = round(parameters.max_lag_s * RATE_HZ)
    if hop <= 2 * reach:
        return 0.0  # too short to hold anything out
    within = slice(inside.start + reach, inside.stop)
    known = agreement(
        x[:, within],
        {name: y[within] for name, y in song.items()},
        which,
        reach_s=parameters.max_lag_s,
        block_length=hop - 2 * reach,
        hop_length=hop,
    )
    nats = 0.0
    for first in range(0, n_parts * each, each):
        response = known.response(without=slice(first, first + each))
        start, stop = (inside.start + block * hop for block in (first, first + each))
        around = slice(max(0, start - _AROUND), min(x.shape[1], stop + _AROUND))
        heard = heard_through(response, {name: y[around] for name, y in song.items()})
        part = slice(start - around.start, stop - around.start)
        z = _z(x[:, around], heard, part)
        nats += float(np.sign(z)) * z**2 / 2
    return nats


def _z(x: NDArray[np.float32], heard: NDArray[np.float32], part: slice) -> float:
    """Return the correlation of a part over what chance gives, tones included."""
    energy = float(np.sum(heard[:, part] ** 2))
    if energy <= 0:
        return 0.0
    excess = []
    for shift_s in DECOY_SHIFTS_S:
        earlier = round(shift_s * RATE_HZ)
        at = np.arange(part.start - earlier, part.stop - earlier)
        decoy = heard.take(at, axis=1, mode="wrap")
        product = np.sum(x[:, part] * decoy, axis=0)
        n_sums = max(1, round(product.size / RATE_HZ / _COHERENT_S))
        sums = [float(np.sum(one)) for one in np.array_split(product, n_sums)]
        excess.append(float(np.sum(np.square(sums))) / max(float(np.sum(decoy**2)), 1e-9))
    product = float(np.sum(x[:, part] * heard[:, part]))
    return product / math.sqrt(energy * max(1.0, float(np.median(excess))))

"""A known song is taken out of a chunk of film.

The song's way into the film is a filter for each bin of the short-time spectrum, from each of the
song's channels to each of the film's; a gain in each band, and a delay, wander about it. What the
film holds besides the song is the noise of this fit, and it is far from steady: cells of time and
frequency are weighted by the inverse of what the fit has left over in them, so that the pauses and
the gaps between partials of a voice say more of the song than the voice does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from ostinato.separation.bands import bands
from ostinato.separation.following import Wander, follow, steady, wandered
from ostinato.separation.parameters import CancelParameters
from ostinato.separation.postfilter import with_its_noise
from ostinato.separation.quality import Quality, quality
from ostinato.separation.regression import predict, regress
from ostinato.separation.spectrum import OVERLAP, Spectrum, spectrum, squared, waveform

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Cancelled:
    """What was taken out of a chunk, and how well.

    Parameters
    ----------
    song : ndarray of float32, shape (n_channels, n_samples)
        As the film plays it.
    quality : Quality
        Of frames that the fit did not see.
    wander : Wander
        Gain and delay in the course of the chunk.
    n_taps : int
        Frames over which the song answers; 1 without a room.
    """

    song: NDArray[np.float32]
    quality: Quality
    wander: Wander
    n_taps: int


def cancel(
    film: NDArray[np.float32],
    song: NDArray[np.float32],
    *,
    heard: slice,
    rate_hz: int,
    parameters: CancelParameters,
) -> Cancelled:
    """Fit the song to a chunk of film.

    Parameters
    ----------
    film : ndarray of float32, shape (n_channels, n_samples)
        The chunk.
    song : ndarray of float32, shape (n_song_channels, n_samples)
        The reference, resampled to be in step with it to a few samples.
    heard : slice
        Samples of the chunk in which the song is heard. What lies on either side is context: it
        keeps the ends of the chunk from ringing, and is not fitted.
    rate_hz : int
        Of both.
    parameters : CancelParameters
        Window, taps, reweightings.

    Returns
    -------
    Cancelled
        The film less its `song` is the remainder.

    References
    ----------
    .. [1] P. Holland and R. Welsch, "Robust regression using iteratively reweighted least
       squares", Communications in Statistics A6(9), 1977, with Cauchy's weights.
    .. [2] Y. Avargel and I. Cohen, "System identification in the short-time Fourier transform
       domain with crossband filtering", IEEE Trans. ASLP 15(4), 2007.
    """
    n_fft = parameters.n_fft(rate_hz)
    x, recorded = spectrum(film, n_fft=n_fft), spectrum(song, n_fft=n_fft)
    grid = bands(n_bins=x.shape[0], n_frames=x.shape[2], n_fft=n_fft, rate_hz=rate_hz)
    folds = _folds(x.shape[2], max(1, round(parameters.fold_s * rate_hz * OVERLAP / n_fft)))
    is_heard = _frames_within(heard, x.shape[2], n_fft=n_fft)
    wander, played, weight, n_taps = steady(grid), recorded, _first_weight(x) * is_heard, 1
    for turn in range(parameters.n_reweightings):
        if turn == _TURN_OF_TAPS:
            n_taps = _best_taps(x, played, weight, folds, parameters.taps)
        predicted = predict(regress(x, played, weight, n_taps=n_taps), played)
        weight = _weight(x - predicted) * is_heard
        wander = follow(
            x,
            predicted,
            weight,
            before=wander,
            grid=grid,
            step_variances=parameters.step_variances,
        )
        played = wandered(recorded, wander, grid)
    predicted = predict(regress(x, played, weight, n_taps=n_taps), played)
    unseen = _held_out(x, played, weight, folds, n_taps)
    filtered = with_its_noise(
        x, predicted, grid=grid, window_s=n_fft / rate_hz, most_db=parameters.postfilter_db
    )
    told = quality(x[:, :, is_heard], unseen[:, :, is_heard], filtered=filtered)
    y = waveform(filtered.song, n_fft=n_fft, n_samples=film.shape[1])
    return Cancelled(y, told, wander, n_taps)


_TURN_OF_TAPS = 2  # by then weights have settled
_SMOOTH_BINS = 5  # 60 Hz: over the partials of no voice
_HISS = 1e-3  # of a bin's mean power
_QUANTISATION = 1e-10  # full scale squared: 16 bits, without dither
_WINDOW_POWER = 0.375  # mean square of Hann's window


def _frames_within(heard: slice, n_frames: int, *, n_fft: int) -> Mask:
    """Tell which frames lie wholly within some samples."""
    hop = n_fft // OVERLAP
    first = np.arange(n_frames) * hop - (n_fft - hop)
    within: Mask = (first >= heard.start) & (first + n_fft <= heard.stop)
    return within


def _first_weight(x: Spectrum) -> NDArray[np.float32]:
    """Weigh cells by the inverse of all that the film holds there, silence no more than hiss."""
    power = squared(x).sum(axis=1)
    smooth = uniform_filter1d(power, _SMOOTH_BINS, axis=0, mode="nearest")
    hiss = _HISS * smooth.mean(axis=1, keepdims=True) + _floor(x)
    return np.asarray(1 / (np.maximum(smooth, 0) + hiss), np.float32)


def _weight(left_over: Spectrum) -> NDArray[np.float32]:
    """Weigh cells by Cauchy's weight of what is left over, its scale that of each bin."""
    power = squared(left_over).mean(axis=1)
    scale = np.median(power, axis=1, keepdims=True)
    scale = uniform_filter1d(scale, _SMOOTH_BINS, axis=0, mode="nearest")
    return np.asarray(1 / (power + np.maximum(scale, 0) + _floor(left_over)), np.float32)


def _floor(x: Spectrum) -> np.float32:
    """Return the power of a cell that holds the noise of 16 bits and nothing else."""
    n_fft = 2 * (x.shape[0] - 1)
    return np.float32(_QUANTISATION * _WINDOW_POWER * n_fft)


def _folds(n_frames: int, block_length: int) -> tuple[Mask, Mask]:
    """Return two masks of frames, alternating block by block."""
    odd = np.arange(n_frames) // min(block_length, max(1, n_frames // 4)) % 2 == 1
    return odd, ~odd


def _held_out(
    x: Spectrum, played: Spectrum, weight: NDArray[np.float32], folds: tuple[Mask, ...], n_taps: int
) -> Spectrum:
    """Predict each fold by the response of the other ones."""
    out = np.empty_like(x)
    for fold in folds:
        response = regress(x, played, weight * ~fold, n_taps=n_taps)
        out[:, :, fold] = predict(response, played)[:, :, fold]
    return out


def _best_taps(
    x: Spectrum,
    played: Spectrum,
    weight: NDArray[np.float32],
    folds: tuple[Mask, ...],
    choices: tuple[int, ...],
) -> int:
    """Return the number of taps that predicts frames best which it has not seen."""
    some = slice(_BINS_APART // 2, None, _BINS_APART)
    x, played, weight = x[some], played[some], weight[some]
    scale, nats = None, []
    for n_taps in choices:
        left_over = squared(x - _held_out(x, played, weight, folds, n_taps)).mean(axis=1)
        left_over = left_over[:, weight.any(axis=0)]
        if scale is None:
            scale = np.median(left_over, axis=1, keepdims=True) + np.finfo(np.float32).tiny
        nats.append(-float(np.mean(np.log(left_over + scale))))  # Cauchy's likelihood
    return choices[int(np.argmax(nats))]


_BINS_APART = 8

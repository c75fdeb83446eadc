"""A known song is taken out of a chunk of film, by a filter fitted for each bin.

The song's way into the film is a filter for each bin of the short-time spectrum, from each of the
song's channels to each of the film's; a gain in each band, and a delay, wander about it. What the
film holds besides the song is the noise of this fit, and it is far from steady: cells of time and
frequency are weighted by the inverse of what the fit has left over in them, so that the pauses and
the gaps between partials of a voice say more of the song than the voice does.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.moving import moving_mean
from ostinato.dsp.short_time import (
    OVERLAP,
    Spectrum,
    over_channels,
    spectrum,
    squared,
    strips,
    waveform,
)
from ostinato.separation.gains import (
    Bands,
    Playing,
    Readings,
    Wander,
    bands,
    follow,
    steady,
    wandered,
)
from ostinato.separation.postfilter import with_its_noise
from ostinato.separation.quality import Quality, in_the_end, quality
from ostinato.separation.separation_parameters import CancelParameters

Mask = NDArray[np.bool_]
_Number = TypeVar("_Number", np.float32, np.complex64)
_TURN_OF_TAPS = 2  # by then weights have settled
_EVERY = 2  # frame is fitted but in the end: then windows overlap by half, and say nearly as much
_SMOOTH_BINS = 5  # 60 Hz: over the partials of no voice
_HISS = 1e-3  # of a bin's mean power
_QUANTISATION = 1e-10  # full scale squared: 16 bits, without dither
_WINDOW_POWER = 0.375  # mean square of Hann's window
_BINS_APART = 8
_INAUDIBLE = 1e-8  # of a recording's power: its highest bins hold no more above a codec's low pass
_RIDGE = 1e-6  # of the mean power of the inputs: a mono recording in two channels is singular
_FEW_INPUTS = 4  # a product of so small matrices takes longer than the sums that it is made of


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
    recorded = _told(spectrum(song, n_fft=n_fft))
    x = spectrum(film, n_fft=n_fft, n_bins=recorded.shape[0])
    grid = bands(n_bins=x.shape[0], n_frames=x.shape[2], n_fft=n_fft, rate_hz=rate_hz)
    is_heard = _frames_within(heard, x.shape[2], n_fft=n_fft)
    fold = _fold(x.shape[2], max(1, round(parameters.fold_s * rate_hz * OVERLAP / n_fft)))
    fit = _fitted(x, recorded, grid, is_heard, fold, parameters=parameters)
    within = slice(int(is_heard.argmax()), int(is_heard.argmax() + is_heard.sum()))
    told = quality(x[:, :, within], fit.unseen[:, :, within])
    predicted, wander, n_taps = fit.predicted, fit.wander, fit.n_taps
    del fit  # what was predicted unseen is the size of the film
    filtered = with_its_noise(
        x, predicted, grid=grid, window_s=n_fft / rate_hz, most_db=parameters.postfilter_db
    )
    del x, predicted, recorded
    y = waveform(filtered.song, n_fft=n_fft, n_samples=film.shape[1])
    return Cancelled(y, in_the_end(told, filtered), wander, n_taps)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """The song as it is predicted, the same of frames that were not seen, and how it wanders."""

    predicted: Spectrum
    unseen: Spectrum
    wander: Wander
    n_taps: int


def _fitted(
    x: Spectrum,
    recorded: Spectrum,
    grid: Bands,
    is_heard: Mask,
    fold: Mask,
    *,
    parameters: CancelParameters,
) -> _Fit:
    """Fit the song again and again, by weights that the fit before suggests."""
    wander, n_taps = steady(grid), 1
    weight = _first_weight(x, grid.n_fft)[:, ::_EVERY] * is_heard[::_EVERY]
    playing = wandered(recorded, wander, grid)
    for turn in range(parameters.n_reweightings):
        if turn == _TURN_OF_TAPS:
            n_taps = _best_taps(x, playing, weight, fold, parameters.taps)
        is_last = turn == parameters.n_reweightings - 1
        weight, readings = _reweighted(
            x, playing, weight, grid, is_heard, n_taps=n_taps, every=1 if is_last else _EVERY
        )
        wander = follow(readings, before=wander, step_variances=parameters.step_variances)
        playing = wandered(recorded, wander, grid)
    return _Fit(*_predicted(x, playing, weight, fold, n_taps), wander, n_taps)


def _frames_within(heard: slice, n_frames: int, *, n_fft: int) -> Mask:
    """Tell which frames lie wholly within some samples."""
    hop = n_fft // OVERLAP
    first = np.arange(n_frames) * hop - (n_fft - hop)
    within: Mask = (first >= heard.start) & (first + n_fft <= heard.stop)
    return within


def _told(recorded: Spectrum) -> Spectrum:
    """Return the bins that hold all of a recording but for what its hiss drowns.

    Above a codec's low pass there is nothing to cancel, and a fifth of all bins or more.
    """
    whole = slice(OVERLAP - 1, -(OVERLAP - 1) or None)  # frames at the ends ring in all bins
    inner = recorded[:, :, whole] if recorded.shape[2] > 2 * OVERLAP else recorded
    power = np.array([float(np.vdot(one, one).real) for one in map(np.ravel, inner)])
    above = np.cumsum(power[::-1])[::-1]  # of a bin and all that lie higher
    n_bins = int(np.count_nonzero(above >= _INAUDIBLE * above[0]))
    return np.array(recorded[:n_bins])


def _first_weight(x: Spectrum, n_fft: int) -> NDArray[np.float32]:
    """Weigh cells by the inverse of all that the film holds there, silence no more than hiss."""
    power = over_channels(squared(x))
    smooth = moving_mean(power, (_SMOOTH_BINS, 1))
    hiss = _HISS * smooth.mean(axis=1, keepdims=True) + _floor(n_fft)
    return np.asarray(1 / (smooth + hiss), np.float32)


def _reweighted(
    x: Spectrum,
    playing: Playing,
    weight: NDArray[np.float32],
    grid: Bands,
    is_heard: Mask,
    *,
    n_taps: int,
    every: int,
) -> tuple[NDArray[np.float32], Readings]:
    """Fit once, and tell of each frame or of every second one what is left over.

    Return weights by that, Cauchy's with the scale of each bin, and what is read of gain and delay.
    `weight`: of every second frame.
    """
    n_bins, _, n_frames = x[:, :, ::every].shape
    left_over, power = np.empty((2, n_bins, n_frames), np.float32)
    product = np.empty((n_bins, n_frames), np.complex64)
    scale = np.empty((n_bins, 1), np.float32)
    for rows in strips(x.shape):
        film, inputs = _frames(x, playing, rows, n_taps=n_taps, every=every)
        fitted = slice(None, None, _EVERY // every)
        known = normal(film[:, :, fitted], inputs[:, :, fitted], weight[rows])
        predicted = predict(known.solved(), inputs)
        left_over[rows] = over_channels(squared(film - predicted)) / x.shape[1]
        power[rows] = over_channels(squared(predicted))
        np.conj(predicted, out=predicted)
        predicted *= film
        product[rows] = over_channels(predicted)
        scale[rows] = _median(left_over[rows, fitted])
    floor = moving_mean(scale, (_SMOOTH_BINS, 1)) + _floor(grid.n_fft)
    readings = Readings(grid, n_bins, every=every)
    for rows in strips(x.shape):
        left_over[rows] = is_heard[::every] / (left_over[rows] + floor[rows])
        readings.read(rows, left_over[rows], power[rows], product[rows])
    return left_over, readings


def _median(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the upper median of each row, seven times as fast as numpy's of both."""
    at = values.shape[1] // 2
    return np.partition(values, at, axis=1)[:, at : at + 1]


def _frames(
    x: Spectrum, playing: Playing, rows: slice, *, n_taps: int, every: int
) -> tuple[Spectrum, Spectrum]:
    """Return of so many frames one of the film, and the inputs of its fit, in some bins."""
    film = np.ascontiguousarray(x[rows, :, ::every])
    if n_taps == 1:
        return film, playing.bins(rows, every=every)
    return film, tapped(playing.bins(rows), n_taps, every=every)


def _floor(n_fft: int) -> np.float32:
    """Return the power of a cell that holds the noise of 16 bits and nothing else."""
    return np.float32(_QUANTISATION * _WINDOW_POWER * n_fft)


def _fold(n_frames: int, block_length: int) -> Mask:
    """Return which frames are of one of two folds that alternate block by block."""
    odd: Mask = np.arange(n_frames) // min(block_length, max(1, n_frames // 4)) % 2 == 1
    return odd


def _predicted(
    x: Spectrum, playing: Playing, weight: NDArray[np.float32], fold: Mask, n_taps: int
) -> tuple[Spectrum, Spectrum]:
    """Predict all frames by the response of all, and each fold by that of the other one."""
    predicted, unseen = np.empty_like(x), np.empty_like(x)
    for rows in strips(x.shape):
        inputs = tapped(playing.bins(rows), n_taps)
        known, unseen[rows] = _held_out(x[rows], inputs, weight[rows], fold)
        predicted[rows] = predict(known.solved(), inputs)
    return predicted, unseen


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """Normal equations of a fit; those of more frames are their sum.

    Parameters
    ----------
    gram : ndarray of complex128, shape (n_bins, n_inputs, n_inputs)
        Of the song with itself.
    cross : ndarray of complex128, shape (n_bins, n_film_channels, n_inputs)
        Of the film with the song.
    """

    gram: NDArray[np.complex128]
    cross: NDArray[np.complex128]

    def __add__(self, other: "Normal") -> "Normal":
        return Normal(self.gram + other.gram, self.cross + other.cross)

    def solved(self) -> NDArray[np.complex64]:
        """Return the response, shape (n_bins, n_film_channels, n_inputs); see `predict`."""
        n_inputs = self.gram.shape[1]
        power = np.trace(self.gram, axis1=1, axis2=2).real / n_inputs
        ridge = _RIDGE * power + 1e-20
        gram = self.gram + ridge[:, np.newaxis, np.newaxis] * np.eye(n_inputs)
        # response @ gram = cross
        solved = np.linalg.solve(gram.swapaxes(1, 2), self.cross.swapaxes(1, 2))
        return np.asarray(solved.swapaxes(1, 2), np.complex64)


def _held_out(
    x: Spectrum, inputs: Spectrum, weight: NDArray[np.float32], fold: Mask
) -> tuple[Normal, Spectrum]:
    """Predict each fold by the response of the other one; return what is known of both, too."""
    out = np.empty_like(x)
    which = _runs(fold), _runs(~fold)
    of_fold = [_joined(inputs, runs) for runs in which]
    known = [
        normal(_joined(x, runs), some, _joined(weight, runs))
        for runs, some in zip(which, of_fold, strict=True)
    ]
    for runs, some, other in zip(which, of_fold, reversed(known), strict=True):
        predicted, done = predict(other.solved(), some), 0
        for run in runs:
            length = run.stop - run.start
            out[:, :, run] = predicted[:, :, done : done + length]
            done += length
    return known[0] + known[1], out


def _runs(mask: Mask) -> list[slice]:
    """Return the runs of frames that are told."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return [slice(first, stop) for first, stop in edges.reshape(-1, 2).tolist()]


def _joined(values: NDArray[_Number], runs: list[slice]) -> NDArray[_Number]:
    if not runs:
        return values[..., :0]
    return np.concatenate([values[..., run] for run in runs], axis=-1)


def _best_taps(
    x: Spectrum,
    playing: Playing,
    weight: NDArray[np.float32],
    fold: Mask,
    choices: tuple[int, ...],
) -> int:
    """Return the number of taps that predicts frames best which it has not seen.

    `weight`: of every second frame.
    """
    some = slice(_BINS_APART // 2, None, _BINS_APART)
    x, played, weight = x[some, :, ::_EVERY], playing.bins(some), weight[some]
    fold, is_told = fold[::_EVERY], weight.any(axis=0)
    nats = np.zeros(len(choices))
    for rows in strips(x.shape):
        scale = None
        for index, n_taps in enumerate(choices):
            inputs = tapped(played[rows], n_taps, every=_EVERY)
            _, unseen = _held_out(x[rows], inputs, weight[rows], fold)
            left_over = over_channels(squared(x[rows] - unseen))[:, is_told]
            if scale is None:
                scale = _median(left_over) + np.finfo(np.float32).tiny
            nats[index] -= float(np.sum(np.log(left_over + scale)))  # Cauchy's likelihood
    return choices[int(np.argmax(nats))]


def normal(film: Spectrum, inputs: Spectrum, weight: NDArray[np.float32]) -> Normal:
    """Return the normal equations of the film's channels by the song's, bin by bin.

    Parameters
    ----------
    film : ndarray of complex64, shape (n_bins, n_film_channels, n_frames)
        The film.
    inputs : ndarray of complex64, shape (n_bins, n_inputs, n_frames)
        The song, aligned, from `tapped`.
    weight : ndarray of float32, shape (n_bins, n_frames)
        One over the power of what is not song; 0 leaves a frame out.

    Returns
    -------
    Normal
        A strip of bins at a time, since all of the inputs are weighted.
    """
    weighted = inputs * weight[:, np.newaxis]
    if inputs.shape[1] <= _FEW_INPUTS:
        gram, cross = (
            np.vecdot(weighted[:, np.newaxis], one[:, :, np.newaxis]) for one in (inputs, film)
        )
    else:
        np.conj(weighted, out=weighted)
        gram, cross = (one @ weighted.swapaxes(1, 2) for one in (inputs, film))
    return Normal(gram.astype(np.complex128), cross.astype(np.complex128))


def predict(response: NDArray[np.complex64], inputs: Spectrum) -> Spectrum:
    """Return what a response makes of the song.

    Parameters
    ----------
    response : ndarray of complex64, shape (n_bins, n_film_channels, n_inputs)
        From `Normal.solved`.
    inputs : ndarray of complex64, shape (n_bins, n_inputs, n_frames)
        The song, aligned, from `tapped`.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_film_channels, n_frames)
        As the film plays it.
    """
    predicted: Spectrum = response @ inputs
    return predicted


def tapped(song: Spectrum, n_taps: int, *, every: int = 1) -> Spectrum:
    """Stack the song's frames: the next one, the present one, and those before.

    Parameters
    ----------
    song : ndarray of complex64, shape (n_bins, n_song_channels, n_frames)
        Aligned.
    n_taps : int
        Frames of the song that answer in one of the film, the present one last but one when there
        is more than one.
    every : int, optional
        Of so many frames one is wanted, the first of them; those before it answer all the same.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_song_channels * n_taps, n_frames / every)
        The inputs of a fit.
    """
    if n_taps == 1:
        return song[:, :, ::every]
    n_frames = song.shape[2]
    padded = np.pad(song, ((0, 0), (0, 0), (n_taps - 2, 1)))
    taps = [padded[:, :, k : k + n_frames : every] for k in range(n_taps - 1, -1, -1)]
    return np.concatenate(taps, axis=1)

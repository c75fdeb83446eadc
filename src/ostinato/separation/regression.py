"""The song's way into the film: a weighted least-squares filter for each bin of the spectrum."""

import numpy as np
from numpy.typing import NDArray

from ostinato.separation.spectrum import Spectrum

_RIDGE = 1e-6  # of the mean power of the inputs: a mono recording in two channels is singular
_BINS_PER_BATCH = 128  # products of 16 inputs over 1200 frames then take 20 MB


def regress(
    film: Spectrum, song: Spectrum, weight: NDArray[np.float32], *, n_taps: int
) -> NDArray[np.complex64]:
    """Fit the film's channels by the song's, bin by bin.

    Parameters
    ----------
    film : ndarray of complex64, shape (n_bins, n_film_channels, n_frames)
        The film.
    song : ndarray of complex64, shape (n_bins, n_song_channels, n_frames)
        The song, aligned.
    weight : ndarray of float32, shape (n_bins, n_frames)
        One over the power of what is not song; 0 leaves a frame out.
    n_taps : int
        Frames of the song that answer in one of the film, the present one last but one when there
        is more than one.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_film_channels, n_song_channels * n_taps)
        To be applied by `predict`.
    """
    n_bins, n_inputs = song.shape[0], song.shape[1] * n_taps
    response = np.empty((n_bins, film.shape[1], n_inputs), np.complex64)
    for first in range(0, n_bins, _BINS_PER_BATCH):
        rows = slice(first, first + _BINS_PER_BATCH)
        inputs = _tapped(song[rows], n_taps)
        weighted = inputs.conj() * weight[rows, np.newaxis]
        gram = (inputs @ weighted.swapaxes(1, 2)).astype(np.complex128)
        cross = (film[rows] @ weighted.swapaxes(1, 2)).astype(np.complex128)
        power = np.trace(gram, axis1=1, axis2=2).real / n_inputs
        ridge = _RIDGE * power + 1e-20
        gram += ridge[:, np.newaxis, np.newaxis] * np.eye(n_inputs)
        # response @ gram = cross
        solved = np.linalg.solve(gram.swapaxes(1, 2), cross.swapaxes(1, 2))
        response[rows] = solved.swapaxes(1, 2)
    return response


def predict(response: NDArray[np.complex64], song: Spectrum) -> Spectrum:
    """Return what a response makes of the song.

    Parameters
    ----------
    response : ndarray of complex64, shape (n_bins, n_film_channels, n_inputs)
        From `regress`.
    song : ndarray of complex64, shape (n_bins, n_song_channels, n_frames)
        Aligned.

    Returns
    -------
    ndarray of complex64, shape (n_bins, n_film_channels, n_frames)
        As the film plays it.
    """
    n_taps = response.shape[2] // song.shape[1]
    if n_taps == 1:
        return response @ song
    out = np.empty((song.shape[0], response.shape[1], song.shape[2]), np.complex64)
    for first in range(0, song.shape[0], _BINS_PER_BATCH):
        rows = slice(first, first + _BINS_PER_BATCH)
        out[rows] = response[rows] @ _tapped(song[rows], n_taps)
    return out


def _tapped(song: Spectrum, n_taps: int) -> Spectrum:
    """Stack the song's frames: the next one, the present one, and those before."""
    if n_taps == 1:
        return song
    n_frames = song.shape[2]
    padded = np.pad(song, ((0, 0), (0, 0), (n_taps - 2, 1)))
    taps = [padded[:, :, k : k + n_frames] for k in range(n_taps - 1, -1, -1)]
    return np.concatenate(taps, axis=1)

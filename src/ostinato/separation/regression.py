"""The song's way into the film: a weighted least-squares filter for each bin of the spectrum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import Spectrum

_RIDGE = 1e-6  # of the mean power of the inputs: a mono recording in two channels is singular


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


_FEW_INPUTS = 4  # a product of so small matrices takes longer than the sums that it is made of


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

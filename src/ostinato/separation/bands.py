"""Bands of bins and groups of frames: the grid on which one gain holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GROUP_LENGTH = 4
"""Frames of a group: windows of neighbouring groups then hardly overlap."""

_LOWEST_HZ = 100.0
_N_BANDS = 24  # thirds of an octave up to 20 kHz
_LEAST_BINS = 6  # fewer are too few readings for a gain


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The grid of gains over a short-time spectrum; made by `bands`.

    Parameters
    ----------
    first_bins : ndarray of int64, shape (n_bands,)
        Where each band starts.
    first_frames : ndarray of int64, shape (n_groups,)
        Where each group of frames starts.
    over_bins : ndarray of float32, shape (n_bins, n_bands)
        Interpolates between the middles of bands.
    over_frames : ndarray of float32, shape (n_groups, n_frames)
        Interpolates between the middles of groups.
    """

    first_bins: NDArray[np.int64]
    first_frames: NDArray[np.int64]
    over_bins: NDArray[np.float32]
    over_frames: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Bands and groups."""
        return self.first_bins.size, self.first_frames.size

    def in_frames(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Spread values of groups, the last axis, over frames."""
        frames: NDArray[np.float32] = values.astype(np.float32) @ self.over_frames
        return frames


def bands(*, n_bins: int, n_frames: int, n_fft: int, rate_hz: int) -> Bands:
    """Lay the grid over a short-time spectrum.

    Parameters
    ----------
    n_bins, n_frames : int
        Of the spectrum.
    n_fft, rate_hz : int
        Its window in samples, and the rate of the signal.

    Returns
    -------
    Bands
        Thirds of an octave, wider at the bottom, and groups of `GROUP_LENGTH` frames.
    """
    edges_hz = _LOWEST_HZ * 2 ** (np.arange(_N_BANDS) / 3)
    kept = [0]
    for edge in np.round(edges_hz * n_fft / rate_hz).astype(int):
        if kept[-1] + _LEAST_BINS <= edge <= n_bins - _LEAST_BINS:
            kept.append(int(edge))
    first_bins = np.array(kept)
    last_bins = np.append(first_bins[1:], n_bins) - 1
    first_frames = np.arange(0, n_frames, GROUP_LENGTH)
    last_frames = np.minimum(first_frames + GROUP_LENGTH, n_frames) - 1
    return Bands(
        first_bins,
        first_frames,
        _interpolation((first_bins + last_bins) / 2, n_bins),
        np.ascontiguousarray(_interpolation((first_frames + last_frames) / 2, n_frames).T),
    )


def _interpolation(centres: NDArray[np.float64], n_points: int) -> NDArray[np.float32]:
    """Return the matrix that interpolates values at centres, shape (n_points, n_centres)."""
    points = np.arange(n_points)
    columns = [np.interp(points, centres, unit) for unit in np.eye(centres.size)]
    return np.stack(columns, axis=1).astype(np.float32)

"""A signal: sound that is read in pieces, in memory, raw on disk, or made of another one.

A signal knows its rate, its channels and its length. What is derived from a signal is one again,
and nothing is computed before it is read.

It is read and not mapped: pages of a map would count as memory of this process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Read = Callable[[int, int], NDArray[np.float32]]
SAMPLE = np.dtype("<f4")


class Rows(Protocol):
    """Channels of numbers that are read in pieces, whatever their rate."""

    @property
    def n_samples(self) -> int:
        """Length of each channel."""
        ...

    @property
    def n_channels(self) -> int:
        """How many channels `read` returns."""
        ...

    def read(self, start_sample: int, stop_sample: int, /) -> NDArray[np.float32]:
        """Read all channels from one sample up to another.

        ``0 <= start_sample <= stop_sample``; what lies past the end is left out, as in a slice.
        Returns (n_channels, n_samples).
        """
        ...


class Signal(Rows, Protocol):
    """Sound that is read in pieces; full scale is ±1."""

    @property
    def rate_hz(self) -> int:
        """Samples of a channel in a second."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """A signal that is computed when it is read.

    Parameters
    ----------
    rate_hz, n_samples, n_channels : int
        As in `Signal`.
    read : callable
        As in `Signal`.
    """

    rate_hz: int
    n_samples: int
    n_channels: int
    read: Read


def in_memory(y: NDArray[np.float32], *, rate_hz: int) -> Derived:
    """Return a signal of an array.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Full scale is ±1.
    rate_hz : int
        Samples of a channel in a second.

    Returns
    -------
    Derived
        It reads slices of the array.
    """
    return Derived(
        rate_hz=rate_hz,
        n_samples=y.shape[1],
        n_channels=y.shape[0],
        read=lambda start, stop: y[:, start:stop],
    )


def front(sound: Signal) -> Derived:
    """Return the stereo mix, or the one channel: centre and side are in it.

    Parameters
    ----------
    sound : Signal
        With mono, or left and right, first.

    Returns
    -------
    Derived
        One or two channels.
    """
    return Derived(
        rate_hz=sound.rate_hz,
        n_samples=sound.n_samples,
        n_channels=min(2, sound.n_channels),
        read=lambda start, stop: sound.read(start, stop)[:2],
    )


def mean_of_channels(sound: Signal) -> Derived:
    """Return the mean of a signal's channels.

    Parameters
    ----------
    sound : Signal
        Of any number of channels.

    Returns
    -------
    Derived
        One channel.
    """
    return Derived(
        rate_hz=sound.rate_hz,
        n_samples=sound.n_samples,
        n_channels=1,
        read=lambda start, stop: sound.read(start, stop).mean(axis=0, keepdims=True),
    )


def part_of(sound: Signal, start_sample: int, stop_sample: int) -> Derived:
    """Return a part of a signal, whose sample 0 is the signal's `start_sample`.

    Parameters
    ----------
    sound : Signal
        The whole.
    start_sample, stop_sample : int
        ``0 <= start_sample <= stop_sample``; what lies past the end is left out.

    Returns
    -------
    Derived
        As many channels.
    """
    n_samples = max(0, min(stop_sample, sound.n_samples) - start_sample)

    def read(start: int, stop: int) -> NDArray[np.float32]:
        first, last = (start_sample + min(at, n_samples) for at in (start, stop))
        return sound.read(first, last)

    return Derived(
        rate_hz=sound.rate_hz, n_samples=n_samples, n_channels=sound.n_channels, read=read
    )


def read_padded(sound: Rows, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
    """Read samples that may lie before a signal or behind it, as silence.

    Parameters
    ----------
    sound : Rows
        What is read: a signal, or a raw file.
    start_sample, stop_sample : int
        ``start_sample <= stop_sample``; either may be negative.

    Returns
    -------
    ndarray of float32, shape (n_channels, stop_sample - start_sample)
        Silence outside of the signal.
    """
    first, last = (min(max(0, at), sound.n_samples) for at in (start_sample, stop_sample))
    inside = sound.read(first, last)
    before = min(max(0, -start_sample), stop_sample - start_sample)
    behind = stop_sample - start_sample - before - inside.shape[1]
    return np.pad(inside, ((0, 0), (before, behind))) if before or behind else inside


@dataclass(frozen=True, slots=True)
class RawFile:
    """Interleaved little-endian float32: all channels of a sample, then those of the next.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    n_channels, n_samples : int
        Its size.
    """

    path: Path
    n_channels: int
    n_samples: int

    def make(self) -> None:
        """Make the file, or make it anew: silence."""
        with self.path.open("wb") as file:
            file.truncate(self.n_samples * self._frame_bytes)

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read from one sample up to another; what lies past the end is left out.

        ``0 <= start_sample <= stop_sample``. Returns (n_channels, n_samples).
        """
        n_samples = max(0, min(stop_sample, self.n_samples) - start_sample)
        offset = min(start_sample, self.n_samples) * self._frame_bytes
        flat = np.fromfile(self.path, SAMPLE, n_samples * self.n_channels, offset=offset)
        return flat.reshape(-1, self.n_channels).T

    def write(self, start_sample: int, y: NDArray[np.float32]) -> None:
        """Write `y` (n_channels, any) from a sample on; the file reaches as far."""
        with self.path.open("r+b") as file:
            file.seek(start_sample * self._frame_bytes)
            file.write(np.ascontiguousarray(y.T, SAMPLE).tobytes())

    @property
    def _frame_bytes(self) -> int:
        return self.n_channels * SAMPLE.itemsize

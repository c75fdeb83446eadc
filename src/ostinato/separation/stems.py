"""What was taken out of the film, on disk while it is needed, and the remainder of the film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.media import Derived, RawFile, Signal, cache_faults, read_padded


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """The song within one occurrence, on disk; made by `new_stem`.

    Parameters
    ----------
    path : pathlib.Path
        Interleaved little-endian float32.
    start_sample, n_samples, n_channels : int
        Where in the film it lies, and its size.
    """

    path: Path
    start_sample: int
    n_samples: int
    n_channels: int

    @property
    def stop_sample(self) -> int:
        """First sample of the film behind it."""
        return self.start_sample + self.n_samples

    @property
    def file(self) -> RawFile:
        """Its samples, counted from its own beginning."""
        return RawFile(self.path, self.n_channels, self.n_samples)

    def write(self, start_sample: int, y: NDArray[np.float32]) -> None:
        """Write channels from a sample of the film on; the stem must reach as far."""
        with cache_faults(self.path.parent):
            self.file.write(start_sample - self.start_sample, y)

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read channels between two samples of the film; silence outside of the stem."""
        with cache_faults(self.path.parent):
            return read_padded(
                self.file, start_sample - self.start_sample, stop_sample - self.start_sample
            )


def new_stem(path: Path, *, start_sample: int, n_samples: int, n_channels: int) -> Stem:
    """Make a silent stem.

    Parameters
    ----------
    path : pathlib.Path
        Where it is kept.
    start_sample, n_samples, n_channels : int
        Where in the film it lies, and its size.

    Returns
    -------
    Stem
        Ready to be written.

    Raises
    ------
    MediaError
        If there is no room for it.
    """
    stem = Stem(path=path, start_sample=start_sample, n_samples=n_samples, n_channels=n_channels)
    with cache_faults(path.parent):
        stem.file.make()
    return stem


def song_of(stems: Sequence[Stem], start_sample: int, stop_sample: int) -> NDArray[np.float32]:
    """Read the sum of stems between two samples of the film.

    Parameters
    ----------
    stems : sequence of Stem
        At least one; none need reach as far.
    start_sample, stop_sample : int
        Of the film.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        Silence where no song was taken out.
    """
    total = stems[0].read(start_sample, stop_sample)
    for stem in stems[1:]:
        if stem.start_sample < stop_sample and stem.stop_sample > start_sample:
            total += stem.read(start_sample, stop_sample)
    return total


def remainder(film: Signal, stems: Sequence[Stem]) -> Derived:
    """Return the film without what is in the stems.

    Parameters
    ----------
    film : Signal
        Of as many channels as the stems have.
    stems : sequence of Stem
        What to leave out; may be empty.

    Returns
    -------
    Derived
        The rest.
    """

    def read(start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        y = film.read(start_sample, stop_sample)
        if not stems:
            return y
        return y - song_of(stems, start_sample, start_sample + y.shape[1])

    return Derived(
        rate_hz=film.rate_hz, n_samples=film.n_samples, n_channels=film.n_channels, read=read
    )

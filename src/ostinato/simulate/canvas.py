"""The film while it is mixed: on disk, added to stretch by stretch.

A film of 100 minutes does not fit into the memory of a small laptop; a block of it does.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import slot_energies, start_loudness
from ostinato.media import RawFile

__all__ = ["Canvas"]

_BLOCK_S = 20  # 8 MB in stereo

Sound = NDArray[np.float32]


class Canvas:
    """A film of silence, to be painted on.

    Parameters
    ----------
    path : pathlib.Path
        Of a new file of interleaved float32, made here.
    n_samples, n_channels : int
        Of the film.
    sample_rate_hz : int
        A multiple of 10.
    """

    def __init__(self, path: Path, *, n_samples: int, n_channels: int, sample_rate_hz: int) -> None:
        self.n_samples, self.n_channels = n_samples, n_channels
        self.sample_rate_hz = sample_rate_hz
        self._file = RawFile(path, n_channels, n_samples)
        self._file.make()

    def add(self, start_sample: int, y: Sound) -> None:
        """Mix in a sound, shape (n_channels, any); what lies past the end is cut off."""
        present = self.read(start_sample, start_sample + y.shape[1])
        self._file.write(start_sample, present + y[:, : present.shape[1]])

    def read(self, start_sample: int, stop_sample: int) -> Sound:
        """Read samples, shape (n_channels, n_samples)."""
        return self._file.read(start_sample, stop_sample)

    def bounds(self) -> Iterator[tuple[int, int]]:
        """First and last-but-one samples of blocks of whole slots that cover the film."""
        length = _BLOCK_S * self.sample_rate_hz
        for start in range(0, self.n_samples, length):
            yield start, min(start + length, self.n_samples)

    def blocks(self) -> Iterator[Sound]:
        """Read the film from beginning to end."""
        for start, stop in self.bounds():
            yield self.read(start, stop)

    def energies(self) -> NDArray[np.float64]:
        """Mean square of each slot of the film as it is now."""
        state = start_loudness(sample_rate_hz=self.sample_rate_hz, n_channels=self.n_channels)
        parts = []
        for block in self.blocks():
            part, state = slot_energies(block, state)
            parts.append(part.sum(axis=0))
        return np.concatenate(parts) if parts else np.zeros(0)

    def peak(self) -> float:
        """Return the largest magnitude of a sample."""
        return max((float(np.abs(block).max(initial=0.0)) for block in self.blocks()), default=0.0)

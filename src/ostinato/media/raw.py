"""Raw float32 on disk, which is read in pieces.

It is read and not mapped: pages of a map would count as memory of this process.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SAMPLE = np.dtype("<f4")


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
        flat = np.fromfile(self.path, _SAMPLE, n_samples * self.n_channels, offset=offset)
        return flat.reshape(-1, self.n_channels).T

    def write(self, start_sample: int, y: NDArray[np.float32]) -> None:
        """Write `y` (n_channels, any) from a sample on; the file reaches as far."""
        with self.path.open("r+b") as file:
            file.seek(start_sample * self._frame_bytes)
            file.write(np.ascontiguousarray(y.T, _SAMPLE).tobytes())

    @property
    def _frame_bytes(self) -> int:
        return self.n_channels * _SAMPLE.itemsize

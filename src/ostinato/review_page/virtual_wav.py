"""A WAV that nobody has written: a header, and 16-bit samples that are made when they are read.

It is the sound that was analysed, sample by sample; what it lasts costs no memory.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reader = Callable[[int, int], NDArray[np.float32]]
"""Reads samples [start, stop) of all channels, shape (n_channels, stop - start)."""

_HEADER_BYTES = 44
_SAMPLE_BYTES = 2
_FULL_SCALE = 2**15
MOST_BYTES = 2**32 - 2**10
"""A WAV states its size in 32 bits."""
_BLOCK_FRAMES = 2**15  # some ms of work each, so that what is no longer wanted is soon left


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualWav:
    """Samples of a film as the bytes of a WAV.

    Parameters
    ----------
    read : callable
        Reads samples of the film.
    n_channels : int
        As many as it gives.
    sample_rate_hz : int
        Of the film.
    first, stop : int
        Samples of the film that the file holds.
    """

    read: Reader
    n_channels: int
    sample_rate_hz: int
    first: int
    stop: int

    @property
    def n_bytes(self) -> int:
        """Size of the file."""
        return _HEADER_BYTES + (self.stop - self.first) * self._frame_bytes

    @property
    def _frame_bytes(self) -> int:
        return self.n_channels * _SAMPLE_BYTES

    def header(self) -> bytes:
        """Return what stands before the samples."""
        rate, frame, n_bytes = self.sample_rate_hz, self._frame_bytes, self.n_bytes
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            *(b"RIFF", n_bytes - 8, b"WAVE"),
            *(b"fmt ", 16, 1, self.n_channels, rate, rate * frame, frame, 8 * _SAMPLE_BYTES),
            *(b"data", n_bytes - _HEADER_BYTES),
        )

    def blocks(self, start: int, stop: int) -> Iterator[bytes]:
        """Read bytes of the file from `start` up to `stop`, a block at a time."""
        if start < _HEADER_BYTES:
            yield self.header()[start:stop]
            start = _HEADER_BYTES
        frame = self._frame_bytes
        while start < stop:
            index, skipped = divmod(start - _HEADER_BYTES, frame)
            # whole frames that hold what is wanted
            n_frames = min(_BLOCK_FRAMES, -(-(stop - _HEADER_BYTES) // frame) - index)
            y = self.read(self.first + index, self.first + index + n_frames)
            block = as_pcm(y)[skipped : skipped + stop - start]
            if not block:
                return
            yield block
            start += len(block)


def as_pcm(y: NDArray[np.float32]) -> bytes:
    """Return samples as 16-bit PCM, interleaved; what was 16-bit comes back as it was."""
    whole = np.rint(y * np.float32(_FULL_SCALE)).clip(-_FULL_SCALE, _FULL_SCALE - 1)
    return np.ascontiguousarray(whole.astype("<i2").T).tobytes()

"""From FFmpeg's sample formats to float32 with full scale ±1, channels first."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import soxr
from av import AudioFrame, AudioResampler
from av.audio.plane import AudioPlane
from numpy.typing import NDArray

__all__ = ["floats", "resampled"]

_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
_PLANES_TOLD_APART = 8  # from here on PyAV lists planes that do not exist


def floats(frame: AudioFrame) -> NDArray[np.float32]:
    """Take the samples out of a frame.

    `frame`: in any sample format, interleaved or planar. Returns (n_channels, n_samples).
    """
    n_channels = frame.layout.nb_channels
    if frame.format.is_planar and n_channels >= _PLANES_TOLD_APART:
        (frame,) = AudioResampler(format=frame.format.name.removesuffix("p")).resample(frame)
    dtype = np.dtype(_DTYPES[frame.format.name.removesuffix("p")])
    if frame.format.is_planar:
        return _scaled(np.stack([_values(plane, dtype, frame.samples) for plane in frame.planes]))
    packed = _values(frame.planes[0], dtype, frame.samples * n_channels)
    return _scaled(packed.reshape(-1, n_channels).T)


def resampled(
    blocks: Iterator[NDArray[np.float32]], *, from_hz: int, to_hz: int, n_channels: int
) -> Iterator[NDArray[np.float32]]:
    """Resample a signal that comes in blocks; as it is where the rates agree.

    `blocks` (n_channels, any): the signal. Returns (n_channels, any).
    """
    if from_hz == to_hz:
        yield from blocks
        return
    stream = soxr.ResampleStream(from_hz, to_hz, n_channels, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(np.ascontiguousarray(block.T)).T
    yield stream.resample_chunk(np.zeros((0, n_channels), dtype=np.float32), last=True).T


def _values(plane: AudioPlane, dtype: np.dtype[Any], n_values: int) -> NDArray[Any]:
    # a plane may be padded beyond its samples; that it is a buffer is missing from its type
    return np.frombuffer(plane, dtype, n_values)  # type: ignore[call-overload,no-any-return]


def _scaled(y: NDArray[Any]) -> NDArray[np.float32]:
    if y.dtype.kind == "f":
        with np.errstate(over="ignore"):  # what no float32 can hold is refused further on
            return y.astype(np.float32)
    if y.dtype.kind == "u":
        return (y.astype(np.float32) - 128) / np.float32(128)
    half_range = np.float32(2.0 ** (8 * y.dtype.itemsize - 1))
    return y.astype(np.float32) / half_range

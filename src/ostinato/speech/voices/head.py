"""The first layers of the network, which convolve in time and frequency.

Frames are the last axis and channels the one before: the three bands around a band are then one
stretch of memory, so that nothing is copied for a product of all their channels, and what comes
earlier or later is added a row at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Array = NDArray[np.float32]
Planes = Array
"""Bands with a silent one on either side: shape (n_bands + 2, n_channels, n_frames)."""

_N_TAPS = 3
_CELLS_AT_ONCE = 1 << 15  # of a product: what is in hand stays near the processor
_BLOCKS = (("layer1.0", 2), ("layer1.1", 1), ("layer2.0", 2), ("layer2.1", 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Convolution:
    """Three by three: `weight` (3 * n_out, 3 * n_in), of frames before, now, behind; `bias`."""

    weight: Array
    bias: Array
    stride: int = 1

    def __call__(self, y: Planes, past: Planes | None = None) -> Planes:
        """Convolve, add what is led past, and keep what is above 0."""
        n_rows, _, n_frames = y.shape
        n_bands, n_out = (n_rows - _N_TAPS) // self.stride + 1, self.bias.shape[0]
        out = np.zeros((n_bands + 2, n_out, n_frames), np.float32)
        around = _bands_around(y, stride=self.stride)
        for bands in _pieces(n_bands, max(1, _CELLS_AT_ONCE // (_N_TAPS * n_out * n_frames))):
            taps = np.matmul(self.weight, around[bands])
            before, now, behind = (taps[:, k * n_out : (k + 1) * n_out] for k in range(_N_TAPS))
            now += self.bias
            now[:, :, 1:] += before[:, :, :-1]
            now[:, :, :-1] += behind[:, :, 1:]
            inner = slice(bands.start + 1, bands.stop + 1)
            if past is not None:
                now += past[inner]
            np.maximum(now, 0, out=out[inner])
        return out


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Two convolutions, past which their input is led: by a product if the first one strides."""

    inner: _Convolution
    outer: _Convolution
    shortcut: tuple[Array, Array] | None

    def __call__(self, y: Planes) -> Planes:
        return self.outer(self.inner(y), self._past(y))

    def _past(self, y: Planes) -> Planes:
        if self.shortcut is None:
            return y
        weight, bias = self.shortcut
        bands = y[1 : -1 : self.inner.stride]
        out = np.zeros((bands.shape[0] + 2, *y.shape[1:]), np.float32)
        np.matmul(weight, bands, out=out[1:-1])
        out[1:-1] += bias
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The weights of the first layers, made ready by `head_of`."""

    first: _Convolution
    blocks: tuple[_Block, ...]
    last: _Convolution

    def __call__(self, spectrum: Array) -> Array:
        """Convolve a log-mel spectrum.

        `spectrum` (n_frames, 80). Returns (n_frames, 320), 10 bands in each channel.
        """
        bands = np.ascontiguousarray(np.pad(spectrum.T, ((1, 1), (0, 0)))[:, np.newaxis])
        y = self.first(bands)
        for block in self.blocks:
            y = block(y)
        y = self.last(y)[1:-1]
        return np.ascontiguousarray(y.transpose(2, 1, 0)).reshape(spectrum.shape[0], -1)


def head_of(weights: dict[str, Array]) -> Head:
    """Make the first layers ready.

    `weights`: of the network, by name.
    """
    return Head(
        _convolution(weights, "conv1", stride=1),
        tuple(_block(weights, name, stride) for name, stride in _BLOCKS),
        _convolution(weights, "conv2", stride=2),
    )


def _block(weights: dict[str, Array], name: str, stride: int) -> _Block:
    past = f"head.{name}.shortcut.0"
    return _Block(
        _convolution(weights, f"{name}.conv1", stride=stride),
        _convolution(weights, f"{name}.conv2", stride=1),
        None
        if stride == 1
        else (
            np.ascontiguousarray(weights[f"{past}.weight"].T),
            weights[f"{past}.bias"][:, np.newaxis],
        ),
    )


def _convolution(weights: dict[str, Array], name: str, *, stride: int) -> _Convolution:
    weight, bias = weights[f"head.{name}.weight"], weights[f"head.{name}.bias"]
    return _Convolution(np.ascontiguousarray(weight.T), bias[:, np.newaxis], stride)


def _bands_around(y: Array, *, stride: int) -> Array:
    """Return the three bands around each as one axis, without a copy.

    `y` (n_bands + 2, n_channels, n_frames): contiguous. Returns (n_out, 3 * n_channels, n_frames).
    """
    n_rows, n_channels, n_frames = y.shape
    of_band, of_channel, of_frame = y.strides
    shape = ((n_rows - _N_TAPS) // stride + 1, _N_TAPS * n_channels, n_frames)
    return as_strided(y, shape, (stride * of_band, of_channel, of_frame), writeable=False)


def _pieces(n: int, at_once: int) -> Iterator[slice]:
    """Give pieces of about one size."""
    n_pieces = -(-n // at_once)
    for piece in range(n_pieces):
        yield slice(piece * n // n_pieces, (piece + 1) * n // n_pieces)

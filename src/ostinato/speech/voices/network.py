"""CAM++, a network that hears who speaks [1]_, its head and its spectrum; by numpy alone.

It is cut in two where it averages over time: a frame's features come out of the first half, and
the second half makes one embedding of the mean and the deviation of the features of any frames.
So the long work is done once a film, and any part of it can be asked for its voice afterwards.

Signals are 16 kHz mono, full scale ±1. A frame of features is centred every 20 ms.

References
----------
.. [1] H. Wang et al., "CAM++: a fast and efficient network for speaker verification using
   context-aware masking", Interspeech 2023. The weights are those of 3D-Speaker,
   ``speech_campplus_sv_zh_en_16k-common_advanced`` (Mandarin and English, 200,000 speakers),
   Apache-2.0; `tools/make_model.py` says how the file was made.

References
----------
.. [1] D. Povey et al., "The Kaldi speech recognition toolkit", ASRU 2011: ``compute-fbank-feats``
   with 80 bands from 20 Hz, without dither, as 3D-Speaker calls it.

Frames are the last axis and channels the one before: the three bands around a band are then one
stretch of memory, so that nothing is copied for a product of all their channels, and what comes
earlier or later is added a row at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from scipy.fft import rfft

Array = NDArray[np.float32]
SAMPLE_RATE_HZ = 16_000
HOP_LENGTH = 320
"""Samples from one frame of features to the next."""
N_FEATURES = 512
_LAYERS = ((12, 1), (24, 2), (16, 2))  # of each block: how many, and how far apart their taps
_GROWTH = 32
_SEGMENT = 100  # frames whose mean is the near context of each
FRAME_LENGTH = 400
HOP_OF_FRAMES = 160
_SAMPLE_RATE_HZ = 16_000
_N_FFT = 512
_N_BANDS = 80
_LOW_HZ = 20.0
_PREEMPHASIS = 0.97
_FLOOR = np.finfo(np.float32).eps
_FRAMES_AT_ONCE = 128  # what is in hand stays near the processor
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


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The weights, made ready once."""

    weights: dict[str, Array] = field(repr=False)
    head: Head = field(init=False, repr=False)
    products: dict[str, "_Product"] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        w = self.weights
        products = {
            name: _product(w[f"{before}.scale"], w[f"{before}.shift"], w[f"{name}.weight"])
            for name, before in _products()
        }
        object.__setattr__(self, "head", head_of(w))
        object.__setattr__(self, "products", products)

    def features(self, spectrum: Array) -> Array:
        """Features of each second frame of a stretch of sound.

        `spectrum` (n_frames, 80): log-mel spectrum, 10 ms a frame, each band's mean over the
        stretch taken off. Returns ((n_frames + 1).
        """
        y = self._tdnn(self.head(spectrum))
        for block, (n_layers, dilation) in enumerate(_LAYERS, start=1):
            y = self._dense_block(y, block, n_layers, dilation)
            y = self.products[f"{block}"](y)
        return _relu(y * self.weights["out.scale"] + self.weights["out.shift"])

    def embedding(self, mean: Array, deviation: Array) -> Array:
        """Embed a voice, from the mean and the standard deviation of its features.

        `mean`, `deviation` (..., 512): over the frames of one voice. Returns (..., 192).
        """
        pooled = np.concatenate([mean, deviation], axis=-1)
        raw = pooled @ self.weights["dense.weight"] + self.weights["dense.bias"]
        embedding: Array = raw / np.linalg.norm(raw, axis=-1, keepdims=True)
        return embedding

    def _tdnn(self, y: Array) -> Array:
        """Join 5 frames, and keep every second one."""
        around = np.lib.stride_tricks.sliding_window_view(np.pad(y, ((2, 2), (0, 0))), 5, axis=0)
        columns = around[::2].reshape(-1, 5 * y.shape[1])
        return _relu(columns @ self.weights["tdnn.weight"] + self.weights["tdnn.bias"])

    def _dense_block(self, y: Array, block: int, n_layers: int, dilation: int) -> Array:
        """Let each layer hear all before it; returns their outputs side by side."""
        n_in = y.shape[1]
        out = np.empty((y.shape[0], n_in + n_layers * _GROWTH), np.float32)
        out[:, :n_in] = y
        for layer in range(1, n_layers + 1):
            now = out[:, n_in : n_in + _GROWTH]
            now[:] = self._layer(out[:, :n_in], f"{block}.{layer}", dilation)
            n_in += _GROWTH
        return out

    def _layer(self, y: Array, name: str, dilation: int) -> Array:
        w, n_frames = self.weights, y.shape[0]
        y = self.products[f"{name}.in"](y)
        y += w[f"{name}.in.bias"]
        y = _relu(y)
        taps = y @ w[f"{name}.local.weight"]
        local = taps[:, _GROWTH : 2 * _GROWTH]
        local[dilation:] += taps[:-dilation, :_GROWTH]
        local[:-dilation] += taps[dilation:, 2 * _GROWTH :]
        starts = np.arange(0, n_frames, _SEGMENT)
        lengths = np.diff(starts, append=n_frames)
        near = np.add.reduceat(y, starts, axis=0) / lengths[:, np.newaxis].astype(np.float32)
        gate = _relu((near + y.mean(axis=0)) @ w[f"{name}.gate1.weight"] + w[f"{name}.gate1.bias"])
        gate = gate @ w[f"{name}.gate2.weight"] + w[f"{name}.gate2.bias"]
        local *= np.repeat(1 / (1 + np.exp(-gate)), lengths, axis=0)
        return local


@dataclass(frozen=True, slots=True, eq=False)
class _Product:
    """Scales and shifts channels, keeps what is above 0, and multiplies.

    A channel that is cut off where it falls below its shift, or for a negative scale where it rises
    above, is the same but for what weights and a sum hold: one step in place of three.
    """

    least: Array
    falling: NDArray[np.intp]
    most: Array
    weight: Array
    bias: Array

    def __call__(self, y: Array) -> Array:
        n_frames, n_in = y.shape
        out = np.empty((n_frames, self.bias.size), np.float32)
        cut = np.empty((min(n_frames, _FRAMES_AT_ONCE), n_in), np.float32)
        for first in range(0, n_frames, _FRAMES_AT_ONCE):
            some = y[first : first + _FRAMES_AT_ONCE]
            here = np.maximum(some, self.least, out=cut[: some.shape[0]])
            if self.falling.size:
                here[:, self.falling] = np.minimum(some[:, self.falling], self.most)
            np.matmul(here, self.weight, out=out[first : first + _FRAMES_AT_ONCE])
        out += self.bias
        return out


def _products() -> Iterator[tuple[str, str]]:
    """Give the names of products, and of what comes before each."""
    for block, (n_layers, _) in enumerate(_LAYERS, start=1):
        for layer in range(1, n_layers + 1):
            yield f"{block}.{layer}.in", f"{block}.{layer}.before"
        yield f"{block}", f"{block}.before"


def _product(scale: Array, shift: Array, weight: Array) -> _Product:
    bound = -shift / scale
    falling = np.flatnonzero(scale < 0)
    least = bound.copy()
    least[falling] = -np.inf
    return _Product(least, falling, bound[falling], weight * scale[:, np.newaxis], shift @ weight)


def load_network() -> Network:
    """Read the weights that come with the package.

    Returns
    -------
    Network
        30 MB in memory.
    """
    path = files("ostinato.speech.voices") / "model" / "campplus.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        stored = dict(arrays)
    return Network(
        {
            name: array * stored[f"{name}.step"] if array.dtype == np.int8 else array
            for name, array in stored.items()
            if not name.endswith(".step")
        }
    )


def _relu(y: Array) -> Array:
    return np.maximum(y, 0, out=y)


def log_mel(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mel spectrum of a stretch of sound, each band's mean taken off.

    `y` (n_samples,): 16 kHz, full scale ±1; at least one frame of 25 ms. Returns (n_frames, 80).
    """
    frames = np.lib.stride_tricks.sliding_window_view(y, FRAME_LENGTH)[::HOP_OF_FRAMES]
    frames = frames - frames.mean(axis=1, keepdims=True)
    # the first sample stands for the one before it
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = rfft((frames - np.float32(_PREEMPHASIS) * before) * _window(), _N_FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bands = np.log(np.maximum(power @ _mel_bands(), _FLOOR))
    centred: NDArray[np.float32] = bands - bands.mean(axis=0)
    return centred


@cache
def _window() -> NDArray[np.float32]:
    # Povey's: a Hann window to the power .85, that does not quite reach zero
    return (np.hanning(FRAME_LENGTH) ** 0.85).astype(np.float32)


@cache
def _mel_bands() -> NDArray[np.float32]:
    """Triangles on the mel scale, shape (n_bins, n_bands); librosa's are triangles in Hz."""
    high_hz = _SAMPLE_RATE_HZ / 2
    edges = np.linspace(_mel(_LOW_HZ), _mel(high_hz), _N_BANDS + 2)
    bins = _mel(np.arange(_N_FFT // 2 + 1) * _SAMPLE_RATE_HZ / _N_FFT)[:, np.newaxis]
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    up, down = (bins - low) / (centre - low), (high - bins) / (high - centre)
    bands: NDArray[np.float32] = np.maximum(0, np.minimum(up, down)).astype(np.float32)
    return bands


def _mel(frequency_hz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log1p(np.asarray(frequency_hz) / 700))


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

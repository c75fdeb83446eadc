"""CAM++, a network that hears who speaks [1]_, and the spectrum that it takes; by numpy alone.

It is cut in two where it averages over time: a frame's features come out of the first half, and
the second half makes one embedding of the mean and the deviation of the features of any frames.
So the long work is done once a film, and any part of it can be asked for its voice afterwards.

Signals are 16 kHz mono, full scale ±1. A frame of features is centred every 20 ms.

References
----------
.. [1] H. Wang et al., "CAM++: a fast and efficient network for speaker verification using
   context-aware masking", Interspeech 2023. The weights are those of 3D-Speaker,
   ``speech_campplus_sv_zh_en_16k-common_advanced`` (Mandarin and English, 200,000 speakers),
   Apache-2.0; `model/make_model.py` says how the file was made.

References
----------
.. [1] D. Povey et al., "The Kaldi speech recognition toolkit", ASRU 2011: ``compute-fbank-feats``
   with 80 bands from 20 Hz, without dither, as 3D-Speaker calls it.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
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
_TILE = (
    32  # frames convolved at once: what is in hand stays in the cache, ten times faster than not
)
FRAME_LENGTH = 400
HOP_OF_FRAMES = 160
_SAMPLE_RATE_HZ = 16_000
_N_FFT = 512
_N_BANDS = 80
_LOW_HZ = 20.0
_PREEMPHASIS = 0.97
_FLOOR = np.finfo(np.float32).eps


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The weights, made ready once."""

    weights: dict[str, Array] = field(repr=False)

    def features(self, spectrum: Array) -> Array:
        """Features of each second frame of a stretch of sound.

        `spectrum` (n_frames, 80): log-mel spectrum, 10 ms a frame, each band's mean over the
        stretch taken off. Returns ((n_frames + 1).
        """
        y = self._tdnn(self._head(spectrum))
        for block, (n_layers, dilation) in enumerate(_LAYERS, start=1):
            y = self._dense_block(y, block, n_layers, dilation)
            y = self._bent(y, f"{block}.before") @ self.weights[f"{block}.weight"]
        return self._bent(y, "out")

    def embedding(self, mean: Array, deviation: Array) -> Array:
        """Embed a voice, from the mean and the standard deviation of its features.

        `mean`, `deviation` (..., 512): over the frames of one voice. Returns (..., 192).
        """
        pooled = np.concatenate([mean, deviation], axis=-1)
        raw = pooled @ self.weights["dense.weight"] + self.weights["dense.bias"]
        embedding: Array = raw / np.linalg.norm(raw, axis=-1, keepdims=True)
        return embedding

    def _head(self, spectrum: Array) -> Array:
        """Convolve in time and frequency; returns (n_frames, 320), 10 bands in each channel."""
        y = _relu(self._conv(spectrum[:, :, np.newaxis], "conv1", stride=1))
        for block, stride in (("layer1.0", 2), ("layer1.1", 1), ("layer2.0", 2), ("layer2.1", 1)):
            inner = _relu(self._conv(y, f"{block}.conv1", stride=stride))
            outer = self._conv(inner, f"{block}.conv2", stride=1)
            if stride > 1:
                name = f"head.{block}.shortcut.0"
                y = y[:, ::stride] @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
            y = _relu(np.add(outer, y, out=outer))
        y = _relu(self._conv(y, "conv2", stride=2))
        return y.transpose(0, 2, 1).reshape(y.shape[0], -1)

    def _conv(self, y: Array, name: str, *, stride: int) -> Array:
        """Convolve 3 by 3, striding over bands; y is (n_frames, n_bands, n_channels)."""
        weight, bias = self.weights[f"head.{name}.weight"], self.weights[f"head.{name}.bias"]
        n_frames, n_bands, n_channels = y.shape
        padded = np.pad(y, ((1, 1), (1, 1), (0, 0)))
        n_out = (n_bands - 1) // stride + 1
        out = np.empty((n_frames, n_out, bias.size), np.float32)
        for start in range(0, n_frames, _TILE):
            part = padded[start : start + _TILE + 2]
            columns = np.empty((part.shape[0], n_out, 3, n_channels), np.float32)
            for tap in range(3):
                columns[:, :, tap] = part[:, tap : tap + (n_out - 1) * stride + 1 : stride]
            taps = columns.reshape(-1, 3 * n_channels) @ weight
            taps = taps.reshape(part.shape[0], n_out, 3, bias.size)
            here = out[start : start + _TILE]
            np.add(taps[:-2, :, 0], taps[1:-1, :, 1], out=here)
            here += taps[2:, :, 2]
            here += bias
        return out

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
        y = _relu(self._bent(y, f"{name}.before") @ w[f"{name}.in.weight"] + w[f"{name}.in.bias"])
        taps = np.pad(y @ w[f"{name}.local.weight"], ((dilation, dilation), (0, 0)))
        local = taps[:n_frames, :_GROWTH] + taps[dilation:, _GROWTH : 2 * _GROWTH][:n_frames]
        local += taps[2 * dilation :, 2 * _GROWTH :]
        starts = np.arange(0, n_frames, _SEGMENT)
        lengths = np.diff(starts, append=n_frames)
        near = np.add.reduceat(y, starts, axis=0) / lengths[:, np.newaxis].astype(np.float32)
        gate = _relu((near + y.mean(axis=0)) @ w[f"{name}.gate1.weight"] + w[f"{name}.gate1.bias"])
        gate = gate @ w[f"{name}.gate2.weight"] + w[f"{name}.gate2.bias"]
        local *= np.repeat(1 / (1 + np.exp(-gate)), lengths, axis=0)
        return local

    def _bent(self, y: Array, name: str) -> Array:
        bent = y * self.weights[f"{name}.scale"]
        bent += self.weights[f"{name}.shift"]
        return _relu(bent)


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

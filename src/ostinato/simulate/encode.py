"""The mixed film as a media file, in which every sample is heard when the plan says.

An encoder delays its input. Containers say by how much, or do not; what is left after `media` has
heeded what they say is measured with a burst of noise, and taken off before encoding.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray
from scipy.signal import correlate

from ostinato.errors import MediaError, ParameterError
from ostinato.media import open_working_copy

__all__ = ["Encoding", "write_encoded"]

Sound = NDArray[np.float32]
_FORMATS = {  # what each encoder takes; the first of its own would be fixed point for some
    "pcm_s16le": "s16",
    "flac": "s16",
    "aac": "fltp",
    "ac3": "fltp",
    "libmp3lame": "fltp",
    "libopus": "flt",
}
_LAYOUTS = {1: "mono", 2: "stereo"}
_PROBE_S, _BURST_AT_S, _BURST_S = 1.5, 0.5, 0.1
_FRAME_LENGTH = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a film is written; the container follows from the file's name.

    Parameters
    ----------
    codec : {"flac", "pcm_s16le", "aac", "ac3", "libmp3lame", "libopus"}
        FFmpeg's name of the encoder.
    bit_rate : int or None
        Bits per second, of the lossy ones.

    Raises
    ------
    ParameterError
        If the codec is none of these.
    """

    codec: str = "flac"
    bit_rate: int | None = None

    def __post_init__(self) -> None:
        if self.codec not in _FORMATS:
            raise ParameterError(
                f"codec {self.codec!r}",
                "films are not written with it",
                f"Choose from {', '.join(_FORMATS)}",
            )


def write_encoded(
    path: Path,
    blocks: Iterable[Sound],
    *,
    n_channels: int,
    sample_rate_hz: int,
    encoding: Encoding,
) -> None:
    """Write a film on the player's clock.

    `blocks` (n_channels, any): the film from beginning to end, full scale ±1. Raises MediaError if
    FFmpeg cannot write this codec into this container.
    """
    with tempfile.TemporaryDirectory() as scratch:
        delay = _measured_delay(
            Path(scratch) / f"probe{path.suffix}",
            n_channels=n_channels,
            sample_rate_hz=sample_rate_hz,
            encoding=encoding,
        )
    _encode(path, _advanced(blocks, delay, n_channels), n_channels, sample_rate_hz, encoding)


def _measured_delay(path: Path, *, n_channels: int, sample_rate_hz: int, encoding: Encoding) -> int:
    """Return the samples by which a film is heard late when it is written as it stands."""
    rng = np.random.default_rng(0)
    at, length = round(_BURST_AT_S * sample_rate_hz), round(_BURST_S * sample_rate_hz)
    burst = (0.5 * rng.uniform(-1, 1, length)).astype(np.float32)
    y = np.zeros((n_channels, round(_PROBE_S * sample_rate_hz)), np.float32)
    y[:, at : at + length] = burst
    _encode(path, [y], n_channels, sample_rate_hz, encoding)
    copy = open_working_copy(path, cache_dir=path.parent)
    heard = copy.mono(0, copy.n_samples)
    if copy.rate_hz != sample_rate_hz:
        raise MediaError(
            f"{encoding.codec} in {path.suffix}",
            f"it turns {sample_rate_hz} Hz into {copy.rate_hz} Hz",
            "Mix the film at 48000 Hz",
        )
    return int(np.argmax(np.abs(correlate(heard, burst, mode="valid", method="fft")))) - at


def _advanced(blocks: Iterable[Sound], delay: int, n_channels: int) -> Iterator[Sound]:
    """Drop the first samples, with silence at the end to push out the last; or the reverse."""
    silence = np.zeros((n_channels, abs(delay)), np.float32)
    if delay < 0:
        yield silence
    left = max(0, delay)
    for block in blocks:
        yield block[:, left:]
        left = max(0, left - block.shape[1])
    if delay > 0:
        yield silence


def _encode(
    path: Path,
    blocks: Iterable[Sound],
    n_channels: int,
    sample_rate_hz: int,
    encoding: Encoding,
) -> None:
    layout = _LAYOUTS[n_channels]
    try:
        # or Matroska gives each file random identifiers
        with av.open(str(path), "w", container_options={"fflags": "+bitexact"}) as file:
            stream = cast(
                "AudioStream", file.add_stream(encoding.codec, rate=sample_rate_hz, layout=layout)
            )
            stream.codec_context.format = av.AudioFormat(_FORMATS[encoding.codec])
            if encoding.bit_rate is not None:
                stream.bit_rate = encoding.bit_rate
            to_format = av.AudioResampler(
                format=_FORMATS[encoding.codec], layout=layout, rate=sample_rate_hz
            )
            for frame in _frames(blocks, layout, sample_rate_hz):
                for converted in to_format.resample(frame):
                    file.mux(stream.encode(converted))
            for converted in to_format.resample(None):
                file.mux(stream.encode(converted))
            file.mux(stream.encode(None))
    except (av.FFmpegError, ValueError, OSError) as error:
        raise MediaError(
            str(path),
            f"FFmpeg cannot write {encoding.codec} there ({error})",
            "Choose another container by the file's suffix, .mka takes every codec",
        ) from error


def _frames(blocks: Iterable[Sound], layout: str, sample_rate_hz: int) -> Iterator[av.AudioFrame]:
    position = 0
    for block in blocks:
        for start in range(0, block.shape[1], _FRAME_LENGTH):
            piece = np.ascontiguousarray(block[:, start : start + _FRAME_LENGTH].T)
            frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="flt", layout=layout)
            frame.sample_rate, frame.time_base = sample_rate_hz, Fraction(1, sample_rate_hz)
            frame.pts = position
            position += piece.shape[0]
            yield frame

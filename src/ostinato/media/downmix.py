"""From any sample format and loudspeaker layout to the float channels that a working copy keeps.

========================  =============================================
source                    kept
========================  =============================================
mono                      ``mono``
stereo                    ``left, right``
with a centre             ``left, right, centre``
with surrounds            ``left, right, side``
5.1, 7.1 and the like     ``left, right, centre, side``
========================  =============================================

Left and right are what two loudspeakers play: the stereo downmix of ITU-R BS.775-3, table 2, in
which the centre and each surround enter at -3 dB, a single rear channel at -6 dB on either side.
The low-frequency channel is dropped, as there. Nothing is scaled afterwards: samples are floating
point, so a loud sum cannot clip, and a film whose centre and surrounds are silent keeps its level
to the bit. ``centre`` is the centre channel as it stands, and ``side`` the plain sum of the
surrounds, so that ``left + right - sqrt(2) * centre`` is the film without its centre.

References
----------
.. [1] ITU-R BS.775-3, *Multichannel stereophonic sound system with and without accompanying
       picture*, 2012, annex 4.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import soxr
from av import AudioFrame, AudioResampler
from av.audio.plane import AudioPlane
from numpy.typing import NDArray

Matrix = tuple[tuple[float, ...], ...]
HALF_POWER = math.sqrt(0.5)
# loudspeakers by FFmpeg's names
_SHARES: dict[str, dict[str, float]] = {
    name: shares
    for names, shares in (
        ("FL FLC WL DL", {"left": 1.0}),
        ("FR FRC WR DR", {"right": 1.0}),
        ("FC", {"left": HALF_POWER, "right": HALF_POWER, "centre": 1.0}),
        ("BL SL TFL TBL TSL SDL SSL", {"left": HALF_POWER, "side": 1.0}),
        ("BR SR TFR TBR TSR SDR SSR", {"right": HALF_POWER, "side": 1.0}),
        ("BC TC TFC TBC", {"left": 0.5, "right": 0.5, "side": 1.0}),
        ("LFE LFE2", {}),
    )
    for name in names.split()
}
_USUAL_ORDER = {
    1: ("FC",),
    2: ("FL", "FR"),
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
_PLANES_TOLD_APART = 8  # from here on PyAV lists planes that do not exist


def kept_channels(speakers: tuple[str, ...]) -> tuple[str, ...]:
    """Name the channels that are kept of a layout.

    `speakers`: FFmpeg's names of the source channels, such as ``("FL", "FR", "FC", "LFE", "SL",
    "SR")``.

    Examples
    --------
    >>> kept_channels(("FL", "FR", "FC", "LFE", "SL", "SR"))
    ('left', 'right', 'centre', 'side')
    """
    if len(speakers) == 1:
        return ("mono",)
    fed = {kept for share in _shares(speakers) for kept in share}
    return ("left", "right", *(name for name in ("centre", "side") if name in fed))


def mixing_matrix(speakers: tuple[str, ...], kept: tuple[str, ...]) -> Matrix:
    """Return how much of each source channel enters each channel that is kept.

    The channels that are kept need not be those of this layout: where a broadcast changes from
    stereo to mono or to 5.1, the first layout decides what is kept.

    `speakers`: FFmpeg's names of the source channels.
    """
    shares = _shares(speakers)
    if kept == ("mono",):
        if len(speakers) == 1:
            return ((1.0,),)
        # as WorkingCopy.mono does with a stereo film
        return (tuple((s.get("left", 0.0) + s.get("right", 0.0)) / 2 for s in shares),)
    if len(speakers) == 1:
        # two loudspeakers play a mono recording at full level each
        return tuple((1.0,) if name in {"left", "right"} else (0.0,) for name in kept)
    return tuple(tuple(share.get(name, 0.0) for share in shares) for name in kept)


def mix(y: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """Mix source channels into those that are kept.

    `y` (n_source_channels, n_samples): full scale ±1. Returns (n_kept, n_samples).
    """
    mixed = np.zeros((len(matrix), y.shape[1]), dtype=np.float32)
    # not a matrix product: its rounding depends on the length of the block
    for i, shares in enumerate(matrix):
        for channel, share in zip(y, shares, strict=True):
            if share != 0:
                mixed[i] += channel * np.float32(share)
    return mixed


def _shares(speakers: tuple[str, ...]) -> list[dict[str, float]]:
    if not set(speakers) <= _SHARES.keys():
        speakers = _USUAL_ORDER.get(len(speakers), ())[: len(speakers)] or speakers
    # loudspeakers that nobody named are heard from the middle
    return [_SHARES.get(name, {"left": 0.5, "right": 0.5}) for name in speakers]


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

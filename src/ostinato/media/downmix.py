"""From any loudspeaker layout to the channels that a working copy keeps.

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

import numpy as np
from numpy.typing import NDArray

__all__ = ["Matrix", "kept_channels", "mix", "mixing_matrix"]

Matrix = tuple[tuple[float, ...], ...]

_HALF_POWER = math.sqrt(0.5)
# loudspeakers by FFmpeg's names
_SHARES: dict[str, dict[str, float]] = {
    name: shares
    for names, shares in (
        ("FL FLC WL DL", {"left": 1.0}),
        ("FR FRC WR DR", {"right": 1.0}),
        ("FC", {"left": _HALF_POWER, "right": _HALF_POWER, "centre": 1.0}),
        ("BL SL TFL TBL TSL SDL SSL", {"left": _HALF_POWER, "side": 1.0}),
        ("BR SR TFR TBR TSR SDR SSR", {"right": _HALF_POWER, "side": 1.0}),
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

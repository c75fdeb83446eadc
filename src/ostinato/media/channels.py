"""Which streams, channel and clock of a recording are analysed, and what is turned upside down.

A film whose right channel was wired the wrong way round sounds hollow from two loudspeakers and is
silent in mono, which is what speech is looked for in. No such thing is recorded on purpose for
long: in any film the sum of left and right holds more than their difference. Where it holds less
than a tenth, for 10 s or throughout, the right channel is flipped; likewise the centre where it
cancels what left and right hold together. Loudness is a sum of powers, hence the same either way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import MediaError, ParameterError
from ostinato.media.container import Clock
from ostinato.media.decode import Decoding
from ostinato.media.downmix import HALF_POWER
from ostinato.results import Flip

Channel = Literal["left", "right"]
Streams = int | tuple[int, int]
"""One audio stream, or two mono streams that are left and right."""
MAX_SUM_TO_DIFFERENCE = 0.1  # in power: -10 dB; speech in one room keeps above -6 dB
MIN_DURATION_S = 5.0  # after smoothing: 10 s of film
MIN_SHARE = 0.9  # of what sounds, where the whole film is shorter than that
_SLOT_S = 0.1
_SMOOTHING_SLOTS = 50
_EDGE_SLOTS = 30  # either side of where smoothing puts an edge
_RAMP_S = 0.005
_SILENCE = 1e-10  # mean power, -100 dB of full scale
_Moments = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a recording is analysed.

    Parameters
    ----------
    streams : tuple of int or None
        Ordinals among the audio streams: one, or two mono streams that are left and right. None
        for the one that the file marks as its main one.
    channel : {'left', 'right'} or None
        The one to take of two, where each holds a sound track of its own.
    clock : {'player', 'container', 'first-sample'}
        Where film time counts from.
    """

    streams: tuple[int, ...] | None = None
    channel: Channel | None = None
    clock: Clock = "player"

    @property
    def name(self) -> str:
        """What tells copies of one file apart, once its streams are known."""
        streams = "+".join(map(str, self.streams or (0,)))
        return "-".join([streams, *([self.channel] if self.channel else []), self.clock])


def read_streams(text: str) -> Streams:
    """Read which audio streams are meant.

    Parameters
    ----------
    text : str
        ``1``, or ``0+1`` for a pair.

    Returns
    -------
    int or tuple of int
        Their ordinals.

    Raises
    ------
    ParameterError
        If it is neither.
    """
    try:
        ordinals = tuple(int(part) for part in text.split("+"))
    except ValueError:
        ordinals = ()
    if len(ordinals) == 1:
        return ordinals[0]
    if len(ordinals) != 2:  # noqa: PLR2004 - left and right
        raise ParameterError(
            f"stream {text!r}",
            "it is neither a number nor two",
            "Give one such as 1, or the two mono streams of a pair such as 0+1",
        )
    return ordinals[0], ordinals[1]


def chosen_names(decodings: Sequence[Decoding], choice: Choice) -> tuple[str, ...]:
    """Name the channels that a choice leaves.

    Raises MediaError if one channel is asked for of what has not two.
    """
    names = decodings[0].channel_names
    if len(decodings) > 1:
        names = ("left", "right")
    if choice.channel is None:
        return names
    if names != ("left", "right"):
        raise MediaError(
            f"{decodings[0].path}, stream {decodings[0].ordinal}",
            f"it has {decodings[0].n_source_channels} channels, and one of two is asked for",
            "Leave out --channel, or choose a stereo stream with --stream",
        )
    return ("mono",)


def chosen_blocks(decodings: Sequence[Decoding], choice: Choice) -> Iterator[NDArray[np.float32]]:
    """Decode what was chosen.

    Returns (n_channels, any).
    """
    blocks = decodings[0].blocks() if len(decodings) == 1 else _paired(*decodings)
    if choice.channel is None:
        yield from blocks
        return
    index = ("left", "right").index(choice.channel)
    for y in blocks:
        yield y[index : index + 1]


def _paired(left: Decoding, right: Decoding) -> Iterator[NDArray[np.float32]]:
    """Join two mono streams; where one is shorter it ends in silence."""
    none = np.zeros(0, dtype=np.float32)
    sides = [((y[0] for y in side.blocks()), none) for side in (left, right)]
    while True:
        sides = [(rest, y if y.size else next(rest, none)) for rest, y in sides]
        lengths = [y.size for _, y in sides if y.size]
        if not lengths:
            return
        n_samples = min(lengths)
        yield np.stack([_first(y, n_samples) for _, y in sides])
        sides = [(rest, y[n_samples:]) for rest, y in sides]


def _first(y: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
    return y[:n_samples] if y.size else np.zeros(n_samples, dtype=np.float32)


class PhaseMeter:
    """Learns, while a film goes by, where its channels cancel each other.

    Parameters
    ----------
    sample_rate_hz : int
        Of the film.
    channel_names : tuple of str
        As in its working copy.
    """

    def __init__(self, *, sample_rate_hz: int, channel_names: tuple[str, ...]) -> None:
        self._names = channel_names
        self._rate_hz = sample_rate_hz
        self._slot_length = round(_SLOT_S * sample_rate_hz)
        self._n_samples = 0
        self._moments: list[_Moments] = []

    def add(self, y: NDArray[np.float32]) -> None:
        """Take up what follows; shape (n_channels, n_samples)."""
        if "left" not in self._names:
            return
        parts = _parted(y, self._names)
        done = 0
        while done < y.shape[1]:
            n_left = self._slot_length - self._n_samples % self._slot_length
            piece = parts[:, done : done + n_left].astype(np.float64)
            if n_left == self._slot_length:
                self._moments.append(np.zeros((len(parts), len(parts))))
            self._moments[-1] += piece @ piece.T
            done += piece.shape[1]
            self._n_samples += piece.shape[1]

    def flips(self) -> tuple[Flip, ...]:
        """Return where which channel is to be flipped, in order."""
        if not self._moments:
            return ()
        moments = np.stack(self._moments)
        right = self._stretches(_power(moments, (1.0, 1.0)), _power(moments, (1.0, -1.0)), "right")
        if moments.shape[1] == len(("left", "right")):
            return right
        turned_right = np.ones(len(moments))
        for flip in right:
            turned_right[round(flip.start_s / _SLOT_S) : round(flip.end_s / _SLOT_S)] = -1.0
        kept, flipped = (
            _power(moments, (1.0, turned_right, share))
            for share in (2 * HALF_POWER, -2 * HALF_POWER)
        )
        return (*right, *self._stretches(kept, flipped, "centre"))

    def _stretches(
        self, kept: _Moments, flipped: _Moments, channel: Literal["right", "centre"]
    ) -> tuple[Flip, ...]:
        """Return where what is heard with a channel as it is vanishes against it flipped."""
        floor = _SILENCE * self._slot_length
        smooth_kept, smooth_flipped = _smoothed(kept), _smoothed(flipped)
        sounds = smooth_flipped + smooth_kept > floor * _SMOOTHING_SLOTS
        vanishes = (smooth_kept < MAX_SUM_TO_DIFFERENCE * smooth_flipped) | ~sounds
        likeness = (kept - flipped) / np.maximum(kept + flipped, floor)
        found = []
        for first, stop in _runs(vanishes):
            n_sounding = int(np.sum(sounds[first:stop]))
            is_most = n_sounding >= MIN_SHARE * np.sum(sounds)
            if n_sounding > 0 and (n_sounding * _SLOT_S >= MIN_DURATION_S or is_most):
                start = 0 if first == 0 else _edge(likeness, first)
                end = len(kept) if stop == len(kept) else _edge(-likeness, stop)
                end_s = min(end * self._slot_length, self._n_samples) / self._rate_hz
                start_s = start * self._slot_length / self._rate_hz
                found.append(Flip(start_s=start_s, end_s=end_s, channel=channel))
        return tuple(found)


def turned(
    y: NDArray[np.float32],
    flips: tuple[Flip, ...],
    *,
    start_sample: int,
    n_samples: int,
    sample_rate_hz: int,
    channel_names: tuple[str, ...],
) -> NDArray[np.float32]:
    """Turn channels upside down where they are to be flipped.

    `y` (n_channels, any): A block of the film; `start_sample`: where the block lies; `n_samples`:
    of the whole film: where it begins or ends flipped, nothing fades; `channel_names`: as in its
    working copy. Returns (n_channels, any).
    """
    at_s = (start_sample + np.arange(y.shape[1])) / sample_rate_hz
    signs = {"right": np.ones(at_s.size), "centre": np.ones(at_s.size)}
    for flip in flips:
        begins = np.clip((at_s - flip.start_s) / _RAMP_S + 0.5, 0, 1)
        ends = np.clip((flip.end_s - at_s) / _RAMP_S + 0.5, 0, 1)
        inside = np.where(flip.start_s <= 0, 1.0, begins)
        inside = inside * np.where(flip.end_s >= n_samples / sample_rate_hz, 1.0, ends)
        signs[flip.channel] *= 1 - 2 * inside
    right, centre = (signs[name].astype(np.float32) for name in ("right", "centre"))
    parts = _parted(y, channel_names)
    out = y.copy()
    shared = parts[2] * centre if len(parts) > 2 else np.zeros_like(parts[0])  # noqa: PLR2004 - left, right, centre
    if np.any(centre != 1):
        out[0] = parts[0] + np.float32(HALF_POWER) * shared
        out[channel_names.index("centre")] = shared
    out[1] = parts[1] * right + np.float32(HALF_POWER) * shared
    return out


def _parted(y: NDArray[np.float32], names: tuple[str, ...]) -> NDArray[np.float32]:
    """Return left and right without their share of the centre, and the centre if there is one."""
    if "centre" not in names:
        return y[:2]
    centre = y[names.index("centre")]
    share = np.float32(HALF_POWER) * centre
    return np.stack([y[0] - share, y[1] - share, centre])


def _power(moments: _Moments, weights: tuple[float | _Moments, ...]) -> _Moments:
    """Return the power of a weighted sum of channels in each slot."""
    total = np.zeros(len(moments))
    for i, one in enumerate(weights):
        for j, other in enumerate(weights):
            total = total + one * other * moments[:, i, j]
    return total


def _smoothed(power: _Moments) -> _Moments:
    """Return sums over five seconds around each slot."""
    n_slots = len(power)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    middle = np.arange(n_slots)
    first = np.maximum(0, middle - _SMOOTHING_SLOTS // 2)
    stop = np.minimum(n_slots, middle + _SMOOTHING_SLOTS // 2)
    smoothed: _Moments = sums[stop] - sums[first]
    return smoothed


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield first and stop of each run of True."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    yield from zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)


def _edge(likeness: _Moments, near: int) -> int:
    """Return the slot near which what was alike before is not alike from there on."""
    first = max(0, near - _EDGE_SLOTS)
    around = likeness[first : near + _EDGE_SLOTS]
    before = np.concatenate([[0.0], np.cumsum(around)])
    # what is alike before the edge counts for it, what is alike behind it against
    return first + int(np.argmax(2 * before - before[-1]))

"""Which streams, channel and clock of a recording are analysed, and their sound as one signal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import MediaError, ParameterError
from ostinato.media.container import Clock
from ostinato.media.decode import Decoding

__all__ = ["Channel", "Choice", "Streams", "chosen_blocks", "chosen_names", "read_streams"]

Channel = Literal["left", "right"]
Streams = int | tuple[int, int]
"""One audio stream, or two mono streams that are left and right."""


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

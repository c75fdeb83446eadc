"""Speech is cut where one voice takes over from another."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ostinato.speech.parameters import VoiceParameters
from ostinato.speech.voices.network import Network
from ostinato.speech.voices.prints import VoicePrints


def changes(
    blocks: slice, prints: VoicePrints, *, network: Network, parameters: VoiceParameters
) -> list[int]:
    """Blocks of a stretch of speech with which another voice begins.

    A change is where what is heard before and after is least alike, within the reach of a window;
    it stays if the whole of the speech on its two sides, up to the next changes, is unlike as well.
    """
    n_window = max(1, round(parameters.window_s / parameters.block_s))
    n_least = max(1, round(parameters.min_turn_s / parameters.block_s))
    inner = range(blocks.start + n_least, blocks.stop - n_least + 1)
    if len(inner) == 0:
        return []
    before = [slice(max(blocks.start, b - n_window), b) for b in inner]
    after = [slice(b, min(blocks.stop, b + n_window)) for b in inner]
    likeness = np.sum(
        prints.embeddings(before, network) * prints.embeddings(after, network), axis=1
    )
    peaks = _lowest(likeness, reach=n_least, most=parameters.max_change_likeness)
    return _that_stay(
        blocks, [inner[p] for p in peaks], prints, network, parameters.max_change_likeness
    )


def _lowest(likeness: NDArray[np.float32], *, reach: int, most: float) -> list[int]:
    """Positions of the lowest values, the lowest first, none within reach of another."""
    chosen: list[int] = []
    for position in np.argsort(likeness, kind="stable").tolist():
        if likeness[position] >= most:
            break
        if all(abs(position - other) >= reach for other in chosen):
            chosen.append(position)
    return sorted(chosen)


def _that_stay(
    blocks: slice, cuts: list[int], prints: VoicePrints, network: Network, most: float
) -> list[int]:
    """Take out, the least first, cuts whose two sides are alike after all."""
    while cuts:
        bounds = [blocks.start, *cuts, blocks.stop]
        pieces = [slice(a, b) for a, b in pairwise(bounds)]
        embeddings = prints.embeddings(pieces, network)
        likeness = np.sum(embeddings[:-1] * embeddings[1:], axis=1)
        most_alike = int(np.argmax(likeness))
        if likeness[most_alike] < most:
            break
        del cuts[most_alike]
    return cuts

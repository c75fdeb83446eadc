"""What is heard of the voices of a film: the moments of the network's features, block by block.

Moments add up, so that any part of the speech can be embedded from its blocks at no cost, however
it is cut later on.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import soxr
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ostinato.media import Signal
from ostinato.speech.speech_parameters import VoiceParameters
from ostinato.speech.voices.network import HOP_LENGTH, N_FEATURES, SAMPLE_RATE_HZ, Network, log_mel
from ostinato.threads import in_threads
from ostinato.timeline import Interval, Timeline

_MIN_STRETCH_S = 0.1  # ten frames; the network hears nothing in fewer
_MIN_FRAMES = 2  # of which a deviation can be taken


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoicePrints:
    """Moments of the features of each block of speech, in film order.

    Parameters
    ----------
    centres_s : ndarray of float64, shape (n_blocks,)
        Film time of the middle of each block.
    n_frames : ndarray of int32, shape (n_blocks,)
        Frames in it.
    means, powers : ndarray of float16, shape (n_blocks, 512)
        Mean of the features, and of their squares.
    """

    centres_s: NDArray[np.float64]
    n_frames: NDArray[np.int32]
    means: NDArray[np.float16]
    powers: NDArray[np.float16]

    def blocks(self, interval: Interval) -> slice:
        """Blocks whose middle is inside an interval."""
        first, stop = np.searchsorted(self.centres_s, (interval.start_s, interval.end_s))
        return slice(int(first), int(stop))

    def embeddings(
        self, parts: Sequence[slice | NDArray[np.intp]], network: Network
    ) -> NDArray[np.float32]:
        """Embed some parts of the speech.

        `parts`: the blocks of each, at least one. Returns (n_parts, 192).
        """
        means = np.zeros((len(parts), N_FEATURES), np.float32)
        deviations = np.zeros_like(means)
        for row, part in enumerate(parts):
            weights = self.n_frames[part].astype(np.float32)
            n_frames = weights.sum()
            means[row] = weights @ self.means[part].astype(np.float32) / n_frames
            power = weights @ self.powers[part].astype(np.float32) / n_frames
            variance = np.maximum(power - means[row] ** 2, 0)
            deviations[row] = np.sqrt(variance * n_frames / (n_frames - 1))
        return network.embedding(means, deviations)


def print_voices(
    sound: Signal,
    talk: Timeline,
    *,
    network: Network,
    parameters: VoiceParameters,
    on_progress: Callable[[float], None] | None = None,
) -> VoicePrints:
    """Take the prints of all speech, stretch by stretch.

    Parameters
    ----------
    sound : Signal
        The film without its songs; its channels are heard as one.
    talk : Timeline
        Where somebody talks.
    network : Network
        That hears who speaks.
    parameters : VoiceParameters
        Its `block_s` and `max_stretch_s` are used.
    on_progress : callable, optional
        Called with the share done, rising to 1.0.

    Returns
    -------
    VoicePrints
        Of stretches of at least 0.1 s.
    """

    def heard(stretch: Interval) -> tuple[float, list[_Row]]:
        first, stop = (round(at_s * sound.rate_hz) for at_s in (stretch.start_s, stretch.end_s))
        y = sound.read(first, stop).mean(axis=0)
        resampled = soxr.resample(y, sound.rate_hz, SAMPLE_RATE_HZ).astype(np.float32)
        features = network.features(log_mel(resampled))
        return stretch.duration_s, list(_rows(features, stretch, parameters.block_s))

    rows: list[_Row] = []
    done_s, total_s = 0.0, talk.duration_s
    # matrices are small: threads that wait for each other cost tenfold on a busy machine
    with threadpool_limits(1, user_api="blas"):
        for duration_s, some in in_threads(heard, _stretches(talk, parameters.max_stretch_s)):
            rows += some
            done_s += duration_s
            if on_progress is not None:
                on_progress(min(1.0, done_s / total_s))
    nothing = np.zeros((0, N_FEATURES), np.float16)
    return VoicePrints(
        centres_s=np.array([row[0] for row in rows], np.float64),
        n_frames=np.array([row[1] for row in rows], np.int32),
        means=np.stack([row[2] for row in rows]) if rows else nothing,
        powers=np.stack([row[3] for row in rows]) if rows else nothing,
    )


_Row = tuple[float, int, NDArray[np.float16], NDArray[np.float16]]


def _rows(features: NDArray[np.float32], stretch: Interval, block_s: float) -> Iterator[_Row]:
    """Yield middle, number of frames, mean and power of each block."""
    for start, end in _bounds(features.shape[0], block_s):
        part = features[start:end]
        middle_s = stretch.start_s + (start + end) / 2 * HOP_LENGTH / SAMPLE_RATE_HZ
        power = np.mean(np.square(part), axis=0)
        yield middle_s, end - start, _half(np.mean(part, axis=0)), _half(power)


def _half(values: NDArray[np.float32]) -> NDArray[np.float16]:
    return np.minimum(values, np.finfo(np.float16).max).astype(np.float16)


def _stretches(talk: Timeline, max_s: float) -> Iterator[Interval]:
    """Part long stretches of talk into equal ones."""
    for stretch in talk:
        if stretch.duration_s < _MIN_STRETCH_S:
            continue
        n_parts = math.ceil(stretch.duration_s / max_s)
        bounds_s = np.linspace(stretch.start_s, stretch.end_s, n_parts + 1).tolist()
        for start_s, end_s in pairwise(bounds_s):
            yield Interval(start_s, end_s)


def _bounds(n_frames: int, block_s: float) -> Iterator[tuple[int, int]]:
    """Frames of each block; what is left at the end goes with the last one."""
    length = max(_MIN_FRAMES, round(block_s * SAMPLE_RATE_HZ / HOP_LENGTH))
    n_blocks = max(1, n_frames // length)
    for block in range(n_blocks):
        yield block * length, n_frames if block == n_blocks - 1 else (block + 1) * length

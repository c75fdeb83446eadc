"""Pieces of speech are gathered into voices; and voices that a person knows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from ostinato.errors import ParameterError
from ostinato.speech.speech_parameters import VoiceParameters
from ostinato.timeline import Interval, Timeline, parse_timecode, timecode

Embeddings = NDArray[np.float32]
NOBODY = -1
_NEVER = 1e6  # a distance at which no mean of distances is short
_N_ROUNDS = 5  # nothing moves after three on any film tried
_MOST_VOICES = 200
_DASH = re.compile(r"\s*(?:-|–|—|\bto\b)\s*")


def gather(
    embeddings: Embeddings,
    durations_s: NDArray[np.float64],
    known: Sequence[int],
    *,
    parameters: VoiceParameters,
) -> NDArray[np.int64]:
    """Tell the voice of each piece of speech, by number.

    Long pieces are gathered by their mean likeness, then voices whose means are alike are joined:
    one speaker in two rooms. Every piece goes to the voice that it is most like.

    `embeddings` (n_pieces, n): each of length 1; `durations_s` (n_pieces,): of each piece; `known`:
    number of the voice that a person has named, from 0, or `NOBODY`: pieces of one number stay
    together, and those of two stay apart. Returns (n_pieces,).
    """
    named = np.array(known, dtype=np.int64).reshape(-1)
    voices = np.full(durations_s.size, NOBODY, np.int64)
    voices[named != NOBODY] = named[named != NOBODY]
    founding = np.flatnonzero((durations_s >= parameters.min_founding_s) | (named != NOBODY))
    if founding.size == 0:
        return voices
    voices[founding] = _linked(embeddings[founding], named[founding], parameters.min_likeness)
    voices = _joined(voices, embeddings, durations_s, named, parameters)
    return _settled(voices, embeddings, durations_s, named, parameters)


def centres(
    voices: NDArray[np.int64], embeddings: Embeddings, durations_s: NDArray[np.float64]
) -> tuple[NDArray[np.int64], Embeddings]:
    """Numbers of the voices, and the mean embedding of each, long pieces weighing more.

    `voices` (n_pieces,): of each piece; `NOBODY` is left out; `embeddings` (n_pieces, n): each of
    length 1; `durations_s` (n_pieces,): of each piece. Returns `numbers` (n_voices,), `means`
    (n_voices, n).
    """
    numbers: NDArray[np.int64] = np.unique(voices[voices != NOBODY])
    weights = (voices == numbers[:, np.newaxis]) * durations_s
    sums = weights.astype(np.float32) @ embeddings
    return numbers, sums / np.linalg.norm(sums, axis=1, keepdims=True)


def _linked(embeddings: Embeddings, named: NDArray[np.int64], least: float) -> NDArray[np.int64]:
    """Average linkage of the cosine; named pieces are together or apart as they are named."""
    if named.size == 1:
        return named if named[0] != NOBODY else np.array([named.max() + 1])
    distance = np.clip(1.0 - embeddings.astype(np.float64) @ embeddings.T, 0.0, 2.0)
    is_named = named != NOBODY
    both = is_named[:, np.newaxis] & is_named
    distance[both] = np.where((named[:, np.newaxis] == named)[both], 0.0, _NEVER)
    np.fill_diagonal(distance, 0.0)
    found = fcluster(
        linkage(squareform(distance, checks=False), "average"), 1.0 - least, "distance"
    )
    voices: NDArray[np.int64] = found.astype(np.int64) + named.max() + 1
    for number in np.unique(named[is_named]):
        for one in np.unique(voices[named == number]):
            voices[voices == one] = number
    return voices


def _joined(
    voices: NDArray[np.int64],
    embeddings: Embeddings,
    durations_s: NDArray[np.float64],
    named: NDArray[np.int64],
    parameters: VoiceParameters,
) -> NDArray[np.int64]:
    """Join voices whose means are alike, the most alike first."""
    fixed = set(named[named != NOBODY].tolist())
    while True:
        numbers, means = centres(voices, embeddings, durations_s)
        alike = means @ means.T
        pairs = [
            (float(alike[a, b]), a, b)
            for a, b in combinations(range(numbers.size), 2)
            if not {int(numbers[a]), int(numbers[b])} <= fixed
        ]
        most, a, b = max(pairs, default=(-1.0, 0, 0), key=lambda pair: pair[0])
        if most < parameters.min_voice_likeness:
            return voices
        keep, drop = sorted((int(numbers[a]), int(numbers[b])), key=lambda n: (n not in fixed, n))
        voices = np.where(voices == drop, keep, voices)


def _settled(
    voices: NDArray[np.int64],
    embeddings: Embeddings,
    durations_s: NDArray[np.float64],
    named: NDArray[np.int64],
    parameters: VoiceParameters,
) -> NDArray[np.int64]:
    """Give each piece to the voice that it is most like, and drop voices hardly heard."""
    fixed = named[named != NOBODY]
    for _ in range(_N_ROUNDS):
        numbers, means = centres(voices, embeddings, durations_s)
        heard_s = np.array([durations_s[voices == n].sum() for n in numbers])
        stays = (heard_s >= parameters.min_voice_s) | np.isin(numbers, fixed)
        if not stays.any():
            return np.full_like(voices, NOBODY)
        numbers, means = numbers[stays], means[stays]
        likeness = embeddings @ means.T
        nearest = numbers[np.argmax(likeness, axis=1)]
        is_like = likeness.max(axis=1) >= parameters.min_told_likeness
        moved = np.where(named != NOBODY, named, np.where(is_like, nearest, NOBODY))
        if np.array_equal(moved, voices):
            break
        voices = moved
    return voices


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoice:
    """A voice with a name.

    One stretch is enough to name a voice. Stretches of two found voices under one name join them;
    two names within one found voice part it.

    Parameters
    ----------
    name : str
        How results speak of it.
    heard : tuple of str
        Where this voice alone is heard, such as ``"0:01:05 - 0:01:12"``.
    narrates : bool
        Whether it is a narrator's, at least at times.

    Raises
    ------
    ParameterError
        If the name is empty, nothing is heard, or a stretch is none.
    """

    name: str
    heard: tuple[str, ...]
    narrates: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ParameterError("a voice", "its name is empty", "Give it a name")
        if not self.heard:
            raise ParameterError(
                f"voice {self.name!r}",
                "nothing says where it is heard",
                'Give stretches in which nobody else speaks: heard = ["0:01:05 - 0:01:12"]',
            )
        for text in self.heard:
            self._stretch(text)

    @property
    def stretches(self) -> tuple[Interval, ...]:
        """Where the voice is heard, in film time."""
        return tuple(self._stretch(text) for text in self.heard)

    def _stretch(self, text: str) -> Interval:
        bounds = _DASH.split(text.strip())
        try:
            start_s, end_s = (parse_timecode(bound) for bound in bounds)
            return Interval(start_s, end_s)
        except ValueError as error:  # a ParameterError too
            raise ParameterError(
                f"voice {self.name!r}, heard {text!r}",
                "it is no stretch of film",
                "Write start and end, such as 0:01:05 - 0:01:12",
            ) from error


def check_known(known: Sequence[KnownVoice]) -> None:
    """Make sure that no two voices share a name or a moment.

    Parameters
    ----------
    known : sequence of KnownVoice
        In any order.

    Raises
    ------
    ParameterError
        If they do.
    """
    if len(known) > _MOST_VOICES:
        raise ParameterError(
            "voices", f"there are {len(known):,} of them", f"Name {_MOST_VOICES} at most"
        )
    for n, voice in enumerate(known):
        for other in known[:n]:
            if voice.name == other.name:
                raise ParameterError(
                    f"voice {voice.name!r}",
                    "two voices have this name",
                    "List all its stretches under one",
                )
            shared = Timeline.of(voice.stretches) & Timeline.of(other.stretches)
            if shared.intervals:
                raise ParameterError(
                    f"voices {other.name!r} and {voice.name!r}",
                    f"both are heard at {timecode(shared.intervals[0].start_s)}",
                    "Keep to stretches in which one voice speaks alone",
                )

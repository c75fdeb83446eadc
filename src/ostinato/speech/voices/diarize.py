"""Segments of speech are given their voice, and cut where voices change within one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.activations import frame_slice
from ostinato.errors import ParameterError
from ostinato.results import (
    Extent,
    SegmentEvidence,
    SpeechSegment,
    Spoken,
    Voice,
)
from ostinato.speech.activity import Activity
from ostinato.speech.speech_parameters import VoiceParameters
from ostinato.speech.voices.clusters import NOBODY, KnownVoice, centres, gather
from ostinato.speech.voices.network import Network
from ostinato.speech.voices.prints import VoicePrints
from ostinato.timeline import Interval, timecode


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a segment, or a stretch that a person gave for a voice (`segment` is None)."""

    segment: int | None
    start: int
    stop: int
    known: int = NOBODY

    @property
    def blocks(self) -> slice:
        return slice(self.start, self.stop)

    @property
    def n_blocks(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class _Assigned:
    piece: _Piece
    voice: int
    likeness: float


def assign_voices(
    speech: Sequence[SpeechSegment],
    prints: VoicePrints,
    *,
    known: Sequence[KnownVoice],
    activity: Activity,
    network: Network,
    parameters: VoiceParameters,
) -> tuple[tuple[SpeechSegment, ...], tuple[Voice, ...]]:
    """Say who speaks, by voices that are numbered as they are first heard.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order. Those that a label decides are not cut.
    prints : VoicePrints
        Of the film.
    known : sequence of KnownVoice
        Voices that a person has named; none share a name or a moment.
    activity : Activity
        Its pauses place the cuts.
    network : Network
        That made the prints.
    parameters : VoiceParameters
        How.

    Returns
    -------
    speech : tuple of SpeechSegment
        Numbered anew, with `voice`, and `voice_score` in the evidence: the likeness to that voice,
        -1 to 1. `voice` is None where it cannot be assigned.
    voices : tuple of Voice
        ``V1``, ``V2`` … in order of film time.

    Raises
    ------
    ParameterError
        If a known voice is said to be heard where no talk is.
    """
    pieces = [*_enrolled(known, prints), *_pieces(speech, prints, known, network, parameters)]
    assigned: dict[int, list[_Assigned]] = {}
    for row in _assigned(pieces, prints, network, parameters):
        if row.piece.segment is not None:
            assigned.setdefault(row.piece.segment, []).append(row)
    parts = [
        part
        for index, rows in assigned.items()
        for part in _parts(speech[index], rows, prints, activity, parameters)
    ]
    return _named(parts, known)


def _enrolled(known: Sequence[KnownVoice], prints: VoicePrints) -> list[_Piece]:
    pieces = []
    for number, voice in enumerate(known):
        for stretch in voice.stretches:
            blocks = prints.blocks(stretch)
            pieces.append(_Piece(None, blocks.start, blocks.stop, number))
            if pieces[-1].n_blocks == 0:
                raise ParameterError(
                    f"voice {voice.name!r}",
                    f"no talk was detected at {timecode(stretch.start_s)} to "
                    f"{timecode(stretch.end_s)}",
                    "Give a stretch in which it speaks",
                )
    return pieces


def _pieces(
    speech: Sequence[SpeechSegment],
    prints: VoicePrints,
    known: Sequence[KnownVoice],
    network: Network,
    parameters: VoiceParameters,
) -> list[_Piece]:
    owner = np.full(prints.centres_s.size, NOBODY, np.int64)
    for number, voice in enumerate(known):
        for stretch in voice.stretches:
            owner[prints.blocks(stretch)] = number
    pieces = []
    for index, segment in enumerate(speech):
        blocks = prints.blocks(segment.interval)
        cuts = (
            []
            if segment.decided_by == "label"
            else changes(blocks, prints, network=network, parameters=parameters)
        )
        bounds = [blocks.start, *cuts, blocks.stop]
        for start, stop in pairwise(bounds):
            pieces.append(_Piece(index, start, stop, _owner_of_most(owner[start:stop])))
    return pieces


def _owner_of_most(owners: NDArray[np.int64]) -> int:
    numbers, counts = np.unique(owners, return_counts=True)
    is_most = 2 * counts > owners.size
    return int(numbers[is_most][0]) if is_most.any() else NOBODY


def _assigned(
    pieces: Sequence[_Piece],
    prints: VoicePrints,
    network: Network,
    parameters: VoiceParameters,
) -> list[_Assigned]:
    """Give each piece its voice; `NOBODY` where that cannot be assigned."""
    assigned = {piece: _Assigned(piece, NOBODY, 0.0) for piece in pieces}
    heard = [piece for piece in pieces if piece.n_blocks > 0]
    if not heard:
        return list(assigned.values())
    embeddings = prints.embeddings([piece.blocks for piece in heard], network)
    durations_s = np.array([parameters.block_s * piece.n_blocks for piece in heard])
    voices = gather(embeddings, durations_s, [p.known for p in heard], parameters=parameters)
    numbers, means = centres(voices, embeddings, durations_s)
    likeness = embeddings @ means.T
    for piece, voice, duration_s, row in zip(heard, voices, durations_s, likeness, strict=True):
        if voice == NOBODY:
            continue
        own = float(row[numbers == voice][0])
        others = row[numbers != voice]
        is_clear = (
            duration_s >= parameters.min_telling_s
            and own >= parameters.min_told_likeness
            and own - float(others.max(initial=-1.0)) >= parameters.min_margin
        )
        if is_clear or piece.known != NOBODY:
            assigned[piece] = _Assigned(piece, int(voice), own)
    return list(assigned.values())


@dataclass(frozen=True, slots=True)
class _Part:
    segment: SpeechSegment
    voice: int


def _parts(
    segment: SpeechSegment,
    rows: Sequence[_Assigned],
    prints: VoicePrints,
    activity: Activity,
    parameters: VoiceParameters,
) -> list[_Part]:
    """Cut a segment between pieces of different voices."""
    groups = [(voice, list(own)) for voice, own in groupby(rows, key=lambda row: row.voice)]
    cuts_s = [
        _cut_s(own[0].piece.start, prints, activity, parameters.dip_search_s)
        for _, own in groups[1:]
    ]
    parts = []
    bounds_s = pairwise([segment.start_s, *cuts_s, segment.end_s])
    for (voice, own), (start_s, end_s) in zip(groups, bounds_s, strict=True):
        evidence = dict(segment.evidence)
        mean = activity.mean_speech(Interval(start_s, end_s))
        if cuts_s and mean is not None:
            evidence["activity"] = mean
        if voice != NOBODY:
            weights = [row.piece.n_blocks for row in own]
            evidence["voice_score"] = float(np.average([r.likeness for r in own], weights=weights))
        extent = Extent(id=segment.id, start_s=start_s, end_s=end_s)
        part = segment.with_parts(extent, SegmentEvidence(evidence=evidence))
        parts.append(_Part(part, voice))
    return parts


def _cut_s(block: int, prints: VoicePrints, activity: Activity, reach_s: float) -> float:
    """Film time of the lowest probability of talk near the start of a block."""
    border_s = float(prints.centres_s[block - 1] + prints.centres_s[block]) / 2
    near = frame_slice(
        Interval(border_s - reach_s, border_s + reach_s),
        activity.clock,
        n_frames=activity.speech.size,
    )
    talk = activity.speech[near]
    if talk.size == 0:
        return border_s
    times_s = activity.clock.centres_s(near.stop)[near.start :]
    lows_s = times_s[talk == talk.min()]
    return float(lows_s[np.argmin(np.abs(lows_s - border_s))])


def _named(
    parts: Sequence[_Part], known: Sequence[KnownVoice]
) -> tuple[tuple[SpeechSegment, ...], tuple[Voice, ...]]:
    """Give segments and voices their numbers, in film order."""
    order = list(dict.fromkeys(part.voice for part in parts if part.voice != NOBODY))
    ids = {voice: f"V{number}" for number, voice in enumerate(order, start=1)}
    speech = tuple(
        part.segment.with_parts(
            Extent(id=f"T{number}", start_s=part.segment.start_s, end_s=part.segment.end_s),
            Spoken(voice=ids.get(part.voice)),
        )
        for number, part in enumerate(parts, start=1)
    )
    voices = []
    for voice in order:
        own = [segment for segment in speech if segment.voice == ids[voice]]
        person = known[voice] if voice < len(known) else None
        voices.append(
            Voice(
                id=ids[voice],
                name=None if person is None else person.name,
                narrates=None if person is None else person.narrates,
                first_s=own[0].start_s,
                speech_s=sum(segment.interval.duration_s for segment in own),
                n_segments=len(own),
            )
        )
    return speech, tuple(voices)


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

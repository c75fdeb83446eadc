"""Finds by waveform and finds by spectrum become one account of the film.

The waveform is the better witness: where both speak of the same film, the spectrum is heard only
about what the waveform does not explain. Pieces of a few seconds are the exception. A copy whose
tempo was changed is spliced together from such pieces, which agree with the spectrum about where
in the song each is: they are part of one occurrence, whose tempo and edges the spectrum tells.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ostinato.cues.found import Found
from ostinato.cues.spectral.parameters import SpectralParameters
from ostinato.timeline import Interval, Timeline


def is_piece(found: Found, *, parameters: SpectralParameters) -> bool:
    """Tell whether a find by waveform may be part of a copy that the spectrum shows whole.

    Parameters
    ----------
    found : Found
        By waveform.
    parameters : SpectralParameters
        The longest such piece.

    Returns
    -------
    bool
        Whether it is that short.
    """
    return found.end_s - found.start_s < parameters.longest_piece_s


def settled(
    found: Sequence[Found], alike: Sequence[Found], *, parameters: SpectralParameters
) -> tuple[Found, ...]:
    """Put finds by waveform and by spectrum together.

    Parameters
    ----------
    found : sequence of Found
        By waveform; none but pieces lies in the film of `alike`.
    alike : sequence of Found
        By spectrum.
    parameters : SpectralParameters
        When two maps are one.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    kept = list(found)
    out: list[Found] = []
    for one in (_on_known_map(one, found, parameters) for one in alike):
        inside = [piece for piece in kept if _overlap_s(piece, one) > 0]
        if any(_overlap_s(p, one) > 0 and not _agree(p, one, parameters) for p in inside):
            continue
        same = [piece for piece in inside if piece.time_map == one.time_map]
        kept = [piece for piece in kept if piece not in inside or piece in same]
        pieces = [piece for piece in inside if piece not in same]
        out += _without(_made_of(one, pieces, parameters), same, parameters)
    return tuple(sorted([*kept, *out], key=lambda one: one.start_s))


def _on_known_map(one: Found, found: Sequence[Found], parameters: SpectralParameters) -> Found:
    """Give a find the exact map of a find by waveform that says the same."""
    for exact in found:
        ratios = one.time_map.speed / exact.time_map.speed, one.pitch / exact.pitch
        if all(abs(ratio - 1) < parameters.max_speed_error for ratio in ratios) and all(
            abs(exact.time_map.song_s(t) - one.time_map.song_s(t)) < parameters.max_map_error_s
            for t in (one.start_s, one.end_s)
        ):
            return replace(one, time_map=exact.time_map, pitch=exact.pitch)
    return one


def _overlap_s(one: Found, other: Found) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def _agree(piece: Found, one: Found, parameters: SpectralParameters) -> bool:
    middle_s = (max(piece.start_s, one.start_s) + min(piece.end_s, one.end_s)) / 2
    apart_s = abs(piece.time_map.song_s(middle_s) - one.time_map.song_s(middle_s))
    return apart_s < parameters.max_map_error_s


def _made_of(one: Found, pieces: Sequence[Found], parameters: SpectralParameters) -> Found:
    """Let a copy be known by the waveform if it was met in several places."""
    if len(pieces) < parameters.least_pieces:
        return one
    return replace(
        one,
        evidence=max(one.evidence, sum(piece.evidence for piece in pieces)),
        p_value=min(piece.p_value for piece in pieces),
        pitch=float(np.median([piece.pitch for piece in pieces])),
        pieces=tuple(pieces),
        likeness="waveform",
    )


def _without(one: Found, taken: Sequence[Found], parameters: SpectralParameters) -> list[Found]:
    """Return what of a find lies outside of others, where that is long enough."""
    rest = Timeline.of([Interval(one.start_s, one.end_s)]) - Timeline.of(
        Interval(other.start_s, other.end_s) for other in taken
    )
    return [
        replace(
            one,
            start_s=part.start_s,
            end_s=part.end_s,
            evidence=one.evidence * part.duration_s / (one.end_s - one.start_s),
        )
        for part in rest
        if part.duration_s >= parameters.trace.min_duration_s
    ]

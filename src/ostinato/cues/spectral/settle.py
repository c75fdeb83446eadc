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
        inside = [piece for piece in kept if _gap_s(piece, one) < 0]
        apart = [piece for piece in inside if not _agree(piece, one, parameters)]
        if any(not _is_explained(piece, one, parameters) for piece in apart):
            continue
        if _is_altered(one, parameters):
            whole, pieces = _grown(one, kept, parameters)
            kept = [piece for piece in kept if piece not in pieces and piece not in apart]
            out += _without(_made_of(whole, pieces, parameters), kept, parameters)
        else:
            out += _without(one, inside, parameters)
    return tuple(sorted([*kept, *out], key=lambda one: one.start_s))


def _on_known_map(one: Found, found: Sequence[Found], parameters: SpectralParameters) -> Found:
    """Give a find that is not altered the exact map of a find by waveform that says the same."""
    if _is_altered(one, parameters):
        return one
    for exact in sorted(found, key=lambda other: -other.evidence):
        is_near = _gap_s(exact, one) <= parameters.longest_gap_s
        if is_near and abs(one.time_map.speed / exact.time_map.speed - 1) < (
            parameters.least_change
        ):
            middle_s = (one.start_s + one.end_s) / 2
            apart_s = abs(exact.time_map.song_s(middle_s) - one.time_map.song_s(middle_s))
            if apart_s < parameters.max_map_error_s:
                return replace(one, time_map=exact.time_map, pitch=exact.pitch)
    return one


def _is_altered(one: Found, parameters: SpectralParameters) -> bool:
    """Tell whether tempo and pitch differ by more than a few seconds leave uncertain."""
    return abs(one.time_map.speed / one.pitch - 1) >= parameters.least_change


def _gap_s(one: Found, other: Found) -> float:
    """Return the seconds between two finds, below 0 if they overlap."""
    return max(one.start_s, other.start_s) - min(one.end_s, other.end_s)


def _agree(piece: Found, one: Found, parameters: SpectralParameters) -> bool:
    """Tell whether a piece, or a rival of it, is where the spectrum says the song is."""
    middle_s = (piece.start_s + piece.end_s) / 2
    played_s = (middle_s - piece.start_s) * piece.time_map.speed
    starts_s = (piece.time_map.song_s(piece.start_s), *piece.rivals_song_s)
    # it crosses the copy's line somewhere within it
    slope = abs(piece.time_map.speed - one.time_map.speed)
    allowed_s = parameters.max_map_error_s + slope * (piece.end_s - piece.start_s) / 2
    expected_s = one.time_map.song_s(middle_s)
    return any(abs(at_s + played_s - expected_s) < allowed_s for at_s in starts_s)


def _is_explained(piece: Found, one: Found, parameters: SpectralParameters) -> bool:
    """Tell whether an altered copy explains a piece that is elsewhere in the song.

    A song resembles itself: a splice of its chorus fits another chorus.
    """
    share = (piece.end_s - piece.start_s) / (one.end_s - one.start_s)
    return _is_altered(one, parameters) and share < parameters.max_apart_share


def _grown(
    one: Found, found: Sequence[Found], parameters: SpectralParameters
) -> tuple[Found, list[Found]]:
    """Return a copy with the pieces that carry it on, and all pieces that are part of it."""
    pieces: list[Found] = []
    while True:
        more = [
            piece
            for piece in found
            if piece not in pieces
            and is_piece(piece, parameters=parameters)
            and _gap_s(piece, one) <= parameters.longest_gap_s
            and _agree(piece, one, parameters)
        ]
        if not more:
            return one, sorted(pieces, key=lambda piece: piece.start_s)
        pieces += more
        first, last = (min(more, key=lambda p: p.start_s), max(more, key=lambda p: p.end_s))
        if first.start_s < one.start_s:
            one = replace(one, start_s=first.start_s, start_error_s=first.start_error_s)
        if last.end_s > one.end_s:
            one = replace(one, end_s=last.end_s, end_error_s=last.end_error_s)


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

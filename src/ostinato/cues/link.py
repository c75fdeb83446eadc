"""Pieces of a copy whose tempo was changed and whose pitch was kept are one occurrence.

Such a copy is made of short stretches of the recording, moved together or apart. Each shows as a
piece at the speed of its pitch; their places in film and song lie on a line whose slope is the
tempo. Cuts and loops give no such line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ostinato.cues.found import Found, pitch_of
from ostinato.ranges import Count, Deviation, Seconds, check_ranges
from ostinato.results import TimeMap


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParameters:
    """When pieces count as one stretched copy; recorded verbatim under `run.parameters`."""

    least_pieces: Count = 3
    """Two pieces lie on a line whatever they are."""
    longest_piece_s: Seconds = 8.0
    """A stretch of 0.2 % moves a piece of this length by one splice of 16 ms."""
    longest_gap_s: Seconds = 6.0
    """Film between two pieces, where splices follow each other too soon to be found."""
    max_residual_s: Seconds = 0.06
    """By which a piece may be off the line: splices of 20 to 80 ms place it either side."""
    least_stretch: Deviation = 0.004
    """Tempo against pitch: less is drift, and pieces of one map."""
    most_stretch: Deviation = 0.2
    """More is heard as another performance, and is made of pieces too short to be found."""

    def __post_init__(self) -> None:
        check_ranges(self)


def link_pieces(found: Sequence[Found], *, parameters: LinkParameters) -> tuple[Found, ...]:
    """Join the pieces of each copy whose tempo was changed without its pitch.

    Parameters
    ----------
    found : sequence of Found
        Of one song, in order of film time.
    parameters : LinkParameters
        What counts as such a copy.

    Returns
    -------
    tuple of Found
        In order of film time; a joined one has its tempo as the speed of its map, keeps the speed
        of its pieces as its pitch, and holds the pieces.
    """
    out: list[Found] = []
    index = 0
    while index < len(found):
        chain = _chain(found[index:], parameters)
        out.append(found[index] if len(chain) == 1 else _joined(chain))
        index += len(chain)
    return tuple(out)


def _chain(found: Sequence[Found], parameters: LinkParameters) -> Sequence[Found]:
    """Return the longest run from the first piece on that lies on one line, or that piece alone."""
    longest: Sequence[Found] = found[:1]
    for n_pieces in range(2, len(found) + 1):
        before, last = found[n_pieces - 2 : n_pieces]
        if not _may_follow(before, last, parameters):
            break
        if n_pieces >= parameters.least_pieces:
            if not _is_line(found[:n_pieces], parameters):
                break
            longest = found[:n_pieces]
    return longest


def _may_follow(before: Found, after: Found, parameters: LinkParameters) -> bool:
    stretch = parameters.most_stretch
    film_s, song_s = (b - a for a, b in zip(_middle(before), _middle(after), strict=True))
    return (
        max(p.end_s - p.start_s for p in (before, after)) <= parameters.longest_piece_s
        and after.start_s - before.end_s <= parameters.longest_gap_s
        and abs(after.pitch / before.pitch - 1) < parameters.least_stretch / 2
        and 1 - stretch <= song_s / (film_s * before.pitch) <= 1 + stretch
    )


def _middle(found: Found) -> tuple[float, float]:
    film_s = (found.start_s + found.end_s) / 2
    return film_s, found.time_map.song_s(film_s)


def _line(pieces: Sequence[Found]) -> tuple[float, float, float]:
    """Return slope and intercept of song time over film time, and the largest residual.

    A piece crosses the line somewhere within it, so that much is allowed to each.
    """
    film_s, song_s = np.array([_middle(piece) for piece in pieces]).T
    slope, intercept = np.polyfit(film_s, song_s, 1)
    residual = np.abs(song_s - slope * film_s - intercept)
    allowed = [(p.end_s - p.start_s) * abs(slope - p.pitch) / 2 for p in pieces]
    return float(slope), float(intercept), float(np.max(residual - allowed))


def _is_line(pieces: Sequence[Found], parameters: LinkParameters) -> bool:
    slope, _, residual_s = _line(pieces)
    stretch = abs(slope / pitch_of(pieces) - 1)
    return residual_s <= parameters.max_residual_s and stretch >= parameters.least_stretch


def _common_rivals(pieces: Sequence[Found]) -> tuple[float, ...]:
    """Return where else the whole may be: as far from it as most pieces have a rival."""
    starts_s = [piece.time_map.song_s(piece.start_s) for piece in pieces]
    apart_s = [
        [rival_s - start_s for rival_s in piece.rivals_song_s]
        for piece, start_s in zip(pieces, starts_s, strict=True)
    ]
    return tuple(
        round(starts_s[0] + shift_s, 3)
        for shift_s in apart_s[0]
        if sum(any(abs(one - shift_s) < _SAME_S for one in some) for some in apart_s)
        > len(pieces) / 2
    )


_SAME_S = 0.3


def _joined(pieces: Sequence[Found]) -> Found:
    slope, intercept, _ = _line(pieces)
    return replace(
        pieces[0],
        end_s=pieces[-1].end_s,
        time_map=TimeMap(offset_s=-intercept / slope, speed=slope),
        evidence=sum(piece.evidence for piece in pieces),
        p_value=min(piece.p_value for piece in pieces),
        end_error_s=pieces[-1].end_error_s,
        rivals_song_s=_common_rivals(pieces),
        pitch=pitch_of(pieces),
        pieces=tuple(pieces),
    )

"""Speeds between the listed ones: where the spectrum shows a song, its waveform is asked for.

A waveform is lost at a speed that is a thousandth off, and a search at all speeds of a turntable's
slider would take hours. The spectrum tells tempo and place nearly, and of a short window of film
the waveform then tells the rest.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from ostinato.cues.lines import Line
from ostinato.cues.path import TraceParameters
from ostinato.cues.peaks import DetectParameters, Scale
from ostinato.cues.search import find_along, find_song
from ostinato.cues.song_finds import Found
from ostinato.cues.tracks import Reference, Track, nats_near
from ostinato.cues.views import RATE_HZ


def with_speeds_between(
    film: Track,
    reference: Reference,
    found: Sequence[Found],
    alike: Sequence[Found],
    *,
    detect: DetectParameters,
    trace_parameters: TraceParameters,
) -> tuple[Found, ...]:
    """Find by its waveform what so far only the spectrum shows, at whatever speed it plays.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    found : sequence of Found
        Known by the waveform.
    alike : sequence of Found
        What the spectrum shows, the film of short pieces of `found` included.
    detect, trace_parameters : DetectParameters, TraceParameters
        How to search and how to follow.

    Returns
    -------
    tuple of Found
        By waveform, in order of film time. A short find yields where the waveform fits better at
        another speed, at the place that the spectrum shows.
    """
    shown = [one for one in alike if _is_unaltered(one)]
    beaten = [
        piece
        for piece in found
        if any(_is_beaten(film, reference, piece, one) for one in shown if _meet(piece, one))
    ]
    known = [one for one in found if one not in beaten]
    lines = [line for one in shown for line in _lines(film, reference, one, known)]
    lines.sort(key=lambda line: -line.evidence)
    along = find_along(
        film, reference, lines, known, n_tries=_N_SPEEDS, parameters=trace_parameters
    )
    further: list[Found] = []
    for speed in _speeds(along)[: detect.most_further_speeds]:
        further += find_song(
            film,
            reference,
            speeds=(speed,),
            detect=detect,
            trace_parameters=trace_parameters,
            taken=(*known, *along, *further),
        )
    out = [*known, *along, *further]
    # whoever was beaten and not replaced has its film again
    out += [piece for piece in beaten if not any(_meet(piece, one) for one in out)]
    return tuple(sorted(out, key=lambda one: one.start_s))


def _meet(one: Found, other: Found) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


def _agree(piece: Found, one: Found) -> bool:
    middle_s = (max(piece.start_s, one.start_s) + min(piece.end_s, one.end_s)) / 2
    return abs(piece.time_map.song_s(middle_s) - one.time_map.song_s(middle_s)) < _REACH_S


def _is_beaten(film: Track, reference: Reference, piece: Found, one: Found) -> bool:
    """Tell whether the waveform fits a piece's film better where the spectrum shows the song."""
    if _agree(piece, one) or piece.end_s - piece.start_s > _LONGEST_PIECE_S:
        return False
    length = round(min(_WINDOW_S, piece.end_s - piece.start_s) * RATE_HZ)
    first = round((piece.start_s + piece.end_s) / 2 * RATE_HZ) - length // 2
    there = _line(film, reference, one, first, length)
    offset = round(piece.time_map.offset_s * RATE_HZ)
    own, _ = nats_near(
        film,
        reference,
        speed=piece.time_map.speed,
        start=first,
        stop=first + length,
        offset=offset,
        reach=_SAME_PLACE,
    )
    return there is not None and there.evidence > _BEATEN_BY * own


_LONGEST_PIECE_S = 8.0
_BEATEN_BY = 1.1
_SAME_PLACE = RATE_HZ // 100  # samples: what a piece's own place is good to


def _is_unaltered(one: Found) -> bool:
    """Tell whether only the spectrum shows a find, and tempo and pitch are moved together."""
    return one.likeness == "spectrum" and abs(one.time_map.speed / one.pitch - 1) < _SAME_SPEED


_SAME_SPEED = 0.015  # what the spectrum leaves uncertain of either
_N_SPEEDS = 200  # from 0.9 to 1.1, each a thousandth from the next


def _lines(film: Track, reference: Reference, one: Found, known: Sequence[Found]) -> Iterator[Line]:
    """Yield a line for each window of film in which the waveform is met, at its own speed."""
    length, hop = round(_WINDOW_S * RATE_HZ), round(_HOP_S * RATE_HZ)
    start, stop = (round(at_s * RATE_HZ) for at_s in (one.start_s, one.end_s))
    for first in range(start, min(stop, start + round(_LONGEST_S * RATE_HZ)) - length + 1, hop):
        middle_s = (first + length / 2) / RATE_HZ
        if any(other.start_s <= middle_s < other.end_s for other in known):
            continue
        line = _line(film, reference, one, first, length)
        if line is not None:
            yield line


_WINDOW_S = 2.5
_HOP_S = 1.5
_LONGEST_S = 120.0


def _line(film: Track, reference: Reference, one: Found, first: int, length: int) -> Line | None:
    """Return the speed and the place at which a window is met best, if beyond chance."""
    middle = first + length / 2
    song_s = one.time_map.song_s(middle / RATE_HZ)
    reach = round(_REACH_S * RATE_HZ)
    best = (0.0, 1.0, 0)
    for k in sorted(range(-_N_STEPS, _N_STEPS + 1), key=abs):
        speed = one.time_map.speed * (1 + k * _STEP)
        around = round(middle - song_s / speed * RATE_HZ)
        nats, offset = nats_near(
            film,
            reference,
            speed=speed,
            start=first,
            stop=first + length,
            offset=around,
            reach=reach,
        )
        best = max(best, (nats, speed, offset))
    most, speed, offset = best
    nats = most - float(np.log((2 * _N_STEPS + 1) * 2 * reach))
    if nats < _LEAST_NATS:
        return None
    return Line(
        speed,
        Scale(block_s=length / RATE_HZ, hop_s=length / RATE_HZ),
        np.array([first]),
        np.array([(2 * most) ** 0.5], np.float32),
        np.array([0]),
        np.full(len(film.views), 1 / len(film.views)),
        float(offset),
        nats,
    )


_REACH_S = 0.25  # either side of where the spectrum says that the song is
_STEP = 4e-4
_N_STEPS = 20  # either way: what the spectrum leaves uncertain of the speed
_LEAST_NATS = 8.0


def _speeds(found: Sequence[Found]) -> list[float]:
    """Return speeds at which much is heard, the most first, no two nearly the same."""
    out: list[float] = []
    for one in sorted(found, key=lambda one: -one.evidence):
        speed = one.time_map.speed
        if one.end_s - one.start_s >= _LEAST_HEARD_S and all(
            abs(speed / known - 1) > _NEAR_SPEED for known in out
        ):
            out.append(speed)
    return out


_LEAST_HEARD_S = 4.0
_NEAR_SPEED = 8e-4  # what tracing makes up for

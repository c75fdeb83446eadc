"""All occurrences of one song: lines are traced the strongest first, and each claims its film."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.candidates import candidate_lines
from ostinato.cues.decoys import Null, backwards
from ostinato.cues.detect import DetectParameters, Progress
from ostinato.cues.lines import Line
from ostinato.cues.parameters import TraceParameters
from ostinato.cues.path import Stretch
from ostinato.cues.trace import Trace, trace
from ostinato.cues.track import RATE_HZ, Reference, Track
from ostinato.results import TimeMap


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of film in which the song is heard, before it is measured and named.

    `pitch` is the ratio of its pitch to the recording's; `pieces` are those of a copy whose tempo
    was changed and whose pitch was kept.
    """

    start_s: float
    end_s: float
    time_map: TimeMap
    evidence: float
    p_value: float
    start_error_s: float
    end_error_s: float
    rivals_song_s: tuple[float, ...]
    pitch: float
    pieces: tuple["Found", ...] = ()


def find_song(
    film: Track,
    reference: Reference,
    *,
    speeds: Sequence[float],
    detect: DetectParameters,
    trace_parameters: TraceParameters,
    on_progress: Progress | None = None,
) -> tuple[Found, ...]:
    """Find every stretch of film in which a song is heard.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    speeds : sequence of float
        Speeds to try, each refined.
    detect, trace_parameters : DetectParameters, TraceParameters
        How to search and how to follow.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    lines, n_cells = candidate_lines(
        film, reference, speeds=speeds, parameters=detect, on_progress=on_progress
    )
    return _claim(
        film,
        reference,
        lines,
        n_cells=n_cells,
        n_speeds=len(speeds),
        detect=detect,
        parameters=trace_parameters,
    )


def _claim(
    film: Track,
    reference: Reference,
    lines: Sequence[Line],
    *,
    n_cells: float,
    n_speeds: int,
    detect: DetectParameters,
    parameters: TraceParameters,
) -> tuple[Found, ...]:
    frame_length = round(parameters.frame_s * RATE_HZ)
    claimed = np.zeros(film.n_samples // frame_length + 1, np.bool_)
    out: list[Found] = []
    standing: list[Line] = []
    decoy = backwards(reference)

    def claim(line: Line, *, is_own: bool) -> None:
        one = trace(
            film,
            reference,
            line,
            decoy=decoy,
            claimed=claimed,
            n_cells=n_cells,
            n_speeds=n_speeds,
            parameters=parameters,
        )
        if one.null is None:
            return
        stretches = [s for s in one.stretches if not is_own or _overlap(s, line)]
        for stretch in stretches:
            claimed[stretch.start // frame_length : -(-stretch.stop // frame_length)] = True
            rivals = _rivals(stretch, one, lines)
            out.append(_found(stretch, one, one.null, rivals_song_s=rivals))
        if len(stretches) < len(one.stretches):
            standing.append(line)

    for line in lines:
        if _unclaimed_evidence(line, claimed, frame_length) >= detect.min_evidence + np.log(
            n_cells
        ):
            claim(line, is_own=True)
    # what else lies on a line waits until every line has had its own: a song that resembles
    # itself also fits where the record would have been, had it kept turning
    for line in standing:
        claim(line, is_own=False)
    return tuple(sorted(out, key=lambda found: found.start_s))


def _overlap(stretch: Stretch, line: Line) -> bool:
    return stretch.start < line.stop and line.start < stretch.stop


def _unclaimed_evidence(line: Line, claimed: NDArray[np.bool_], frame_length: int) -> float:
    """Return the nats of the blocks whose film is free."""
    is_free = np.zeros(line.lags.size, np.bool_)
    for index, lag in enumerate(line.lags):
        first = max(0, int(lag) // frame_length)
        taken = claimed[first : first + line.block_length // frame_length]
        is_free[index] = taken.size and float(taken.mean()) < _LEAST_TAKEN
    return line.nats(is_free)


_LEAST_TAKEN = 0.2  # more, and what is claimed may be all that such a block correlates with


def _rivals(stretch: Stretch, one: Trace, lines: Sequence[Line]) -> tuple[float, ...]:
    """Return other song positions that explain most of a stretch almost as well."""
    near = [line for line in lines if _overlap(stretch, line)]
    own = _strength(stretch, near, offset=one.time_map.offset_s * RATE_HZ, is_own=True)
    start_s = stretch.start / RATE_HZ
    strengths = sorted((_inside(line, stretch), line.offset, line.speed) for line in near)
    positions = [one.time_map.song_s(start_s)]
    for strength, offset, speed in reversed(strengths):
        if strength < _RIVAL_SHARE * own or strength <= 0:
            break
        position = (start_s - offset / RATE_HZ) * speed
        if position >= 0 and all(abs(position - known) > _SAME_LINE_S for known in positions):
            positions.append(position)
    return tuple(sorted(round(position, 3) for position in positions[1:]))


_SAME_LINE_S = 0.3  # nearer lines are a room's answers, or one beat of a loop
_RIVAL_SHARE = 0.5  # of the evidence: a copy to the sample gives all of it, a shared drum little


def _strength(stretch: Stretch, lines: Sequence[Line], *, offset: float, is_own: bool) -> float:
    near = [
        _inside(line, stretch)
        for line in lines
        if (abs(line.offset - offset) < _SAME_LINE_S * RATE_HZ) == is_own
    ]
    return max(near, default=0.0)


def _inside(line: Line, stretch: Stretch) -> float:
    inside = (line.lags > stretch.start - line.block_length / 2) & (
        line.lags < stretch.stop - line.block_length / 2
    )
    return line.nats(inside)


def _found(stretch: Stretch, one: Trace, null: Null, *, rivals_song_s: tuple[float, ...]) -> Found:
    return Found(
        stretch.start / RATE_HZ,
        stretch.stop / RATE_HZ,
        one.time_map,
        stretch.evidence,
        null.p_value(stretch.evidence),
        stretch.start_error_s,
        stretch.end_error_s,
        rivals_song_s,
        pitch=one.time_map.speed,
    )

"""All occurrences of one song: lines are traced the strongest first, and each claims its film."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.detect import (
    DetectParameters,
    Line,
    Peaks,
    Progress,
    find_peaks,
    gather_lines,
)
from ostinato.cues.fit import Reference
from ostinato.cues.parameters import TraceParameters
from ostinato.cues.path import Stretch
from ostinato.cues.trace import Trace, trace
from ostinato.cues.track import RATE_HZ, Track, whitened_song
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
    n_cells: float
    start_error_s: float
    end_error_s: float
    rivals_song_s: tuple[float, ...]
    pitch: float
    pieces: tuple["Found", ...] = ()


def find_song(
    film: Track,
    song_y: NDArray[np.float32],
    *,
    sample_rate_hz: int,
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
    song_y : ndarray of float32, shape (n_samples,)
        One channel of the reference.
    sample_rate_hz : int
        Its rate.
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
    whitened = {
        speed: whitened_song(song_y, sample_rate_hz=sample_rate_hz, speed=speed) for speed in speeds
    }
    reference = Reference(song_y, sample_rate_hz, whitened)
    peaks = []
    for n_done, speed in enumerate(speeds):

        def tell(fraction: float, n_done: int = n_done) -> None:
            if on_progress is not None:
                on_progress((n_done + fraction) / len(speeds))

        found = find_peaks(film, whitened[speed], speed=speed, parameters=detect, on_progress=tell)
        peaks.append(found)
    return _claim(film, reference, peaks, detect=detect, parameters=trace_parameters)


def _claim(
    film: Track,
    reference: Reference,
    peaks: Sequence[Peaks],
    *,
    detect: DetectParameters,
    parameters: TraceParameters,
) -> tuple[Found, ...]:
    frame_length = round(parameters.frame_s * RATE_HZ)
    claimed = np.zeros(film.n_samples // frame_length + 1, np.bool_)
    n_cells = sum(one.n_cells for one in peaks)
    lines = [line for one in peaks for line in gather_lines(one, parameters=detect)]
    lines.sort(key=lambda line: (-line.evidence, line.start, line.speed))
    out: list[Found] = []
    standing: list[Line] = []

    def claim(line: Line, *, is_own: bool) -> None:
        one = trace(film, reference, line, claimed=claimed, n_cells=n_cells, parameters=parameters)
        stretches = [s for s in one.stretches if not is_own or _overlap(s, line)]
        for stretch in stretches:
            claimed[stretch.start // frame_length : -(-stretch.stop // frame_length)] = True
            rivals = _rivals(stretch, one, lines)
            out.append(_found(stretch, one, n_cells=n_cells, rivals_song_s=rivals))
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
    """Return half the sum of z² over the blocks whose film is mostly free."""
    total = 0.0
    for lag, z in zip(line.lags, line.z, strict=True):
        first = max(0, int(lag) // frame_length)
        taken = claimed[first : first + line.block_length // frame_length]
        if taken.size and float(taken.mean()) < 1 / 2:
            total += float(z) ** 2 / 2
    return total


def _rivals(stretch: Stretch, one: Trace, lines: Sequence[Line]) -> tuple[float, ...]:
    """Return other song positions that explain most of a stretch almost as well."""
    own = _strength(stretch, lines, offset=one.time_map.offset_s * RATE_HZ, is_own=True)
    start_s = stretch.start / RATE_HZ
    strengths = sorted((_inside(line, stretch), line.offset, line.speed) for line in lines)
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
    return float(np.sum(line.z[inside].astype(np.float64) ** 2) / 2)


def _found(
    stretch: Stretch, one: Trace, *, n_cells: float, rivals_song_s: tuple[float, ...]
) -> Found:
    return Found(
        stretch.start / RATE_HZ,
        stretch.stop / RATE_HZ,
        one.time_map,
        stretch.evidence,
        n_cells,
        stretch.start_error_s,
        stretch.end_error_s,
        rivals_song_s,
        pitch=one.time_map.speed,
    )

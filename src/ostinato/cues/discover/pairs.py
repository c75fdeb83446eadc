"""One line of the plane becomes pairs: two stretches of film that hold the same sound."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.detect import Line
from ostinato.cues.discover.parameters import DiscoverParameters
from ostinato.cues.fit import Reference
from ostinato.cues.path import Stretch
from ostinato.cues.trace import trace
from ostinato.cues.track import RATE_HZ, Track
from ostinato.results import TimeMap
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two stretches of film in which the same sound is heard.

    Parameters
    ----------
    first, second : Interval
        Film time of either, `first` the earlier.
    time_map : TimeMap
        From film time of the second to film time of the first.
    evidence : float
        Nats beyond absence.
    start_error_s, end_error_s : float
        How long the sound must be heard at an edge before the edge is beyond doubt.
    """

    first: Interval
    second: Interval
    time_map: TimeMap
    evidence: float
    start_error_s: float
    end_error_s: float


def sides(line: Line) -> tuple[Interval, Interval]:
    """Return the earlier and the later stretch of film of a line, to whole blocks."""
    start_s, end_s = line.start / RATE_HZ, line.stop / RATE_HZ
    lag_s = line.offset / RATE_HZ
    return Interval(start_s - lag_s, end_s - lag_s), Interval(start_s, end_s)


def trace_pairs(
    film: Track,
    line: Line,
    *,
    free: NDArray[np.bool_],
    n_cells: float,
    parameters: DiscoverParameters,
) -> tuple[Pair, ...]:
    """Follow a line of the film's plane, with the earlier stretch as the song.

    Parameters
    ----------
    film : Track
        The whitened film.
    line : Line
        Its blocks are those of the film.
    free : ndarray of bool, shape (n_frames,)
        False throughout: no frame of the film is kept out.
    n_cells : float
        Places in which a line could have arisen by chance.
    parameters : DiscoverParameters
        How to follow it.

    Returns
    -------
    tuple of Pair
        In order of film time; empty where the line does not stand.
    """
    n_around = -(-round(parameters.margin_s * RATE_HZ) // line.hop_length)
    first = max(0, int(line.blocks[0]) - n_around)
    start = first * line.hop_length
    stop = (int(line.blocks[-1]) + n_around) * line.hop_length + line.block_length
    y = film.read(start, min(stop, film.n_samples))
    one = trace(
        film,
        Reference(y, RATE_HZ, {line.speed: y}),
        replace(line, blocks=line.blocks - first),
        claimed=free,
        n_cells=n_cells,
        parameters=parameters.trace,
    )
    speed = one.time_map.speed
    time_map = TimeMap(one.time_map.offset_s - start / RATE_HZ / speed, speed)
    return tuple(_pair(stretch, time_map) for stretch in one.stretches)


def _pair(stretch: Stretch, time_map: TimeMap) -> Pair:
    second = Interval(stretch.start / RATE_HZ, stretch.stop / RATE_HZ)
    return Pair(
        first=Interval(time_map.song_s(second.start_s), time_map.song_s(second.end_s)),
        second=second,
        time_map=time_map,
        evidence=stretch.evidence,
        start_error_s=stretch.start_error_s,
        end_error_s=stretch.end_error_s,
    )

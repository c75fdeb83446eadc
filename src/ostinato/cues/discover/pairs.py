"""One line of the plane becomes pairs: two stretches of film that hold the same sound."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.decoys import Decoy, Null
from ostinato.cues.discover.masked import may_go_on
from ostinato.cues.discover.parameters import DiscoverParameters
from ostinato.cues.lines import Line
from ostinato.cues.path import Stretch
from ostinato.cues.trace import approach, trace
from ostinato.cues.track import Track, whitened_reference
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import MAD_PER_SIGMA, lag_spectra
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
    p_value : float
        Of chance giving as much anywhere in the film.
    start_error_s, end_error_s : float
        How long the sound must be heard at an edge before the edge is beyond doubt.
    """

    first: Interval
    second: Interval
    time_map: TimeMap
    evidence: float
    p_value: float
    start_error_s: float
    end_error_s: float


def sides(line: Line) -> tuple[Interval, Interval]:
    """Return the earlier and the later stretch of film of a line, to whole blocks.

    Parameters
    ----------
    line : Line
        Its blocks are those of the film.

    Returns
    -------
    tuple of Interval
        Either may be silent for up to a block at its ends.
    """
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
    hop_length = round(line.scale.hop_s * RATE_HZ)
    n_around = -(-round(parameters.margin_s * RATE_HZ) // hop_length)
    first = max(0, int(line.blocks[0]) - n_around)
    start = first * hop_length
    stop = (int(line.blocks[-1]) + n_around) * hop_length + line.block_length
    y = film.read(start, min(stop, film.n_samples))
    piece = whitened_reference(dict(zip(film.views, y, strict=True)), speed=line.speed)
    moved = replace(line, blocks=line.blocks - first, offset=line.offset + start)
    joins = may_go_on(film, (0, start - round(moved.offset)))
    near = approach(film, piece, moved, claimed=free, parameters=parameters.trace, joins=joins)
    one = trace(
        film,
        piece,
        near,
        decoy=Decoy(piece),
        claimed=free,
        n_cells=n_cells,
        n_tries=film.n_samples / y.shape[1],
        parameters=parameters.trace,
        joins=joins,
    )
    speed = one.time_map.speed
    time_map = TimeMap(one.time_map.offset_s - start / RATE_HZ / speed, speed)
    return tuple(_pair(stretch, time_map, one.null) for stretch in one.stretches)


def hold_the_same(
    film: Track, one: Interval, other: Interval, *, parameters: DiscoverParameters
) -> bool:
    """Tell whether two stretches of film hold the same sound from their first instants on.

    Parameters
    ----------
    film : Track
        The whitened film.
    one, other : Interval
        Equally long; of longer ones the first 20 s are compared.
    parameters : DiscoverParameters
        What counts as the same.

    Returns
    -------
    bool
        Whether they correlate there, and more than at any lag around.
    """
    n_samples = round(min(one.duration_s, other.duration_s, _LONGEST_S) * RATE_HZ)
    x, y = (film.read(start, start + n_samples)[0] for start in map(_first_sample, (one, other)))
    max_lag, near = round(_AROUND_S * RATE_HZ), round(parameters.max_map_error_s * RATE_HZ)
    z = np.abs(lag_spectra(x, y, block_length=n_samples, hop_length=n_samples, max_lag=max_lag)[0])
    scale = max(1.0, float(np.median(z)) / MAD_PER_SIGMA)
    best = int(z.argmax())
    return abs(best - max_lag) <= near and float(z[best]) >= parameters.least_same_z * scale


_LONGEST_S = 20.0  # with a drift of 50 ppm the ends are then a millisecond apart
_AROUND_S = 0.5


def _first_sample(stretch: Interval) -> int:
    return round(stretch.start_s * RATE_HZ)


def _pair(stretch: Stretch, time_map: TimeMap, null: Null) -> Pair:
    second = Interval(stretch.start / RATE_HZ, stretch.stop / RATE_HZ)
    return Pair(
        first=Interval(time_map.song_s(second.start_s), time_map.song_s(second.end_s)),
        second=second,
        time_map=time_map,
        evidence=stretch.evidence,
        p_value=null.p_value(stretch.evidence),
        start_error_s=stretch.start_error_s,
        end_error_s=stretch.end_error_s,
    )

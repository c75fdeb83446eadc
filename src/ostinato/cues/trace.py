"""One candidate line becomes stretches of film with an exact time map.

The line is fitted by the lags of one-second blocks; the response of the playback chain is read off
the correlation and folded into the song; then the product of film and song is followed in frames
of 20 ms, and a path through *absent* and a ladder of gains says where the song is heard.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.fit import fit_line
from ostinato.cues.lines import Line
from ostinato.cues.parameters import TraceParameters
from ostinato.cues.path import Stretch, follow
from ostinato.cues.response import heard_through, playback_response
from ostinato.cues.track import RATE_HZ, Reference, Track
from ostinato.cues.views import pairs
from ostinato.results import TimeMap


@dataclass(frozen=True, slots=True)
class Trace:
    """A fitted line and the stretches of film that it explains."""

    time_map: TimeMap
    stretches: tuple[Stretch, ...]


def trace(
    film: Track,
    reference: Reference,
    line: Line,
    *,
    claimed: NDArray[np.bool_],
    n_cells: float,
    parameters: TraceParameters,
) -> Trace:
    """Follow a line through the film.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    line : Line
        Where to start from.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that a stronger line of the same song has taken.
    n_cells : float
        Places in which a line could have arisen by chance.
    parameters : TraceParameters
        How to follow it.

    Returns
    -------
    Trace
        Without stretches when the line does not stand.
    """
    speed, offset = fit_line(film, reference, line, parameters=parameters)
    time_map = TimeMap(offset / RATE_HZ, speed)
    end = offset + reference.length_at(speed)
    start, stop = max(0, offset, line.start), min(film.n_samples, end, line.stop)
    if stop - start < RATE_HZ:
        return Trace(time_map, ())

    def heard_within(first: int, last: int, *, reach_s: float) -> tuple[Stretch, ...]:
        x, y = film.read(first, last), reference.part(speed, first - offset, last - offset)
        inside = slice(max(0, start - first), stop - first)
        response = playback_response(
            x[:, inside],
            {name: view[inside] for name, view in y.items()},
            pairs(film.views, y),
            reach_s=reach_s,
            parameters=parameters,
        )
        heard = heard_through(response, y)
        return follow(x, heard, start=first, claimed=claimed, parameters=parameters)

    # most lines fall here, at a fraction of what it costs to follow the whole song
    margin, frame_length = round(_MARGIN_S * RATE_HZ), round(parameters.frame_s * RATE_HZ)
    first, last = max(0, offset), min(film.n_samples, end)
    near = heard_within(
        -(-max(first, start - margin) // frame_length) * frame_length,
        min(last, stop + margin),
        reach_s=parameters.max_lag_s,
    )
    if not _stands(near, n_cells=n_cells, share=_HOPEFUL_SHARE, parameters=parameters):
        return Trace(time_map, ())
    stretches = heard_within(first, last, reach_s=parameters.response_s)
    if not _stands(stretches, n_cells=n_cells, share=1.0, parameters=parameters):
        return Trace(time_map, ())
    return Trace(time_map, tuple(s for s in stretches if _is_claimable(s, parameters)))


_MARGIN_S = 8.0
_HOPEFUL_SHARE = 0.6  # of the evidence that the whole must have: what is faint adds up outside


def _stands(
    stretches: tuple[Stretch, ...], *, n_cells: float, share: float, parameters: TraceParameters
) -> bool:
    """Tell whether the best of the stretches has its share of what chance cannot give."""
    needed = share * (float(np.log(n_cells)) + parameters.min_evidence)
    return any(s.evidence >= needed and _is_claimable(s, parameters) for s in stretches)


def _is_claimable(stretch: Stretch, parameters: TraceParameters) -> bool:
    length = stretch.stop - stretch.start
    return (
        stretch.evidence >= parameters.min_companion_evidence
        and length >= parameters.min_duration_s * RATE_HZ
    )

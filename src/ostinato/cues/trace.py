"""One candidate line becomes stretches of film with an exact time map.

The line is fitted by the lags of one-second blocks; the response of the playback chain is read off
the correlation and folded into the song; then the product of film and song is followed in frames
of 20 ms, and a path through *absent* and a ladder of gains says where the song is heard.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.lines import Line, fit_line
from ostinato.cues.null import NOTHING_KNOWN, Decoy, Null, null_at
from ostinato.cues.path import Joins, Stretch, TraceParameters, follow
from ostinato.cues.playback_chain import heard_through, held_out_evidence, playback_response
from ostinato.cues.song_finds import Missed
from ostinato.cues.tracks import Reference, Track, Views
from ostinato.cues.views import RATE_HZ, pairs
from ostinato.results import Refusal, TimeMap
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True)
class Trace:
    """A fitted line, the stretches of film that it explains, and what chance gives there.

    `own` is the film of the line itself, in samples at `RATE_HZ`, and `best` the evidence of the
    stretch there that it stands by. Without stretches, `refused` says why.
    """

    time_map: TimeMap
    own: tuple[int, int]
    stretches: tuple[Stretch, ...]
    null: Null
    length: int
    best: float = math.inf
    refused: Refusal = "as good as chance"

    def is_own(self, stretch: Stretch) -> bool:
        """Tell whether a stretch is of the line itself; others are its companions."""
        return stretch.start < self.own[1] and self.own[0] < stretch.stop

    def p_value(self, stretch: Stretch) -> float:
        """Return the probability that chance gives a stretch's evidence where it was looked for.

        The stretch that the line stands by might have been met anywhere in the film, and at any
        song time; what else lies on the line is looked for nowhere but there.
        """
        if self.is_own(stretch) and stretch.evidence == self.best:
            return self.null.p_value(stretch.evidence)
        n_places = max(1.0, self.length / max(1, stretch.stop - stretch.start))
        return self.null.p_in_place(stretch.evidence, n_places=n_places)


@dataclass(frozen=True, slots=True)
class Approach:
    """A line that was fitted and looked at around its own stretch.

    Parameters
    ----------
    line : Line
        Where it started from.
    speed, offset : float, int
        Fitted; the offset is the film sample of the song's first sample.
    own : tuple of int
        Film of the line that the song can fill, start and stop in samples at `RATE_HZ`.
    best : Stretch or None
        The one there that proves most; None where nothing is heard.
    """

    line: Line
    speed: float
    offset: int
    own: tuple[int, int]
    best: Stretch | None

    @property
    def reach(self) -> tuple[int, int]:
        """Film that was looked at."""
        margin = round(_MARGIN_S * RATE_HZ) + RATE_HZ
        return self.own[0] - margin, self.own[1] + margin

    @property
    def evidence(self) -> float:
        """Nats of the best stretch; 0 where nothing is heard."""
        return 0.0 if self.best is None else self.best.evidence


def approach(
    film: Track,
    reference: Reference,
    line: Line,
    *,
    claimed: NDArray[np.bool_],
    parameters: TraceParameters,
    joins: Joins | None = None,
) -> Approach:
    """Fit a line and look at its own stretch, at a fraction of what it costs to follow it.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    line : Line
        Where to look.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that a stronger line of the same song has taken.
    parameters : TraceParameters
        How to follow it.
    joins : callable, optional
        Told two stretches, whether what lies between them may be a dropout.

    Returns
    -------
    Approach
        What is needed to decide whether to go on.
    """
    speed, offset = fit_line(film, reference, line, parameters=parameters)
    end = offset + reference.length_at(speed)
    own = max(0, offset, line.start), min(film.n_samples, end, line.stop)
    nothing = Approach(line, speed, offset, own, None)
    if own[1] - own[0] < RATE_HZ:
        return nothing
    course = _Course(film, own, claimed, parameters, joins)
    return replace(nothing, best=_best(course.near(reference, speed, offset)))


def trace(
    film: Track,
    reference: Reference,
    near: Approach,
    *,
    decoy: Decoy,
    claimed: NDArray[np.bool_],
    n_cells: float,
    n_tries: float,
    parameters: TraceParameters,
    joins: Joins | None = None,
) -> Trace:
    """Follow a line through the film.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    near : Approach
        The line, from `approach`.
    decoy : Decoy
        The song backwards.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that a stronger line of the same song has taken.
    n_cells : float
        Places in which a line could have arisen by chance.
    n_tries : float
        How often all places were searched: once for each speed, say.
    parameters : TraceParameters
        How to follow it.
    joins : callable, optional
        Told two stretches, whether what lies between them may be a dropout.

    Returns
    -------
    Trace
        Without stretches when the line does not stand.
    """
    line, speed, offset = near.line, near.speed, near.offset
    nothing = Trace(
        TimeMap(offset / RATE_HZ, speed), near.own, (), NOTHING_KNOWN, reference.length_at(speed)
    )
    if not is_hopeful(near, n_cells=n_cells, parameters=parameters):
        return nothing
    course = _Course(film, near.own, claimed, parameters, joins)
    null = decoy.known_null(near.own, line.speed, evidence=near.evidence)
    if null is None:
        null = course.null(decoy, line.speed, n_tries=n_tries)
        decoy.keep_null(near.own, line.speed, null)
    nothing = replace(nothing, null=null)
    if near.best is None or null.p_value(near.evidence) > parameters.max_p_value:
        return nothing
    held_out = course.held_out(reference, speed, offset, near.best)
    if held_out < parameters.min_held_out_evidence:
        return replace(nothing, refused="not confirmed")
    stretches = course.whole(reference, speed, offset)
    best = _nats(tuple(filter(nothing.is_own, stretches)))
    if _nats(stretches) < _needed(n_cells, parameters):
        return nothing
    # the whole may say less of it than the first look did: what is written must stand itself
    if null.p_value(best) > parameters.max_p_value:
        return nothing
    one = replace(nothing, best=best)
    return replace(one, stretches=_claimable(stretches, one, parameters))


def missed_line(
    film: Track,
    near: Approach,
    one: Trace | None,
    *,
    decoy: Decoy,
    claimed: NDArray[np.bool_],
    n_tries: float,
    parameters: TraceParameters,
) -> Missed | None:
    """Return what is to be said of a line that does not stand.

    Parameters
    ----------
    film : Track
        The whitened film.
    near : Approach
        The line, from `approach`.
    one : Trace or None
        From `trace`, without stretches; None if the line was not followed that far.
    decoy : Decoy
        The song backwards.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that lines have taken.
    n_tries : float
        How often all places were searched.
    parameters : TraceParameters
        How lines are followed.

    Returns
    -------
    Missed or None
        With the p-value that decides; None where nothing is heard for long enough.
    """
    best = near.best
    if best is None or best.stop - best.start < parameters.min_duration_s * RATE_HZ:
        return None
    null = NOTHING_KNOWN if one is None else one.null
    if null is NOTHING_KNOWN:
        course = _Course(film, near.own, claimed, parameters)
        null = course.null(decoy, near.line.speed, n_tries=n_tries)
    return Missed(
        film=Interval(best.start / RATE_HZ, best.stop / RATE_HZ),
        time_map=TimeMap(near.offset / RATE_HZ, near.speed),
        evidence=best.evidence,
        p_value=null.p_value(best.evidence),
        refused="as good as chance" if one is None else one.refused,
    )


def is_hopeful(near: Approach, *, n_cells: float, parameters: TraceParameters) -> bool:
    """Tell whether a line may stand once the whole of it is followed.

    Parameters
    ----------
    near : Approach
        From `approach`.
    n_cells : float
        Places in which a line could have arisen by chance.
    parameters : TraceParameters
        How much evidence a line needs.

    Returns
    -------
    bool
        Most lines fall here.
    """
    return near.evidence >= _HOPEFUL_SHARE * _needed(n_cells, parameters)


def _needed(n_cells: float, parameters: TraceParameters) -> float:
    return float(np.log(n_cells)) + parameters.min_evidence


def companions(
    film: Track,
    reference: Reference,
    one: Trace,
    *,
    claimed: NDArray[np.bool_],
    parameters: TraceParameters,
) -> tuple[Stretch, ...]:
    """Follow a line that stands once more, past the film that was claimed in the meantime.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    one : Trace
        Of the line.
    claimed : ndarray of bool, shape (n_frames,)
        Frames of the film that are taken, its own among them.
    parameters : TraceParameters
        How to follow it.

    Returns
    -------
    tuple of Stretch
        In order of film time.
    """
    course = _Course(film, one.own, claimed, parameters)
    offset = round(one.time_map.offset_s * RATE_HZ)
    stretches = course.whole(reference, one.time_map.speed, offset)
    return _claimable(stretches, one, parameters)


@dataclass(frozen=True, slots=True)
class _Course:
    """Film along a line: where its response is read off, and how it is followed."""

    film: Track
    own: tuple[int, int]
    claimed: NDArray[np.bool_]
    parameters: TraceParameters
    joins: Joins | None = None

    def near(self, song: Reference, speed: float, offset: int) -> tuple[Stretch, ...]:
        """Follow a song around the line's own stretch."""
        return self._heard(
            song, speed, offset, self._around(_MARGIN_S), reach_s=self.parameters.max_lag_s
        )

    def whole(self, song: Reference, speed: float, offset: int) -> tuple[Stretch, ...]:
        """Follow a song as far as it may be masked and heard again: lines meet what is further."""
        bounds = self._around(self.parameters.max_masked_s)
        return self._heard(song, speed, offset, bounds, reach_s=self.parameters.response_s)

    def held_out(self, song: Reference, speed: float, offset: int, stretch: Stretch) -> float:
        """Return the nats of a stretch nearby, each part by the response of the others."""
        first, x, y = self._aligned(song, speed, offset, self._around(_MARGIN_S))
        return held_out_evidence(
            x,
            y,
            pairs(self.film.views, y),
            slice(stretch.start - first, stretch.stop - first),
            parameters=self.parameters,
        )

    def null(self, decoy: Decoy, speed: float, *, n_tries: float) -> Null:
        """Return what chance gives where the line is."""
        return null_at(
            self.film,
            decoy,
            self.own,
            speed=speed,
            n_tries=n_tries,
            evidence_at=lambda first: _nats(self.near(decoy.reference, speed, first)),
        )

    def _around(self, margin_s: float) -> tuple[int, int]:
        margin = round(margin_s * RATE_HZ)
        return self.own[0] - margin, self.own[1] + margin

    def _aligned(
        self, song: Reference, speed: float, offset: int, bounds: tuple[int, int]
    ) -> tuple[int, NDArray[np.float32], Views]:
        """Return film and song where both are, within bounds, and their first film sample."""
        frame_length = round(self.parameters.frame_s * RATE_HZ)
        first = -(-max(0, offset, bounds[0]) // frame_length) * frame_length
        last = max(first, min(self.film.n_samples, offset + song.length_at(speed), bounds[1]))
        return first, self.film.read(first, last), song.part(speed, first - offset, last - offset)

    def _heard(
        self, song: Reference, speed: float, offset: int, bounds: tuple[int, int], *, reach_s: float
    ) -> tuple[Stretch, ...]:
        first, x, y = self._aligned(song, speed, offset, bounds)
        inside = slice(max(0, self.own[0] - first), max(0, min(self.own[1] - first, x.shape[1])))
        if inside.stop - inside.start < RATE_HZ // 2:
            return ()
        response = playback_response(
            x[:, inside],
            {name: view[inside] for name, view in y.items()},
            pairs(self.film.views, y),
            reach_s=reach_s,
            parameters=self.parameters,
        )
        heard = heard_through(response, y)
        return follow(
            x,
            heard,
            start=first,
            claimed=self.claimed,
            parameters=self.parameters,
            joins=self.joins,
        )


_MARGIN_S = 8.0
_HOPEFUL_SHARE = 0.6  # of the evidence that the whole must have: what is faint adds up outside


def _best(stretches: tuple[Stretch, ...]) -> Stretch | None:
    return max(stretches, key=lambda one: one.evidence, default=None)


def _nats(stretches: tuple[Stretch, ...]) -> float:
    return max((one.evidence for one in stretches), default=0.0)


def _claimable(
    stretches: tuple[Stretch, ...], one: Trace, parameters: TraceParameters
) -> tuple[Stretch, ...]:
    """Return what is long enough, and more than chance gives where it was looked for."""
    return tuple(
        stretch
        for stretch in stretches
        if stretch.evidence >= parameters.min_companion_evidence
        and stretch.stop - stretch.start >= parameters.min_duration_s * RATE_HZ
        and one.p_value(stretch) <= parameters.max_p_value
    )

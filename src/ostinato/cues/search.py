"""All occurrences of one song: lines are traced the strongest first, and each claims its film."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.candidates import candidate_lines
from ostinato.cues.joins import carries_on
from ostinato.cues.lines import Line
from ostinato.cues.null import Decoy
from ostinato.cues.path import Stretch, TraceParameters
from ostinato.cues.peaks import DetectParameters, Progress
from ostinato.cues.rivals import CONTEXT_SHARE, Beside, is_best, rivals_of, speaks_of
from ostinato.cues.song_finds import Found, Missed, OnMissed
from ostinato.cues.trace import (
    Approach,
    Trace,
    approach,
    companions,
    is_hopeful,
    missed_line,
    trace,
)
from ostinato.cues.tracks import Reference, Track
from ostinato.cues.views import RATE_HZ
from ostinato.memory import give_back
from ostinato.threads import in_threads


def find_song(
    film: Track,
    reference: Reference,
    *,
    speeds: Sequence[float],
    detect: DetectParameters,
    trace_parameters: TraceParameters,
    taken: Sequence[Found] = (),
    on_progress: Progress | None = None,
    on_missed: OnMissed | None = None,
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
    taken : sequence of Found
        Of the same song, known already: their film is not searched.
    on_progress : callable, optional
        Told the fraction done.
    on_missed : callable, optional
        Told the strongest lines that do not stand.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    lines, n_cells = candidate_lines(
        film,
        reference,
        speeds=speeds,
        parameters=detect,
        on_progress=on_progress,
    )
    return follow_lines(
        film,
        reference,
        lines,
        n_cells=n_cells,
        n_tries=len(speeds),
        detect=detect,
        trace_parameters=trace_parameters,
        taken=taken,
        on_missed=on_missed,
    )


def follow_lines(
    film: Track,
    reference: Reference,
    lines: Sequence[Line],
    *,
    n_cells: float,
    n_tries: int,
    detect: DetectParameters,
    trace_parameters: TraceParameters,
    taken: Sequence[Found] = (),
    on_missed: OnMissed | None = None,
) -> tuple[Found, ...]:
    """Follow the lines that a search of the whole film has found.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    lines : sequence of Line
        The strongest first, from `ostinato.cues.candidates.candidate_lines`.
    n_cells : float
        Places in which a line could have arisen by chance.
    n_tries : int
        Speeds at which the film was searched.
    detect, trace_parameters : DetectParameters, TraceParameters
        How lines were searched, and how to follow them.
    taken : sequence of Found
        Of the same song, known already: their film is not searched.
    on_missed : callable, optional
        Told the strongest lines that do not stand.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    give_back()
    claims = _Claims(
        film,
        reference,
        lines,
        n_cells=n_cells,
        n_tries=n_tries,
        least_nats=detect.min_evidence + float(np.log(n_cells)),
        taken=taken,
        parameters=trace_parameters,
    )
    found = tuple(sorted(claims.made(), key=lambda found: found.start_s))
    if on_missed is not None:
        for one in claims.missed():
            on_missed(one)
    return found


def find_along(
    film: Track,
    reference: Reference,
    lines: Sequence[Line],
    taken: Sequence[Found],
    *,
    n_tries: int,
    parameters: TraceParameters,
) -> tuple[Found, ...]:
    """Follow lines that were met in some other way than by a search of the whole film.

    Parameters
    ----------
    film, reference : Track, Reference
        The whitened film, and the song.
    lines : sequence of Line
        The strongest first.
    taken : sequence of Found
        Of the same song, known already.
    n_tries : int
        How often all places were searched.
    parameters : TraceParameters
        How to follow them.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them, or in what was taken.
    """
    if not lines:
        return ()
    claims = _Claims(
        film,
        reference,
        lines,
        n_cells=max(1.0, float(film.n_samples)),
        n_tries=n_tries,
        least_nats=0.0,
        taken=taken,
        parameters=parameters,
    )
    return tuple(sorted(claims.made(), key=lambda found: found.start_s))


class _Claims:
    """Who gets which film: lines are traced the strongest first."""

    def __init__(
        self,
        film: Track,
        reference: Reference,
        lines: Sequence[Line],
        *,
        n_cells: float,
        n_tries: int,
        least_nats: float,
        taken: Sequence[Found],
        parameters: TraceParameters,
    ) -> None:
        self._film, self._reference, self._lines = film, reference, lines
        self._decoy = Decoy(reference)
        self._n_cells, self._n_tries = n_cells, n_tries
        self._parameters = parameters
        self._least_nats = least_nats
        self._frame_length = round(parameters.frame_s * RATE_HZ)
        self._claimed = np.zeros(film.n_samples // self._frame_length + 1, np.bool_)
        self._claims: list[tuple[int, int]] = []
        self._approaches: dict[int, tuple[int, Approach]] = {}
        self._ahead: dict[int, tuple[int, _Followed]] = {}
        self._waiting: list[tuple[Line, int, int]] = []
        self._beside = Beside(lines)
        self._standing: list[Trace] = []
        self._refused: list[tuple[Approach, Trace | None]] = []
        self._made = list(taken)
        for one in taken:
            self._take(round(one.start_s * RATE_HZ), round(one.end_s * RATE_HZ))

    def made(self) -> Iterator[Found]:
        for line, own in self._approached():
            yield from self._along(line, own)
        # what else lies on a line waits until every line has had its own: a song that resembles
        # itself also fits where the record would have been, had it kept turning
        for one in self._standing:
            if not all(map(one.is_own, one.stretches)):
                yield from self._companions(one)

    def missed(self) -> Iterator[Missed]:
        """Yield the strongest lines that do not stand and whose film nothing has taken."""
        free = [(near, one) for near, one in self._refused if self._is_free(near.line)]
        free.sort(key=lambda pair: -pair[0].evidence)
        for missed in in_threads(self._missed, free[:_MOST_MISSED]):
            if missed is not None:
                yield missed

    def _missed(self, pair: tuple[Approach, Trace | None]) -> Missed | None:
        near, one = pair
        return missed_line(
            self._film,
            near,
            one,
            decoy=self._decoy,
            claimed=self._claimed,
            n_tries=self._n_tries,
            parameters=self._parameters,
        )

    def _along(self, line: Line, own: Approach) -> Iterator[Found]:
        """Follow a line, then what is left of it: where the speed drifts, one map ends early."""
        rest: Line | None = line
        while rest is not None:
            one = self._traced(rest, own)
            if one is None:
                return
            n_claims = len(self._claims)
            for stretch in filter(one.is_own, one.stretches):
                # what the line does not stand by is left to a line that explains it better
                if stretch.evidence < one.best and not is_best(stretch, one, self._lines):
                    continue
                if not any(_continues(stretch, before) for before in self._standing):
                    yield self._claim(stretch, one)
            self._standing.append(one)
            rest = self._rest(rest) if len(self._claims) > n_claims else None
            if rest is not None:
                own = self._approach(rest)

    def _rest(self, line: Line) -> Line | None:
        """Return the strongest run of a line's blocks whose film is free; None if too weak."""
        is_free = _free_blocks(line, self._claimed, self._frame_length)
        edges = np.flatnonzero(np.diff(is_free.astype(np.int8), prepend=0, append=0))
        runs = [
            line.part(slice(first, last))
            for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]
        best = max(runs, key=lambda run: run.evidence, default=None)
        return best if best is not None and best.evidence >= self._least_nats else None

    def _approached(self) -> Iterator[tuple[Line, Approach]]:
        """Yield lines whose film is free, and what a first look at them gave."""

        def look(line: Line) -> Line:
            own = self._approach(line)
            if self._is_alone(line):
                self._ahead[id(line)] = len(self._claims), self._followed(line, own)
            return line

        def drawn() -> Iterator[Line]:
            for line in filter(self._is_free, self._lines):
                self._waiting.append((line, *self._beside.bounds(line)))
                yield line

        for line in in_threads(look, drawn()):
            if self._is_free(line):  # film may have been claimed since
                yield line, self._approach(line)
            self._waiting.pop(0)
            self._ahead.pop(id(line), None)

    def _is_alone(self, line: Line) -> bool:
        """Tell whether a line need not wait for those before it, which lie far from it.

        Neither claim they its film, nor do they tell what chance gives in its region.
        """
        waiting = [*self._waiting]
        place = next(n for n, (one, _, _) in enumerate(waiting) if one is line)
        _, first, last = waiting[place]
        return all(
            one.speed == line.speed and (start > last + _FAR or first > stop + _FAR)
            for one, start, stop in waiting[:place]
        )

    def _is_free(self, line: Line) -> bool:
        is_free = _free_blocks(line, self._claimed, self._frame_length)
        return line.nats(is_free) >= self._least_nats

    def _traced(self, line: Line, own: Approach) -> Trace | None:
        n_claims, known = self._ahead.get(id(line), (0, None))
        if known is None or self._is_claimed_since(n_claims, own.reach, beside=_FAR):
            known = self._followed(line, own)
        chosen, one = known
        if one is not None and one.stretches:
            return one
        self._refused.append((chosen, one))
        return None

    def _followed(self, line: Line, own: Approach) -> "_Followed":
        """Follow the best of a line and its copies; not at all where it is hopeless."""
        if not is_hopeful(own, n_cells=self._n_cells, parameters=self._parameters):
            return own, None
        # blocks of song lie as they fall, so that the right one of two like passages may have lost
        # part of what it has: the one that explains most of this film is followed
        beside = (self._approach(copy) for copy in self._beside.copies(line))
        copies = [own, *(near for near in beside if speaks_of(near, own))]
        most = max(near.evidence for near in copies)
        likely = [near for near in copies if near.evidence >= _NEAR_EQUAL * most]
        # of passages that are alike, the one at which the record arrives that plays before or after
        going_on = [near for near in likely if any(carries_on(near, one) for one in [*self._made])]
        chosen = max(going_on or likely, key=lambda near: near.evidence)
        return chosen, trace(
            self._film,
            self._reference,
            chosen,
            decoy=self._decoy,
            claimed=self._claimed,
            n_cells=self._n_cells,
            n_tries=self._n_tries,
            parameters=self._parameters,
        )

    def _is_claimed_since(self, n_claims: int, reach: tuple[int, int], *, beside: int = 0) -> bool:
        """Tell whether film in reach was claimed after so many claims."""
        return any(
            reach[0] - beside < stop and start < reach[1] + beside
            for start, stop in self._claims[n_claims:]
        )

    def _approach(self, line: Line) -> Approach:
        """Look at a line; what a look gave stands until film nearby is claimed."""
        n_claims, near = self._approaches.get(id(line), (0, None))
        if near is not None and not self._is_claimed_since(n_claims, near.reach):
            return near
        n_claims = len(self._claims)
        near = approach(
            self._film,
            self._reference,
            line,
            claimed=self._claimed,
            parameters=self._parameters,
        )
        self._approaches[id(line)] = n_claims, near
        return near

    def _companions(self, one: Trace) -> Iterator[Found]:
        claimed, parameters = self._claimed, self._parameters
        for stretch in companions(
            self._film, self._reference, one, claimed=claimed, parameters=parameters
        ):
            if is_best(stretch, one, self._lines):
                yield self._claim(stretch, one)

    def _take(self, start: int, stop: int) -> None:
        self._claimed[start // self._frame_length : -(-stop // self._frame_length)] = True

    def _claim(self, stretch: Stretch, one: Trace) -> Found:
        self._take(stretch.start, stretch.stop)
        self._claims.append((stretch.start, stretch.stop))
        self._made.append(_found(stretch, one, rivals_song_s=rivals_of(stretch, one, self._lines)))
        return self._made[-1]


_Followed = tuple[Approach, Trace | None]
_FAR = 240 * RATE_HZ  # samples: further than a line is followed, and than a region of chance
_MOST_MISSED = 50  # each is compared with chance, which costs as much as to follow it


_NEAR_EQUAL = 0.9  # of the evidence: a copy to the sample loses less by where its blocks lie


def _continues(stretch: Stretch, before: Trace) -> bool:
    """Tell whether a record that plays just before or after explains a stretch as well."""
    reach = round(_CONTEXT_S * RATE_HZ)
    near = any(
        own.start - reach < stretch.stop and stretch.start < own.stop + reach
        for own in filter(before.is_own, before.stretches)
    )
    return near and any(
        other.evidence >= CONTEXT_SHARE * stretch.evidence
        and min(other.stop, stretch.stop) - max(other.start, stretch.start)
        > (stretch.stop - stretch.start) / 2
        for other in before.stretches
        if not before.is_own(other)
    )


_CONTEXT_S = 8.0


def _free_blocks(line: Line, claimed: NDArray[np.bool_], frame_length: int) -> NDArray[np.bool_]:
    """Return which of a line's blocks have film that is free."""
    is_free = np.zeros(line.lags.size, np.bool_)
    for index, lag in enumerate(line.lags):
        first = max(0, int(lag) // frame_length)
        taken = claimed[first : first + line.block_length // frame_length]
        is_free[index] = taken.size and float(taken.mean()) < _LEAST_TAKEN
    return is_free


_LEAST_TAKEN = 0.2  # more, and what is claimed may be all that such a block correlates with


def _found(stretch: Stretch, one: Trace, *, rivals_song_s: tuple[float, ...]) -> Found:
    return Found(
        stretch.start / RATE_HZ,
        stretch.stop / RATE_HZ,
        one.time_map,
        stretch.evidence,
        one.p_value(stretch),
        stretch.start_error_s,
        stretch.end_error_s,
        rivals_song_s,
        pitch=one.time_map.speed,
    )

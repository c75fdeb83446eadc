"""Candidate lines of one song at all speeds, without searching every speed to the full.

Most songs are not in most of a film, and a film plays a song at one speed, or at few. All speeds
are surveyed with long blocks, which is cheap, several of them at once. If the song is heard at any,
the speeds at which it is heard are searched to the full, and so is the first of the list.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ostinato.cues.first_look import asked, bands_of, still_shown
from ostinato.cues.lines import Line, gather_lines
from ostinato.cues.peaks import (
    DetectParameters,
    Peaks,
    Progress,
    Scale,
    looks_low,
    no_peaks,
)
from ostinato.cues.plane import find_peaks
from ostinato.cues.tracks import Reference, Track


def candidate_lines(
    film: Track,
    reference: Reference,
    *,
    speeds: Sequence[float],
    parameters: DetectParameters,
    on_progress: Progress | None = None,
) -> tuple[tuple[Line, ...], float]:
    """Find the lines along which a song correlates with a film.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    speeds : sequence of float
        To try, the most likely one first.
    parameters : DetectParameters
        How to search.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    lines : tuple of Line
        The strongest first.
    n_cells : float
        Places in which a line could have arisen by chance.
    """
    search = _Search(film, reference, parameters, on_progress, _cost(speeds, parameters))
    at_first, elsewhere = search.presence(speeds[0]), search.survey(speeds[1:])
    lines = _lines((*at_first, *elsewhere), parameters)
    if not _is_heard(lines, parameters):
        return tuple(lines), sum(one.n_cells for one in (*at_first, *elsewhere))
    at_first = search.full(speeds[0])
    n_cells = sum(one.n_cells for one in (*at_first, *elsewhere))
    lines = [*_lines(at_first, parameters), *_lines(elsewhere, parameters)]
    further = [speed for speed in _speeds_heard(lines, parameters) if speed != speeds[0]]
    for speed in further[: parameters.most_further_speeds]:
        found = search.full(speed)
        n_cells += sum(one.n_cells for one in found)
        lines += _lines(found, parameters)
    lines.sort(key=_strongest_first)
    return tuple(lines), n_cells


def first_look_nats(
    film: Track, reference: Reference, *, speeds: Sequence[float], parameters: DetectParameters
) -> float:
    """Return the evidence of the strongest line that `candidate_lines` first meets; 0 if none.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    speeds : sequence of float
        To try, the most likely one first.
    parameters : DetectParameters
        How to search.

    Returns
    -------
    float
        Nats beyond chance. Where it is 0, `candidate_lines` returns no line.
    """
    search = _Search(film, reference, parameters, None, _cost(speeds, parameters))
    lines = _lines((*search.presence(speeds[0]), *search.survey(speeds[1:])), parameters)
    return max((line.evidence for line in lines), default=0.0)


class _Search:
    """Looks for peaks, and tells how much of the search is done."""

    def __init__(
        self,
        film: Track,
        reference: Reference,
        parameters: DetectParameters,
        on_progress: Progress | None,
        cost: float,
    ) -> None:
        self._film, self._reference, self._parameters = film, reference, parameters
        self._on_progress, self._cost, self._spent = on_progress, cost, 0.0

    def presence(self, speed: float) -> tuple[Peaks, ...]:
        """Return peaks of short and of long blocks where the cheapest look at a speed passes."""
        parameters = self._parameters
        (seen,) = self._seen(
            (speed,), parameters.presence, parameters.presence_z, parameters.presence_together
        )
        scales = parameters.short, parameters.long
        # what is plainly heard is searched to the full anyhow
        strongest = seen.some(np.argsort(-seen.z, kind="stable")[:_ASKED_FIRST])
        found = self._asked(strongest, scales)
        lines = _lines(found, parameters)
        if seen.z.size <= _ASKED_FIRST or _is_heard(lines, parameters):
            return found
        return self._asked(seen, scales)

    def full(self, speed: float) -> tuple[Peaks, ...]:
        """Return the peaks of short and of long blocks at a speed, where a first look passes."""
        parameters = self._parameters
        self._reference.at(speed)  # keeps it, for all that follows
        (seen,) = self._seen((speed,), parameters.look, parameters.look_z)
        return self._asked(seen, (parameters.short, parameters.long), lower=_LOWER_BANDS)

    def survey(self, speeds: Sequence[float]) -> tuple[Peaks, ...]:
        """Return the peaks of each speed; it makes do with about what is heard at it."""
        parameters = self._parameters
        seen = self._seen(
            speeds, parameters.survey_look, parameters.survey_look_z, parameters.survey_together
        )
        return tuple(one for some in seen for one in self._asked(some, (parameters.survey,)))

    def _asked(
        self, seen: Peaks, scales: Sequence[Scale], *, lower: Sequence[int] = ()
    ) -> tuple[Peaks, ...]:
        film, reference, speed = self._film, self._reference, seen.speed
        if not seen.z.size:
            length = reference.length_at(speed)
            return tuple(no_peaks(film, speed, scale, n_samples=length) for scale in scales)
        if looks_low(seen.scale):
            seen = still_shown(film, reference.low_at(speed), seen)
            if not seen.z.size:
                return self._asked(seen, scales)
        bands = bands_of(film.views, reference.nearly_at(speed), decimations=lower)
        return asked(film, bands, seen, scales=scales, parameters=self._parameters)

    def _seen(
        self, speeds: Sequence[float], look: Scale, min_z: float, together: int = 1
    ) -> tuple[Peaks, ...]:
        cost, parameters = len(speeds) * _cost_of(look, together), self._parameters

        def tell(fraction: float) -> None:
            if self._on_progress is not None:
                self._on_progress(min(1.0, (self._spent + fraction * cost) / self._cost))

        if not speeds:
            return ()
        seen = find_peaks(
            self._film,
            self._reference.low_at if looks_low(look) else self._reference.nearly_at,
            speeds=speeds,
            scale=look,
            parameters=replace(parameters, min_z=min_z, n_peaks=parameters.look_peaks),
            together=together,
            on_progress=tell,
        )
        self._spent += cost
        return seen


_LOWER_BANDS = (2,)
_ASKED_FIRST = 32  # places: of a song that is heard, the best are its own


def _cost(speeds: Sequence[float], parameters: DetectParameters) -> float:
    """Return what a song costs that is absent."""
    at_first = _cost_of(parameters.presence, parameters.presence_together)
    elsewhere = _cost_of(parameters.survey_look, parameters.survey_together)
    return at_first + (len(speeds) - 1) * elsewhere


def _cost_of(look: Scale, together: int) -> float:
    """Return the places for each second of song and of film."""
    return 1 / (look.hop_s * look.decimation * together)


def _lines(peaks: Sequence[Peaks], parameters: DetectParameters) -> list[Line]:
    lines = [line for one in peaks for line in gather_lines(one, parameters=parameters)]
    return sorted(lines, key=_strongest_first)


def _is_heard(lines: Sequence[Line], parameters: DetectParameters) -> bool:
    return max((line.evidence for line in lines), default=0.0) >= parameters.heard_evidence


def _strongest_first(line: Line) -> tuple[float, int, float]:
    return -line.evidence, line.start, line.speed


def _speeds_heard(lines: Sequence[Line], parameters: DetectParameters) -> tuple[float, ...]:
    """Return the speeds, the strongest first, at which no other speed explains what is heard."""
    strong = [line for line in lines if line.evidence >= parameters.survey_evidence]
    strong.sort(key=lambda line: -line.evidence)
    heard: list[Line] = []
    for line in strong:
        if not any(line.meets(other) for other in heard if other.speed != line.speed):
            heard.append(line)
    return tuple(dict.fromkeys(line.speed for line in heard))

"""Candidate lines of one song at all speeds, without searching every speed to the full.

A film plays a song at one speed, or at few. All speeds are surveyed with long blocks, which is
cheap; those at which the song is heard are searched to the full, and so is the first of the list.
"""

from collections.abc import Sequence
from dataclasses import replace

from ostinato.cues.detect import (
    DetectParameters,
    Peaks,
    Progress,
    Scale,
    find_peaks,
)
from ostinato.cues.glance import asked, bands_of
from ostinato.cues.lines import Line, gather_lines
from ostinato.cues.track import Reference, Track


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
    first = search.full(speeds[0])
    surveyed = search.survey(speeds[1:]) if speeds[1:] else ()
    n_cells = sum(one.n_cells for one in (*first, *surveyed))
    lines = [*_lines(first, parameters), *_lines(surveyed, parameters)]
    further = [speed for speed in _speeds_heard(lines, parameters) if speed != speeds[0]]
    for speed in further[: parameters.most_further_speeds]:
        found = search.full(speed)
        n_cells += sum(one.n_cells for one in found)
        lines += _lines(found, parameters)
    lines.sort(key=lambda line: (-line.evidence, line.start, line.speed))
    return tuple(lines), n_cells


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

    def full(self, speed: float) -> tuple[Peaks, ...]:
        """Return the peaks of short and of long blocks at a speed, where a first look passes."""
        parameters, song = self._parameters, self._reference.at(speed)
        bands = bands_of(self._film.views, song, decimations=_LOWER_BANDS)
        (seen,) = self._seen((speed,), parameters.look, parameters.look_z)
        scales = parameters.short, parameters.long
        return asked(self._film, bands, seen, scales=scales, parameters=parameters)

    def survey(self, speeds: Sequence[float]) -> tuple[Peaks, ...]:
        """Return the peaks of each speed; it makes do with about what is heard at it."""
        parameters, film = self._parameters, self._film
        seen = self._seen(speeds, parameters.survey_look, parameters.survey_look_z)
        found: list[Peaks] = []
        for speed, some in zip(speeds, seen, strict=True):
            bands = bands_of(film.views, self._reference.nearly_at(speed))
            scales = (parameters.survey,)
            found += asked(film, bands, some, scales=scales, parameters=parameters)
        return tuple(found)

    def _seen(self, speeds: Sequence[float], look: Scale, min_z: float) -> tuple[Peaks, ...]:
        cost, parameters = len(speeds) * _cost_of(look), self._parameters

        def tell(fraction: float) -> None:
            if self._on_progress is not None:
                self._on_progress(min(1.0, (self._spent + fraction * cost) / self._cost))

        seen = find_peaks(
            self._film,
            self._reference.nearly_at,
            speeds=speeds,
            scale=look,
            parameters=replace(parameters, min_z=min_z, n_peaks=parameters.look_peaks),
            on_progress=tell,
        )
        self._spent += cost
        return seen


_LOWER_BANDS = (2,)


def _cost(speeds: Sequence[float], parameters: DetectParameters) -> float:
    """Return what a song costs that is absent."""
    at_first = _cost_of(parameters.look)
    return at_first + (len(speeds) - 1) * _cost_of(parameters.survey_look)


def _cost_of(look: Scale) -> float:
    """Return the places for each second of song and of film."""
    return 1 / (look.hop_s * look.decimation)


def _lines(peaks: Sequence[Peaks], parameters: DetectParameters) -> list[Line]:
    lines = [line for one in peaks for line in gather_lines(one, parameters=parameters)]
    return sorted(lines, key=lambda line: -line.evidence)


def _speeds_heard(lines: Sequence[Line], parameters: DetectParameters) -> tuple[float, ...]:
    """Return the speeds, the strongest first, at which no other speed explains what is heard."""
    strong = [line for line in lines if line.evidence >= parameters.survey_evidence]
    strong.sort(key=lambda line: -line.evidence)
    heard: list[Line] = []
    for line in strong:
        if not any(line.meets(other) for other in heard if other.speed != line.speed):
            heard.append(line)
    return tuple(dict.fromkeys(line.speed for line in heard))

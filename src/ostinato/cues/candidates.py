"""Candidate lines of one song at all speeds, without searching every speed to the full.

A film plays a song at one speed, or at few. All speeds are surveyed with long blocks, which is
cheap; those at which the song is heard are searched to the full, and so is the first of the list.
"""

from collections.abc import Sequence

from ostinato.cues.detect import (
    DetectParameters,
    Peaks,
    Progress,
    Scale,
    find_peaks,
)
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
    first = [
        one
        for scale in (parameters.short, parameters.long)
        for one in search.peaks(speeds[:1], scale)
    ]
    surveyed = search.peaks(speeds[1:], parameters.survey) if speeds[1:] else ()
    n_cells = sum(one.n_cells for one in (*first, *surveyed))
    lines = [*_lines(first, parameters), *_lines(surveyed, parameters)]
    further = [speed for speed in _speeds_heard(lines, parameters) if speed != speeds[0]]
    for scale in (parameters.short, parameters.long):
        for speed in further[: parameters.most_further_speeds]:
            found = search.peaks((speed,), scale)
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

    def peaks(self, speeds: Sequence[float], scale: Scale) -> tuple[Peaks, ...]:
        """Return the peaks of each speed; a survey makes do with about what is heard at it."""
        reference, cost = self._reference, len(speeds) / scale.hop_s

        def tell(fraction: float) -> None:
            if self._on_progress is not None:
                self._on_progress(min(1.0, (self._spent + fraction * cost) / self._cost))

        found = find_peaks(
            self._film,
            reference.nearly_at if scale == self._parameters.survey else reference.at,
            speeds=speeds,
            scale=scale,
            parameters=self._parameters,
            on_progress=tell,
        )
        self._spent += cost
        return found


def _cost(speeds: Sequence[float], parameters: DetectParameters) -> float:
    """Return the blocks a second of song that are looked at of a song that is absent."""
    at_first = sum(1 / scale.hop_s for scale in (parameters.short, parameters.long))
    return at_first + (len(speeds) - 1) / parameters.survey.hop_s


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

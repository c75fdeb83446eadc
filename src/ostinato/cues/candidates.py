"""Candidate lines of one song at all speeds, without searching every speed to the full.

A film plays a song at one speed, or at few. All speeds are surveyed with long blocks, which is
cheap; those at which the song is heard are searched to the full. At the first of the list, blocks
that do not overlap are looked at before those between them: where none of them shows a line that
may stand, the song is not heard, and the others are left alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ostinato.cues.detect import (
    DetectParameters,
    Peaks,
    Progress,
    Scale,
    find_peaks,
    joined_peaks,
)
from ostinato.cues.lines import Line, gather_lines
from ostinato.cues.track import Reference, Track

_FAINTER = 3.0
"""Nats by which a line may be fainter in a half of the blocks, at most, than in the other."""


def candidate_lines(
    film: Track,
    reference: Reference,
    *,
    speeds: Sequence[float],
    parameters: DetectParameters,
    may_stand: Callable[[Line, float], bool],
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
    may_stand : callable
        Told a line and the places in which it could have arisen by chance, whether it may stand.
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
    first = {
        scale: search.peaks(speeds[:1], scale, phase=0)
        for scale in (parameters.short, parameters.long)
    }
    surveyed = search.peaks(speeds[1:], parameters.survey) if speeds[1:] else ()
    n_cells = sum(one.n_cells for found in (*first.values(), surveyed) for one in found)
    fainter = replace(parameters, min_evidence=max(0.0, parameters.min_evidence - _FAINTER))
    hints = _lines([one for found in first.values() for one in found], fainter)
    lines = list(_lines(surveyed, parameters))
    if any(may_stand(line, n_cells) for line in hints):
        whole = [search.rest(speeds[0], scale, found) for scale, found in first.items()]
        n_cells += sum(one.n_cells for one in whole)
        n_cells -= sum(one.n_cells for found in first.values() for one in found)
        lines += _lines(whole, parameters)
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

    def peaks(
        self, speeds: Sequence[float], scale: Scale, *, phase: int | None = None
    ) -> tuple[Peaks, ...]:
        """Return the peaks of each speed; a survey makes do with about what is heard at it."""
        reference, cost = self._reference, len(speeds) / scale.hop_s
        cost /= 1 if phase is None else scale.overlap

        def tell(fraction: float) -> None:
            if self._on_progress is not None:
                self._on_progress(min(1.0, (self._spent + fraction * cost) / self._cost))

        found = find_peaks(
            self._film,
            reference.nearly_at if scale == self._parameters.survey else reference.at,
            speeds=speeds,
            scale=scale,
            parameters=self._parameters,
            phase=phase,
            on_progress=tell,
        )
        self._spent += cost
        return found

    def rest(self, speed: float, scale: Scale, first: Sequence[Peaks]) -> Peaks:
        """Return the peaks of all blocks, those that were looked at first among them."""
        phases = range(1, scale.overlap)
        others = [one for phase in phases for one in self.peaks((speed,), scale, phase=phase)]
        return joined_peaks([*first, *others])


def _cost(speeds: Sequence[float], parameters: DetectParameters) -> float:
    """Return the blocks a second of song that are looked at of a song that is absent."""
    at_first = sum(1 / scale.block_s for scale in (parameters.short, parameters.long))
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

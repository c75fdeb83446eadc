"""Candidate lines of one song at all speeds, without searching every speed to the full.

A film plays a song at one speed, or at few. All speeds are surveyed with long blocks, which is
cheap; those at which the song is heard, and the first of the list, are searched to the full.
"""

from collections.abc import Sequence

from ostinato.cues.detect import DetectParameters, Peaks, Progress, Scale, find_peaks
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
    done: list[Peaks] = []
    lines: list[Line] = []
    to_do = [(speeds[0], parameters.short), (speeds[0], parameters.long)]
    to_do += [(speed, parameters.survey) for speed in speeds[1:]]
    cost = sum(_cost(scale) for _, scale in to_do)
    spent = 0.0

    def search(speed: float, scale: Scale) -> None:
        def tell(fraction: float) -> None:
            if on_progress is not None:
                on_progress(min(1.0, (spent + fraction * _cost(scale)) / cost))

        done.append(
            find_peaks(
                film,
                reference.nearly_at(speed) if scale == parameters.survey else reference.at(speed),
                speed=speed,
                scale=scale,
                parameters=parameters,
                on_progress=tell,
            )
        )
        lines.extend(gather_lines(done[-1], parameters=parameters))

    for speed, scale in to_do:
        search(speed, scale)
        spent += _cost(scale)
    further = [speed for speed in _speeds_heard(lines, parameters) if speed != speeds[0]]
    for speed in further[: parameters.most_further_speeds]:
        search(speed, parameters.short)
        search(speed, parameters.long)
    lines.sort(key=lambda line: (-line.evidence, line.start, line.speed))
    return tuple(lines), sum(one.n_cells for one in done)


def _cost(scale: Scale) -> float:
    return 1 / scale.hop_s


def _speeds_heard(lines: Sequence[Line], parameters: DetectParameters) -> tuple[float, ...]:
    """Return the speeds, the strongest first, at which no other speed explains what is heard."""
    strong = [line for line in lines if line.evidence >= parameters.survey_evidence]
    strong.sort(key=lambda line: -line.evidence)
    heard: list[Line] = []
    for line in strong:
        if not any(line.meets(other) for other in heard if other.speed != line.speed):
            heard.append(line)
    return tuple(dict.fromkeys(line.speed for line in heard))

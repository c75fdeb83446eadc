"""Narration and dialogue followed through the film."""

from collections.abc import Sequence

import numpy as np

from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.speakers import (
    DIALOGUE,
    NARRATION,
    UNDETERMINED,
    Stretch,
    clipped,
    quotient,
    seconds,
    stretches,
)
from ostinato.results import RatioCurve, SpeechSegment
from ostinato.timeline import Interval, Timeline

_CURVE_STEP_S = 60.0


def ratio_curve(
    speech: Sequence[SpeechSegment], *, film_duration_s: float, parameters: MeasureParameters
) -> tuple[RatioCurve, ...]:
    """Follow narration and dialogue through the film, a minute at a time.

    `film_duration_s`: length of the film, > 0.
    """
    rows = stretches(speech, ())
    ends_s = [*np.arange(_CURVE_STEP_S, film_duration_s, _CURVE_STEP_S), film_duration_s]
    return tuple(_curve_at(rows, float(end_s), film_duration_s, parameters) for end_s in ends_s)


def _curve_at(
    rows: Sequence[Stretch], end_s: float, film_duration_s: float, parameters: MeasureParameters
) -> RatioCurve:
    so_far = clipped(rows, Timeline((Interval(0.0, end_s),)))
    half_s = parameters.rolling_s / 2
    window = Interval(max(0.0, end_s - half_s), min(film_duration_s, end_s + half_s))
    near = clipped(rows, Timeline((window,)))
    return RatioCurve(
        film_s=end_s,
        narration_s=seconds(so_far, NARRATION),
        dialogue_s=seconds(so_far, DIALOGUE),
        undetermined_s=seconds(so_far, UNDETERMINED),
        share=quotient(seconds(so_far, NARRATION), seconds(so_far, NARRATION | DIALOGUE)),
        rolling_share=quotient(seconds(near, NARRATION), seconds(near, NARRATION | DIALOGUE)),
    )

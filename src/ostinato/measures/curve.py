"""Narration and dialogue followed through the film."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

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
from ostinato.results import LabelKind, RatioCurve, SpeechSegment
from ostinato.timeline import Interval, Timeline

_CURVE_STEP_S = 60.0


def ratio_curve(
    speech: Sequence[SpeechSegment], *, film_duration_s: float, parameters: MeasureParameters
) -> tuple[RatioCurve, ...]:
    """Follow narration and dialogue through the film, a minute at a time.

    `film_duration_s`: length of the film, > 0.
    """
    rows = stretches(speech, ())
    spoken = _Spoken(*(_Growing.of(rows, kinds) for kinds in _FOLLOWED))
    ends_s = [*np.arange(_CURVE_STEP_S, film_duration_s, _CURVE_STEP_S), film_duration_s]
    return tuple(
        _curve_at(rows, spoken, float(end_s), film_duration_s, parameters) for end_s in ends_s
    )


_FOLLOWED = (NARRATION, DIALOGUE, UNDETERMINED, NARRATION | DIALOGUE)


@dataclass(frozen=True, slots=True)
class _Growing:
    """Stretches of some kinds, of which the seconds up to a film time are asked."""

    starts_s: tuple[float, ...]
    lengths_s: tuple[float, ...]

    @classmethod
    def of(cls, rows: Sequence[Stretch], kinds: frozenset[LabelKind]) -> Self:
        own = [row.interval for row in rows if (row.label or row.predicted) in kinds]
        return cls(tuple(i.start_s for i in own), tuple(i.duration_s for i in own))

    def seconds_until(self, end_s: float) -> float:
        """Add up what lies before; of the last stretch its beginning alone may."""
        n = bisect_left(self.starts_s, end_s)
        if n == 0:
            return 0
        last_s = min(self.lengths_s[n - 1], end_s - self.starts_s[n - 1])
        return sum([*self.lengths_s[: n - 1], last_s])


@dataclass(frozen=True, slots=True)
class _Spoken:
    narration: _Growing
    dialogue: _Growing
    undetermined: _Growing
    decided: _Growing


def _curve_at(
    rows: Sequence[Stretch],
    spoken: _Spoken,
    end_s: float,
    film_duration_s: float,
    parameters: MeasureParameters,
) -> RatioCurve:
    narration_s = spoken.narration.seconds_until(end_s)
    half_s = parameters.rolling_s / 2
    window = Interval(max(0.0, end_s - half_s), min(film_duration_s, end_s + half_s))
    near = clipped(rows, Timeline((window,)))
    return RatioCurve(
        film_s=end_s,
        narration_s=narration_s,
        dialogue_s=spoken.dialogue.seconds_until(end_s),
        undetermined_s=spoken.undetermined.seconds_until(end_s),
        share=quotient(narration_s, spoken.decided.seconds_until(end_s)),
        rolling_share=quotient(seconds(near, NARRATION), seconds(near, NARRATION | DIALOGUE)),
    )

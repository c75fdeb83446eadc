"""What the measures take for what, and how many draws a null model gets."""

from dataclasses import dataclass
from typing import Annotated

from ostinato.ranges import Range, Seconds, SomeSeconds, check_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureParameters:
    """What the measures take for what; recorded verbatim under ``run.parameters``.

    Parameters
    ----------
    continuation_s : float
        A song goes on where it stopped if its gap is at most this long, either way; >= 0.
    merge_gap_s : float
        Playings less than this far apart in film time are one hearing to a spectator; 0 to 60.
    answer_s : float
        A voice that another one follows or precedes within this long is in conversation; > 0.
    rolling_s : float
        Window in which the share of narration is followed through the film; > 0.
    n_draws : int
        Draws under a null model for one p-value; at least 999.
    n_resamples : int
        Bootstrap resamples of an interval; at least 200.
    level : float
        Coverage of the intervals; in (0.5, 1).
    alpha : float
        A p-value counts as beyond chance if it is at most this, after the correction for having
        asked several times; in (0, 0.5).
    seed : int
        Of all random draws; the same seed gives the same numbers.

    Raises
    ------
    ParameterError
        If one is out of its range.
    """

    continuation_s: Seconds = 5.0  # about two bars; who lifts a needle finds the place no closer
    # the pauses of one scene's talk are shorter, a change of scene is not
    merge_gap_s: Annotated[float, Range(0, 60)] = 10.0
    answer_s: SomeSeconds = 10.0  # far beyond the pauses of a conversation
    rolling_s: SomeSeconds = 600.0  # a tenth of a feature film
    n_draws: Annotated[int, Range(999, 1_000_000)] = 9999
    n_resamples: Annotated[int, Range(200, 1_000_000)] = 2000
    level: Annotated[float, Range(0.5, 1, is_open=True)] = 0.95
    alpha: Annotated[float, Range(0, 0.5, is_open=True)] = 0.05
    seed: Annotated[int, Range(0, 2**63 - 1)] = 1994

    def __post_init__(self) -> None:
        check_ranges(self)

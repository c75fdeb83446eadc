"""What the measures take for what, and how often chance is asked."""

from dataclasses import dataclass

from ostinato.errors import ParameterError


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
        How often chance is asked for a p-value; at least 999.
    n_resamples : int
        Bootstrap resamples of an interval; at least 200.
    level : float
        Coverage of the intervals and, as 1 - level, what counts as significant; in (0.5, 1).
    seed : int
        Of all random draws; the same seed gives the same numbers.

    Raises
    ------
    ParameterError
        If one is out of its range.
    """

    continuation_s: float = 5.0  # about two bars; who lifts a needle finds the place no closer
    merge_gap_s: float = (
        10.0  # the pauses of one scene's talk are shorter, a change of scene is not
    )
    answer_s: float = 10.0  # far beyond the pauses of a conversation
    rolling_s: float = 600.0  # a tenth of a feature film
    n_draws: int = 9999
    n_resamples: int = 2000
    level: float = 0.95
    seed: int = 1994

    def __post_init__(self) -> None:
        bounds = {
            "continuation_s": (self.continuation_s >= 0, "Give 0 or more seconds"),
            "merge_gap_s": (0 <= self.merge_gap_s <= 60, "Give 0 to 60 seconds"),  # noqa: PLR2004
            "answer_s": (self.answer_s > 0, "Give more than 0 seconds"),
            "rolling_s": (self.rolling_s > 0, "Give more than 0 seconds"),
            "n_draws": (self.n_draws >= 999, "Give at least 999"),  # noqa: PLR2004
            "n_resamples": (self.n_resamples >= 200, "Give at least 200"),  # noqa: PLR2004
            "level": (0.5 < self.level < 1, "Give a share above 0.5 and below 1"),  # noqa: PLR2004
            "seed": (self.seed >= 0, "Give 0 or more"),
        }
        for name, (is_allowed, mend) in bounds.items():
            if not is_allowed:
                raise ParameterError(name, f"it is {getattr(self, name)}", mend)

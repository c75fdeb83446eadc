"""Is narration used more at the beginning? The film's own order of speech, turned in a circle.

The null model is that the speech, with its runs and pauses, might have begun anywhere: all that is
spoken is shifted along the film, what leaves at the end coming in at the start. Each shift keeps
how speech clusters, which a test of single segments would take for evidence.

References
----------
.. [1] J. Besag and P. Clifford, "Generalized Monte Carlo significance tests", *Biometrika* 76
       (1989), 633-642: a test by a group under which the null model does not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.measures.measure_parameters import MeasureParameters
from ostinato.measures.statistics import chance_p
from ostinato.results import STATED_DIFFERENCE, Kind, SpeechSegment

N_SHIFTS = 1999
"""Shifts by multiples of the film over one more than these, besides none at all."""
_N_FILMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningTest:
    """How the beginning comes out among all places where the film might begin.

    `p_value` is the probability by chance of as much narration at the beginning, `p_less` of as
    little. Between `chance_low` and `chance_high` lie the differences that chance gives, of the
    share of narration in the beginning less that after it. `power` is the probability that the test
    finds a difference of `STATED_DIFFERENCE`.
    """

    p_value: float
    p_less: float
    chance_low: float | None
    chance_high: float | None
    power: float


def beginning_p(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    first_shares: Sequence[float],
    undetermined_first: Kind = "undetermined",
    undetermined_after: Kind = "undetermined",
) -> float | None:
    """Probability by chance of as much narration at the beginning, rather than dialogue.

    `film_duration_s`: length of the film, > 0; `first_shares`: what parts of the film may be called
    its beginning, each in (0, 1); the mean over them is taken, so that the same amount of narration
    counts for more the sooner it comes; `undetermined_first`, `undetermined_after`: what
    undetermined speech is taken for, before the middle one of `first_shares` and after.
    """
    mark_s = float(np.median(first_shares)) * film_duration_s
    told: list[tuple[SpeechSegment, Kind]] = []
    for segment in speech:
        instead = undetermined_first if segment.start_s < mark_s else undetermined_after
        told.append((segment, instead if segment.kind == "undetermined" else segment.kind))
    narration, dialogue = _per_kind(told, film_duration_s)
    if not (narration.sum() > 0 and dialogue.sum() > 0):
        return None
    leanings = _leanings(narration, dialogue, first_shares)
    return chance_p(float(leanings[0]), leanings[1:])


def beginning_test(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    first_shares: Sequence[float],
    parameters: MeasureParameters,
) -> BeginningTest | None:
    """Hold the narration at the beginning against the same speech begun anywhere else.

    `film_duration_s`, `first_shares`: as for `beginning_p`. The middle one of the shares is that of
    the difference.
    """
    narration, dialogue = _per_kind([(s, s.kind) for s in speech], film_duration_s)
    if not (narration.sum() > 0 and dialogue.sum() > 0):
        return None
    leanings = _leanings(narration, dialogue, first_shares)
    tail = (1 - parameters.level) / 2
    chance = _differences(narration, dialogue, float(np.median(first_shares)))
    low, high = np.quantile(chance, [tail, 1 - tail]) if chance.size else (None, None)
    return BeginningTest(
        p_value=chance_p(float(leanings[0]), leanings[1:]),
        p_less=chance_p(-float(leanings[0]), -leanings[1:]),
        chance_low=None if low is None else float(low),
        chance_high=None if high is None else float(high),
        power=_power(narration, dialogue, first_shares, parameters),
    )


def _per_kind(
    told: Sequence[tuple[SpeechSegment, Kind]], film_duration_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the seconds of narration and of dialogue in each bin of the film."""
    narration, dialogue = (
        _per_bin([s for s, kind in told if kind in kinds], film_duration_s)
        for kinds in ({"narration"}, {"dialogue", "soliloquy"})
    )
    return narration, dialogue


def _leanings(
    narration: NDArray[np.float64], dialogue: NDArray[np.float64], first_shares: Sequence[float]
) -> NDArray[np.float64]:
    """How much more of all narration than of all dialogue comes first, at each shift."""
    leaning = narration / narration.sum() - dialogue / dialogue.sum()
    return np.asarray(np.mean([_at_first(leaning, one) for one in first_shares], axis=0))


def _at_first(per_bin: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Sum of what comes in the first share of the film, at each shift."""
    n = per_bin.size
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([per_bin, per_bin]))])
    end = round(share * n)
    return np.asarray(sums[end : end + n] - sums[:n])


def _differences(
    narration: NDArray[np.float64], dialogue: NDArray[np.float64], first_share: float
) -> NDArray[np.float64]:
    """Share of narration first less that after, at each shift at which there is speech in both."""
    first_s, first_all_s = (
        _at_first(seconds, first_share) for seconds in (narration, narration + dialogue)
    )
    after_s = narration.sum() - first_s
    after_all_s = (narration + dialogue).sum() - first_all_s
    is_spoken = (first_all_s > 0) & (after_all_s > 0)
    return np.asarray(
        first_s[is_spoken] / first_all_s[is_spoken] - after_s[is_spoken] / after_all_s[is_spoken]
    )


def _power(
    narration: NDArray[np.float64],
    dialogue: NDArray[np.float64],
    first_shares: Sequence[float],
    parameters: MeasureParameters,
) -> float:
    """Begin the film anywhere, turn dialogue at its beginning into narration, and test that."""
    rng = np.random.default_rng(parameters.seed)
    end = round(float(np.median(first_shares)) * narration.size)
    n_found = 0
    for shift in rng.integers(narration.size, size=_N_FILMS):
        told, said = np.roll(narration, shift), np.roll(dialogue, shift)
        wanted_s = STATED_DIFFERENCE * (told[:end].sum() + said[:end].sum())
        if said[:end].sum() > 0:
            turned = said[:end] * min(1.0, wanted_s / said[:end].sum())
            told[:end] += turned
            said[:end] -= turned
        if not said.sum() > 0:
            continue
        leanings = _leanings(told, said, first_shares)
        n_found += chance_p(float(leanings[0]), leanings[1:]) <= parameters.alpha
    return n_found / _N_FILMS


def _per_bin(speech: Sequence[SpeechSegment], film_duration_s: float) -> NDArray[np.float64]:
    """Return the seconds spoken in each bin of the film; segments are cut at the bins' edges."""
    edges_s = np.linspace(0.0, film_duration_s, N_SHIFTS + 2)
    bounds_s = np.array([(s.start_s, s.end_s) for s in sorted(speech, key=lambda s: s.interval)])
    if bounds_s.size == 0:
        return np.zeros(edges_s.size - 1)
    until_s = np.cumsum(bounds_s[:, 1] - bounds_s[:, 0])
    spoken_s = np.stack([until_s - (bounds_s[:, 1] - bounds_s[:, 0]), until_s], axis=1)
    return np.diff(np.interp(edges_s, bounds_s.ravel(), spoken_s.ravel(), left=0.0))

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

import numpy as np
from numpy.typing import NDArray

from ostinato.measures.resampling import chance_p
from ostinato.results import Kind, SpeechSegment

N_SHIFTS = 1999
"""Shifts by multiples of the film over one more than these, besides none at all."""


def beginning_p(
    speech: Sequence[SpeechSegment],
    *,
    film_duration_s: float,
    first_shares: Sequence[float],
    undetermined_first: Kind = "undetermined",
    undetermined_after: Kind = "undetermined",
) -> float | None:
    """Probability by chance of as much narration at the beginning, rather than dialogue.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        Never overlapping.
    film_duration_s : float
        Length of the film, > 0.
    first_shares : sequence of float
        What parts of the film may be called its beginning, each in (0, 1); the mean over them is
        taken, so that the same amount of narration counts for more the sooner it comes.
    undetermined_first, undetermined_after : str, optional
        What undetermined speech is taken for, before the middle one of `first_shares` and after.

    Returns
    -------
    float or None
        Share of the shifts in which as much more of all narration than of all dialogue falls into
        the beginning; None without narration or without dialogue.
    """
    mark_s = float(np.median(first_shares)) * film_duration_s
    told: list[tuple[SpeechSegment, Kind]] = []
    for segment in speech:
        instead = undetermined_first if segment.start_s < mark_s else undetermined_after
        told.append((segment, instead if segment.kind == "undetermined" else segment.kind))
    narration, dialogue = (
        _per_bin([s for s, kind in told if kind in kinds], film_duration_s)
        for kinds in ({"narration"}, {"dialogue", "soliloquy"})
    )
    if not (narration.sum() > 0 and dialogue.sum() > 0):
        return None
    leaning = narration / narration.sum() - dialogue / dialogue.sum()
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([leaning, leaning]))])
    n = leaning.size
    ends = [round(share * n) for share in first_shares]
    at_each_shift = np.mean([sums[end : end + n] - sums[:n] for end in ends], axis=0)
    return chance_p(float(at_each_shift[0]), at_each_shift[1:])


def _per_bin(speech: Sequence[SpeechSegment], film_duration_s: float) -> NDArray[np.float64]:
    """Return the seconds spoken in each bin of the film; segments are cut at the bins' edges."""
    edges_s = np.linspace(0.0, film_duration_s, N_SHIFTS + 2)
    bounds_s = np.array([(s.start_s, s.end_s) for s in sorted(speech, key=lambda s: s.interval)])
    if bounds_s.size == 0:
        return np.zeros(edges_s.size - 1)
    until_s = np.cumsum(bounds_s[:, 1] - bounds_s[:, 0])
    spoken_s = np.stack([until_s - (bounds_s[:, 1] - bounds_s[:, 0]), until_s], axis=1)
    return np.diff(np.interp(edges_s, bounds_s.ravel(), spoken_s.ravel(), left=0.0))

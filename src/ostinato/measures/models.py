"""Four models of where a song starts again, and how well each foretells a transition.

- *continues*: at the song time at which the playing before had stopped;
- *restarts*: at the beginning of the song;
- *ran on*: where the record would be, had it kept turning unheard, from its beginning again when it
  had come to its end;
- *anywhere*: all song times alike.

Song time is a circle here, as long as the song. Each of the first three foretells a place with a
spread, and in one transition of twenty any other place, so that one exception does not refute it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.measures.playings import Positions, wrapped

MODELS = ("continues", "restarts", "ran_on", "anywhere")
_EXCEPTION = 0.05
_RAN_ON_SPREAD_S = 0.5
"""A record that turns is known to the millisecond; this is for gaps in the film and worn tape."""
NEARER = 2.0
"""How much nearer than any rival's the place must be at which a playing goes on."""
RESOLUTION_S = 0.5
"""Rivals nearer than this to each other cannot be told apart: a cue's edges are known no better."""


def gaps_to(places: Positions) -> NDArray[np.float64]:
    """Song time from where each model expects the next start to where it is.

    Returns (3, ..., n_playings - 1).
    """
    stops_s = places.ends_s[..., :-1]
    next_s = places.starts_s[..., 1:]
    expected_s = np.stack([stops_s, np.zeros_like(next_s), stops_s + places.advances_s])
    return wrapped(next_s - expected_s, places.song_duration_s)


def goes_on(places: Positions, *, within_s: float) -> NDArray[np.bool_]:
    """Tell which transitions go on where the song had stopped, and can be told from all else.

    A start is a hit if it is near enough to where the song had stopped, twice as near to that as to
    any rival (`nearness`), and no rival is so near that it cannot be told apart. What ends with the
    song and starts with it, or is taken up while the record turns on, is no evidence of going on.

    `within_s`: how near is near enough. Returns (..., n_playings - 1).
    """
    return hits_and_nearness(places, within_s=within_s)[0]


def hits_and_nearness(
    places: Positions, *, within_s: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return `goes_on` and `nearness` of the same transitions, measured once.

    `within_s`: how near is near enough. Returns `hits` (..., n_playings - 1), `nearer` (...,
    n_playings - 1).
    """
    continues_s, rival_s = _distances_s(places)
    nearer = _nearness(continues_s, rival_s)
    is_hit = (continues_s <= within_s) & (nearer > NEARER / (1 + NEARER))
    return np.asarray(is_hit & (rival_s >= RESOLUTION_S)), nearer


def is_unclear(places: Positions, *, within_s: float) -> NDArray[np.bool_]:
    """Tell which transitions are near to going on, but fit a rival as well.

    `within_s`: how near is near enough. Returns (..., n_playings - 1).
    """
    continues_s, rival_s = _distances_s(places)
    is_rivals = NEARER * rival_s < np.maximum(continues_s, RESOLUTION_S)
    is_rivals &= continues_s >= RESOLUTION_S
    return np.asarray((continues_s <= within_s) & ~is_rivals & ~goes_on(places, within_s=within_s))


def nearness(places: Positions) -> NDArray[np.float64]:
    """How much nearer a start is to where the song had stopped than to any rival.

    Rivals are the song's beginning, where the playing before had started, and where the record
    would be, had it kept turning.

    Returns (..., n_playings - 1).
    """
    return _nearness(*_distances_s(places))


def _distances_s(places: Positions) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Song time from each start to where the song had stopped, and to the nearest rival."""
    continues_s, restarts_s, ran_on_s = np.abs(gaps_to(places))
    again_s = np.abs(wrapped(np.diff(places.starts_s, axis=-1), places.song_duration_s))
    return continues_s, np.minimum(np.minimum(restarts_s, ran_on_s), again_s)


def _nearness(
    continues_s: NDArray[np.float64], rival_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    total_s = continues_s + rival_s
    nearer: NDArray[np.float64] = np.zeros_like(total_s)
    np.divide(rival_s, total_s, out=nearer, where=total_s > 0)
    return nearer


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """How likely each transition is under each model.

    Parameters
    ----------
    densities_per_s : ndarray, shape (4, n_transitions)
        In the order of `MODELS`.
    """

    densities_per_s: NDArray[np.float64]

    @property
    def log_ratios(self) -> NDArray[np.float64]:
        """Natural log likelihood of each model over *anywhere*, all transitions; shape (4,)."""
        logs = np.log(self.densities_per_s)
        return np.asarray((logs - logs[-1]).sum(axis=1))

    @property
    def posteriors(self) -> NDArray[np.float64]:
        """Probability of each model, all being as likely before; shape (4, n_transitions)."""
        return np.asarray(self.densities_per_s / self.densities_per_s.sum(axis=0))


def likelihoods(places: Positions, *, within_s: float) -> Likelihoods:
    """Density of each next start under the four models.

    `within_s`: of the first two models 95 % of starts are this near to where they expect it; > 0.
    """
    uniform = 1 / places.song_duration_s
    gaps_s = gaps_to(places)
    spread_s = max(within_s, _RAN_ON_SPREAD_S) / stats.norm.ppf(0.975)
    spreads_s = np.array([spread_s, spread_s, _RAN_ON_SPREAD_S])[:, None]
    foretold = (1 - _EXCEPTION) * stats.norm.pdf(gaps_s, scale=spreads_s) + _EXCEPTION * uniform
    anywhere = np.full((1, gaps_s.shape[1]), uniform)
    return Likelihoods(np.concatenate([foretold, anywhere]))

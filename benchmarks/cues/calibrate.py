"""Each peer at its best: the setting with the highest mean seconds-F1 on films of another seed."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from linking import Hit, Setting, link_hits
from scoring import Event, count_seconds

_N_THRESHOLDS = 24
_MIN_HITS = (1, 2, 3, 5, 8)
_TRIMS = (0.0, 0.15, 0.3)
_MAX_HITS_PER_MINUTE = 400  # of one window length: beyond, chance outnumbers songs by far


def best_setting(
    events: Mapping[str, Sequence[Event]], hits: Mapping[str, Sequence[Hit]]
) -> tuple[Setting, float]:
    """Choose a peer's setting.

    Parameters
    ----------
    events, hits : mapping of str to sequence
        Of each calibration film, by its name.

    Returns
    -------
    setting : Setting
        The first of those with the highest mean F1.
    f1 : float
        Of the seconds of the calibration films, 0 to 1.
    """
    flat = [hit for own in hits.values() for hit in own]
    minutes = sum(max((e.end_s for e in own), default=0.0) for own in events.values()) / 60
    best, best_f1 = Setting(window_s=0, score="", min_score=0, min_hits=1, trim=0), -1.0
    for window_s, score in sorted({(hit.window_s, name) for hit in flat for name in hit.scores}):
        values = np.sort([hit.scores[score] for hit in flat if hit.window_s == window_s])
        n_most = min(values.size, round(_MAX_HITS_PER_MINUTE * minutes))
        ranks = np.unique(np.geomspace(10, n_most, _N_THRESHOLDS).astype(int))
        thresholds = np.unique(values[-np.minimum(ranks, values.size)])
        own_hits = {
            film: [hit for hit in own if hit.window_s == window_s] for film, own in hits.items()
        }
        for min_score, min_hits, trim in product(thresholds.tolist(), _MIN_HITS, _TRIMS):
            setting = Setting(
                window_s=window_s, score=score, min_score=min_score, min_hits=min_hits, trim=trim
            )
            f1 = _mean_f1(events, own_hits, setting)
            if f1 > best_f1:
                best, best_f1 = setting, f1
    return best, best_f1


def _mean_f1(
    events: Mapping[str, Sequence[Event]], hits: Mapping[str, Sequence[Hit]], setting: Setting
) -> float:
    values = [
        count_seconds(own, link_hits(hits[film], setting)).f1 or 0.0 for film, own in events.items()
    ]
    return float(np.mean(values))

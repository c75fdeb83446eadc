"""From the hits of a tool that answers window by window to stretches of film.

Hits of one song whose windows follow each other and whose places in film and song agree are one
detection. What counts as a hit, and how much of the outer windows is cut off, is the tool's
setting, which `calibrate` chooses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring import Detection

_SAME_PLACE_S = 0.2  # audio-offset-finder and Chromaprint step by 0.13 s and 0.12 s
_MAX_HOPS = 3  # of windows between two hits of one detection
_HOPS_PER_WINDOW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Where a tool heard a song; `window_s` is the length of the query."""

    song: str
    window_s: float
    start_s: float
    end_s: float
    song_start_s: float
    scores: dict[str, float]

    @property
    def offset_s(self) -> float:
        """Song time less film time."""
        return self.song_start_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a tool is used.

    Parameters
    ----------
    window_s : float
        Length of a query.
    score : str
        Which of the tool's scores decides.
    min_score : float
        Hits below it are dropped.
    min_hits : int
        Detections of fewer hits are dropped.
    trim : float
        Share of a window that is cut off at either end of a detection.
    """

    window_s: float
    score: str
    min_score: float
    min_hits: int
    trim: float


def link_hits(hits: Sequence[Hit], setting: Setting) -> tuple[Detection, ...]:
    """Join the hits of a film.

    Parameters
    ----------
    hits : sequence of Hit
        Of any song and window, in any order.
    setting : Setting
        What counts.

    Returns
    -------
    tuple of Detection
        In order of film time; those at different places of one song may overlap.
    """
    used = sorted(
        (
            hit
            for hit in hits
            if hit.window_s == setting.window_s
            and hit.scores.get(setting.score, float("-inf")) >= setting.min_score
        ),
        key=lambda hit: (hit.start_s, hit.song, hit.offset_s),
    )
    reach_s = _MAX_HOPS * setting.window_s / _HOPS_PER_WINDOW
    open_chains: list[list[Hit]] = []
    done: list[list[Hit]] = []
    for hit in used:
        still_open = [chain for chain in open_chains if hit.start_s - chain[-1].end_s <= reach_s]
        done += [chain for chain in open_chains if hit.start_s - chain[-1].end_s > reach_s]
        open_chains = still_open
        nearest = min(
            (chain for chain in open_chains if chain[-1].song == hit.song),
            key=lambda chain: abs(chain[-1].offset_s - hit.offset_s),
            default=None,
        )
        if nearest and abs(nearest[-1].offset_s - hit.offset_s) <= _SAME_PLACE_S:
            nearest.append(hit)
        else:
            open_chains.append([hit])
    found = (_joined(chain, setting) for chain in done + open_chains)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.start_s, one.song)))


def _joined(chain: Sequence[Hit], setting: Setting) -> Detection | None:
    cut_s = setting.trim * setting.window_s
    start_s, end_s = chain[0].start_s + cut_s, max(hit.end_s for hit in chain) - cut_s
    if len(chain) < setting.min_hits or end_s <= start_s:
        return None
    offset_s = sorted(hit.offset_s for hit in chain)[len(chain) // 2]
    return Detection(
        song=chain[0].song,
        start_s=start_s,
        end_s=end_s,
        song_start_s=start_s + offset_s,
        score=max(hit.scores[setting.score] for hit in chain),
    )

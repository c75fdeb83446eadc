"""What a transition does: the song goes on where it had stopped, or not, or it cannot be told.

This is the one definition of going on: the claim, the prose, the captions, the map and the summary
all count by it. A song that repeats itself may fit a playing at several of its times; a transition
is told only if it comes out the same whichever of them is meant.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np

from ostinato.measures.models import goes_on, is_unclear
from ostinato.measures.playings import Playing, Positions
from ostinato.results import Outcome


def outcomes(
    playings: Sequence[Playing], places: Positions, *, within_s: float
) -> tuple[Outcome, ...]:
    """Tell what each transition from one playing of a song to its next does.

    `within_s`: how near to where the song had stopped is near enough, in seconds of song time; >=
    0.
    """
    return tuple(
        _outcome(before, after, _pair(places, i), within_s)
        for i, (before, after) in enumerate(pairwise(playings))
    )


def _pair(places: Positions, i: int) -> Positions:
    return Positions(
        starts_s=places.starts_s[i : i + 2],
        lengths_s=places.lengths_s[i : i + 2],
        advances_s=places.advances_s[i : i + 1],
        song_duration_s=places.song_duration_s,
    )


def _outcome(before: Playing, after: Playing, pair: Positions, within_s: float) -> Outcome:
    shifts_s = np.array(list(product(before.stop_shifts_s, after.start_shifts_s)))
    fitting = pair.started_at(pair.starts_s + shifts_s)
    hits = goes_on(fitting, within_s=within_s)
    if hits.all():
        return "goes on"
    return (
        "cannot be told"
        if (hits | is_unclear(fitting, within_s=within_s)).any()
        else "starts elsewhere"
    )

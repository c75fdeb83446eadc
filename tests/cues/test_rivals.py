"""What lines say of the same film, where a song repeats itself."""

from dataclasses import replace

import numpy as np
import pytest

from ostinato.cues.lines import Line
from ostinato.cues.path import Stretch
from ostinato.cues.peaks import Scale
from ostinato.cues.rivals import speaks_of
from ostinato.cues.trace import Approach
from ostinato.cues.views import RATE_HZ

BLOCK_S = 2.0


def a_line(start_s, stop_s, *, song_s):
    """A line of one block each two seconds."""
    lags = np.arange(start_s, stop_s - BLOCK_S + 0.1, BLOCK_S) * RATE_HZ
    return Line(
        speed=1.0,
        scale=Scale(block_s=BLOCK_S, hop_s=BLOCK_S),
        lags=lags.astype(np.int64),
        z=np.full(lags.size, 10.0, np.float32),
        blocks=np.arange(lags.size),
        view_weights=np.ones(1),
        offset=(start_s - song_s) * RATE_HZ,
        evidence=50.0 * lags.size,
    )


def seen(line, start_s, stop_s, evidence):
    """What a look at a line gives, its best stretch in film from here to there."""
    best = Stretch(int(start_s * RATE_HZ), int(stop_s * RATE_HZ), evidence, 0.01, 0.01)
    return Approach(line, 1.0, int(line.offset), (line.start, line.stop), best)


@pytest.mark.parametrize(
    ("best_s", "told"), [((10.0, 12.0), True), ((4.0, 40.0), True), ((20.0, 36.0), False)]
)
def test_a_copy_is_weighed_by_the_film_that_the_line_stands_by(best_s, told):
    own = seen(a_line(10.0, 14.0, song_s=30.0), 10.0, 12.5, 300.0)
    # a loop that is met all along the film, and most of all somewhere else
    copy = seen(a_line(4.0, 40.0, song_s=70.0), *best_s, 9000.0)
    assert speaks_of(copy, own) is told


def test_a_copy_of_which_nothing_is_heard_says_nothing():
    own = seen(a_line(10.0, 14.0, song_s=30.0), 10.0, 12.5, 300.0)
    assert not speaks_of(replace(own, best=None), own)

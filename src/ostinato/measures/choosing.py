"""Which segments train the classifier most, of those that nobody has labelled.

They are chosen, not drawn: no estimate may rest on them, and they are never part of a sample.
Segments of which the program is least sure come first [1]_, one of each voice in each scene before
a second of any, since what resembles a label already given adds little. Of segments that are as
doubtful, those under italics come first: some are narration, and labels show how many.

References
----------
.. [1] D. D. Lewis and W. A. Gale, "A sequential algorithm for training text classifiers",
       *SIGIR* 1994, 3-12.
"""

from collections.abc import Sequence

import numpy as np

from ostinato.dsp.blocks import blocks_of
from ostinato.errors import StudyError
from ostinato.results import Scene, SpeechSegment


def choose_next(
    speech: Sequence[SpeechSegment], n: int, *, scenes: Sequence[Scene]
) -> tuple[SpeechSegment, ...]:
    """Choose segments to be labelled so that the program learns.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        With probabilities; what people have decided is not asked again.
    n : int
        How many, if there are as many. At least 1.
    scenes : sequence of Scene
        The scene table; minutes stand in for it.

    Returns
    -------
    tuple of SpeechSegment
        In film order. Of segments of which as little is known, the longer one is chosen.

    Raises
    ------
    StudyError
        If people have decided everything.
    """
    left = [s for s in speech if s.decided_by not in {"label", "subtitles"}]
    if not left:
        raise StudyError("the speech", "people have decided all of it", "Label another film")
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in left])
    blocks, _ = blocks_of(middles_s, middles_s, [scene.interval for scene in scenes])
    by_doubt = sorted(
        range(len(left)),
        key=lambda i: (_sureness(left[i]), -_italics(left[i]), -_length_s(left[i]), i),
    )
    n_before: dict[tuple[int, str | None, float], int] = {}
    turns = {}
    for i in by_doubt:
        place = int(blocks[i]), left[i].voice, _italics(left[i])
        turns[i] = n_before.get(place, 0)
        n_before[place] = turns[i] + 1
    first = sorted(by_doubt, key=lambda i: turns[i])[:n]
    return tuple(left[i] for i in sorted(first, key=lambda i: left[i].interval))


def _sureness(segment: SpeechSegment) -> float:
    return 0.0 if segment.p_narration is None else abs(segment.p_narration - 0.5)


def _italics(segment: SpeechSegment) -> float:
    return float(segment.evidence.get("italic_share", 0.0) > _HALF)


_HALF = 0.5


def _length_s(segment: SpeechSegment) -> float:
    return segment.interval.duration_s

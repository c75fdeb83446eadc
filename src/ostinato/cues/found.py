"""What a search finds of a song, before it is measured and named."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ostinato.results import Likeness, TimeMap


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of film in which the song is heard, before it is measured and named.

    `pitch` is the ratio of its pitch to the recording's; `pieces` are those of a copy whose tempo
    was changed and whose pitch was kept; `likeness` says what of the song was met.
    """

    start_s: float
    end_s: float
    time_map: TimeMap
    evidence: float
    p_value: float
    start_error_s: float
    end_error_s: float
    rivals_song_s: tuple[float, ...]
    pitch: float
    pieces: tuple["Found", ...] = ()
    likeness: Likeness = "waveform"


def pitch_of(pieces: Sequence[Found]) -> float:
    """Return the pitch of a copy that is made of pieces.

    Parameters
    ----------
    pieces : sequence of Found
        At least one.

    Returns
    -------
    float
        Median of theirs.
    """
    return float(np.median([piece.pitch for piece in pieces]))

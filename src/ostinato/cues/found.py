"""What a search finds of a song, before it is measured and named."""

from dataclasses import dataclass

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

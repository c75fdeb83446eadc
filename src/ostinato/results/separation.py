"""What is known of taking a song out of the film."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["cancelled", "masked", "left alone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How the song of one occurrence was taken out of the film, and how far that went.

    `reduction_db` is how far the song lies below itself in the remainder, where little else is
    heard. `coherence` is that of film and song in blocks, `share_on_line` the share of blocks that
    lie on the map, `drift_ppm` how far the speed was off it. `response` tells a room from a chain
    without one; `edits_s` are the cuts within the occurrence.
    """

    occurrence_id: str
    grade: Grade
    reduction_db: float | None
    coherence: float | None
    held_out_gain_db: float | None
    share_on_line: float | None
    drift_ppm: float | None
    response: Literal["dry", "room"] | None
    edits_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentaryLevel:
    """Level of a song over 400 ms of an occurrence; `gain_db` is that of the film's fader.

    `film_lufs` is the level of the film as it is, `remainder_lufs` that of the film less the song.
    """

    occurrence_id: str
    start_s: float
    level_lufs: float | None
    error_lu: float | None
    gain_db: float | None
    film_lufs: float | None = None
    remainder_lufs: float | None = None

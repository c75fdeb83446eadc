"""A known song is taken out of the film; what remains is the film as if it had not been played."""

from ostinato.separation.alignment import AlignParameters
from ostinato.separation.canceller import Cancelled, cancel
from ostinato.separation.levels import StemLevels, stem_levels
from ostinato.separation.parameters import CancelParameters
from ostinato.separation.quality import Quality
from ostinato.separation.stems import Stem, new_stem, remainder, song_of
from ostinato.separation.taking import (
    GradeParameters,
    Recording,
    SeparationParameters,
    Taken,
    take_out,
)

__all__ = [
    "AlignParameters",
    "CancelParameters",
    "Cancelled",
    "GradeParameters",
    "Quality",
    "Recording",
    "SeparationParameters",
    "Stem",
    "StemLevels",
    "Taken",
    "cancel",
    "new_stem",
    "remainder",
    "song_of",
    "stem_levels",
    "take_out",
]

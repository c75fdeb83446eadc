"""A known song is taken out of the film; what remains is the film as if it had not been played."""

from ostinato.separation.alignment import AlignParameters
from ostinato.separation.canceller import Cancelled, cancel
from ostinato.separation.fader import Fader
from ostinato.separation.levels import StemLevels, momentary_levels, stem_levels
from ostinato.separation.parameters import (
    CancelParameters,
    GradeParameters,
    SeparationParameters,
)
from ostinato.separation.quality import Quality
from ostinato.separation.reference import reference_in_step
from ostinato.separation.stems import Stem, new_stem, remainder, song_of
from ostinato.separation.taking import Taken, take_out

__all__ = [
    "AlignParameters",
    "CancelParameters",
    "Cancelled",
    "Fader",
    "GradeParameters",
    "Quality",
    "SeparationParameters",
    "Stem",
    "StemLevels",
    "Taken",
    "cancel",
    "momentary_levels",
    "new_stem",
    "reference_in_step",
    "remainder",
    "song_of",
    "stem_levels",
    "take_out",
]

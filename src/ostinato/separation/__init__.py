"""A known song is taken out of the film; what remains is the film as if it had not been played."""

from ostinato.separation.alignment import AlignParameters, reference_in_step
from ostinato.separation.canceller import Cancelled, cancel
from ostinato.separation.extraction import Taken, take_out
from ostinato.separation.gains import Fader
from ostinato.separation.quality import Quality
from ostinato.separation.separation_parameters import (
    CancelParameters,
    GradeParameters,
    SeparationParameters,
)
from ostinato.separation.stems import (
    Stem,
    StemLevels,
    momentary_levels,
    new_stem,
    remainder,
    song_of,
    stem_levels,
)

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

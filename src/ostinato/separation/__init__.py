"""A known song is taken out of the film; what remains is the film as if it had not been played."""

from ostinato.separation.alignment import AlignParameters
from ostinato.separation.blind import (
    Parted,
    Separator,
    harmonic_percussive,
    not_separated,
    repeating,
)
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
from ostinato.separation.spleeter import spleeter2
from ostinato.separation.stems import Stem, new_stem, remainder, song_of
from ostinato.separation.taking import Taken, take_out

__all__ = [
    "AlignParameters",
    "CancelParameters",
    "Cancelled",
    "Fader",
    "GradeParameters",
    "Parted",
    "Quality",
    "SeparationParameters",
    "Separator",
    "Stem",
    "StemLevels",
    "Taken",
    "cancel",
    "harmonic_percussive",
    "momentary_levels",
    "new_stem",
    "not_separated",
    "reference_in_step",
    "remainder",
    "repeating",
    "song_of",
    "spleeter2",
    "stem_levels",
    "take_out",
]

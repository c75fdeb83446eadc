"""Films with known truth, mixed from recordings as a plan says."""

from ostinato.simulate.acoustics import Radio, Room, decaying_room
from ostinato.simulate.chain import (
    Dropout,
    Duck,
    Fade,
    Place,
    Step,
)
from ostinato.simulate.encode import Encoding
from ostinato.simulate.film import make_film
from ostinato.simulate.plan import (
    Bed,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
)

__all__ = [
    "Bed",
    "Dropout",
    "Duck",
    "Encoding",
    "Fade",
    "FilmPlan",
    "Level",
    "Place",
    "PlannedOccurrence",
    "PlannedSong",
    "PlannedSpeech",
    "Radio",
    "Room",
    "Step",
    "decaying_room",
    "make_film",
]

"""Films with known truth, mixed from recordings as a plan says."""

from ostinato.simulate.chain import (
    Dropout,
    Duck,
    Fade,
    Place,
    Radio,
    Room,
    Step,
    decaying_room,
    read_room,
)
from ostinato.simulate.demo_film import DEMO_NAMES, STUDY_NAME, TRUTH_NAME, write_demo
from ostinato.simulate.encode import Encoding
from ostinato.simulate.film_plan import (
    Bed,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
)
from ostinato.simulate.mix import make_film
from ostinato.simulate.truth import Match, Score, score_occurrences

__all__ = [
    "DEMO_NAMES",
    "STUDY_NAME",
    "TRUTH_NAME",
    "Bed",
    "Dropout",
    "Duck",
    "Encoding",
    "Fade",
    "FilmPlan",
    "Level",
    "Match",
    "Place",
    "PlannedOccurrence",
    "PlannedSong",
    "PlannedSpeech",
    "Radio",
    "Room",
    "Score",
    "Step",
    "decaying_room",
    "make_film",
    "read_room",
    "score_occurrences",
    "write_demo",
]

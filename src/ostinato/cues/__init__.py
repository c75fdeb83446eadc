"""A film and a song become occurrences of the song in the film."""

from ostinato.cues.levels import SongLevel
from ostinato.cues.occurrences import SPEEDS, CueParameters, Cues, find_occurrences
from ostinato.cues.playings import name_playings
from ostinato.cues.track import Track, write_track

__all__ = [
    "SPEEDS",
    "CueParameters",
    "Cues",
    "SongLevel",
    "Track",
    "find_occurrences",
    "name_playings",
    "write_track",
]

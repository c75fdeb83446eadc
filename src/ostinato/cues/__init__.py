"""A film and a song become occurrences of the song in the film."""

from ostinato.cues.cue_parameters import SPEEDS, CueParameters
from ostinato.cues.discover import DiscoverParameters, Discovery, cue_recording, discover_cues
from ostinato.cues.occurrences import Cues, find_occurrences, name_playings
from ostinato.cues.ranking import rank_song
from ostinato.cues.shared import SharedParameters, shared_material
from ostinato.cues.song_finds import MissedParameters, name_candidates
from ostinato.cues.song_levels import SongLevel
from ostinato.cues.tracks import Track, write_track

__all__ = [
    "SPEEDS",
    "CueParameters",
    "Cues",
    "DiscoverParameters",
    "Discovery",
    "MissedParameters",
    "SharedParameters",
    "SongLevel",
    "Track",
    "cue_recording",
    "discover_cues",
    "find_occurrences",
    "name_candidates",
    "name_playings",
    "rank_song",
    "shared_material",
    "write_track",
]

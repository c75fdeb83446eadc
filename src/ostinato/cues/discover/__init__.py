"""A film held against itself: the sound that it repeats, in unnamed cues, without a recording."""

from ostinato.cues.discover.pairs import DiscoverParameters
from ostinato.cues.discover.repeated_cues import Discovery, cue_recording, discover_cues

__all__ = ["DiscoverParameters", "Discovery", "cue_recording", "discover_cues"]

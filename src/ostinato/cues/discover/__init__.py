"""A film held against itself: the sound that it repeats, in unnamed cues, without a recording."""

from ostinato.cues.discover.cues import Discovery, discover_cues
from ostinato.cues.discover.parameters import DiscoverParameters
from ostinato.cues.discover.recording import cue_recording

__all__ = ["DiscoverParameters", "Discovery", "cue_recording", "discover_cues"]

"""Any media file becomes a working copy: decoded once, on disk, on the player's clock."""

from ostinato.media.cache import default_cache_dir, open_working_copy
from ostinato.media.choice import Channel, Choice, Streams, read_streams
from ostinato.media.container import Clock
from ostinato.media.faults import cache_faults
from ostinato.media.glance import Glance, glance
from ostinato.media.kept import kept_copy
from ostinato.media.probe import AudioStream, MediaInfo, probe
from ostinato.media.records import film_record, song_record
from ostinato.media.working_copy import WorkingCopy, reopen

__all__ = [
    "AudioStream",
    "Channel",
    "Choice",
    "Clock",
    "Glance",
    "MediaInfo",
    "Streams",
    "WorkingCopy",
    "cache_faults",
    "default_cache_dir",
    "film_record",
    "glance",
    "kept_copy",
    "open_working_copy",
    "probe",
    "read_streams",
    "reopen",
    "song_record",
]

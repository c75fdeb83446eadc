"""Any media file becomes a working copy: decoded once, on disk, on the player's clock."""

from ostinato.media.choice import Channel, Choice, Streams, read_streams
from ostinato.media.container import Clock
from ostinato.media.copies import default_cache_dir, open_working_copy
from ostinato.media.faults import cache_faults
from ostinato.media.inspection import AudioStream, Glance, MediaInfo, glance, probe
from ostinato.media.working_copy import WorkingCopy, film_record, reopen, song_record

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
    "open_working_copy",
    "probe",
    "read_streams",
    "reopen",
    "song_record",
]

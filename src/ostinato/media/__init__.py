"""Any media file becomes a working copy: decoded once, on disk, on the player's clock."""

from ostinato.media.channels import Channel, Choice, Streams, read_streams
from ostinato.media.container import Clock
from ostinato.media.copy_cache import default_cache_dir, kept_copy, open_working_copy
from ostinato.media.faults import cache_faults
from ostinato.media.inspection import AudioStream, Glance, MediaInfo, glance, probe
from ostinato.media.signal import (
    Derived,
    RawFile,
    Signal,
    front,
    in_memory,
    mean_of_channels,
    part_of,
    read_padded,
)
from ostinato.media.working_copy import WorkingCopy, film_record, reopen, song_record

__all__ = [
    "AudioStream",
    "Channel",
    "Choice",
    "Clock",
    "Derived",
    "Glance",
    "MediaInfo",
    "RawFile",
    "Signal",
    "Streams",
    "WorkingCopy",
    "cache_faults",
    "default_cache_dir",
    "film_record",
    "front",
    "glance",
    "in_memory",
    "kept_copy",
    "mean_of_channels",
    "open_working_copy",
    "part_of",
    "probe",
    "read_padded",
    "read_streams",
    "reopen",
    "song_record",
]

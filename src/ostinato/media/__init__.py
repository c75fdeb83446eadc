"""Any media file becomes a working copy: decoded once, on disk, on the player's clock."""

from ostinato.media.cache import default_cache_dir, open_working_copy
from ostinato.media.probe import AudioStream, MediaInfo, probe
from ostinato.media.records import film_record, song_record
from ostinato.media.working_copy import WorkingCopy, reopen

__all__ = [
    "AudioStream",
    "MediaInfo",
    "WorkingCopy",
    "default_cache_dir",
    "film_record",
    "open_working_copy",
    "probe",
    "reopen",
    "song_record",
]

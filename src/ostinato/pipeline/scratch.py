"""What a stage needs on disk for as long as it runs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ostinato.cues import Track, write_track
from ostinato.media import WorkingCopy
from ostinato.media.faults import cache_faults


@contextmanager
def film_track(film: WorkingCopy) -> Iterator[Track]:
    """Write the film's track beside its working copy, for as long as it is needed."""
    cache = film.folder.parent
    with cache_faults(cache):
        # named as what the next run sweeps away if this one is killed
        scratch = tempfile.TemporaryDirectory(dir=cache, prefix=".unfinished-track-")
    with scratch as folder:
        with cache_faults(cache):
            track = write_track(Path(folder) / "film.f32", film)
        yield track

"""What a stage needs on disk for as long as it runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ostinato.cues import Track, write_track
from ostinato.media import WorkingCopy, cache_faults
from ostinato.results import scratch_in, sweep


@contextmanager
def scratch_folder(cache_dir: Path) -> Iterator[Path]:
    """Give a folder in the cache for as long as it is needed."""
    with ExitStack() as stack:
        with cache_faults(cache_dir):
            sweep(cache_dir)
            folder = stack.enter_context(scratch_in(cache_dir, "scratch"))
        yield folder


@contextmanager
def film_track(film: WorkingCopy) -> Iterator[Track]:
    """Write the film's track beside its working copy, for as long as it is needed."""
    cache = film.folder.parent
    with scratch_folder(cache) as folder:
        with cache_faults(cache):
            track = write_track(folder / "film.f32", film)
        yield track

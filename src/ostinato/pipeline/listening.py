"""Talk is told from singing, in the film and in what remains of it without its songs."""

from pathlib import Path

from ostinato.media import WorkingCopy
from ostinato.pipeline.cache import Cache, load_activity, save_activity
from ostinato.pipeline.clock import VERSION, Running
from ostinato.pipeline.separated import Separated
from ostinato.speech import Activity, detect_activity, listen_again


def heard_before(cache: Cache, film: WorkingCopy, separation: str) -> bool:
    """Tell whether the remainder of a separation was listened to before.

    Parameters
    ----------
    cache : Cache
        Where that is kept.
    film : WorkingCopy
        The film.
    separation : str
        Name of what was taken out.

    Returns
    -------
    bool
        True if `listen` will not need it again.
    """
    return load_activity(_entry(cache, film, separation), duration_s=film.duration_s) is not None


def listen(film: WorkingCopy, separated: Separated, cache: Cache, running: Running) -> Activity:
    """Tell talk from singing, unless it was done for this film before.

    Parameters
    ----------
    film : WorkingCopy
        The film.
    separated : Separated
        What was taken out of it: where a song was cancelled, talk is that of the remainder.
    cache : Cache
        Where to keep what is heard.
    running : Running
        The stage that this is part of.

    Returns
    -------
    Activity
        Singing and music are those of the film as it is.
    """
    whole = cache.entry("activity", version=VERSION, film=film.pcm_sha256)
    activity = load_activity(whole, duration_s=film.duration_s)
    if activity is None:
        running.has_worked = True
        activity = detect_activity(
            film.mono,
            n_samples=film.n_samples,
            sample_rate_hz=film.sample_rate_hz,
            on_progress=running.tell,
        )
        save_activity(whole, activity)
    if not separated.cancelled.intervals:
        return activity
    entry = _entry(cache, film, separated.name)
    again = load_activity(entry, duration_s=film.duration_s)
    if again is None:
        running.has_worked = True
        again = listen_again(
            activity,
            separated.without_songs(film),
            within=separated.cancelled,
            n_samples=film.n_samples,
            sample_rate_hz=film.sample_rate_hz,
        )
        save_activity(entry, again)
    return again


def _entry(cache: Cache, film: WorkingCopy, separation: str) -> Path:
    return cache.entry("remainder", version=VERSION, film=film.pcm_sha256, separation=separation)

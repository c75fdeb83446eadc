"""Talk is told from singing: in the film, in its speech alone, in what its songs leave of it."""

from collections.abc import Callable

from ostinato.pipeline.cache import Cache, load_activity, save_activity
from ostinato.pipeline.clock import Running
from ostinato.pipeline.entries import Entry
from ostinato.pipeline.opening import Opened
from ostinato.pipeline.separated import Separated, front
from ostinato.speech import Activity, detect_activity, listen_again
from ostinato.timeline import Interval, Timeline
from ostinato.version import VERSION


def heard_before(cache: Cache, opened: Opened, separation: str) -> bool:
    """Tell whether the remainder of a separation was listened to before.

    Parameters
    ----------
    cache : Cache
        Where that is kept.
    opened : Opened
        The film.
    separation : str
        Name of what was taken out.

    Returns
    -------
    bool
        True if `listen` will not need it again.
    """
    duration_s = opened.film.duration_s
    return load_activity(_entry(cache, opened, separation), duration_s=duration_s) is not None


def listen(opened: Opened, separated: Separated, cache: Cache, running: Running) -> Activity:
    """Tell talk from singing, unless it was done for this film before.

    Parameters
    ----------
    opened : Opened
        The film, and its speech alone if somebody has separated it.
    separated : Separated
        What was taken out of the film: where a song was cancelled, talk is that of the remainder.
    cache : Cache
        Where to keep what is heard.
    running : Running
        The stage that this is part of.

    Returns
    -------
    Activity
        Singing and music are those of the film as it is.
    """
    film, stem = opened.film, opened.speech_stem

    def kept(entry: Entry, hear: Callable[[], Activity]) -> Activity:
        activity = load_activity(entry, duration_s=film.duration_s)
        if activity is None:
            running.has_worked = True
            activity = hear()
            save_activity(entry, activity)
        return activity

    activity = kept(
        cache.entry("talk", version=VERSION, film=film.pcm_sha256),
        lambda: detect_activity(
            front(film),
            n_samples=film.n_samples,
            sample_rate_hz=film.sample_rate_hz,
            on_progress=running.tell,
        ),
    )
    if stem is not None:
        of_film = activity
        both = {"film": film.pcm_sha256, "stem": stem.pcm_sha256}
        activity = kept(
            cache.entry("stem-talk", version=VERSION, **both),
            lambda: listen_again(
                of_film,
                front(stem),
                within=Timeline((Interval(0.0, min(film.duration_s, stem.duration_s)),)),
                n_samples=stem.n_samples,
                sample_rate_hz=stem.sample_rate_hz,
            ),
        )
    if not separated.cancelled.intervals:
        return activity
    return kept(
        _entry(cache, opened, separated.name),
        lambda: listen_again(
            activity,
            separated.front_without_songs(film),
            within=separated.cancelled,
            n_samples=film.n_samples,
            sample_rate_hz=film.sample_rate_hz,
        ),
    )


def _entry(cache: Cache, opened: Opened, separation: str) -> Entry:
    stem = opened.speech_stem
    return cache.entry(
        "remainder-talk",
        version=VERSION,
        film=opened.film.pcm_sha256,
        separation=separation,
        stem=None if stem is None else stem.pcm_sha256,
    )

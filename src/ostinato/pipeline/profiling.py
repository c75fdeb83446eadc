"""A film's levels, frame by frame, without the songs that could be taken out of it."""

import numpy as np
from numpy.typing import NDArray

from ostinato.media import WorkingCopy
from ostinato.pipeline.cache import Arrays, Cache, load_arrays, load_as, save_arrays
from ostinato.pipeline.clock import Running
from ostinato.pipeline.entries import Entry
from ostinato.pipeline.separated import Separated
from ostinato.speech import Profile, profile_clock, profile_film
from ostinato.version import VERSION

_COLUMNS = ("bands_db", "side_db", "centre_db", "rest_db")


def profiled_before(cache: Cache, film: WorkingCopy, separation: str) -> bool:
    """Tell whether the levels of what a separation leaves were measured before.

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
        True if `profile` will not need it again.
    """
    return load_arrays(_entry(cache, film, separation)) is not None


def profile(film: WorkingCopy, separated: Separated, cache: Cache, running: Running) -> Profile:
    """Measure a film's levels, unless it was done before.

    Parameters
    ----------
    film : WorkingCopy
        The film.
    separated : Separated
        What was taken out of it: where a song was cancelled, levels are those of the remainder.
    cache : Cache
        Where to keep them.
    running : Running
        The stage that this is part of.

    Returns
    -------
    Profile
        Of the whole film.
    """
    entry = _entry(cache, film, separated.name if separated.cancelled.intervals else "")
    known = load_as(
        entry, lambda arrays: Profile(clock=profile_clock(film.sample_rate_hz), **arrays)
    )
    if known is not None:
        return known
    running.has_worked = True
    rest = separated.front_without_songs(film)

    def read(start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        y = film.read(start_sample, stop_sample)
        front = rest(start_sample, stop_sample)
        y[: front.shape[0]] = front
        return y

    measured = profile_film(
        read,
        n_samples=film.n_samples,
        sample_rate_hz=film.sample_rate_hz,
        channel_names=film.channel_names,
    )
    columns: Arrays = {
        name: values for name in _COLUMNS if (values := getattr(measured, name)) is not None
    }
    save_arrays(entry, columns)
    return measured


def _entry(cache: Cache, film: WorkingCopy, separation: str) -> Entry:
    return cache.entry("profile", version=VERSION, film=film.pcm_sha256, separation=separation)

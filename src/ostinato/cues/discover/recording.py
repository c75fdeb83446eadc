"""A recording of a cue, cut from the film that repeats it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.played import song_as_played
from ostinato.media import Signal
from ostinato.results import Occurrence, TimeMap
from ostinato.timeline import Interval, Timeline

_FADE_S = 0.01  # no cut clicks


def cue_recording(
    film: Signal, occurrences: Sequence[Occurrence], *, duration_s: float
) -> NDArray[np.float32]:
    """Lay stretches of film along the time axis of the cue that they hold.

    Parameters
    ----------
    film : Signal
        Of any number of channels.
    occurrences : sequence of Occurrence
        Of one cue, at least one. Of each moment the stretch that proves most a second is taken,
        since least is heard over it; among equals the longest.
    duration_s : float
        Of the cue.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        The film's own sound, with all that is mixed with the cue; silence where nothing of the
        cue is heard.
    """
    y = np.zeros((film.n_channels, round(duration_s * film.rate_hz)), np.float32)
    free = Timeline((Interval(0.0, duration_s),))
    for one in sorted(occurrences, key=_clearness, reverse=True):
        own = Timeline((one.song,))
        for piece in own & free:
            _lay(y, film, one, piece)
        free -= own
    return y


def _clearness(one: Occurrence) -> tuple[float, float]:
    return (one.score or 0.0) ** 2 / one.film.duration_s, one.film.duration_s


def _lay(y: NDArray[np.float32], film: Signal, one: Occurrence, piece: Interval) -> None:
    """Write a piece of cue time from the film of an occurrence, in place."""
    time_map, rate_hz = one.time_map, film.rate_hz
    first = max(0, round(time_map.film_s(piece.start_s) * rate_hz))
    film_y = film.read(first, round(time_map.film_s(piece.end_s) * rate_hz))
    start = round(piece.start_s * rate_hz)
    stop = min(round(piece.end_s * rate_hz), y.shape[1])
    # from cue time back to the time of the film, counted from the first sample that was read
    back = TimeMap(time_map.song_s(first / rate_hz), 1 / time_map.speed)
    laid = song_as_played(
        film_y,
        song_rate_hz=rate_hz,
        song_start_s=back.song_s(start / rate_hz),
        speed=back.speed,
        n_samples=stop - start,
        rate_hz=rate_hz,
    )
    ramp = np.arange(1, stop - start + 1) / (_FADE_S * rate_hz)
    y[:, start:stop] = laid * np.minimum(1, np.minimum(ramp, ramp[::-1]))

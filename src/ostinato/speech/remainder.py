"""Talk is listened for again where a song was taken out of the film."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.activations import frame_slice
from ostinato.speech.activity import Activity, detect_activity
from ostinato.timeline import Interval, Timeline

Reader = Callable[[int, int], NDArray[np.float32]]

_CONTEXT_S = 2  # of the detector; whole seconds, so that the frames of a part are those of the film


def listen_again(
    activity: Activity,
    read: Reader,
    *,
    within: Timeline,
    n_samples: int,
    sample_rate_hz: int,
) -> Activity:
    """Take the probability of talk, within some stretches, from the film without its song.

    Singing and music stay those of the film: what was taken out is heard in it all the same.

    Parameters
    ----------
    activity : Activity
        Of the film as it is.
    read : callable
        ``read(start_sample, stop_sample)`` gives the film without its song, one or two channels.
    within : Timeline
        Where the song was taken out.
    n_samples : int
        Length of the film in samples.
    sample_rate_hz : int
        Of the film.

    Returns
    -------
    Activity
        With `speech` changed within the stretches.

    Raises
    ------
    OstinatoError
        If the detector cannot be loaded or fails.
    """
    duration_s = n_samples / sample_rate_hz
    parts = Timeline.of(
        Interval(
            max(0, math.floor(i.start_s) - _CONTEXT_S),
            min(duration_s, math.ceil(i.end_s) + _CONTEXT_S),
        )
        for i in within
    )
    speech = activity.speech.copy()
    for part in parts:
        first = round(part.start_s * sample_rate_hz)
        again = detect_activity(
            _from(first, read),
            n_samples=min(n_samples, round(part.end_s * sample_rate_hz)) - first,
            sample_rate_hz=sample_rate_hz,
        )
        clock = activity.clock
        first_frame = round(part.start_s * clock.sample_rate_hz / clock.hop_length)
        for stretch in within & Timeline((part,)):
            frames = frame_slice(stretch, clock, n_frames=speech.size)
            here = slice(frames.start - first_frame, frames.stop - first_frame)
            heard = again.speech[here]
            speech[frames.start : frames.start + heard.size] = heard
    return replace(activity, speech=speech)


def _from(first: int, read: Reader) -> Reader:
    """Return a reader whose sample 0 is another one's sample `first`."""
    return lambda start, stop: read(first + start, first + stop)

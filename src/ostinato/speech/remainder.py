"""Talk is listened for again where a song was taken out of the film."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.activations import frame_slice
from ostinato.media import Signal, part_of
from ostinato.speech.activity import Activity, detect_activity
from ostinato.timeline import Interval, Timeline

Hear = Callable[[], NDArray[np.float32]]

_CONTEXT_S = 2  # of the detector; whole seconds, so that the frames of a part are those of the film
_LONGEST_S = 600  # where songs follow each other for longer, what is left of them is cut
_CELL_S = 300  # at the same places of the film, whatever songs are taken out


def listen_again(
    activity: Activity,
    sound: Signal,
    *,
    within: Timeline,
    remember: Callable[[Interval, Hear], NDArray[np.float32]] | None = None,
) -> Activity:
    """Take the probability of talk, within some stretches, from the film without its song.

    Singing and music stay those of the film: what was taken out is heard in it all the same.

    Parameters
    ----------
    activity : Activity
        Of the film as it is.
    sound : Signal
        The film without its song, one or two channels.
    within : Timeline
        Where the song was taken out.
    remember : callable, optional
        Called with each part that is listened to, in film time, and a function that listens to it;
        returns what that gives, perhaps from an earlier run. A part holds stretches that lie less
        than 4 s from each other, and 2 s around them, but no more than ten minutes: what is heard
        in it depends on nothing else.

    Returns
    -------
    Activity
        With `speech` changed within the stretches.

    Raises
    ------
    OstinatoError
        If the detector cannot be loaded or fails.
    """
    speech = activity.speech.copy()
    clock = activity.clock
    for part, inside in _parts(within, sound.n_samples / sound.rate_hz):
        first, stop = (round(at_s * sound.rate_hz) for at_s in (part.start_s, part.end_s))
        hear = partial(_talk, part_of(sound, first, stop))
        again = hear() if remember is None else remember(part, hear)
        first_frame = round(part.start_s * clock.sample_rate_hz / clock.hop_length)
        for stretch in within & Timeline((inside,)):
            frames = frame_slice(stretch, clock, n_frames=speech.size)
            heard = again[frames.start - first_frame : frames.stop - first_frame]
            speech[frames.start : frames.start + heard.size] = heard
    return replace(activity, speech=speech)


def _parts(within: Timeline, duration_s: float) -> Iterator[tuple[Interval, Interval]]:
    """Give each part that is listened to, and the part of it that what is heard stands for."""
    together = Timeline.of(
        Interval(
            max(0, math.floor(i.start_s) - _CONTEXT_S),
            min(duration_s, math.ceil(i.end_s) + _CONTEXT_S),
        )
        for i in within
    )
    for part in together:
        if part.duration_s <= _LONGEST_S:
            yield part, part
            continue
        first, last = (math.floor(at_s / _CELL_S) for at_s in (part.start_s, part.end_s))
        for cell in range(first, last + 1):
            own = part.intersection(Interval(cell * _CELL_S, (cell + 1) * _CELL_S))
            if own is not None:
                around = Interval(own.start_s - _CONTEXT_S, own.end_s + _CONTEXT_S)
                yield around.intersection(part) or own, own


def _talk(sound: Signal) -> NDArray[np.float32]:
    return detect_activity(sound).speech

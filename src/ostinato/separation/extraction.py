"""One occurrence of a song is taken out of the film, chunk by chunk, and graded."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import frame_centres
from ostinato.media import Signal, read_padded
from ostinato.results import Grade, TimeMap
from ostinato.separation.alignment import (
    ExactMap,
    Piece,
    exact_map,
    reference_from,
    reference_in_step,
)
from ostinato.separation.canceller import cancel
from ostinato.separation.gains import Fader
from ostinato.separation.mask import mask, power_at
from ostinato.separation.quality import Quality, mean_quality
from ostinato.separation.separation_parameters import (
    CancelParameters,
    GradeParameters,
    SeparationParameters,
)
from ostinato.separation.stems import Stem
from ostinato.timeline import Interval

_LEAST_STRETCH = 1e-3  # less is what the pitch of a copy is uncertain by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """How one occurrence was taken out.

    Parameters
    ----------
    grade : str
        Cancelled, masked, or left alone.
    quality : Quality or None
        Of the cancellation, if it was tried.
    share_on_line : float or None
        Of the blocks whose lag lies on the map, if it was tried.
    drift_ppm : float or None
        By which the speed was off, if it was cancelled.
    is_room : bool or None
        Whether the song answers for longer than one frame, if it was cancelled.
    edits_s : tuple of float
        Film times at which the song was cut.
    fader : Fader or None
        How far the film has the song up, if it was cancelled.
    """

    grade: Grade
    quality: Quality | None = None
    share_on_line: float | None = None
    drift_ppm: float | None = None
    is_room: bool | None = None
    edits_s: tuple[float, ...] = ()
    fader: Fader | None = None


def take_out(
    film: Signal,
    song: Signal,
    *,
    stretch: Interval,
    time_map: TimeMap,
    pitch: float | None,
    stem: Stem,
    parameters: SeparationParameters,
) -> Taken:
    """Take one occurrence out of the film.

    Parameters
    ----------
    film, song : Signal
        Mono or stereo; the song is the reference.
    stretch : Interval
        Film time in which the song is heard.
    time_map : TimeMap
        Where in the song it is then, to some milliseconds.
    pitch : float or None
        Pitch of the film's copy; None or the speed unless the copy was stretched.
    stem : Stem
        Written with the song.
    parameters : SeparationParameters
        How.

    Returns
    -------
    Taken
        With its grade.
    """
    task = Task(film=film, song=song, stem=stem, parameters=parameters.cancel)
    quality, share = None, None
    if pitch is None or abs(pitch / time_map.speed - 1) < _LEAST_STRETCH:
        whole = exact_map(film, song, stretch, time_map, parameters=parameters.align)
        tried = cancel_pieces(task, whole.pieces)
        if _is_cancelled(tried, parameters.grade):
            return _cancelled(tried, whole, time_map)
        quality, share = tried.quality, whole.share_on_line
    likeness = mask_stretch(task, time_map, pitch=time_map.speed if pitch is None else pitch)
    is_like = likeness >= parameters.grade.least_likeness
    return Taken(grade="masked" if is_like else "left alone", quality=quality, share_on_line=share)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cancellation:
    """What came of cancelling.

    Parameters
    ----------
    quality : Quality
        Mean over the chunks.
    waver_s : float
        By which the delay leaves a line, in the worst chunk.
    is_room : bool
        Whether the song answers for longer than one frame.
    fader : Fader
        How far the film has the song up.
    """

    quality: Quality
    waver_s: float
    is_room: bool
    fader: Fader


def _is_cancelled(tried: Cancellation, parameters: GradeParameters) -> bool:
    return (
        tried.quality.coherence >= parameters.least_coherence
        and tried.quality.best_db >= parameters.least_reduction_db
        and tried.waver_s <= parameters.most_waver_s
    )


def _cancelled(tried: Cancellation, whole: ExactMap, given: TimeMap) -> Taken:
    return Taken(
        grade="cancelled",
        quality=tried.quality,
        share_on_line=whole.share_on_line,
        drift_ppm=1e6 * (whole.pieces[0].time_map.speed / given.speed - 1),
        is_room=tried.is_room,
        edits_s=tuple(piece.film.start_s for piece in whole.pieces[1:]),
        fader=tried.fader,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What is taken out of what, and where it goes.

    Parameters
    ----------
    film, song : Signal
        Mono or stereo; the song is the reference.
    stem : Stem
        Of the occurrence.
    parameters : CancelParameters
        Windows and chunks.
    """

    film: Signal
    song: Signal
    stem: Stem
    parameters: CancelParameters

    def chunks(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Give first sample and end of each chunk, and how much it shares with the one before."""
        overlap = round(self.parameters.overlap_s * self.rate_hz)
        length = round(self.parameters.chunk_s * self.rate_hz)
        bounds = chunk_bounds(start, stop, length=length, overlap=overlap)
        for k, (first, last) in enumerate(bounds):
            yield first, last, overlap if k else 0

    @property
    def rate_hz(self) -> int:
        """Of the film."""
        return self.film.rate_hz


def cancel_pieces(task: Task, pieces: Sequence[Piece]) -> Cancellation:
    """Cancel the song in each piece of an occurrence and write it to the stem.

    Parameters
    ----------
    task : Task
        What is taken out of what.
    pieces : sequence of Piece
        Stretches without a cut, in order, at least one.

    Returns
    -------
    Cancellation
        How well it went.
    """
    rate_hz, context = task.rate_hz, task.parameters.n_fft(task.rate_hz)
    qualities, wavers_s, taps, faders = [], [], [], []
    for piece in pieces:
        start = max(task.stem.start_sample, round(piece.film.start_s * rate_hz))
        stop = min(task.stem.stop_sample, round(piece.film.end_s * rate_hz))
        for first, last, n_shared in task.chunks(start, stop):
            x = read_padded(task.film, first - context, last + context)
            y = reference_in_step(
                task.song, piece.time_map, first - context, x.shape[1], rate_hz=rate_hz
            )
            heard = slice(context, context + last - first)
            one = cancel(x, y, heard=heard, rate_hz=rate_hz, parameters=task.parameters)
            fade_into(task.stem, first, one.song[:, heard], n_shared=n_shared)
            qualities.append(one.quality)
            wavers_s.append(one.wander.waver / rate_hz)
            taps.append(one.n_taps)
            gain, variance = one.wander.overall, one.wander.overall_variance
            times = np.linspace(first - context, last + context, gain.size)
            faders.append((times / rate_hz, gain, np.sqrt(variance) / gain))
    times_s, gain, error = (np.concatenate(one) for one in zip(*faders, strict=True))
    return Cancellation(
        quality=mean_quality(qualities),
        waver_s=max(wavers_s),
        is_room=max(taps) > 1,
        fader=Fader(times_s, 20 * np.log10(gain), 20 / np.log(10) * error),
    )


def mask_stretch(task: Task, time_map: TimeMap, *, pitch: float) -> float:
    """Mask the song throughout an occurrence and write it to the stem.

    Parameters
    ----------
    task : Task
        What is taken out of what.
    time_map : TimeMap
        Where in the song it is.
    pitch : float
        Of the film's copy; other than its speed if it was stretched.

    Returns
    -------
    float
        Likeness of film and song, the mean of all chunks.
    """
    rate_hz, n_fft = task.rate_hz, task.parameters.n_fft(task.rate_hz)
    likenesses = []
    for first, last, n_shared in task.chunks(task.stem.start_sample, task.stem.stop_sample):
        x = read_padded(task.film, first, last)
        times_s = (first + frame_centres(x.shape[1], n_fft=n_fft)) / rate_hz
        one = mask(x, _power(task, time_map, times_s, pitch=pitch), n_fft=n_fft)
        fade_into(task.stem, first, one.song, n_shared=n_shared)
        likenesses.append(one.likeness)
    return float(np.mean(likenesses))


def _power(
    task: Task, time_map: TimeMap, times_s: NDArray[np.float64], *, pitch: float
) -> NDArray[np.float32]:
    """Return the song's power around film times, at the film's pitch."""
    rate_hz, n_fft = task.rate_hz, task.parameters.n_fft(task.rate_hz)
    first_s, last_s = time_map.song_s(float(times_s[0])), time_map.song_s(float(times_s[-1]))
    start_s = first_s - pitch * n_fft / rate_hz
    at = (first_s + (times_s - times_s[0]) * time_map.speed - start_s) / pitch * rate_hz
    # at the film's pitch, at whatever tempo that gives
    n_samples = round((last_s - start_s) / pitch * rate_hz) + n_fft
    y = reference_from(task.song, start_s, n_samples, speed=pitch, rate_hz=rate_hz)
    return power_at(y, np.round(at).astype(np.int64), n_fft=n_fft)


def chunk_bounds(
    start: int, stop: int, *, length: int, overlap: int
) -> tuple[tuple[int, int], ...]:
    """Cut samples [start, stop) into chunks of one length that overlap.

    Parameters
    ----------
    start, stop : int
        Samples of the film.
    length, overlap : int
        The most that a chunk may have, and what it shares with the next, in samples.

    Returns
    -------
    tuple of (int, int)
        First sample and end of each.

    Examples
    --------
    >>> chunk_bounds(0, 100, length=60, overlap=10)
    ((0, 55), (45, 100))
    """
    n_samples = stop - start
    n_chunks = max(1, math.ceil((n_samples - overlap) / (length - overlap)))
    step = (n_samples - overlap) / n_chunks
    firsts = [start + round(k * step) for k in range(n_chunks)]
    lasts = [*(first + overlap for first in firsts[1:]), stop]
    return tuple(zip(firsts, lasts, strict=True))


def fade_into(stem: Stem, start: int, y: NDArray[np.float32], *, n_shared: int) -> None:
    """Write a chunk from sample `start` on, faded into what the stem holds of it already."""
    before = stem.read(start, start + n_shared)
    rise = (np.arange(n_shared, dtype=np.float32) + np.float32(0.5)) / np.float32(max(1, n_shared))
    head = y[:, :n_shared] * rise + before * (1 - rise)
    stem.write(start, np.concatenate([head, y[:, n_shared:]], axis=1))

"""Two passes over an occurrence, chunk by chunk: one cancels the song, the other masks it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.short_time import frame_centres
from ostinato.media import Signal, read_padded
from ostinato.results import TimeMap
from ostinato.separation.canceller import cancel
from ostinato.separation.chunks import chunk_bounds, fade_into
from ostinato.separation.fader import Fader
from ostinato.separation.mapping import Piece
from ostinato.separation.mask import mask, power_at
from ostinato.separation.parameters import CancelParameters
from ostinato.separation.quality import Quality, mean_quality
from ostinato.separation.reference import reference_from, reference_in_step
from ostinato.separation.stems import Stem


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

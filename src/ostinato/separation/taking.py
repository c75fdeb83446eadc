"""One occurrence of a song is taken out of the film, chunk by chunk, and graded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.played import song_as_played
from ostinato.results import Grade, TimeMap
from ostinato.separation.alignment import AlignParameters, Lag, Line, block_lag, lines
from ostinato.separation.canceller import Cancelled, cancel
from ostinato.separation.chunks import chunk_bounds, fade_into
from ostinato.separation.parameters import CancelParameters
from ostinato.separation.quality import Quality, mean_quality
from ostinato.separation.stems import Reader, Stem
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeParameters:
    """When a song counts as cancelled; recorded verbatim under `run.parameters`."""

    least_coherence: float = 0.7
    """Of the phases in blocks: a wrong song has 0.3, a stretched one 0.5 to 0.67."""
    least_reduction_db: float = 10.0
    """Below this a mask does as well."""
    least_on_line: float = 0.5
    """Share of blocks whose lag lies on the map: tape that wavers leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationParameters:
    """How songs are taken out of the film; recorded verbatim under `run.parameters`."""

    align: AlignParameters = field(default_factory=AlignParameters)
    cancel: CancelParameters = field(default_factory=CancelParameters)
    grade: GradeParameters = field(default_factory=GradeParameters)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """A song as it was recorded.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Mono or stereo.
    rate_hz : int
        Its rate.
    """

    y: NDArray[np.float32]
    rate_hz: int

    def played(
        self, time_map: TimeMap, first: int, n_samples: int, *, rate_hz: int
    ) -> NDArray[np.float32]:
        """Return the song in step with the film, from the film's sample `first` on."""
        return song_as_played(
            self.y,
            song_rate_hz=self.rate_hz,
            song_start_s=time_map.song_s(first / rate_hz),
            speed=time_map.speed,
            n_samples=n_samples,
            rate_hz=rate_hz,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Fader:
    """How far the film has a song up in the course of an occurrence, shape (n_points,) each.

    Parameters
    ----------
    times_s : ndarray
        Film times.
    gain_db, error_db : ndarray
        The gain re its mean within about twenty seconds, and its standard error.
    """

    times_s: NDArray[np.float64]
    gain_db: NDArray[np.float64]
    error_db: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """How one occurrence was taken out.

    Parameters
    ----------
    grade : str
        Cancelled, masked, or left alone.
    quality : Quality or None
        Of the cancellation; None if it was not tried.
    share_on_line : float or None
        Of the blocks whose lag lies on the map.
    time_map : TimeMap
        Made exact.
    drift_ppm : float
        By which the speed was off.
    is_room : bool
        Whether the song answers for longer than one frame.
    edits_s : tuple of float
        Film times at which the song was cut.
    fader : Fader
        How far the film has the song up.
    """

    grade: Grade
    quality: Quality | None
    share_on_line: float | None
    time_map: TimeMap
    drift_ppm: float
    is_room: bool
    edits_s: tuple[float, ...]
    fader: Fader


def take_out(
    film: Reader,
    song: Recording,
    *,
    rate_hz: int,
    stretch: Interval,
    time_map: TimeMap,
    stem: Stem,
    parameters: SeparationParameters,
) -> Taken:
    """Take one occurrence out of the film.

    Parameters
    ----------
    film : callable
        Reads the film's channels.
    song : Recording
        The reference.
    rate_hz : int
        Of the film.
    stretch : Interval
        Film time in which the song is heard.
    time_map : TimeMap
        Where in the song it is then, to some milliseconds.
    stem : Stem
        Written with the song.
    parameters : SeparationParameters
        How.

    Returns
    -------
    Taken
        With its grade.
    """
    lags = _lags(film, song, stretch, time_map, rate_hz=rate_hz, parameters=parameters.align)
    found = lines(lags, parameters=parameters.align)
    exact = _on_line(time_map, found[0]) if found else time_map
    chunks = _cancel_all(film, song, exact, stem, rate_hz=rate_hz, parameters=parameters.cancel)
    share = len(found[0].blocks) / len(lags) if found else 0.0
    quality = mean_quality([chunk.quality for chunk in chunks])
    return Taken(
        grade=_grade(quality, share, parameters.grade),
        quality=quality,
        share_on_line=share,
        time_map=exact,
        drift_ppm=1e6 * (exact.speed / time_map.speed - 1),
        is_room=any(chunk.n_taps > 1 for chunk in chunks),
        edits_s=(),
        fader=_fader(chunks, rate_hz=rate_hz),
    )


def _lags(
    film: Reader,
    song: Recording,
    stretch: Interval,
    time_map: TimeMap,
    *,
    rate_hz: int,
    parameters: AlignParameters,
) -> list[Lag]:
    """Read lags of blocks that are spread over the stretch."""
    length = round(min(parameters.block_s, stretch.duration_s) * rate_hz)
    n_blocks = min(parameters.most_blocks, max(1, round(stretch.duration_s * rate_hz / length)))
    firsts = np.linspace(
        stretch.start_s * rate_hz, max(stretch.start_s, stretch.end_s) * rate_hz - length, n_blocks
    )
    max_lag = round(min(parameters.max_lag_s * rate_hz, length / 2))
    out = []
    for first in np.round(firsts).astype(int).clip(0).tolist():
        x = film(first, first + length).mean(axis=0)
        y = song.played(time_map, first, x.size, rate_hz=rate_hz).mean(axis=0)
        lag, z = block_lag(x, y, max_lag=max_lag)
        out.append(Lag((first + length / 2) / rate_hz, lag / rate_hz, z))
    return out


def _on_line(time_map: TimeMap, line: Line) -> TimeMap:
    """Return the map that the lags lie on."""
    speed = time_map.speed * (1 - line.slope)
    song_s = time_map.song_s(line.centre_s - line.lag_s)
    return TimeMap(offset_s=line.centre_s - song_s / speed, speed=speed)


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    start: int
    stop: int
    quality: Quality
    n_taps: int
    gain: NDArray[np.float64]
    gain_variance: NDArray[np.float64]


def _cancel_all(
    film: Reader,
    song: Recording,
    time_map: TimeMap,
    stem: Stem,
    *,
    rate_hz: int,
    parameters: CancelParameters,
) -> list[_Chunk]:
    overlap = round(parameters.overlap_s * rate_hz)
    bounds = chunk_bounds(
        stem.start_sample,
        stem.stop_sample,
        length=round(parameters.chunk_s * rate_hz),
        overlap=overlap,
    )
    context = parameters.n_fft(rate_hz)
    out = []
    for k, (start, stop) in enumerate(bounds):
        heard = slice(context, context + stop - start)
        x = _with_context(film, start - context, stop + context)
        y = song.played(time_map, start - context, x.shape[1], rate_hz=rate_hz)
        one = cancel(x, y, heard=heard, rate_hz=rate_hz, parameters=parameters)
        fade_into(stem, start, one.song[:, heard], n_shared=overlap if k else 0)
        out.append(_chunk(start - context, stop + context, one))
    return out


def _with_context(film: Reader, start: int, stop: int) -> NDArray[np.float32]:
    """Read samples that may lie before the film or behind it, as silence."""
    y = film(max(0, start), stop)
    before = max(0, -start)
    return np.pad(y, ((0, 0), (before, stop - start - before - y.shape[1])))


def _chunk(start: int, stop: int, one: Cancelled) -> _Chunk:
    wander = one.wander
    return _Chunk(start, stop, one.quality, one.n_taps, wander.overall, wander.overall_variance)


def _fader(chunks: Sequence[_Chunk], *, rate_hz: int) -> Fader:
    gain = np.concatenate([chunk.gain for chunk in chunks])
    error = np.sqrt(np.concatenate([chunk.gain_variance for chunk in chunks])) / gain
    times = [np.linspace(chunk.start, chunk.stop, chunk.gain.size) / rate_hz for chunk in chunks]
    return Fader(np.concatenate(times), 20 * np.log10(gain), 20 / np.log(10) * error)


def _grade(quality: Quality, share: float, parameters: GradeParameters) -> Grade:
    works = (
        quality.coherence >= parameters.least_coherence
        and quality.reduction_db >= parameters.least_reduction_db
        and share >= parameters.least_on_line
    )
    return "cancelled" if works else "left alone"

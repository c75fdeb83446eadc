"""A film and a song become measured occurrences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.detect import DetectParameters, Progress
from ostinato.cues.levels import LevelParameters, SongLevel, song_level
from ostinato.cues.search import Found, find_song
from ostinato.cues.trace import TraceParameters
from ostinato.cues.track import Track
from ostinato.media import WorkingCopy
from ostinato.results import Occurrence
from ostinato.timeline import Interval

SPEEDS = (1.0, 25 / 24, 24 / 25, 25025 / 24000, 24000 / 25025, 1001 / 1000, 1000 / 1001)
"""As recorded; PAL transfers; PAL from 23.976; 24 against 23.976: each either way."""

_LEAST_P = 1e-300  # a probability that no float tells from 0 is still not 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CueParameters:
    """How songs are found and measured; recorded verbatim under `run.parameters`."""

    speeds: tuple[float, ...] = SPEEDS
    detect: DetectParameters = field(default_factory=DetectParameters)
    trace: TraceParameters = field(default_factory=TraceParameters)
    level: LevelParameters = field(default_factory=LevelParameters)


@dataclass(frozen=True, slots=True)
class Cues:
    """Occurrences of one song in order of film time, and the level of each, in the same order."""

    occurrences: tuple[Occurrence, ...]
    levels: tuple[SongLevel, ...]


def find_occurrences(
    film: WorkingCopy,
    track: Track,
    song: WorkingCopy,
    *,
    song_id: str,
    parameters: CueParameters,
    on_progress: Progress | None = None,
) -> Cues:
    """Find, trace and measure every occurrence of a song.

    Parameters
    ----------
    film : WorkingCopy
        The film.
    track : Track
        The same film, whitened by `write_track`.
    song : WorkingCopy
        The reference.
    song_id : str
        What to call it.
    parameters : CueParameters
        How.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Cues
        Not yet named: see `name_playings`. `level_re_speech_lu` and `scene` are None, since this
        room knows neither speech nor scenes.
    """
    found = find_song(
        track,
        song.mono(0, song.n_samples),
        sample_rate_hz=song.sample_rate_hz,
        speeds=parameters.speeds,
        detect=parameters.detect,
        trace_parameters=parameters.trace,
        on_progress=on_progress,
    )
    levels = _levels(film, song, found, parameters=parameters.level)
    occurrences = tuple(
        _occurrence(one, level, song_id=song_id, song_duration_s=song.duration_s)
        for one, level in zip(found, levels, strict=True)
    )
    return Cues(occurrences, levels)


def _levels(
    film: WorkingCopy, song: WorkingCopy, found: Sequence[Found], *, parameters: LevelParameters
) -> tuple[SongLevel, ...]:
    if not found:
        return ()
    song_y = _front(song, 0, song.n_samples)
    return tuple(
        song_level(
            lambda start, stop: _front(film, start, stop),
            song_y,
            film_rate_hz=film.sample_rate_hz,
            song_rate_hz=song.sample_rate_hz,
            stretch=Interval(one.start_s, one.end_s),
            time_map=one.time_map,
            parameters=parameters,
        )
        for one in found
    )


def _front(copy: WorkingCopy, start: int, stop: int) -> NDArray[np.float32]:
    """Return the stereo mix, or the one channel: centre and side are in it already."""
    return copy.read(start, stop)[:2]


def _occurrence(
    found: Found, level: SongLevel, *, song_id: str, song_duration_s: float
) -> Occurrence:
    time_map = found.time_map
    end_s = min(found.end_s, time_map.film_s(song_duration_s))
    beyond_chance = found.evidence - math.log(found.n_cells)
    return Occurrence(
        id="O0",
        song_id=song_id,
        playing_id="P0",
        film_start_s=found.start_s,
        film_end_s=end_s,
        song_start_s=max(0.0, time_map.song_s(found.start_s)),
        song_end_s=time_map.song_s(end_s),
        speed=time_map.speed,
        pitch=time_map.speed,  # phase holds through the stretch, so pitch went with tempo
        score=math.sqrt(2 * found.evidence),
        p_value=min(1.0, max(_LEAST_P, math.exp(-min(beyond_chance, 690.0)))),
        level_lufs=level.level_lufs,
        level_re_speech_lu=None,
        low_hz=level.low_hz,
        high_hz=level.high_hz,
        start_error_s=found.start_error_s,
        end_error_s=found.end_error_s,
        rivals_song_s=found.rivals_song_s,
    )

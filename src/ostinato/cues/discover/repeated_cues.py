"""A film becomes the cues that it repeats, without a recording, and a recording is cut of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.discover.forest import Forest, Placed
from ostinato.cues.discover.pairs import (
    DiscoverParameters,
    hold_the_same,
    self_peaks,
    sides,
    trace_pairs,
)
from ostinato.cues.lines import gather_lines
from ostinato.cues.occurrences import name_playings
from ostinato.cues.peaks import Progress
from ostinato.cues.tracks import Track
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.playback import song_as_played
from ostinato.media import Signal
from ostinato.results import (
    Occurrence,
    OccurrencePlace,
    Song,
    SongMatch,
    TimeMap,
    occurrence_of,
)
from ostinato.timeline import Interval, Timeline

_PLANE_SHARE = 0.7  # of the time that a film takes
_FADE_S = 0.01  # no cut clicks


@dataclass(frozen=True, slots=True)
class Discovery:
    """Unnamed cues, the one that fills most of the film first, and where they are heard."""

    songs: tuple[Song, ...]
    occurrences: tuple[Occurrence, ...]


def discover_cues(
    film: Track, *, parameters: DiscoverParameters, on_progress: Progress | None = None
) -> Discovery:
    """Find the sound that a film repeats.

    Parameters
    ----------
    film : Track
        The whitened film.
    parameters : DiscoverParameters
        How.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Discovery
        Songs ``D1``, ``D2`` … without hashes, since there is no file of any. Song time counts from
        the earliest moment of a cue that is heard twice. Levels and bands are None: without the
        recording they cannot be told from what is mixed with it. Score and p-value are those of
        the strongest pair that a stretch is part of.
    """

    def tell(fraction: float) -> None:
        if on_progress is not None:
            on_progress(fraction)

    peaks = self_peaks(
        film, parameters=parameters, on_progress=lambda fraction: tell(_PLANE_SHARE * fraction)
    )
    free = np.zeros(film.n_samples // round(parameters.trace.frame_s * RATE_HZ) + 1, np.bool_)
    forest = Forest(parameters, partial(hold_the_same, film, parameters=parameters))
    lines = gather_lines(peaks, parameters=parameters.detect)
    for n_done, line in enumerate(lines):
        if not forest.knows(*sides(line)):
            for pair in trace_pairs(
                film, line, free=free, n_cells=peaks.n_cells, parameters=parameters
            ):
                forest.add(pair)
        tell(_PLANE_SHARE + (1 - _PLANE_SHARE) * n_done / len(lines))
    return _discovery(forest.standing())


def _discovery(cues: Sequence[Sequence[Placed]]) -> Discovery:
    ordered = sorted(cues, key=lambda cue: (-sum(p.film.duration_s for p in cue), cue[0].film))
    songs, occurrences = [], []
    for number, cue in enumerate(ordered, start=1):
        first_s = min(placed.time_map.song_s(placed.film.start_s) for placed in cue)
        last_s = max(placed.time_map.song_s(placed.film.end_s) for placed in cue)
        song = Song(
            id=f"D{number}",
            title=f"Unnamed {number}",
            sha256=None,
            pcm_sha256=None,
            duration_s=last_s - first_s,
        )
        songs.append(song)
        occurrences += [_occurrence(placed, song_id=song.id, first_s=first_s) for placed in cue]
    return Discovery(tuple(songs), name_playings(occurrences))


def _occurrence(placed: Placed, *, song_id: str, first_s: float) -> Occurrence:
    film, time_map = placed.film, placed.time_map
    place = OccurrencePlace(
        film_start_s=film.start_s,
        film_end_s=film.end_s,
        song_start_s=max(0.0, time_map.song_s(film.start_s) - first_s),
        song_end_s=time_map.song_s(film.end_s) - first_s,
        speed=time_map.speed,
    )
    match = SongMatch(
        pitch=time_map.speed,
        score=math.sqrt(2 * placed.evidence),
        p_value=placed.p_value,
        start_error_s=placed.start_error_s,
        end_error_s=placed.end_error_s,
    )
    return occurrence_of(song_id, place, match)


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

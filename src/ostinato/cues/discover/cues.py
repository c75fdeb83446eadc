"""A film becomes the cues that it repeats, without a recording of any."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ostinato.cues.detect import Progress
from ostinato.cues.discover.forest import Forest
from ostinato.cues.discover.pairs import hold_the_same, sides, trace_pairs
from ostinato.cues.discover.parameters import DiscoverParameters
from ostinato.cues.discover.placed import Placed
from ostinato.cues.discover.plane import self_peaks
from ostinato.cues.lines import gather_lines
from ostinato.cues.playings import name_playings
from ostinato.cues.track import Track
from ostinato.cues.views import RATE_HZ
from ostinato.results import Occurrence, Song

_PLANE_SHARE = 0.7  # of the time that a film takes


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
    return Occurrence(
        id="O0",
        song_id=song_id,
        playing_id="P0",
        film_start_s=film.start_s,
        film_end_s=film.end_s,
        song_start_s=max(0.0, time_map.song_s(film.start_s) - first_s),
        song_end_s=time_map.song_s(film.end_s) - first_s,
        speed=time_map.speed,
        pitch=time_map.speed,
        score=math.sqrt(2 * placed.evidence),
        p_value=placed.p_value,
        level_lufs=None,
        level_re_speech_lu=None,
        low_hz=None,
        high_hz=None,
        start_error_s=placed.start_error_s,
        end_error_s=placed.end_error_s,
    )

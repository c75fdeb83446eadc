"""What two songs share that are both looked for.

Tracks of one composer may share a loop to the sample. If two occurrences of different songs lie on
one stretch of film, and the recordings themselves correlate where they are said to be heard, the
weaker is explained by the stronger. Songs that merely play at once do not correlate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.overlaid import Overlaid
from ostinato.cues.path import TraceParameters
from ostinato.cues.tracks import SONG_WHITENING
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import lag_spectra
from ostinato.dsp.playback import song_as_played
from ostinato.dsp.spectra import whiten
from ostinato.media import WorkingCopy
from ostinato.ranges import Height, Share, SomeSeconds, Window, check_ranges
from ostinato.results import Occurrence, SharedMaterial
from ostinato.timeline import Interval

_APART_S = 0.62  # beyond twice the longest lag, so that what is shared is not met again
_LEAST_POWER = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedParameters:
    """When two songs count as sharing samples; recorded verbatim under `run.parameters`."""

    least_excess: Height = 2.0
    """Energy of the best lags over that of lags at which nothing is shared. Of eighty pairs of
    unrelated songs the highest was 1.5; the lowest of songs that share a drum loop was 2.6."""
    max_lag_s: Window = 0.25
    """A room may put the two maps as far apart."""
    least_share: Share = 0.5
    """Of an occurrence that must lie within the other's film."""
    longest_s: SomeSeconds = 30.0
    """Compared at the most."""
    most_left: Share = 0.3
    """Of a song's gain, that is left where the other is taken out of the film. Of tracks made of
    one set of samples at most 0.26 was left; of songs at once, one of them 20 LU fainter and both
    in a room, at least 0.34."""

    def __post_init__(self) -> None:
        check_ranges(self)


def shared_material(
    occurrences: Sequence[Occurrence],
    recordings: dict[str, WorkingCopy],
    *,
    film: WorkingCopy,
    parameters: SharedParameters,
    trace: TraceParameters,
) -> tuple[tuple[int, SharedMaterial], ...]:
    """Occurrences that another song's occurrence explains.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    recordings : dict of str to WorkingCopy
        The reference of each song, by its identifier.
    film : WorkingCopy
        The film.
    parameters : SharedParameters
        What counts as sharing.
    trace : TraceParameters
        How the response of the playback chain is read off.

    Returns
    -------
    tuple of (int, SharedMaterial)
        The place of each such occurrence in `occurrences`, and what explains it.
    """
    overlaid = Overlaid(film, recordings, trace=trace)
    kept: list[Occurrence] = []
    out = []
    strongest_first = sorted(
        range(len(occurrences)), key=lambda i: (-(occurrences[i].score or 0.0), occurrences[i].film)
    )
    for index in strongest_first:
        one = occurrences[index]
        explaining = (
            other
            for other in kept
            if other.song_id != one.song_id
            and (
                _explains(other, one, recordings, parameters)
                or _is_met_in(one, other, overlaid, parameters)
            )
        )
        other = next(explaining, None)
        if other is None:
            kept.append(one)
        else:
            out.append((index, _record(one, other)))
    return tuple(out)


def _explains(
    strong: Occurrence,
    weak: Occurrence,
    recordings: dict[str, WorkingCopy],
    parameters: SharedParameters,
) -> bool:
    common = strong.film.intersection(weak.film)
    if common is None or common.duration_s < parameters.least_share * weak.film.duration_s:
        return False
    common = Interval(common.start_s, min(common.end_s, common.start_s + parameters.longest_s))
    x, y = (_whitened(one, recordings[one.song_id], common) for one in (strong, weak))
    return _excess(x, y, parameters) >= parameters.least_excess


def _is_met_in(
    weak: Occurrence, strong: Occurrence, overlaid: Overlaid, parameters: SharedParameters
) -> bool:
    """Tell whether all that is met of a song is in what is heard of another."""
    if not (weak.is_timed and strong.is_timed):
        return False
    left = overlaid.share_left(weak, strong)
    return left is not None and left <= parameters.most_left


def _whitened(
    occurrence: Occurrence, recording: WorkingCopy, film: Interval
) -> NDArray[np.float32]:
    (played,) = song_as_played(
        recording.mono(0, recording.n_samples)[np.newaxis],
        song_rate_hz=recording.rate_hz,
        song_start_s=occurrence.time_map.song_s(film.start_s),
        speed=occurrence.time_map.speed,
        n_samples=round(film.duration_s * RATE_HZ),
        rate_hz=RATE_HZ,
    )
    return whiten(played, SONG_WHITENING)


def _excess(x: NDArray[np.float32], y: NDArray[np.float32], parameters: SharedParameters) -> float:
    """Return the energy at each block's best lag over that where the songs are apart."""
    block = min(RATE_HZ, x.size)
    near, apart = (
        lag_spectra(
            x,
            shifted,
            block_length=block,
            hop_length=block,
            max_lag=round(parameters.max_lag_s * RATE_HZ),
        )
        for shifted in (y, np.roll(y, round(_APART_S * RATE_HZ)))
    )
    best, chance = (float(np.sum(np.max(np.abs(z), axis=1) ** 2)) for z in (near, apart))
    return best / chance if chance > 0 else 0.0


def _record(weak: Occurrence, strong: Occurrence) -> SharedMaterial:
    return SharedMaterial(
        song_id=weak.song_id,
        with_song_id=strong.song_id,
        film_start_s=weak.film_start_s,
        film_end_s=weak.film_end_s,
        song_start_s=weak.song.start_s,
        score=weak.score or 0.0,
    )

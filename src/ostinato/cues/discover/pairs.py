"""The film against itself: lines of that plane become pairs of stretches that hold one sound.

Every block of the film is correlated with all of the film that follows it, so that each pair of
instants is looked at once. Sound that repeats lies on lines of equal lag in that half of the plane.

Of two copies of one sound, one may be drowned for a moment, and a recording may pause. Where the
film is as loud on both sides of the pair as it is around, a sound that went on would be met: two
jingles with talk between them, twice at the same distance, are two sounds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.lines import Line
from ostinato.cues.null import Decoy, Null
from ostinato.cues.path import Joins, Stretch, TraceParameters
from ostinato.cues.peaks import DetectParameters, Peaks, Progress, Scale
from ostinato.cues.tiles import HOP_LENGTH
from ostinato.cues.trace import approach, trace
from ostinato.cues.tracks import Track, whitened_reference
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import (
    MAD_PER_SIGMA,
    BlockSpectra,
    block_spectra,
    lag_spectra,
    peaks_in_chunk,
)
from ostinato.ranges import Height, Seconds, Share, SomeSeconds, check_ranges
from ostinato.results import TimeMap
from ostinato.threads import in_threads
from ostinato.timeline import Interval

_BLOCK_S = 8.192  # 2^16 samples: two stretches that are both masked need a long look
_FFT_LENGTH = 1 << 17  # 16 s of film: twice the block, and short enough for the cache
_TILE_BLOCKS = 64  # blocks whose spectra are held at once: 17 MB
_Found = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]
_CONTEXT_S = 3.0
_LEAST_GAP_S = 0.3  # within one, so few frames tell too little
_DROWNED_DB = 15.0  # over the softest fifth around: less, and the sound would be met
_PAUSED_DB = -20.0  # under the middle of what is around
_SOFT = 0.2
_LONGEST_S = 20.0  # with a drift of 50 ppm the ends are then a millisecond apart
_AROUND_S = 0.5


def _detect() -> DetectParameters:
    return DetectParameters(long=Scale(block_s=_BLOCK_S, hop_s=_BLOCK_S), max_gap_s=2 * _BLOCK_S)


def _trace() -> TraceParameters:
    # two copies of one sound differ by less than a copy and the recording: a short response will do
    return TraceParameters(min_duration_s=3.0, response_s=0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverParameters:
    """How a film is held against itself; recorded verbatim under `run.parameters`."""

    detect: DetectParameters = field(default_factory=_detect)
    """Its long blocks are those of the film."""
    trace: TraceParameters = field(default_factory=_trace)
    """Its `min_duration_s` keeps effects of a library, a telephone or a door, out of the cues."""
    least_absence_s: Seconds = 10.0
    """A sound comes back after at least this; what repeats sooner is a loop, an echo or a hum."""
    margin_s: Seconds = 12.0
    """Followed beyond either end of what correlates: more than a block may lie half outside."""
    max_map_error_s: Seconds = 0.05
    """Places on one time axis that agree to this are one place: a room's strongest arrival may
    come 30 ms after its first."""
    least_overlap_s: SomeSeconds = 2.0
    """Of two stretches that are asked whether they hold the same sound."""
    least_same_z: Height = 4.5
    """Of such two, within `max_map_error_s` of the place that is known; and the best of all lags
    for half a second around."""
    least_share: Share = 0.25
    """Of the evidence a second of a stretch that it adjoins on another map: a copy to the sample
    gives as much, and 6 dB less under talk; a shared drum gives little."""

    def __post_init__(self) -> None:
        check_ranges(self)


def self_peaks(
    film: Track, *, parameters: DiscoverParameters, on_progress: Progress | None = None
) -> Peaks:
    """Correlate every block of a film with the film that follows it.

    Parameters
    ----------
    film : Track
        The whitened film.
    parameters : DiscoverParameters
        Block length, what counts as a peak, and how soon a repetition may come.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Peaks
        `blocks` counts blocks of the film from its start, `lags` says where each sounds again;
        `n_cells` is the number of pairs of places that were compared.
    """
    scale = parameters.detect.long
    n_blocks = max(1, -(-film.n_samples // round(scale.hop_s * RATE_HZ)))
    n_pairs = n_blocks * (n_blocks + 1) / 2
    found: list[_Found] = []
    n_done = 0
    for first in range(0, n_blocks, _TILE_BLOCKS):
        n_tile = min(_TILE_BLOCKS, n_blocks - first)
        found += _search_tile(film, first, n_tile, parameters=parameters)
        n_done += sum(n_blocks - block for block in range(first, first + n_tile))
        if on_progress is not None:
            on_progress(n_done / n_pairs)
    lags, z, shares, blocks = (np.concatenate(column) for column in zip(*found, strict=True))
    n_cells = film.n_samples / scale.decimation * n_blocks / 2
    return Peaks(1.0, scale, lags, z, shares, blocks, max(1.0, n_cells))


def _search_tile(
    film: Track, first: int, n_blocks: int, *, parameters: DiscoverParameters
) -> Iterator[_Found]:
    """Yield lags, heights and blocks of the peaks of a few blocks, for each chunk of film."""
    scale = parameters.detect.long
    hop_length, block_length = (round(s * RATE_HZ) for s in (scale.hop_s, scale.block_s))
    start = first * hop_length
    blocks = [
        block_spectra(
            view,
            block_length=block_length,
            hop_length=hop_length,
            fft_length=_FFT_LENGTH,
            decimation=scale.decimation,
        )
        for view in film.read(start, start + (n_blocks - 1) * hop_length + block_length)
    ]

    def search(chunk_start: int) -> _Found:
        return _search_chunk(film, blocks, first, chunk_start, parameters=parameters)

    # the last chunk is moved back to be whole: silence behind the film would lower its scale
    last = max(0, film.n_samples - _FFT_LENGTH)
    starts = [*range(min(start, last), last, blocks[0].chunk_length), last]
    yield from in_threads(search, starts)


def _search_chunk(
    film: Track,
    blocks: Sequence[BlockSpectra],
    first: int,
    start: int,
    *,
    parameters: DiscoverParameters,
) -> _Found:
    chunk = film.read(start, start + blocks[0].fft_length)
    (peaks,) = peaks_in_chunk(chunk, [blocks], n_peaks=parameters.detect.n_peaks)
    lags = peaks.lags + start
    block_of = np.broadcast_to(first + np.arange(lags.shape[0])[:, np.newaxis], lags.shape)
    lag_of_film = lags - block_of * blocks[0].hop_length
    keep = peaks.z >= parameters.detect.min_z
    keep &= lag_of_film >= parameters.least_absence_s * RATE_HZ
    return lags[keep], peaks.z[keep], peaks.shares[keep], block_of[keep].astype(np.int64)


def may_go_on(film: Track, shifts: Sequence[int]) -> Joins:
    """Return what tells whether a sound may go on between two stretches.

    Parameters
    ----------
    film : Track
        With its band powers beside it.
    shifts : sequence of int
        Samples from the stretches to each place of the film that holds the sound: 0 among them.

    Returns
    -------
    callable
        Of two stretches, the earlier one first.
    """

    def joins(before: Stretch, after: Stretch) -> bool:
        if after.start - before.stop < _LEAST_GAP_S * RATE_HZ:
            return True
        return any(_is_unheard(film, before, after, shift) for shift in shifts)

    return joins


def _is_unheard(film: Track, before: Stretch, after: Stretch, shift: int) -> bool:
    reach = round(_CONTEXT_S * RATE_HZ)
    around = np.concatenate(
        [
            _levels_db(film, max(before.start, before.stop - reach), before.stop, shift),
            _levels_db(film, after.start, min(after.stop, after.start + reach), shift),
        ]
    )
    between = _levels_db(film, before.stop, after.start, shift)
    if not around.size or not between.size:
        return True
    level_db = float(np.median(between))
    is_drowned = level_db >= float(np.quantile(around, _SOFT)) + _DROWNED_DB
    return is_drowned or level_db <= float(np.median(around)) + _PAUSED_DB


def _levels_db(film: Track, start: int, stop: int, shift: int) -> NDArray[np.float64]:
    """Return the level of each frame that begins in a stretch, all views and bands summed."""
    first = max(0, -(-(start + shift) // HOP_LENGTH))
    n_frames = max(0, (stop + shift) // HOP_LENGTH - 1 - first)
    powers = film.bands.read(first, first + n_frames).T
    level_db: NDArray[np.float64] = 10 * np.log10(powers.sum(axis=1, dtype=np.float64) + 1e-12)
    return level_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two stretches of film in which the same sound is heard.

    Parameters
    ----------
    first, second : Interval
        Film time of either, `first` the earlier.
    time_map : TimeMap
        From film time of the second to film time of the first.
    evidence : float
        Nats beyond absence.
    p_value : float
        Of chance giving as much anywhere in the film.
    start_error_s, end_error_s : float
        How long the sound must be heard at an edge before the edge is beyond doubt.
    """

    first: Interval
    second: Interval
    time_map: TimeMap
    evidence: float
    p_value: float
    start_error_s: float
    end_error_s: float


def sides(line: Line) -> tuple[Interval, Interval]:
    """Return the earlier and the later stretch of film of a line, to whole blocks.

    Parameters
    ----------
    line : Line
        Its blocks are those of the film.

    Returns
    -------
    tuple of Interval
        Either may be silent for up to a block at its ends.
    """
    start_s, end_s = line.start / RATE_HZ, line.stop / RATE_HZ
    lag_s = line.offset / RATE_HZ
    return Interval(start_s - lag_s, end_s - lag_s), Interval(start_s, end_s)


def trace_pairs(
    film: Track,
    line: Line,
    *,
    free: NDArray[np.bool_],
    n_cells: float,
    parameters: DiscoverParameters,
) -> tuple[Pair, ...]:
    """Follow a line of the film's plane, with the earlier stretch as the song.

    Parameters
    ----------
    film : Track
        The whitened film.
    line : Line
        Its blocks are those of the film.
    free : ndarray of bool, shape (n_frames,)
        False throughout: no frame of the film is kept out.
    n_cells : float
        Places in which a line could have arisen by chance.
    parameters : DiscoverParameters
        How to follow it.

    Returns
    -------
    tuple of Pair
        In order of film time; empty where the line does not stand.
    """
    hop_length = round(line.scale.hop_s * RATE_HZ)
    n_around = -(-round(parameters.margin_s * RATE_HZ) // hop_length)
    first = max(0, int(line.blocks[0]) - n_around)
    start = first * hop_length
    stop = (int(line.blocks[-1]) + n_around) * hop_length + line.block_length
    y = film.read(start, min(stop, film.n_samples))
    piece = whitened_reference(dict(zip(film.views, y, strict=True)), speed=line.speed)
    moved = replace(line, blocks=line.blocks - first, offset=line.offset + start)
    joins = may_go_on(film, (0, start - round(moved.offset)))
    near = approach(film, piece, moved, claimed=free, parameters=parameters.trace, joins=joins)
    one = trace(
        film,
        piece,
        near,
        decoy=Decoy(piece),
        claimed=free,
        n_cells=n_cells,
        n_tries=film.n_samples / y.shape[1],
        parameters=parameters.trace,
        joins=joins,
    )
    speed = one.time_map.speed
    time_map = TimeMap(one.time_map.offset_s - start / RATE_HZ / speed, speed)
    return tuple(_pair(stretch, time_map, one.null) for stretch in one.stretches)


def hold_the_same(
    film: Track, one: Interval, other: Interval, *, parameters: DiscoverParameters
) -> bool:
    """Tell whether two stretches of film hold the same sound from their first instants on.

    Parameters
    ----------
    film : Track
        The whitened film.
    one, other : Interval
        Equally long; of longer ones the first 20 s are compared.
    parameters : DiscoverParameters
        What counts as the same.

    Returns
    -------
    bool
        Whether they correlate there, and more than at any lag around.
    """
    n_samples = round(min(one.duration_s, other.duration_s, _LONGEST_S) * RATE_HZ)
    x, y = (film.read(start, start + n_samples)[0] for start in map(_first_sample, (one, other)))
    max_lag, near = round(_AROUND_S * RATE_HZ), round(parameters.max_map_error_s * RATE_HZ)
    z = np.abs(lag_spectra(x, y, block_length=n_samples, hop_length=n_samples, max_lag=max_lag)[0])
    scale = max(1.0, float(np.median(z)) / MAD_PER_SIGMA)
    best = int(z.argmax())
    return abs(best - max_lag) <= near and float(z[best]) >= parameters.least_same_z * scale


def _first_sample(stretch: Interval) -> int:
    return round(stretch.start_s * RATE_HZ)


def _pair(stretch: Stretch, time_map: TimeMap, null: Null) -> Pair:
    second = Interval(stretch.start / RATE_HZ, stretch.stop / RATE_HZ)
    return Pair(
        first=Interval(time_map.song_s(second.start_s), time_map.song_s(second.end_s)),
        second=second,
        time_map=time_map,
        evidence=stretch.evidence,
        p_value=null.p_value(stretch.evidence),
        start_error_s=stretch.start_error_s,
        end_error_s=stretch.end_error_s,
    )

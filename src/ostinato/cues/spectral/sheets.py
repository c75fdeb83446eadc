"""A film's tiles, and a song's at any tempo and pitch; what counts as the same spectrum."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.cues.path import TraceParameters
from ostinato.cues.peaks import DetectParameters, Scale
from ostinato.cues.tiles import (
    CONTEXT_FRAMES,
    FRAME_LENGTH,
    HOP_LENGTH,
    N_BINS,
    band_powers,
    contrasts,
    in_bands,
    powers,
)
from ostinato.cues.tracks import Reference, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.ranges import Count, Deviation, Height, Seconds, Share, Speed, Steps, check_ranges

_FRAME_S = HOP_LENGTH / RATE_HZ
FRAME_RATE_HZ = RATE_HZ / HOP_LENGTH
_MOST_PITCHES = 24  # a song of five minutes takes 4 MB at each


def _detect() -> DetectParameters:
    return DetectParameters(
        long=Scale(block_s=128 * _FRAME_S, hop_s=64 * _FRAME_S, decimation=HOP_LENGTH),
        min_z=5.0,  # noise has its best in four minutes at 4
        n_peaks=2,
        offset_tolerance_s=0.2,  # what a tempo that is 1 % off moves a block by, and two frames
        max_gap_s=16.0,
        min_evidence=0.0,  # the null decides
    )


def _trace() -> TraceParameters:
    return TraceParameters(
        frame_s=_FRAME_S,
        entry_cost=6.0,
        min_duration_s=3.0,  # a bar of drums is like a bar of drums
    )


class Variant(NamedTuple):
    """How a film may play a song: a ratio of tempo, and steps on the lattice of pitches."""

    tempo: float
    pitch_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralParameters:
    """How copies are found that kept no phase; recorded verbatim under `run.parameters`."""

    tempo_steps: Steps = 6
    """Either way, with the pitch kept."""
    tempo_step: Deviation = 0.02
    """Off by half of it, a block of 8 s is 40 ms out of place at its ends: less than a frame."""
    pitch_ratio: Speed = 1.0015
    """Of neighbours on the lattice of pitches: 2.6 cents."""
    pitch_steps: Steps = 8
    """Either way, with the tempo kept: two semitones."""
    pitch_step: Count = 10
    """On the lattice. Off by half of it, a partial at 2 kHz is 15 Hz out of place, two bins."""
    speed_steps: Steps = 7
    """Either way, tempo and pitch together, to a tenth: a turntable's slider, a tape that was
    played at the wrong rate."""
    detect: DetectParameters = field(default_factory=_detect)
    trace: TraceParameters = field(default_factory=_trace)
    min_evidence: Height = 70.0
    """Nats: of fifteen songs against 100 minutes without them, chance gave 49 at most."""
    most_lines: Count = 80
    """Followed in vain, the strongest first, before the rest is given up."""
    longest_piece_s: Seconds = 12.0
    """Of a find by waveform that may be a splice of a copy which the spectrum shows whole."""
    least_pieces: Count = 3
    """By which a copy is known by its waveform, though spliced."""
    max_map_error_s: Seconds = 0.15
    """Two finds that say the same song time to within this say the same: two frames."""
    least_as_near: Share = 0.5
    """Of a piece's evidence, that the waveform must give elsewhere in the song to fit as well."""
    least_change: Deviation = 0.012
    """Of tempo against pitch: what a copy of four seconds leaves uncertain is half of it."""
    longest_gap_s: Seconds = 6.0
    """Between a copy and a piece of the waveform that carries it on."""
    pitch_factor: Height = 1.5
    """By which another pitch must fit a find by waveform better for it to be a copy moved in pitch,
    of which attacks are left."""
    pitch_nats: Height = 12.0
    """And by how many nats: noise at some hundred places and pitches gives less."""
    longest_pitch_s: Seconds = 20.0
    """Of film that is asked for its pitch."""
    max_p_value: Share = 1e-4
    """Of chance giving as much anywhere in the film, by the song turned backwards."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def variants(self) -> tuple[Variant, ...]:
        """Return the pairs of tempo and pitch to try, those of one pitch together."""
        tempos = (1 + k * self.tempo_step for k in _either_way(self.tempo_steps))
        pitches = [k * self.pitch_step for k in _either_way(self.pitch_steps)]
        speeds = (k * self.pitch_step for k in _either_way(self.speed_steps))
        variants = [
            Variant(1.0, 0),
            *(Variant(tempo, 0) for tempo in tempos),
            *(Variant(1.0, pitch) for pitch in pitches),
            *(Variant(self.pitch_ratio**pitch, pitch) for pitch in speeds),
        ]
        return tuple(sorted(variants, key=lambda one: one.pitch_step))


def _either_way(n_steps: int) -> list[int]:
    return [k for k in range(-n_steps, n_steps + 1) if k != 0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A film's tiles, read from the band powers beside its track.

    Parameters
    ----------
    film : Track
        From `ostinato.cues.tracks.write_track`.
    """

    film: Track

    @property
    def n_frames(self) -> int:
        """Whole frames in the film."""
        return self.film.n_frames

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return frames [start, stop), shape (n_views * N_BINS, n_frames); 0 outside the film."""
        n_dims = len(self.film.views) * N_BINS
        begin, end = max(0, start), min(self.n_frames, stop)
        if end <= begin:
            return np.zeros((n_dims, max(0, stop - start)), np.float32)
        first, last = max(0, begin - CONTEXT_FRAMES), min(self.n_frames, end + CONTEXT_FRAMES)
        powers = self.film.bands.read(first, last).T
        tiles = contrasts(powers.reshape(last - first, len(self.film.views), N_BINS))
        inside = tiles[begin - first : end - first].T
        return np.pad(inside, ((0, 0), (begin - start, stop - end)))


Tiles = dict[int, NDArray[np.float32]]
"""Of a song, by steps of pitch."""
Make = Callable[[int], NDArray[np.float32]]


class Read(Protocol):
    """Reads a song's tiles."""

    def __call__(
        self, *, tempo: float, pitch_step: int, start: float = 0.0, n_frames: int | None = None
    ) -> NDArray[np.float32]:
        """Return frames of the song as a film would play it."""


class SongSheet:
    """A song's tiles as they would be in a film that plays it at some tempo and pitch.

    Parameters
    ----------
    song : Reference
        The song.
    film_views : tuple of str
        From `ostinato.cues.views.film_views`: each is held against the song's likeliest view.
    pitch_ratio : float
        Between neighbours of the lattice of pitches, above 1.
    """

    def __init__(self, song: Reference, film_views: tuple[str, ...], *, pitch_ratio: float) -> None:
        views = np.stack(likeliest(film_views, song.views))
        self._views = soxr.resample(views.T, song.sample_rate_hz, RATE_HZ)
        self._powers = powers(np.pad(self._views.T, ((0, 0), (0, 2 * FRAME_LENGTH))))
        self._pitch_ratio = pitch_ratio
        self._kept: Tiles = {}
        self._nearly: Tiles = {}
        self._lock = Lock()  # threads read at once
        self._making: dict[tuple[Make, int], Lock] = {}

    def n_frames(self, tempo: float) -> int:
        """Return how many frames the song lasts at a tempo."""
        return max(1, int(self._views.shape[0] / HOP_LENGTH / tempo))

    def read(
        self, *, tempo: float, pitch_step: int, start: float = 0.0, n_frames: int | None = None
    ) -> NDArray[np.float32]:
        """Return frames of the song as a film would play it.

        Parameters
        ----------
        tempo : float
            Ratio to the recording's.
        pitch_step : int
            Steps of `pitch_ratio` above the recording's.
        start : float
            Frames after the song's beginning; may lie before it.
        n_frames : int, optional
            To the song's end by default.

        Returns
        -------
        ndarray of float32, shape (n_views * N_BINS, n_frames)
            0 where there is no song.
        """
        n_frames = self.n_frames(tempo) if n_frames is None else n_frames
        step = tempo / self._pitch_ratio**pitch_step
        tiles = self._held(self._kept, pitch_step, self._at_pitch)
        return _between(tiles, start=start, step=step, n_frames=n_frames)

    def read_nearly(
        self, *, tempo: float, pitch_step: int, start: float = 0.0, n_frames: int | None = None
    ) -> NDArray[np.float32]:
        """Return about what `read` returns, at a fraction of the cost.

        Parameters
        ----------
        tempo : float
            Ratio to the recording's.
        pitch_step : int
            Steps of `pitch_ratio` above the recording's.
        start : float
            Frames after the song's beginning; may lie before it.
        n_frames : int, optional
            To the song's end by default.

        Returns
        -------
        ndarray of float32, shape (n_views * N_BINS, n_frames)
            Pitch is moved by bands that are moved, not by playing the song faster: a frame is then
            an eighth longer or shorter at most.
        """
        if pitch_step == 0:
            return self.read(tempo=tempo, pitch_step=0, start=start, n_frames=n_frames)
        n_frames = self.n_frames(tempo) if n_frames is None else n_frames
        tiles = self._held(self._nearly, pitch_step, self._nearly_at_pitch)
        return _between(tiles, start=start, step=tempo, n_frames=n_frames)

    def _held(self, held: Tiles, pitch_step: int, make: Make) -> NDArray[np.float32]:
        """Return what is held of a pitch; it is made once, and other pitches beside it."""
        with self._lock:
            being_made = self._making.setdefault((make, pitch_step), Lock())
        with being_made:
            tiles = held.get(pitch_step)
            if tiles is None:
                tiles = make(pitch_step)
                with self._lock:
                    while len(held) >= _MOST_PITCHES:
                        del held[next(iter(held))]
                    held[pitch_step] = tiles
        return tiles

    def _at_pitch(self, pitch_step: int) -> NDArray[np.float32]:
        ratio = self._pitch_ratio**pitch_step
        played = soxr.resample(self._views, RATE_HZ * ratio, RATE_HZ).T
        whole = np.pad(played, ((0, 0), (0, 2 * FRAME_LENGTH))).astype(np.float32, copy=False)
        return contrasts(band_powers(whole))

    def _nearly_at_pitch(self, pitch_step: int) -> NDArray[np.float32]:
        return contrasts(in_bands(self._powers, pitch=self._pitch_ratio**pitch_step))


def _between(
    tiles: NDArray[np.float32], *, start: float, step: float, n_frames: int
) -> NDArray[np.float32]:
    """Return tiles between those that are known, at steps along them, (n_dims, n_frames)."""
    # frames count from their centres
    half = FRAME_LENGTH / HOP_LENGTH / 2
    position = (np.arange(n_frames) + start + half) * step - half
    before = np.floor(position).astype(np.int64)
    inside = (before >= 0) & (before < tiles.shape[0] - 1)
    before = np.clip(before, 0, max(0, tiles.shape[0] - 2))
    share = np.where(inside, position - before, 0.0)[:, np.newaxis].astype(np.float32)
    between = tiles[before] * (1 - share) + tiles[before + 1] * share
    return np.ascontiguousarray((between * inside[:, np.newaxis]).T, dtype=np.float32)

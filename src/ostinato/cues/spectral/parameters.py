"""The numbers that decide what counts as the same spectrum, each with its reason."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ostinato.cues.detect import DetectParameters, Scale
from ostinato.cues.parameters import TraceParameters
from ostinato.cues.tiles import HOP_LENGTH
from ostinato.cues.views import RATE_HZ
from ostinato.ranges import Count, Deviation, Height, Seconds, Share, Speed, Steps, check_ranges

_FRAME_S = HOP_LENGTH / RATE_HZ


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

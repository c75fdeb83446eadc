"""How repeated sound is found and gathered: the numbers that decide it."""

from dataclasses import dataclass, field

from ostinato.cues.detect import DetectParameters, Scale
from ostinato.cues.parameters import TraceParameters
from ostinato.ranges import Height, Seconds, Share, SomeSeconds, check_ranges

_BLOCK_S = 8.192  # 2^16 samples: two stretches that are both masked need a long look


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
